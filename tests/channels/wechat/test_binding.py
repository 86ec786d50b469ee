"""Binding a WeChat user to a customer: whose page it is, what a code opens, and what strangers can learn."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.application import Gateway
from bot.channels.wechat.binding import WechatBinding
from bot.channels.wechat.errors import BindPageExpiredError
from bot.channels.wechat.users import Users
from bot.conversations.messages import Author
from bot.identity.errors import AssuranceRequiredError, ChallengeLockedError, ResendTooSoonError
from bot.identity.policy import require
from bot.identity.principal import Level, Principal
from tests.fakes.clock import FakeClock
from tests.fakes.sms import FakeSms
from tests.fakes.wechat import FakeWechat

WANG_PHONE, NOBODYS_PHONE = "13900000001", "13911111111"
OPENID = "oUser1"


@pytest.fixture
def wechat() -> FakeWechat:
    return FakeWechat()


@pytest.fixture
def binding(gateway: Gateway, clock: FakeClock, wechat: FakeWechat, demo_bank: None) -> WechatBinding:
    base = gateway.foundation
    return WechatBinding(
        base.db,
        clock,
        gateway.settings,
        api=wechat,
        users=Users(base.db, base.log, clock),
        identity=base.identity,
        vault=base.vault,
        log=base.log,
        texts=base.texts,
    )


def state_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


async def opened(binding: WechatBinding, wechat: FakeWechat, openid: str = OPENID) -> str:
    """The secret of a page that WeChat has told the user of."""
    page = await binding.begin()
    wechat.codes["code"] = openid
    await binding.returned(page.secret, state=state_of(page.authorize_url), code="code")
    return page.secret


async def principal(gateway: Gateway, binding: WechatBinding, secret: str) -> Principal:
    return await gateway.identity.principal(await binding.conversation_id(secret))


def code_in(sms: FakeSms) -> str:
    return sms.sent[-1][1].partition("验证码")[2][:6]


class TestPage:
    async def test_it_begins_at_wechat(self, binding: WechatBinding, gateway: Gateway) -> None:
        page = await binding.begin()
        address = urlsplit(page.authorize_url)
        query = {name: value for name, (value,) in parse_qs(address.query).items()}
        assert page.authorize_url.startswith(f"{gateway.settings.wechat_open_url}/connect/oauth2/authorize?")
        assert query.pop("state")
        assert query == {
            "appid": gateway.settings.wechat_app_id,
            "redirect_uri": f"{gateway.settings.wechat_public_url}/wechat/bind/callback",
            "response_type": "code",
            "scope": "snsapi_base",
        }
        assert address.fragment == "wechat_redirect"
        assert page.secret not in page.authorize_url

    async def test_it_is_the_users_whom_wechat_names(self, binding: WechatBinding, wechat: FakeWechat) -> None:
        first, second = await opened(binding, wechat, "o1"), await opened(binding, wechat, "o2")
        assert await binding.conversation_id(first) != await binding.conversation_id(second)
        assert await binding.stage(first) == "phone"

    async def test_a_callback_fired_twice_is_harmless(self, binding: WechatBinding, wechat: FakeWechat) -> None:
        page = await binding.begin()
        wechat.codes["code"] = OPENID
        for _ in range(2):
            await binding.returned(page.secret, state=state_of(page.authorize_url), code="code")
        assert await binding.stage(page.secret) == "phone"

    async def test_two_callbacks_at_once_are_harmless(self, binding: WechatBinding, wechat: FakeWechat) -> None:
        page = await binding.begin()
        wechat.codes["code"] = OPENID
        twice = (binding.returned(page.secret, state=state_of(page.authorize_url), code="code") for _ in range(2))
        await asyncio.gather(*twice)
        assert await binding.stage(page.secret) == "phone"

    async def test_another_browsers_state_opens_nothing(self, binding: WechatBinding, wechat: FakeWechat) -> None:
        mine, theirs = await binding.begin(), await binding.begin()
        wechat.codes["code"] = "oAttacker"
        with pytest.raises(BindPageExpiredError):
            await binding.returned(mine.secret, state=state_of(theirs.authorize_url), code="code")
        with pytest.raises(BindPageExpiredError):
            await binding.stage(mine.secret)

    async def test_an_unknown_code_opens_nothing(self, binding: WechatBinding) -> None:
        page = await binding.begin()
        with pytest.raises(BindPageExpiredError):
            await binding.returned(page.secret, state=state_of(page.authorize_url), code="invented")

    async def test_a_page_lasts_half_an_hour(
        self, binding: WechatBinding, wechat: FakeWechat, clock: FakeClock
    ) -> None:
        secret = await opened(binding, wechat)
        clock.advance(30 * 60)
        for call in (binding.stage(secret), binding.send_code(secret, WANG_PHONE), binding.enter_code(secret, "1")):
            with pytest.raises(BindPageExpiredError):
                await call

    async def test_a_guessed_secret_opens_nothing(self, binding: WechatBinding) -> None:
        with pytest.raises(BindPageExpiredError):
            await binding.stage("guessed")


class TestCode:
    async def test_the_right_code_binds_at_level_1(
        self, binding: WechatBinding, gateway: Gateway, wechat: FakeWechat, sms: FakeSms
    ) -> None:
        secret = await opened(binding, wechat)
        sent = await binding.send_code(secret, WANG_PHONE)
        assert (sent.masked_phone, sms.sent[-1][0]) == ("139****0001", WANG_PHONE)
        assert (await binding.enter_code(secret, code_in(sms))).result == "passed"
        who = await principal(gateway, binding, secret)
        assert (who.customer_id, who.level) == ("C1001", Level.BOUND)
        assert await binding.stage(secret) == "bound"
        with pytest.raises(AssuranceRequiredError):
            require(who, "balance.read", gateway.foundation.clock())

    async def test_the_chat_says_so_once(
        self, binding: WechatBinding, gateway: Gateway, wechat: FakeWechat, sms: FakeSms
    ) -> None:
        secret = await opened(binding, wechat)
        await binding.send_code(secret, WANG_PHONE)
        code = code_in(sms)
        outcomes = await asyncio.gather(*(binding.enter_code(secret, code) for _ in range(3)))
        assert sorted(outcome.result for outcome in outcomes) == ["expired", "expired", "passed"]
        (told,) = await gateway.log.messages(await binding.conversation_id(secret))
        assert (told.author, told.text) == (Author.SYSTEM, gateway.texts("utter_wechat_bound"))

    async def test_a_strangers_phone_behaves_like_any_other(
        self, binding: WechatBinding, gateway: Gateway, wechat: FakeWechat, sms: FakeSms
    ) -> None:
        secret = await opened(binding, wechat)
        sent = await binding.send_code(secret, NOBODYS_PHONE)
        assert (sent.masked_phone, sms.sent) == ("139****1111", [])
        with pytest.raises(ResendTooSoonError):
            await binding.send_code(secret, NOBODYS_PHONE)
        outcomes = [(await binding.enter_code(secret, f"{number:06d}")).result for number in range(3)]
        assert outcomes == ["wrong", "wrong", "locked"]
        assert (await principal(gateway, binding, secret)).level is Level.ANONYMOUS

    async def test_guessing_locks_the_customer_on_every_page(
        self, binding: WechatBinding, wechat: FakeWechat, sms: FakeSms, clock: FakeClock
    ) -> None:
        secret = await opened(binding, wechat)
        await binding.send_code(secret, WANG_PHONE)
        wrong = f"{(int(code_in(sms)) + 1) % 1_000_000:06d}"
        assert [(await binding.enter_code(secret, wrong)).result for _ in range(3)] == ["wrong", "wrong", "locked"]
        clock.advance(61)
        other = await opened(binding, wechat, "o2")
        with pytest.raises(ChallengeLockedError):
            await binding.send_code(other, WANG_PHONE)

    async def test_the_phone_is_kept_sealed(self, binding: WechatBinding, gateway: Gateway, wechat: FakeWechat) -> None:
        secret = await opened(binding, wechat)
        await binding.send_code(secret, WANG_PHONE)
        conversation_id = await binding.conversation_id(secret)
        assert await gateway.foundation.vault.open(conversation_id, "[手机号1]") == WANG_PHONE
        assert await gateway.log.messages(conversation_id) == []
