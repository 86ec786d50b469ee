"""The stand-in keeps the contract, so that what is tested with it holds for Chatwoot."""

from collections.abc import Callable

import pytest

from tests.contracts.outside_desk import OutsideDeskContract, Said
from tests.fakes.outside_desk import FakeOutsideDesk


class TestFakeOutsideDesk(OutsideDeskContract):
    @pytest.fixture
    def desk(self) -> FakeOutsideDesk:
        return FakeOutsideDesk()

    @pytest.fixture
    def said(self, desk: FakeOutsideDesk) -> Said:
        return desk.said

    @pytest.fixture
    def delete(self, desk: FakeOutsideDesk) -> Callable[[str], None]:
        return desk.delete
