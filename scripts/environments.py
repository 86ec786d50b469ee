"""Make the two Python environments of the project, or bring them up to date; instant when they already are.

    python3 scripts/environments.py [--dev]

`.venv` (Python 3.11) holds everything but Rasa and is filled by pip, `.venv-rasa` (Python 3.10) holds Rasa and is
filled by uv, both from the locks in `requirements/`. With `--dev` the tools for tests and lint come along.
Runs before anything is installed, so: standard library only, on any Python from 3.8 on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Callable, Iterator, Mapping  # noqa: UP035 - Python 3.8 has no subscriptable collections.abc

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
STAMP = ".requirements.json"
TRIAL = "import sys, ctypes, sqlite3, ssl, venv{}; print('%d.%d' % sys.version_info[:2])"
"""What an interpreter must be able to do: some are built without SSL or SQLite, Debian's has no ensurepip unless asked
for, and pyenv's shims may run nothing."""

Output = Callable[["list[str]"], "str | None"]


class EnvironmentFailure(Exception):  # noqa: N818 - reads as what it is
    """What went wrong, in one line that says what to do."""


# --- Finding an interpreter ---------------------------------------------------------------------------------------


def command_output(command: list[str]) -> str | None:
    """What `command` prints, stripped; None when it cannot be started or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def from_pyenv(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    """Interpreters pyenv installed, the newest patch release first."""
    root = Path(environ.get("PYENV_ROOT") or Path(environ.get("HOME", "/")) / ".pyenv")
    found = [
        (int(patch.group(1)), folder / "bin" / "python")
        for folder in root.glob("versions/" + version + ".*")
        if (patch := re.fullmatch(re.escape(version) + r"\.(\d+)", folder.name))
    ]
    return (python for _, python in sorted(found, reverse=True))


def from_path(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    """`python3.10`, `python3` and `python` of every folder on the PATH."""
    for name in ("python" + version, "python3", "python"):
        for folder in environ.get("PATH", "").split(os.pathsep):
            if folder and (python := Path(folder) / name).exists():
                yield python


def from_uv(version: str, uv: str | None, output: Output) -> Iterator[Path]:
    """What uv manages already, else what it can install."""
    if uv is None:
        return
    if found := output([uv, "python", "find", "--no-project", version]):
        yield Path(found)
    say("asking uv for Python " + version)
    if output([uv, "python", "install", version]) is not None and (
        found := output([uv, "python", "find", "--no-project", "--managed-python", version])
    ):
        yield Path(found)


def find_python(
    version: str, environ: Mapping[str, str], *, uv: str | None, pip: bool = True, output: Output = command_output
) -> Path:
    """A sound Python `version` from pyenv, the PATH or uv, in that order, that can install pip where `pip` is wanted.

    Raises EnvironmentFailure when there is none.
    """
    trial = TRIAL.format(", ensurepip" if pip else "")
    for candidates in (
        from_pyenv(version, environ),
        from_path(version, environ),
        from_uv(version, uv, output),
    ):
        for python in candidates:
            if output([str(python), "-c", trial]) == version:
                return python
    raise EnvironmentFailure(
        f"Python {version} was not found (pyenv, PATH, uv): install it, for example with "
        f"`pyenv install {version}`, and run this again."
    )


# --- Installing -----------------------------------------------------------------------------------------------


class Environment:
    """One virtual environment and the locks it is filled from.

    The stamp is written last and names the hash of each lock: without it the folder is a half-made one and is
    made anew; with another hash it is brought up to date in place.
    """

    def __init__(self, folder: Path, version: str, locks: list[Path]) -> None:
        self.folder = folder
        self.version = version
        self.locks = locks
        self.python = folder / "bin" / "python"
        self._stamp = folder / STAMP

    def is_current(self) -> bool:
        """Whether all locks are installed just as they are now; further ones may be, too."""
        installed = self._installed()
        return bool(installed) and all(installed.get(name) == digest for name, digest in self._wanted().items())

    def make(self, base: Path, *options: str) -> None:
        """Make the empty environment with interpreter `base`, unless a whole one is there to be updated."""
        if self._installed():
            say(f"updating {self.folder.name}")
            self._stamp.unlink()
            return
        say(f"making {self.folder.name} with {base}")
        shutil.rmtree(self.folder, ignore_errors=True)
        run([str(base), "-m", "venv", *options, str(self.folder)])

    def seal(self) -> None:
        """Write down that the installation is whole."""
        content = {"folder": str(self.folder), "locks": self._wanted()}
        self._stamp.write_text(json.dumps(content, indent=1), encoding="utf-8")

    def _wanted(self) -> dict[str, str]:
        return {lock.name: hashlib.sha256(lock.read_bytes()).hexdigest() for lock in self.locks}

    def _installed(self) -> dict[str, str]:
        """Hash of each lock installed; none when half made, or moved here with scripts that point elsewhere."""
        try:
            content = json.loads(self._stamp.read_text(encoding="utf-8"))
            whole = content["folder"] == str(self.folder) and self.python.exists()
            return dict(content["locks"]) if whole else {}
        except (OSError, ValueError, KeyError):
            return {}


class Installation(threading.Thread):
    """One installer at work on one environment; all its words go to a log, `doing` is the latest."""

    def __init__(self, environment: Environment, command: list[str]) -> None:
        super().__init__(name=environment.folder.name, daemon=True)
        self.environment = environment
        self.command = command
        for lock in environment.locks:
            self.command += ["-r", str(lock)]
        self.log = ROOT / "var" / "log" / f"install{environment.folder.name}.log"
        self.doing = "starting"
        self.failed = False

    def run(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("w", encoding="utf-8") as log, start(self.command) as process:
            assert process.stdout is not None
            for line in process.stdout:
                log.write(line)
                log.flush()
                if line.strip() and not line.startswith("WARNING"):
                    self.doing = re.sub(r" \(from .*", "", line.strip())
        self.failed = process.returncode != 0


def start(command: list[str]) -> subprocess.Popen[str]:
    """Start `command`, its output and errors together as lines of text."""
    return subprocess.Popen(  # noqa: S603
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def run(command: list[str]) -> None:
    """Run a short step. Raises EnvironmentFailure with its last line."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        last = (done.stdout + done.stderr).strip().splitlines()[-1:] or ["no output"]
        raise EnvironmentFailure("`{}` failed: {}".format(" ".join(command), last[0]))


