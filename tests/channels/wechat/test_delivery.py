"""What the bank says reaches the phone by push, within what may be pushed."""

import asyncio
from datetime import timedelta

from bot.channels.wechat.outgoing import Choices, News, Text
from bot.conversations.messages import Author, Button, Draft
from tests.channels.wechat.correspondence import OPENID, Correspondence

CARD = {
    "type": "rows",
    "title": "稳健理财90天",
    "rows": [{"label": "风险等级", "value": "R2"}],
    "note": "理财非存款，产品有风险。",
    "link": "/products/steady-90",
}


async def test_what_the_bank_says_is_pushed_once(post: Correspondence) -> None:
    await post.say("您好，请问有什么可以帮您？")
    assert await post.push() == ["您好，请问有什么可以帮您？"]
    assert await post.push() == ["您好，请问有什么可以帮您？"]
    assert await post.held() == 0


async def test_what_the_user_says_is_not_sent_back(post: Correspondence) -> None:
    assert await post.push() == []
    assert await post.left() == 5


async def test_bubbles_are_merged(post: Correspondence) -> None:
    await post.say("第一段。", "第二段。", "第三段。")
    assert await post.push() == ["第一段。\n\n第二段。\n\n第三段。"]
    assert await post.left() == 4


async def test_what_does_not_fit_waits_for_the_next_message_and_comes_first(post: Correspondence) -> None:
    for number in range(7):
        await post.say(f"通知{number}。", author=Author.AGENT)
        await post.push()
    assert post.shown == [f"通知{number}。" for number in range(5)]
    assert await post.held() == 2
    await post.hear("在吗")
    await post.say("在的。")
    assert (await post.push())[5:] == ["通知5。\n\n通知6。\n\n在的。"]


async def test_after_48_hours_everything_waits(post: Correspondence) -> None:
    post.clock.advance(days=2)
    await post.say("您的投诉已办结。")
    assert await post.push() == []
    assert await post.held() == 1


async def test_a_long_text_goes_out_in_parts(post: Correspondence) -> None:
    sentences = [f"第{number}条：存款保险最高偿付限额为人民币50万元。" for number in range(80)]
    await post.say("".join(sentences))
    shown = await post.push()
    assert len(shown) > 1
    assert "".join(shown) == "".join(sentences)
    assert all(len(part.encode()) <= 2048 for part in shown)


async def test_a_long_text_goes_on_where_the_budget_ended(post: Correspondence) -> None:
    sentences = [f"第{number}条：存款保险最高偿付限额为人民币50万元。" for number in range(250)]
    await post.say("".join(sentences))
    assert len(await post.push()) == 5
    assert await post.held() == 1
    await post.hear("继续")
    assert "".join(await post.push()) == "".join(sentences)


async def test_choices_can_be_tapped(post: Correspondence) -> None:
    buttons = (Button("储蓄卡", "/check_balance"), Button("信用卡", "/check_credit_card"))
    await post.say("您要查哪一张？", buttons=buttons)
    await post.push()
    assert post.wechat.shown[OPENID] == [Choices("您要查哪一张？", (("1", "储蓄卡"), ("2", "信用卡")))]


async def test_choices_are_numbered_where_the_account_may_not_send_menus(post: Correspondence) -> None:
    post.wechat.takes_menus = False
    await post.say("您要查哪一张？", buttons=(Button("储蓄卡", "/a"), Button("信用卡", "/b")))
    assert await post.push() == ["您要查哪一张？\n回复数字即可选择：\n1. 储蓄卡\n2. 信用卡"]
    assert await post.left() == 4


async def test_a_product_is_an_article(post: Correspondence) -> None:
    async with post.log.change(post.conversation_id) as change:
        await change.append(Draft(Author.BOT, "为您推荐：", cards=(CARD,)))
    await post.push()
    assert post.wechat.shown[OPENID] == [
        Text("为您推荐："),
        News(CARD["title"], "风险等级：R2\n理财非存款，产品有风险。", "http://127.0.0.1:8000/products/steady-90"),
    ]


async def test_a_product_is_text_where_an_article_would_be_one_push_too_many(post: Correspondence) -> None:
    for _ in range(4):
        await post.say("好的。")
        await post.push()
    async with post.log.change(post.conversation_id) as change:
        await change.append(Draft(Author.BOT, "为您推荐：", cards=(CARD,)))
    assert (await post.push())[-1].startswith(
        "为您推荐：\n\n【稳健理财90天】\n风险等级：R2\n理财非存款，产品有风险。\nhttp"
    )
    assert await post.held() == 0


# Several workers


async def test_workers_at_once_deliver_each_message_once_and_in_order(post: Correspondence) -> None:
    workers = [post.another_worker() for _ in range(4)]
    post.wechat.before_send = lambda: asyncio.sleep(0.01)
    for number in range(5):
        await post.say(f"第{number}条。")
        await asyncio.gather(*(worker.delivery.push(post.conversation_id) for worker in workers))
    whole = "".join(post.shown)
    assert [whole.count(f"第{number}条。") for number in range(5)] == [1] * 5
    assert whole == "".join(sorted(post.shown))


async def test_what_is_said_during_a_push_follows_it(post: Correspondence) -> None:
    await post.say("第一句。")

    async def say_more() -> None:
        post.wechat.before_send = None
        await post.say("第二句。")
        await post.another_worker().delivery.push(post.conversation_id)

    post.wechat.before_send = say_more
    assert await post.push() == ["第一句。", "第二句。"]


# What the desk is told


async def test_the_desk_knows_what_is_left_and_what_waits(post: Correspondence) -> None:
    for number in range(6):
        await post.say(f"通知{number}。", author=Author.AGENT)
        await post.push()
    reach = await post.outbound.delivery.reach(post.conversation_id)
    assert (reach.left, reach.held) == (0, 1)
    assert reach.ends_at == post.clock() + timedelta(hours=48)


async def test_the_desk_is_told_when_a_message_has_left(post: Correspondence) -> None:
    await post.say("您好。")
    async with post.fanout.subscribe(f"conversation:{post.conversation_id}") as signals:
        await post.push()
        signal = await signals.next(1)
    assert signal == {"type": "delivery", "conversation_id": post.conversation_id}
