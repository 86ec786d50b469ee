from pathlib import Path

import pytest

from bot.operations.nlu_latency import latency, texts


def test_percentiles_in_milliseconds() -> None:
    got = latency([each / 1000 for each in range(101)], 500)
    assert (got.n, got.memory_mb) == (101, 500)
    assert got.p50 == pytest.approx(50)
    assert got.p95 == pytest.approx(95)


def test_texts_of_a_set(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text('{"text": "查余额", "intent": "check_balance"}\n\n{"text": "在吗"}\n', encoding="utf-8")
    assert texts(file) == ["查余额", "在吗"]
