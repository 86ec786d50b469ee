import asyncio

import pytest
from sqlalchemy import delete, select, update

from bot.privacy.errors import BrokenSealError, DestroyedKeyError, UnknownMasterKeyError, UnknownPlaceholderError
from bot.privacy.findings import Kind
from bot.privacy.tables import data_keys, sealed_values
from bot.privacy.vault import Vault
from bot.storage.database import Database

SECRET = "a-secret-of-at-least-32-characters!"
CARD, PHONE, ID = "6222021000000001239", "13900000001", "31010119851212002X"


@pytest.fixture
def vault(db: Database) -> Vault:
    return Vault(db, {"test": SECRET})


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
        await Vault(db, {"test": SECRET.upper()}).open("c", "[手机号1]")


async def test_a_key_moved_to_another_conversation_does_not_open(vault: Vault, db: Database) -> None:
    await vault.seal("c", PHONE)
    async with db.write() as connection:
        await connection.execute(update(data_keys).values(conversation_id="thief"))
    with pytest.raises(BrokenSealError):
        await vault.open("c", "[手机号1]")


async def test_an_altered_value_does_not_open(vault: Vault, db: Database) -> None:
    await vault.seal("c", f"{PHONE} 和 13900000002")
    async with db.write() as connection:
        other = select(sealed_values.c.ciphertext).where(sealed_values.c.number == 2).scalar_subquery()
        await connection.execute(update(sealed_values).where(sealed_values.c.number == 1).values(ciphertext=other))
    with pytest.raises(BrokenSealError):
        await vault.open("c", "[手机号1]")


class TestTheMasterKeyChanges:
    OLD, NEW = {"2026": SECRET}, {"2026": SECRET, "2027": SECRET[::-1]}

    async def test_old_values_open_and_new_ones_use_the_new_key(self, db: Database) -> None:
        await Vault(db, self.OLD).seal("before", PHONE)
        both = Vault(db, self.NEW)
        await both.seal("after", PHONE)
        assert [await both.open(c, "[手机号1]") for c in ("before", "after")] == [PHONE, PHONE]
        async with db.read() as connection:
            used = (await connection.execute(select(data_keys))).all()
        assert {key.conversation_id: key.master_key_id for key in used} == {"before": "2026", "after": "2027"}

    async def test_after_rekeying_the_old_key_can_go(self, db: Database) -> None:
        for conversation in ("a", "b"):
            await Vault(db, self.OLD).seal(conversation, PHONE)
        both = Vault(db, self.NEW)
        await both.seal("c", PHONE)
        done = await both.rekey()
        assert (done.data_keys, done.rewrapped, done.current_id) == (3, 2, "2027")
        assert (await both.rekey()).rewrapped == 0
        alone = Vault(db, {"2027": SECRET[::-1]})
        assert [await alone.open(conversation, "[手机号1]") for conversation in "abc"] == [PHONE] * 3

    async def test_more_keys_than_one_batch(self, db: Database) -> None:
        old = Vault(db, self.OLD)
        for number in range(501):
            await old.seal(f"c{number}", PHONE)
        assert (await Vault(db, self.NEW).rekey()).rewrapped == 501

    async def test_without_rekeying_it_is_missed_by_name(self, db: Database) -> None:
        await Vault(db, self.OLD).seal("c", PHONE)
        alone = Vault(db, {"2027": SECRET[::-1]})
        with pytest.raises(UnknownMasterKeyError, match="2026"):
            await alone.open("c", "[手机号1]")
        with pytest.raises(UnknownMasterKeyError, match="2026"):
            await alone.rekey()


class TestDestroyedKeys:
    async def test_nothing_opens_any_more(self, vault: Vault, db: Database) -> None:
        for conversation in ("a", "b", "kept"):
            await vault.seal(conversation, f"{PHONE}，卡{CARD}")
        async with db.write() as connection:
            assert await vault.destroy_keys(connection, ["a", "b", "never"]) == 2
            assert await vault.destroy_keys(connection, []) == 0
        for conversation in ("a", "b"):
            with pytest.raises(DestroyedKeyError):
                await vault.open(conversation, "[手机号1]")
            with pytest.raises(DestroyedKeyError):
                await vault.card_tail(conversation, "[卡号1]")
        assert await vault.open("kept", "[手机号1]") == PHONE

    async def test_what_comes_later_gets_a_new_key_and_a_new_number(self, vault: Vault, db: Database) -> None:
        await vault.seal("c", PHONE)
        async with db.write() as connection:
            await vault.destroy_keys(connection, ["c"])
        assert await vault.seal("c", PHONE) == "[手机号2]"
        assert await vault.open("c", "[手机号2]") == PHONE
        with pytest.raises(DestroyedKeyError):
            await vault.open("c", "[手机号1]")

    async def test_it_is_the_callers_transaction(self, vault: Vault, db: Database) -> None:
        await vault.seal("c", PHONE)
        with pytest.raises(RuntimeError):
            async with db.write() as connection:
                await vault.destroy_keys(connection, ["c"])
                raise RuntimeError("something else failed")
        assert await vault.open("c", "[手机号1]") == PHONE

    async def test_values_of_an_older_release_count_as_destroyed(self, vault: Vault, db: Database) -> None:
        await vault.seal("c", PHONE)
        async with db.write() as connection:
            await connection.execute(update(sealed_values).values(data_key_id=None))
            await connection.execute(delete(data_keys))
        with pytest.raises(DestroyedKeyError):
            await vault.open("c", "[手机号1]")


async def test_messages_at_once_number_without_gap_or_clash(vault: Vault) -> None:
    phones = [f"139000000{n:02d}" for n in range(10)]
    sealed = await asyncio.gather(*(vault.seal("c", phone) for phone in phones + phones))
    assert sealed[:10] == sealed[10:]
    assert sorted(set(sealed)) == sorted(f"[手机号{n}]" for n in range(1, 11))
    assert [await vault.open("c", placeholder) for placeholder in sealed[:10]] == phones
