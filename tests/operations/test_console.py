"""Without a terminal, steps become plain lines that a log can keep."""

import pytest

from bot.operations.console import Console


def test_a_step_says_when_it_begins_and_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    with Console().step("training [the] model") as progress:
        progress("a detail that comes too soon to be worth a line")
    began, ended = capsys.readouterr().out.splitlines()
    assert began == "training [the] model …"
    assert ended == "✓ training [the] model (0 s)"


def test_a_failed_step_is_not_ticked_off(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="broken"), Console().step("training"):
        raise ValueError("broken")
    assert "✓" not in capsys.readouterr().out


def test_what_went_wrong_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    Console().fail("port 8000 is in use [by python]")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "port 8000 is in use [by python]\n"
