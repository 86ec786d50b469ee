"""What can be refused without Rasa; the figures themselves are in test_understanding."""

from pathlib import Path

import pytest

from bot.nlu.evaluate import Line, main, read_lines


def test_reads_lines(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(
        '{"text": "查余额", "intent": "check_balance"}\n\n'
        '{"text": "查昨天", "intent": "check_transactions", "kind": "plain",'
        ' "entities": [{"entity": "date", "value": "昨天"}]}\n',
        encoding="utf-8",
    )
    assert read_lines(file) == [
        Line("查余额", "check_balance", None),
        Line("查昨天", "check_transactions", (("date", "昨天"),)),
    ]


@pytest.mark.parametrize(
    "content",
    ["", "no json\n", '{"text": "查余额"}\n', '["查余额"]\n', '{"text": 5, "intent": "greet"}\n',
     '{"text": " ", "intent": "greet"}\n', '{"text": "你好", "intent": "greet", "entities": ["date"]}\n'],
)  # fmt: skip
def test_bad_files_are_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text(content, encoding="utf-8")
    assert main([str(file)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_missing_model_or_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text('{"text": "你好", "intent": "greet"}\n', encoding="utf-8")
    assert main([str(file), "--model", str(tmp_path)]) == 2
    assert "no trained model" in capsys.readouterr().err
    assert main([str(tmp_path / "none.jsonl")]) == 2
    assert "cannot read" in capsys.readouterr().err
