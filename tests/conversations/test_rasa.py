import httpx
import pytest

from bot.conversations.errors import DialogueUnavailableError
from bot.conversations.messages import Button
from bot.conversations.rasa import RasaDialogue, read_answer


def dialogue(handler) -> RasaDialogue:
    http = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    return RasaDialogue(http, "http://rasa", "t" * 64, timeout_s=1)


def test_texts_buttons_and_annotations_are_put_together() -> None:
    answer = read_answer(
        [
            {
                "recipient_id": "c.1",
                "text": "您是不是想问",
                "buttons": [{"title": "挂失", "payload": "/report_lost_card"}],
            },
            {
                "recipient_id": "c.1",
                "custom": {"type": "annotate", "metadata": {"entry_id": "a"}, "cards": [{"type": "rows"}]},
            },
            {"recipient_id": "c.1", "text": "还有什么可以帮您？"},
        ]
    )
    first, second = answer.drafts
    assert first.buttons == (Button("挂失", "/report_lost_card"),)
    assert first.metadata == {"entry_id": "a"}
    assert first.cards == ({"type": "rows"},)
    assert (second.text, second.metadata) == ("还有什么可以帮您？", {})
    assert answer.handoff is None


def test_what_is_to_be_asked_next() -> None:
    answer = read_answer([{"text": "余额¥1.00"}, {"custom": {"type": "next", "text": "看看积分"}}])
    assert [draft.text for draft in answer.drafts] == ["余额¥1.00"]
    assert answer.then == "看看积分"


def test_a_handoff_needs_no_text() -> None:
    answer = read_answer(
        [
            {
                "custom": {
                    "type": "handoff",
                    "reason": "anger",
                    "note": "很生气",
                    "intents": [{"intent": "express_anger", "confidence": 0.9}],
                    "collected": {"card_tail": "1234"},
                }
            }
        ]
    )
    assert answer.drafts == []
    assert answer.handoff is not None
    assert (answer.handoff.reason, answer.handoff.note) == ("anger", "很生气")
    assert answer.handoff.intents[0]["intent"] == "express_anger"
    assert answer.handoff.collected == {"card_tail": "1234"}


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, json=[]),
        httpx.Response(500, text="broken"),
        httpx.Response(200, text="not json"),
        httpx.Response(200, json=[{"custom": {"type": "annotate"}}]),
        httpx.Response(200, json=[{"custom": {}}]),
        httpx.Response(200, json={"status": "failure"}),
    ],
)
async def test_what_is_no_answer_is_a_fault(response: httpx.Response) -> None:
    with pytest.raises(DialogueUnavailableError):
        await dialogue(lambda _request: response).ask("c.1", "你好")


async def test_a_late_answer_is_a_fault() -> None:
    def too_late(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late", request=request)

    with pytest.raises(DialogueUnavailableError):
        await dialogue(too_late).ask("c.1", "你好")


async def test_it_is_ready_when_its_channel_answers() -> None:
    assert await dialogue(lambda _request: httpx.Response(200, json={})).ready()
    assert not await dialogue(lambda _request: httpx.Response(409)).ready()
