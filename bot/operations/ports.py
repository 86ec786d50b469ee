"""Whether the ports we need are free, and who has them when they are not."""

import socket
from collections.abc import Iterable

import psutil

from bot.operations.errors import PortTakenError
from bot.operations.processes import Process


def require_free_ports(processes: Iterable[Process]) -> None:
    """Raises PortTakenError naming the port, its setting and, where it can be seen, the program that has it."""
    for process in processes:
        require_free_port(process.port, title=process.title, setting=process.port_setting)


def require_free_port(port: int, *, title: str, setting: str) -> None:
    """Raises PortTakenError when another program listens on `port`, which `title` needs and `setting` chooses."""
    if _is_taken(port):
        raise PortTakenError(
            f"port {port} of the {title} is in use{_holder(port)}: "
            f"stop that program or choose another port with {setting}."
        )


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: a port that only waits for old connections to fade counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _holder(port: int) -> str:
    """` by python (pid 4711)`, or nothing when this user may not see it."""
    try:
        for connection in psutil.net_connections("tcp"):
            at = connection.laddr
            listens = connection.status == psutil.CONN_LISTEN and at and at.port == port
            if listens and connection.pid is not None:
                return f" by {psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except psutil.Error:
        pass
    return ""
