"""What was typed by sound is read as the knowledge base writes it."""

from pathlib import Path

import pytest

from bot.knowledge.spelling import Spelling

TEXTS = ["查询余额", "余额查询", "转账手续费", "app登录不了", "银行卡挂失", "挂失"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("chaxunyue", "查询余额"),
        ("zhuanzhang手续费", "转账手续费"),
        ("银行卡挂矢", "银行卡挂失"),
        ("app登录不了", "app登录不了"),
        ("atm在哪", "atm在哪"),
        ("余额查询", "余额查询"),
        ("", ""),
    ],
)
def test_reads_pinyin_and_homophones(typed: str, read: str, tmp_path: Path) -> None:
    spelling = Spelling.learn(TEXTS)
    assert spelling.mend(typed) == read
    spelling.save(tmp_path)
    assert Spelling.load(tmp_path).mend(typed) == read
