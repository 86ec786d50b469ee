"""The whole system on one machine: check, build, start, watch, stop."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import httpx

from bot.operations import database
from bot.operations.console import Console, Progress
from bot.operations.errors import ProcessFailedError, TrainingFailedError
from bot.operations.ports import require_free_ports
from bot.operations.processes import Process, gateway_url, processes, require_rasa_environment
from bot.operations.supervisor import State, Supervisor
from bot.operations.training import is_current
from bot.production import is_loopback
from bot.settings import ROOT, Settings

START_LIMIT_S = 180
_LOOK_EVERY_S = 0.5


def run(settings: Settings, console: Console) -> None:
    """Build what is missing, run the three processes until told to stop (Ctrl-C, SIGTERM), leave none behind.

    Raises OperationsError with a line on what to do when something is in the way.
    """
    require_rasa_environment()
    programs = processes(settings)
    _warn(settings, console)
    require_free_ports(programs)
    with _stopped_by_signals():
        try:
            _build(settings)
            with console.step("preparing the database"):
                sign_in = database.prepare(settings)
            _supervise(settings, programs, console, sign_in)
        except KeyboardInterrupt:
            console.say("stopped")


def _warn(settings: Settings, console: Console) -> None:
    """A development system prints codes and lets anybody sign in as a demo customer."""
    if settings.environment == "development" and not is_loopback(settings.gateway_host):
        console.warn(
            f"GATEWAY_HOST={settings.gateway_host}: others can reach this development system, "
            "its demo customers and their one-time codes."
        )


def _build(settings: Settings) -> None:
    """Train what is not current, in a process of its own: torch would stay in our memory while we watch (1.5 GB)."""
    if is_current(settings):
        return
    training = subprocess.run([sys.executable, "-m", "bot", "train"], cwd=ROOT, check=False)
    if training.returncode != 0:
        raise TrainingFailedError("the models could not be made; see the line above")


def _supervise(settings: Settings, programs: list[Process], console: Console, sign_in: list[str]) -> None:
    supervisor = Supervisor(programs, settings.var_dir)
    try:
        supervisor.start()
        with console.step("starting the three processes") as progress:
            _wait_until_healthy(supervisor, programs, progress)
        _introduce(settings, console, sign_in)
        _watch(supervisor, programs, console)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave anything half stopped
        supervisor.stop()


def _wait_until_healthy(supervisor: Supervisor, programs: list[Process], progress: Progress) -> None:
    waiting = {program.name: program for program in programs}
    deadline = time.monotonic() + START_LIMIT_S
    # Only our own processes are asked, and the certificate is for the name that customers use.
    with httpx.Client(timeout=2, trust_env=False, verify=False) as http:  # noqa: S501
        while waiting:
            _require_alive(supervisor.states(), programs)
            for program in list(waiting.values()):
                if _is_healthy(http, program):
                    del waiting[program.name]
            progress("waiting for " + ", ".join(program.title for program in waiting.values()))
            if waiting and time.monotonic() > deadline:
                late = next(iter(waiting.values()))
                raise ProcessFailedError(
                    f"the {late.title} did not become healthy within {START_LIMIT_S} s; its log: {late.log}"
                )
            time.sleep(_LOOK_EVERY_S if waiting else 0)


def _is_healthy(http: httpx.Client, program: Process) -> bool:
    try:
        return http.get(program.health_url, headers=program.health_headers).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _watch(supervisor: Supervisor, programs: list[Process], console: Console) -> None:
    """Return never: ends by a signal, or by ProcessFailedError when a process keeps stopping."""
    logs = {program.name: program.log for program in programs}
    known: dict[str, int] = {}
    while True:
        states = supervisor.states()
        _require_alive(states, programs)
        for state in states:
            if state.pid and known.setdefault(state.name, state.pid) != state.pid:
                console.say(f"{state.name} had stopped and was started again; its log: {logs[state.name]}")
                known[state.name] = state.pid
        time.sleep(_LOOK_EVERY_S)


def _require_alive(states: list[State], programs: list[Process]) -> None:
    given_up = {state.name for state in states if state.state == "FATAL"}
    for program in programs:
        if program.name in given_up:
            raise ProcessFailedError(f"the {program.title} stops again and again; its log: {program.log}")


def _introduce(settings: Settings, console: Console, sign_in: list[str]) -> None:
    url = gateway_url(settings)
    places = {"agent desk": f"{url}/desk"}
    if settings.environment == "development":
        development = {"bank page": f"{url}/", "WeChat": "python -m bot wechat simulate"}
        places = {**development, **places, "API": f"{url}/openapi.json"}
    console.say()
    for name, place in {**places, "logs": str(settings.var_dir / "log")}.items():
        console.say(f"  {name:12}{place}")
    for line in sign_in:
        console.say(f"  {line}")
    console.say()
    console.say("Ctrl-C stops everything.")


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP (a closed terminal) end us as Ctrl-C does, and Ctrl-C does even for a background job."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
