"""Keeps processes running through supervisord: configuration, start, watch, stop."""

import configparser
import io
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import xmlrpc.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]

from bot.operations.errors import ProcessFailedError
from bot.operations.processes import Process
from bot.settings import ROOT

_LOG_BYTES = "20MB"
_LOG_BACKUPS = "5"


@dataclass(frozen=True)
class State:
    """What supervisord says of one process."""

    name: str
    state: str
    """STARTING, RUNNING, BACKOFF (stopped early, will be tried again), FATAL (given up), STOPPED, …"""
    pid: int
    """0 while it does not run."""


class Supervisor:
    """supervisord and its processes; ends with us, however we end (see `tether`)."""

    def __init__(self, processes: Iterable[Process], var_dir: Path, *, stop_wait_s: int = 10) -> None:
        """Those that have not ended `stop_wait_s` seconds after they were asked to are killed."""
        self._processes = list(processes)
        self._stop_wait_s = stop_wait_s
        self._configuration = var_dir / "supervisord.conf"
        self._log = var_dir / "log" / "supervisord.log"
        # In a folder of its own: the path of a socket must be short.
        self._socket = Path(tempfile.mkdtemp(prefix="zhanggui-")) / "supervisor.sock"
        self._daemon: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start supervisord, which starts the processes. Raises ProcessFailedError when it does not come up."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._configuration.unlink(missing_ok=True)
        self._configuration.touch(mode=0o600)  # it holds the tokens of the private processes
        self._configuration.write_text(
            render(self._processes, self._socket, self._log, self._stop_wait_s), encoding="utf-8"
        )
        self._daemon = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "bot.operations.tether", str(self._configuration)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us; we then stop it in good order
        )

    def states(self) -> list[State]:
        """How each process is; none while supervisord itself is still starting. ProcessFailedError when it ended."""
        assert self._daemon is not None
        if self._daemon.poll() is not None:
            raise ProcessFailedError(f"supervisord stopped; its log: {self._log}")
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as server:
            try:
                answer = server.supervisor.getAllProcessInfo()
            except (OSError, xmlrpc.client.Fault):  # not there yet, or on its way out
                return []
        assert isinstance(answer, list)
        return [State(str(info["name"]), str(info["statename"]), int(info["pid"])) for info in answer]

    def stop(self) -> None:
        """Stop every process and supervisord; those that do not obey are killed."""
        if self._daemon is not None:
            assert self._daemon.stdin is not None
            self._daemon.stdin.close()
            self._daemon.wait(timeout=2 * self._stop_wait_s + 10)
        shutil.rmtree(self._socket.parent, ignore_errors=True)


def render(processes: list[Process], socket: Path, log: Path, stop_wait_s: int) -> str:
    """The configuration file for supervisord."""
    sections: dict[str, dict[str, str]] = {
        "supervisord": {"logfile": str(log), "pidfile": str(socket.with_name("supervisord.pid"))},
        "unix_http_server": {"file": str(socket)},
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
        "supervisorctl": {"serverurl": f"unix://{socket}"},
        # One group, so that all are stopped at once and not one after the other.
        "group:zhanggui": {"programs": ",".join(process.name for process in processes)},
        **{f"program:{process.name}": _program(process, stop_wait_s) for process in processes},
    }
    parser = configparser.RawConfigParser()
    parser.read_dict(
        {
            section: {key: value.replace("%", "%%") for key, value in options.items()}
            for section, options in sections.items()
        }
    )
    text = io.StringIO()
    parser.write(text)
    return text.getvalue()


def _program(process: Process, stop_wait_s: int) -> dict[str, str]:
    rotation = {"maxbytes": _LOG_BYTES, "backups": _LOG_BACKUPS}
    logged = {"logfile": str(process.log), **{f"logfile_{key}": value for key, value in rotation.items()}}
    if process.talks:
        streams = {f"stderr_{key}": value for key, value in logged.items()}
        streams |= {"stdout_logfile": "/dev/fd/1", "stdout_logfile_maxbytes": "0"}
    else:
        streams = {f"stdout_{key}": value for key, value in logged.items()} | {"redirect_stderr": "true"}
    return {
        "command": shlex.join(process.command),
        "directory": str(ROOT),
        "environment": _quoted(process.environment),
        "autorestart": "true",
        # Whoever stops within half a minute, three times in a row, is given up: FATAL.
        "startsecs": "30",
        "startretries": "2",
        "stopasgroup": "true",
        "killasgroup": "true",
        "stopwaitsecs": str(stop_wait_s),
        **streams,
    }


def _quoted(environment: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{value}"' for name, value in environment.items())
