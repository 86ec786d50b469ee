"""How long Rasa takes to parse over HTTP: a server of its own on a free port of this machine, asked one at a time."""

import json
import os
import re
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.operations.errors import OperationsError
from bot.operations.processes import RASA_PYTHON, rasa_environment, rasa_model
from bot.settings import ROOT, Settings

START_LIMIT_S = 300
_WARMING = 20
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True)
class Latency:
    """`p50` and `p95` in milliseconds, the most memory the server ever held in MB (None where /proc is not there)."""

    n: int
    p50: float
    p95: float
    memory_mb: int | None


def texts(file: Path) -> list[str]:
    """The texts of JSON lines as `bot.nlu.evaluate` reads them; ValueError or KeyError when a line has none."""
    return [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def measure(settings: Settings, messages: Sequence[str]) -> Latency:
    """Start a server, warm it, parse `messages`, stop it. OperationsError when it does not start."""
    with _server(settings) as (http, process):
        for message in messages[:_WARMING]:
            _seconds(http, message)
        taken = [_seconds(http, message) for message in messages]
        return latency(taken, _peak_mb(process.pid))


def latency(seconds: Sequence[float], memory_mb: int | None) -> Latency:
    """The figures of two measurements or more."""
    percentiles = statistics.quantiles(seconds, n=100, method="inclusive")
    return Latency(len(seconds), percentiles[49] * 1000, percentiles[94] * 1000, memory_mb)


def _seconds(http: httpx.Client, message: str) -> float:
    started = time.perf_counter()
    http.post("/model/parse", json={"text": message}).raise_for_status()
    return time.perf_counter() - started


@contextmanager
def _server(settings: Settings) -> Iterator[tuple[httpx.Client, "subprocess.Popen[bytes]"]]:
    """A Rasa with its API switched on, which the one that serves customers never is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(RASA_PYTHON), "-m", "rasa", "run", "--enable-api", "--interface", "127.0.0.1", "--port", str(port)]
    command += ["--model", str(rasa_model(settings)), "--credentials", os.devnull, "--endpoints", os.devnull]
    environment = {**os.environ, **rasa_environment(settings), "RASA_TOKEN": ""}
    with (
        subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as http,
    ):
        try:
            _wait(http, process)
            yield http, process
        finally:
            process.terminate()


def _wait(http: httpx.Client, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if http.get("/status").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise OperationsError("Rasa did not start: `python -m bot train` first, then see why by `rasa run` itself.")


def _peak_mb(pid: int) -> int | None:
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except OSError:
        return None
    return int(found[1]) // 1024 if found else None
