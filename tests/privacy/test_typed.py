import pytest

from bot.nlu.text import normalise
from bot.privacy.typed import without_placeholders
from bot.privacy.vault import Vault
from bot.storage.database import Database


@pytest.mark.parametrize(
    "typed",
    [
        "[手机号1]",
        "请用[卡号2]查余额",
        "[身份证号 1]",
        "［手机号１］",
        "﹇手机号1﹈",
        "[手機號①]",
        "[手\u200b机号1]",
        "[[手机号1]]",
        "[手机号一1]",
    ],
)
def test_a_typed_placeholder_is_none(typed: str) -> None:
    assert "[手机号1]" not in normalise(without_placeholders(typed))
    assert not any(f"{kind}1]" in normalise(without_placeholders(typed)) for kind in ("手机号", "卡号", "身份证号"))


@pytest.mark.parametrize("typed", ["[微笑]你好", "余额多少", "【重要】第2条", "a] [b", "[]"])
def test_other_brackets_stay(typed: str) -> None:
    assert without_placeholders(typed) == typed


async def test_what_is_sealed_afterwards_is_the_only_placeholder(db: Database) -> None:
    vault = Vault(db, {"test": "a-secret-of-at-least-32-characters!"})
    await vault.seal("c", "13900000001")
    typed = "[手机号1]不是我的，我的是13900000002"
    assert await vault.seal("c", without_placeholders(typed)) == "（手机号1）不是我的，我的是[手机号2]"
