from bot.application import Gateway
from tests.handoff.conftest import queued
from tests.staff.people import hire


async def test_a_conversation_has_the_tags_that_were_put_last(gateway: Gateway) -> None:
    lin = await hire(gateway, "lin")
    first, second = await queued(gateway), await queued(gateway)
    await gateway.aids.tags.put(first, lin, ["信用卡", "需回访"])
    await gateway.aids.tags.put(first, lin, ["需回访", "年费"])
    await gateway.aids.tags.put(second, lin, ["年费"])
    found = await gateway.aids.tags.of([first, second])
    assert {name: set(tags) for name, tags in found.items()} == {first: {"需回访", "年费"}, second: {"年费"}}
    await gateway.aids.tags.put(first, lin, [])
    assert first not in await gateway.aids.tags.of([first])


async def test_tags_of_our_own_are_offered_after_those_that_ship(gateway: Gateway) -> None:
    shipped = await gateway.aids.tags.offered()
    assert "需回访" in shipped
    await gateway.aids.tags.put(await queued(gateway), await hire(gateway, "lin"), ["年费", "需回访"])
    assert await gateway.aids.tags.offered() == [*shipped, "年费"]
