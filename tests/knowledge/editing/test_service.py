"""One person writes, a second one publishes, and nothing published is ever lost."""

from typing import Any

import pytest

from bot.knowledge.editing import errors
from bot.knowledge.editing.current import CurrentKnowledge
from bot.knowledge.editing.models import DraftState
from bot.knowledge.editing.service import Editing
from tests.knowledge.editing.conftest import AUTHOR, OFFER, SECOND


async def published(editing: Editing, entry_id: str, content: dict[str, Any] | None) -> None:
    draft = await editing.begin(AUTHOR, entry_id, content)
    await editing.submit(AUTHOR, draft.draft_id)
    await editing.publish(SECOND, draft.draft_id)


async def answer(current: CurrentKnowledge, entry_id: str) -> str | None:
    return next((record.answer for record in await current.records() if record.id == entry_id), None)


async def test_a_new_entry_holds_once_a_second_person_has_agreed(editing: Editing, current: CurrentKnowledge) -> None:
    draft = await editing.begin(AUTHOR, "card.offer", OFFER)
    assert await answer(current, "card.offer") is None
    await editing.submit(AUTHOR, draft.draft_id)
    assert await answer(current, "card.offer") is None

    version = await editing.publish(SECOND, draft.draft_id)

    assert (version.version, version.author_id, version.approver_id) == (1, "e1", "e2")
    assert await answer(current, "card.offer") == "请打{hotline}。"
    assert await editing.drafts() == []


async def test_nobody_publishes_or_sends_back_what_they_have_written(editing: Editing) -> None:
    draft = await editing.begin(AUTHOR, "card.offer", OFFER)
    await editing.submit(AUTHOR, draft.draft_id)
    with pytest.raises(errors.OwnDraftError):
        await editing.publish(AUTHOR, draft.draft_id)
    with pytest.raises(errors.OwnDraftError):
        await editing.send_back(AUTHOR, draft.draft_id, "好")


async def test_what_was_not_submitted_cannot_be_published(editing: Editing) -> None:
    draft = await editing.begin(AUTHOR, "card.offer", OFFER)
    with pytest.raises(errors.ForbiddenDraftMoveError):
        await editing.publish(SECOND, draft.draft_id)


async def test_a_draft_sent_back_is_written_anew(editing: Editing, current: CurrentKnowledge) -> None:
    draft = await editing.begin(AUTHOR, "card.offer", OFFER)
    await editing.submit(AUTHOR, draft.draft_id)
    back = await editing.send_back(SECOND, draft.draft_id, "请写明截止日期")
    assert (back.state, back.note) == (DraftState.OPEN, "请写明截止日期")

    await editing.change(AUTHOR, draft.draft_id, {**OFFER, "answer": "活动到12月31日。"})
    await editing.submit(AUTHOR, draft.draft_id)
    await editing.publish(SECOND, draft.draft_id)

    assert await answer(current, "card.offer") == "活动到12月31日。"


async def test_only_the_author_changes_submits_and_withdraws(editing: Editing) -> None:
    draft = await editing.begin(AUTHOR, "card.offer", OFFER)
    with pytest.raises(errors.NotAuthorError):
        await editing.change(SECOND, draft.draft_id, OFFER)
    with pytest.raises(errors.NotAuthorError):
        await editing.submit(SECOND, draft.draft_id)
    with pytest.raises(errors.NotAuthorError):
        await editing.withdraw(SECOND, draft.draft_id)
    assert (await editing.withdraw(AUTHOR, draft.draft_id)).state is DraftState.WITHDRAWN


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({**OFFER, "phrasings": ["开卡"]}, "field phrasings"),
        ({**OFFER, "answer": ""}, "field answer"),
        ({**OFFER, "price": 3}, "field price"),
    ],
)
async def test_what_is_no_entry_is_refused_with_the_field(
    editing: Editing, content: dict[str, Any], problem: str
) -> None:
    with pytest.raises(errors.InvalidDraftError, match=problem):
        await editing.begin(AUTHOR, "card.offer", content)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"phrasings": [*OFFER["phrasings"], "卡不见了"]}, "is also in card.lost"),
        ({"answer": "请打{phone}。"}, "cannot fill in 'phone'"),
    ],
)
async def test_what_does_not_go_with_the_rest_cannot_be_submitted(
    editing: Editing, changed: dict[str, Any], problem: str
) -> None:
    draft = await editing.begin(AUTHOR, "card.offer", {**OFFER, **changed})
    with pytest.raises(errors.InvalidDraftError, match=problem):
        await editing.submit(AUTHOR, draft.draft_id)


async def test_two_drafts_of_one_entry_do_not_undo_each_other_unseen(editing: Editing) -> None:
    first = await editing.begin(AUTHOR, "card.offer", OFFER)
    second = await editing.begin(AUTHOR, "card.offer", {**OFFER, "answer": "没有活动。"})
    for draft in (first, second):
        await editing.submit(AUTHOR, draft.draft_id)
    await editing.publish(SECOND, first.draft_id)

    with pytest.raises(errors.StaleDraftError):
        await editing.publish(SECOND, second.draft_id)


async def test_every_published_state_is_kept_and_can_come_back(editing: Editing, current: CurrentKnowledge) -> None:
    await published(editing, "card.offer", OFFER)
    await published(editing, "card.offer", {**OFFER, "answer": "没有活动。"})

    back = await editing.roll_back(AUTHOR, "card.offer", 1)
    with pytest.raises(errors.OwnDraftError):
        await editing.publish(AUTHOR, back.draft_id)
    await editing.publish(SECOND, back.draft_id)

    assert await answer(current, "card.offer") == "请打{hotline}。"
    assert [version.version for version in await current.history("card.offer")] == [3, 2, 1]


async def test_a_shipped_entry_can_be_changed_retired_and_brought_back(
    editing: Editing, current: CurrentKnowledge
) -> None:
    shipped = await answer(current, "card.lost")
    await published(editing, "card.lost", None)
    assert await answer(current, "card.lost") is None

    back = await editing.roll_back(AUTHOR, "card.lost", 0)
    await editing.publish(SECOND, back.draft_id)

    assert await answer(current, "card.lost") == shipped


async def test_a_new_entry_takes_nobodys_place(editing: Editing) -> None:
    with pytest.raises(errors.EntryExistsError):
        await editing.begin(AUTHOR, "card.lost", OFFER, new=True)


async def test_what_is_not_there_can_be_neither_retired_nor_rolled_back(editing: Editing) -> None:
    with pytest.raises(errors.UnknownEntryError):
        await editing.begin(AUTHOR, "card.none", None)
    with pytest.raises(errors.UnknownEntryError):
        await editing.roll_back(AUTHOR, "card.none", 0)
    with pytest.raises(errors.UnknownEntryError):
        await editing.roll_back(AUTHOR, "card.lost", 4)
    with pytest.raises(errors.UnknownDraftError):
        await editing.draft("none")
