from tests.actions.dialogue import Dialogue


async def test_an_answer_carries_its_source_and_score(stranger: Dialogue):
    assert await stranger.say("年费多少", "ask_faq") == "刷满五次免年费。"
    assert stranger.notes == [
        {
            "type": "annotate",
            "cards": [],
            "metadata": {"kind": "faq", "entry_id": "credit_card.fee", "score": 0.92, "decision": "answer"}
            | {"version": "by heart"},
        }
    ]


async def test_an_unsure_find_is_offered_as_questions(stranger: Dialogue):
    assert await stranger.say("信用卡的事", "ask_faq") == "您是不是想问："
    assert stranger.buttons == ["信用卡额度怎么提", "信用卡年费怎么收", "都不是"]

    assert await stranger.press("信用卡年费怎么收") == "刷满五次免年费。"


async def test_none_of_these_offers_a_person_and_counts_as_misunderstood(stranger: Dialogue):
    await stranger.say("信用卡的事", "ask_faq")
    assert "没找对" in await stranger.press("都不是")
    assert "转人工" in stranger.buttons

    await stranger.say("某某某", "ask_faq")

    assert stranger.handoff is not None


async def test_a_miss_is_said_and_kept_and_a_second_in_a_row_brings_a_person(stranger: Dialogue):
    assert "没有可靠的答案" in await stranger.say("某某某", "ask_faq")
    assert [miss.text for miss in await stranger.services.misses.latest(10)] == ["某某某"]

    said = await stranger.say("呜啦啦", "nlu_fallback")

    assert "人工客服" in said
    assert stranger.handoff is not None
    assert stranger.handoff["reason"] == "misses"


async def test_misses_count_only_in_a_row(stranger: Dialogue):
    await stranger.say("某某某", "ask_faq")
    await stranger.say("谢谢", "thank")
    await stranger.say("某某某", "ask_faq")

    assert stranger.handoff is None


async def test_yes_to_the_offer_of_a_person(stranger: Dialogue):
    await stranger.say("某某某", "ask_faq")
    await stranger.say("好的", "affirm")

    assert stranger.handoff is not None


async def test_what_nlu_did_not_understand_is_searched_too(stranger: Dialogue):
    assert await stranger.say("年费嘞", "nlu_fallback") == "刷满五次免年费。"
    assert "没太明白" in await stranger.say("啦啦啦", "nlu_fallback")


async def test_what_nlu_did_not_understand_gets_likely_questions_only(stranger: Dialogue):
    assert await stranger.say("信用卡嘞", "nlu_fallback") == "您是不是想问："
    assert "没太明白" in await stranger.say("云云云", "nlu_fallback")


async def test_where_no_rule_knows_what_to_do_the_message_is_taken_back(stranger: Dialogue):
    """Otherwise Rasa would predict the fallback again and again, ten times in one turn."""
    await stranger._hear("投诉对象", "file_complaint", {})
    events = await stranger._run("action_default_fallback")

    assert events[0]["event"] == "rewind"
    assert "没太明白" in stranger.text