def watch(installations: list[Installation], *, every_s: float) -> None:
    """Wait for all, saying now and then what each one does. Raises EnvironmentFailure when one failed."""
    for installation in installations:
        installation.start()
    started = said = time.monotonic()
    while any(installation.is_alive() for installation in installations):
        time.sleep(0.2)
        if time.monotonic() - said >= every_s:
            said = time.monotonic()
            for installation in filter(Installation.is_alive, installations):
                say(f"{said - started:4.0f} s  {installation.name}: {installation.doing[:90]}")
    for installation in installations:
        if not installation.failed:
            installation.environment.seal()
    for installation in installations:
        if installation.failed:
            sys.stderr.write("".join(installation.log.read_text(encoding="utf-8").splitlines(True)[-15:]))
            raise EnvironmentFailure(f"{installation.name} could not be installed; the whole log: {installation.log}")


def pinned(package: str, lock: Path) -> str:
    """The line `package==version` of a lock."""
    found = re.search(rf"^{re.escape(package)}==\S+", lock.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, package
    return found.group(0)


def say(text: str) -> None:
    print(text, flush=True)


def install(app: Environment, rasa: Environment) -> None:
    """Bring both environments up to date; pip and uv work side by side."""
    installations = []
    if not app.is_current():
        app.make(find_python(app.version, os.environ, uv=shutil.which("uv")))
        pip = [str(app.python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
        run([*pip, "--quiet", pinned("uv", app.locks[0])])
        installations.append(Installation(app, [*pip, "--compile"]))
    if not rasa.is_current():
        uv = str(app.folder / "bin" / "uv")
        rasa.make(find_python(rasa.version, os.environ, uv=uv, pip=False), "--without-pip")
        # Compiled now: where the machine writes no bytecode, Rasa would start four times slower each time.
        install = [uv, "pip", "install", "--python", str(rasa.python), "--compile-bytecode", "--no-deps"]
        installations.append(Installation(rasa, install))
    watch(installations, every_s=10)


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when both environments are there and current, else 1 with one line on what to do."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="with the tools for tests and lint")
    dev = parser.parse_args(arguments).dev
    app_locks = [REQUIREMENTS / "app.txt"] + ([REQUIREMENTS / "dev.txt"] if dev else [])
    app = Environment(ROOT / ".venv", "3.11", app_locks)
    rasa = Environment(ROOT / ".venv-rasa", "3.10", [REQUIREMENTS / "rasa.txt"])
    if app.is_current() and rasa.is_current():
        return 0
    started = time.monotonic()
    try:
        install(app, rasa)
    except EnvironmentFailure as failure:
        sys.stderr.write(f"environments: {failure}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("environments: interrupted; the next run begins the unfinished part again\n")
        return 130
    say(f"both environments are ready ({time.monotonic() - started:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
