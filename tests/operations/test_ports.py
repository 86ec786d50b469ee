"""A taken port is named, with its setting and its holder."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.operations.errors import PortTakenError
from bot.operations.ports import require_free_ports
from bot.operations.processes import Process


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def process(port: int) -> Process:
    return Process("gateway", "gateway", (), port, "GATEWAY_PORT", "", Path())


def test_a_taken_port_is_named_with_setting_and_holder(listener: int) -> None:
    with pytest.raises(PortTakenError) as error:
        require_free_ports([process(listener)])
    assert f"port {listener} of the gateway is in use" in str(error.value)
    assert f"(pid {os.getpid()})" in str(error.value)
    assert "GATEWAY_PORT" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_port_is_free_again_after_its_server_has_gone(listener: int) -> None:
    with socket.create_connection(("127.0.0.1", listener)):
        pass
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    require_free_ports([process(port)])
