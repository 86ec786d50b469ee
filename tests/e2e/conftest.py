"""One running system for all end-to-end tests."""

from collections.abc import Iterator

import pytest

from tests.e2e.running import RunningSystem


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the running system stay in one of the parallel processes, so that it is started once."""
    for item in items:
        if item.get_closest_marker("e2e"):
            item.add_marker(pytest.mark.xdist_group("system"))


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """Gateway, action server and Rasa on free ports, with a fresh demo bank; stopped by Ctrl-C at the end."""
    with RunningSystem(tmp_path_factory.mktemp("system")).running() as system:
        yield system
