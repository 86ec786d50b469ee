"""The whole system as `python -m bot run` starts it, on free ports and with files of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from bot.settings import ROOT

START_LIMIT_S = 240  # with a training, should the models not be current
READY = "Ctrl-C stops everything."


class RunningSystem:
    """Three real processes and their supervisor; demo customers and agents are there."""

    def __init__(self, var_dir: Path, **settings: str) -> None:
        gateway, actions, rasa, wechat = free_ports(4)
        self.settings = {
            "GATEWAY_PORT": str(gateway),
            "ACTION_PORT": str(actions),
            "RASA_PORT": str(rasa),
            "WECHAT_SIMULATOR_PORT": str(wechat),
            "VAR_DIR": str(var_dir),
            "DATABASE_URL": f"sqlite:///{var_dir}/zhanggui.db",
            # The few demo customers are challenged by many tests, one right after the other.
            "CODE_RESEND_S": "1",
            "CODE_SENDS_PER_DAY": "1000",
            **settings,
        }
        self.url = f"{'https' if 'TLS_CERT_FILE' in settings else 'http'}://127.0.0.1:{gateway}"
        self.actions_url = f"http://127.0.0.1:{actions}"
        self.rasa_url = f"http://127.0.0.1:{rasa}"
        self.wechat_url = f"http://127.0.0.1:{wechat}"
        self.ports = (gateway, actions, rasa)
        self.log_dir = var_dir / "log"
        self._console = var_dir / "console.txt"

    def start(self) -> None:
        """Return once all three are healthy; fail with what the console said otherwise."""
        self._console.parent.mkdir(parents=True, exist_ok=True)
        self.process = self.command()
        deadline = time.monotonic() + START_LIMIT_S
        while READY not in self.console():
            assert self.process.poll() is None, f"run ended:\n{self.console()}\n{self.logs()}"
            assert time.monotonic() < deadline, f"not ready in time:\n{self.console()}\n{self.logs()}"
            time.sleep(0.2)

    @contextmanager
    def running(self) -> Iterator["RunningSystem"]:
        """Started, and at the end stopped by Ctrl-C, after which nothing may be amiss."""
        try:
            self.start()
            yield self
        finally:
            exit_code = self.stop()
        assert exit_code == 0

    def command(self) -> "subprocess.Popen[bytes]":
        """`python -m bot run` with these settings, as a terminal would start it: in a process group of its own."""
        with self._console.open("ab") as console:
            return subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=ROOT,
                env={**os.environ, **self.settings},
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> int:
        """Ctrl-C; the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=60)

    def console(self) -> str:
        """What a developer would have seen so far, codes sent by SMS included."""
        return self._console.read_text(encoding="utf-8")

    def logs(self) -> str:
        """The last lines of every log, for the message of a failing test."""
        files = sorted(self.log_dir.glob("*.log"))
        return "\n".join(f"--- {file.name}\n{file.read_text(encoding='utf-8')[-3000:]}" for file in files)

    def pids(self) -> dict[int, str]:
        """Every process below `run`, with its command line."""
        found = {}
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):  # it may just have ended
                found[process.pid] = " ".join(process.cmdline())
        return found


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on right now."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
