"""How the installer finds interpreters and knows what is installed; no network, no real environments."""

import sys
from pathlib import Path

import pytest

from scripts import environments as subject


class Machine:
    """A file system with chosen interpreters, and what each answers when it is tried."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environ = {"HOME": str(root / "home"), "PATH": f"{root / 'bin'}:{root / 'other'}"}
        self.answers: dict[tuple[str, ...], str | None] = {}

    def python(self, place: str, version: str | None, *, pip: bool = True) -> Path:
        """An interpreter that says it is `version`; None stands for one that does not run, as pyenv's shims do."""
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self.answers[(str(path), "-c", subject.TRIAL.format(""))] = version
        if pip:
            self.answers[(str(path), "-c", subject.TRIAL.format(", ensurepip"))] = version
        return path

    def output(self, command: list[str]) -> str | None:
        return self.answers.get(tuple(command))

    def find(self, version: str, uv: str | None = None, *, pip: bool = True) -> Path:
        return subject.find_python(version, self.environ, uv=uv, pip=pip, output=self.output)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_pyenv_comes_first_and_its_newest_patch_release(machine: Machine) -> None:
    machine.python("bin/python3.10", "3.10")
    machine.python("home/.pyenv/versions/3.10.9/bin/python", "3.10")
    newest = machine.python("home/.pyenv/versions/3.10.13/bin/python", "3.10")
    machine.python("home/.pyenv/versions/3.10.99-rc/bin/python", "3.10")
    assert machine.find("3.10") == newest


def test_pyenv_root_is_respected(machine: Machine) -> None:
    machine.environ["PYENV_ROOT"] = str(machine.root / "elsewhere")
    found = machine.python("elsewhere/versions/3.11.7/bin/python", "3.11")
    assert machine.find("3.11") == found


def test_shims_that_do_not_run_are_passed_over(machine: Machine) -> None:
    machine.python("bin/python3.10", None)
    found = machine.python("other/python3.10", "3.10")
    assert machine.find("3.10") == found


def test_plain_python3_serves_when_it_is_the_right_version(machine: Machine) -> None:
    machine.python("bin/python3", "3.12")
    found = machine.python("other/python3", "3.11")
    assert machine.find("3.11") == found


def test_one_that_cannot_install_pip_serves_only_where_pip_is_not_wanted(machine: Machine) -> None:
    without = machine.python("bin/python3.10", "3.10", pip=False)
    whole = machine.python("other/python3.10", "3.10")
    assert machine.find("3.10") == whole
    assert machine.find("3.10", pip=False) == without


def test_uv_is_asked_last(machine: Machine) -> None:
    found = machine.python("uv/python3.10", "3.10")
    machine.answers[("uv", "python", "find", "--no-project", "3.10")] = str(found)
    assert machine.find("3.10", uv="uv") == found


def test_uv_installs_what_is_nowhere(machine: Machine) -> None:
    found = machine.python("uv/python3.10", "3.10")
    machine.answers[("uv", "python", "install", "3.10")] = ""
    machine.answers[("uv", "python", "find", "--no-project", "--managed-python", "3.10")] = str(found)
    assert machine.find("3.10", uv="uv") == found


def test_a_missing_python_says_in_one_line_what_to_do(machine: Machine) -> None:
    with pytest.raises(subject.EnvironmentFailure) as failure:
        machine.find("3.10", uv="uv")
    assert "Python 3.10 was not found" in str(failure.value)
    assert "pyenv install 3.10" in str(failure.value)
    assert "\n" not in str(failure.value)


@pytest.fixture
def environment(tmp_path: Path) -> subject.Environment:
    """One that looks as if it had just been filled."""
    lock = tmp_path / "app.txt"
    lock.write_text("uv==0.13.9\n    # via app.in\n")
    environment = subject.Environment(tmp_path / ".venv", "3.11", [lock])
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    return environment


def test_an_interrupted_installation_is_not_current_and_is_made_anew(environment: subject.Environment) -> None:
    assert not environment.is_current()
    half = environment.folder / "half"
    half.touch()
    environment.make(Path(sys.executable), "--without-pip")
    assert not half.exists()


def test_a_sealed_environment_is_current_until_a_lock_changes(environment: subject.Environment) -> None:
    environment.seal()
    assert environment.is_current()
    environment.locks[0].write_text("uv==0.14.0\n")
    assert not environment.is_current()


def test_a_changed_lock_updates_in_place_and_takes_the_seal_off(environment: subject.Environment) -> None:
    environment.seal()
    environment.make(Path("/nowhere"))
    assert environment.python.exists()
    assert not environment.is_current()


def test_more_installed_than_asked_for_is_current(environment: subject.Environment, tmp_path: Path) -> None:
    dev = tmp_path / "dev.txt"
    dev.write_text("pytest==9.0\n")
    subject.Environment(environment.folder, "3.11", [*environment.locks, dev]).seal()
    assert environment.is_current()


def test_a_moved_environment_is_not_current(environment: subject.Environment, tmp_path: Path) -> None:
    environment.seal()
    moved = environment.folder.rename(tmp_path / "moved")
    assert not subject.Environment(moved, "3.11", environment.locks).is_current()


def test_a_failed_installation_is_not_sealed(
    environment: subject.Environment, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    installation = subject.Installation(environment, ["sh", "-c", "echo no such package; exit 1"])
    installation.log = tmp_path / "install.log"
    with pytest.raises(subject.EnvironmentFailure, match=r"could not be installed; the whole log: .*install\.log"):
        subject.watch([installation], every_s=60)
    assert "no such package" in capsys.readouterr().err
    assert not environment.is_current()


def test_the_pin_of_a_package_is_read_from_the_lock(environment: subject.Environment) -> None:
    assert subject.pinned("uv", environment.locks[0]) == "uv==0.13.9"
