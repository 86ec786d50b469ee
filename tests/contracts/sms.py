"""What every sender of short messages does."""

from collections.abc import Awaitable, Callable

from bot.identity.sms import SmsSender

Arrived = Callable[[], Awaitable[list[tuple[str, str]]]]


class SmsSenderContract:
    """Inherit it and give a fixture `sender`, and `arrived`, a call for phone and text of what was sent."""

    async def test_it_can_be_counted_on(self, sender: SmsSender) -> None:
        sender.require()

    async def test_messages_arrive_whole_each_at_its_phone(self, sender: SmsSender, arrived: Arrived) -> None:
        await sender.send("13900000091", "【掌柜银行】验证码 100001，5 分钟内有效。")
        await sender.send("13900000092", "验证码 100002")
        await sender.close()
        assert sorted(await arrived()) == [
            ("13900000091", "【掌柜银行】验证码 100001，5 分钟内有效。"),
            ("13900000092", "验证码 100002"),
        ]

    async def test_the_same_text_twice_is_two_messages(self, sender: SmsSender, arrived: Arrived) -> None:
        for _ in range(2):
            await sender.send("13900000091", "验证码 100001")
        await sender.close()
        assert len(await arrived()) == 2

    async def test_closing_again_is_harmless(self, sender: SmsSender) -> None:
        await sender.close()
        await sender.close()
