import asyncio

import pytest
from sqlalchemy import select, update

from bot.privacy.detect import Kind
from bot.privacy.errors import BrokenSealError, UnknownPlaceholderError
from bot.privacy.tables import sealed_values
from bot.privacy.vault import Vault
from bot.storage.database import Database

SECRET = "a-secret-of-at-least-32-characters!"
CARD, PHONE, ID = "6222021000000001239", "13900000001", "31010119851212002X"


@pytest.fixture
def vault(db: Database) -> Vault:
    return Vault(db, SECRET)


async def test_seals_every_kind_and_leaves_the_rest(vault: Vault) -> None:
    text = f"我叫小明，手机{PHONE}，卡号 {CARD}，身份证{ID}，转账50000元"
    assert await vault.seal("c", text) == "我叫小明，手机[手机号1]，卡号 [卡号1]，身份证[身份证号1]，转账50000元"


async def test_opens_what_was_sealed(vault: Vault) -> None:
    await vault.seal("c", f"１３９　００００　０００１ 和 {CARD} 和 {ID.lower()}")
    assert await vault.open("c", "[手机号1]") == PHONE
    assert await vault.open("c", "[卡号1]") == CARD
    assert await vault.open("c", "[身份证号1]") == ID


async def test_numbers_count_up_and_come_back(vault: Vault) -> None:
    assert await vault.seal("c", "13900000001或13900000002") == "[手机号1]或[手机号2]"
    assert await vault.seal("c", "是139 0000 0002不是13900000003") == "是[手机号2]不是[手机号3]"
    assert await vault.seal("other", "13900000003") == "[手机号1]"


async def test_text_without_personal_data_is_unchanged(vault: Vault) -> None:
    for text in ("", "余额多少", "[手机号1]", "TS2026112300015 处理得怎么样了"):
        assert await vault.seal("c", text) == text


async def test_only_its_own_conversation_opens_it(vault: Vault) -> None:
    await vault.seal("c", PHONE)
    with pytest.raises(UnknownPlaceholderError):
        await vault.open("other", "[手机号1]")


@pytest.mark.parametrize(
    "placeholder",
    ["", "手机号1", "[手机号2]", "[手机号0]", "[手机号01]", "[卡号1]", "[手机号1] ", "[密码1]", PHONE, "[手机号1x]"],
)
async def test_unknown_placeholders(vault: Vault, placeholder: str) -> None:
    await vault.seal("c", PHONE)
    with pytest.raises(UnknownPlaceholderError):
        await vault.open("c", placeholder)


async def test_the_tail_of_a_card(vault: Vault) -> None:
    await vault.seal("c", f"{CARD} {PHONE}")
    assert await vault.card_tail("c", "[卡号1]") == "1239"
    for other in ("[手机号1]", "[卡号2]", "1239"):
        with pytest.raises(UnknownPlaceholderError):
            await vault.card_tail("c", other)


async def test_opens_only_as_the_kind_asked_for(vault: Vault) -> None:
    await vault.seal("c", CARD)
    assert await vault.open("c", "[卡号1]", kind=Kind.BANK_CARD) == CARD
    with pytest.raises(UnknownPlaceholderError):
        await vault.open("c", "[卡号1]", kind=Kind.MOBILE)


async def test_nothing_readable_is_stored(vault: Vault, db: Database) -> None:
    await vault.seal("a", PHONE)
    await vault.seal("b", PHONE)
    async with db.read() as connection:
        first, second = (await connection.execute(select(sealed_values))).all()
    assert PHONE.encode() not in first.ciphertext
    assert first.ciphertext != second.ciphertext
    assert first.fingerprint != second.fingerprint


async def test_a_value_moved_elsewhere_does_not_open(vault: Vault, db: Database) -> None:
    await vault.seal("c", PHONE)
    async with db.write() as connection:
        await connection.execute(update(sealed_values).values(conversation_id="thief"))
    with pytest.raises(BrokenSealError):
        await vault.open("thief", "[手机号1]")


async def test_another_secret_opens_nothing(vault: Vault, db: Database) -> None:
    await vault.seal("c", PHONE)
    with pytest.raises(BrokenSealError):
        await Vault(db, SECRET.upper()).open("c", "[手机号1]")


async def test_messages_at_once_number_without_gap_or_clash(vault: Vault) -> None:
    phones = [f"139000000{n:02d}" for n in range(10)]
    sealed = await asyncio.gather(*(vault.seal("c", phone) for phone in phones + phones))
    assert sealed[:10] == sealed[10:]
    assert sorted(set(sealed)) == sorted(f"[手机号{n}]" for n in range(1, 11))
    assert [await vault.open("c", placeholder) for placeholder in sealed[:10]] == phones
