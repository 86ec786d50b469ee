import pytest

from tests.actions.dialogue import Dialogue


async def test_on_request_with_what_was_wanted_last(stranger: Dialogue):
    await stranger.say("年费多少", "ask_faq")
    assert await stranger.say("转人工", "request_human") == ""

    assert stranger.handoff == {
        "type": "handoff",
        "reason": "asked",
        "note": None,
        "intents": [{"intent": "ask_faq", "confidence": 0.9}, {"intent": "request_human", "confidence": 0.9}],
        "collected": {"faq": "信用卡年费怎么收"},
    }


async def test_what_the_form_knows_already_goes_along(stranger: Dialogue):
    await stranger.say("我要投诉，昨天在城东网点被多收了300元", "file_complaint")
    await stranger.say("转人工", "request_human")

    assert stranger.handoff is not None
    told = stranger.handoff["collected"]
    assert "城东网点" in told["complaint_what"]
    assert all(isinstance(value, str) for value in told.values())


async def test_anger_gets_a_kind_word_and_a_person(stranger: Dialogue):
    assert "抱歉" in await stranger.say("你们太气人了", "express_anger")
    assert stranger.handoff is not None
    assert stranger.handoff["reason"] == "anger"


async def test_a_grave_matter_is_named_as_such(stranger: Dialogue):
    await stranger.say("再不管我就找记者曝光", "express_anger")

    assert stranger.handoff is not None
    assert stranger.handoff["reason"] == "grave_complaint"


@pytest.mark.parametrize("intent", ["nlu_fallback", "ask_faq", "out_of_scope", "report_lost_card"])
async def test_so_is_one_that_nlu_does_not_see_as_a_complaint(stranger: Dialogue, intent: str):
    await stranger.say("我的钱被骗走了，我要报警", intent)

    assert stranger.handoff is not None
    assert stranger.handoff["reason"] == "grave_complaint"
