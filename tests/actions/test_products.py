from tests.actions.dialogue import Dialogue, pass_code
from tests.fakes.sms import FakeSms


def risks(dialogue: Dialogue) -> list[str]:
    cards = [card for note in dialogue.notes for card in note["cards"]]
    return [row["value"] for card in cards for row in card["rows"] if row["label"] == "风险等级"]


async def test_only_what_suits_the_assessment_with_its_disclosure(customer: Dialogue):
    said = await customer.say("推荐点理财", "recommend_product")

    assert "C3" in said
    assert "投资须谨慎" in said
    assert risks(customer)
    assert all(risk <= "R3" for risk in risks(customer))
    assert all(card["note"] for note in customer.notes for card in note["cards"])


async def test_who_wants_it_steady_gets_the_steadiest_first(customer: Dialogue):
    await customer.say("推荐个稳一点的理财", "recommend_product")
    assert risks(customer)[0] == "R1"

    await customer.say("推荐点理财", "recommend_product")
    assert risks(customer)[0] == "R3"


async def test_a_product_above_the_level_is_not_recommended(customer: Dialogue):
    risky = next(p for p in customer.services.products.all() if p.risk_level in ("R4", "R5") and p.on_sale)

    said = await customer.say(f"推荐{risky.name}吗", "recommend_product", product=risky.name)

    assert "不适合推荐" in said
    assert customer.notes == []


async def test_without_an_assessment_nothing_is_recommended(stranger: Dialogue):
    await stranger.services.identity.bind(stranger.conversation_id, "C1003")

    assert "风险测评" in await stranger.say("推荐点理财", "recommend_product")
    assert stranger.notes == []


async def test_nor_with_one_that_has_lapsed(stranger: Dialogue):
    await stranger.services.identity.bind(stranger.conversation_id, "C1005")

    assert "风险测评" in await stranger.say("推荐点理财", "recommend_product")


async def test_a_stranger_proves_who_it_is_first(stranger: Dialogue, sms: FakeSms):
    assert "手机号" in await stranger.say("有什么理财推荐", "recommend_product")
    sealed = await stranger.services.vault.seal(stranger.conversation_id, "13900000004")
    await stranger.say(sealed, "bind_account", phone=sealed)

    assert "C5" in await pass_code(stranger, sms)


async def test_cards_need_no_assessment(stranger: Dialogue):
    assert "刷满五次" in await stranger.say("推荐一张没有年费的信用卡", "recommend_product")
