"""One running system for all end-to-end tests."""

from collections.abc import Iterator

import pytest

from tests.e2e.running import RunningSystem


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """Gateway, action server and Rasa on free ports, with a fresh demo bank; stopped by Ctrl-C at the end."""
    running = RunningSystem(tmp_path_factory.mktemp("system"))
    try:
        running.start()
        yield running
    finally:
        exit_code = running.stop()
    assert exit_code == 0
