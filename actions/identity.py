"""The customer verifies an identity, sends a phone number, wants the code again, asks who is bound, or ends it."""

import re
from datetime import datetime

from actions.base import BankAction
from actions.cards import LOST_CARD, send_to_person
from actions.step_up import step_up
from actions.turn import Turn
from bot import wording
from bot.clock import BANK_ZONE, bank_date
from bot.identity.errors import AssuranceRequiredError
from bot.identity.principal import Level, Principal

UNBIND = "unbind"
_BIND = "/bind_account"
_CODE = re.compile(r"\d{6}")
_UNBINDS = re.compile(
    "解绑|解除.{0,6}绑定|(取消|不要|不想|撤销).{0,6}绑定?|绑定.{0,8}(解除|解掉|取消|撤|去掉)|退出(登录|登陆|我?的?账号)"
)
_STEPS_DOWN = re.compile("(退出|解除|结束|取消|关闭|撤销|清除).{0,6}(验证|核验|认证|核实)(?!码)")
_ASKS_STANDING = re.compile(
    "绑定?(好|上|成功|过)?了?(吗|没|么)|有没有(绑|验证|登录|登陆|核实)|绑定?(的|了)?是?(哪|谁|什么|几)|什么时候绑"
    "|(谁|哪个|什么人).{0,6}(登录|登陆|身份|账号)|(登录|登陆|验证|认证).{0,2}的?是谁"
    "|(验证|绑定|登录|登陆|认证|核实|身份).{0,4}(状态|情况|有效期|到几点|到什么时候)"
    "|(是否|是不是).{0,4}(绑定|验证|登录|登陆)|(验证|登录|登陆|认证|核实)(好|过|成功)?了?(吗|没有|没$|么)"
)


class BindAccount(BankAction):
    """Starts a code; once it has passed, the gateway repeats the request that was waiting for it."""

    action_name = "action_bind_account"

    def continues(self, turn: Turn) -> bool:
        sends_phone = turn.phone is not None and turn.recall("proof") is not None
        # Identity consumes a code that is expected; six digits that come this far have no code to match.
        return sends_phone or _CODE.fullmatch(turn.text) is not None

    def resume(self, turn: Turn) -> str:
        waiting = turn.recall("proof") or {}
        return str(waiting.get("resume") or _BIND)

    def answer_unavailable(self, turn: Turn) -> None:
        if self.resume(turn) == LOST_CARD:
            send_to_person(turn)
        else:
            super().answer_unavailable(turn)

    async def answer(self, turn: Turn) -> None:
        who = await turn.principal()
        if turn.is_payload:
            await self._go_on(turn, who)
        elif _STEPS_DOWN.search(turn.text):
            dropped = await self.services.identity.end_step_up(turn.conversation_id)
            turn.say("utter_stepped_down" if dropped else "utter_not_stepped_up")
        elif _UNBINDS.search(turn.text):
            await self._ask_to_unbind(turn, who)
        elif _ASKS_STANDING.search(turn.text):
            await self._tell_standing(turn)
        else:
            await self._verify(turn, who)

    async def _go_on(self, turn: Turn, who: Principal) -> None:
        """A button, or the code has passed: for the unbinding that was confirmed before, or for what else it was."""
        offer = turn.recall("offer") or {}
        if offer.get("kind") == UNBIND and offer.get("confirmed"):
            await unbind(turn)
        else:
            await self._verify(turn, who)

    async def _verify(self, turn: Turn, who: Principal) -> None:
        if who.level >= Level.STEPPED_UP:
            turn.remember("proof", None)
            turn.say("utter_identity_known")
        else:
            await step_up(turn, self.resume(turn))

    @staticmethod
    async def _ask_to_unbind(turn: Turn, who: Principal) -> None:
        if who.level < Level.BOUND:
            turn.say("utter_not_bound")
            return
        turn.remember("offer", {"kind": UNBIND})
        turn.say("utter_confirm_unbind" if await _is_lasting(turn) else "utter_confirm_sign_out")

    async def _tell_standing(self, turn: Turn) -> None:
        standing = await self.services.identity.standing(turn.conversation_id)
        if standing is None:
            turn.say("utter_standing_none")
            return
        texts, since = self.services.texts, wording.day(bank_date(standing.bound_at), turn.today)
        phone = standing.masked_phone or texts("utter_phone_not_known")
        is_lasting = await _is_lasting(turn)
        lines = [texts("utter_standing_bound" if is_lasting else "utter_standing_signed_in", phone=phone, since=since)]
        if standing.verified_until is None:
            lines.append(texts("utter_standing_not_verified"))
        else:
            lines.append(texts("utter_standing_verified", until=_time(standing.verified_until)))
        lines.append(texts("utter_standing_undo_binding" if is_lasting else "utter_standing_undo_session"))
        turn.quote("".join(lines))


async def unbind(turn: Turn) -> None:
    """Make the conversation anonymous, as the customer has confirmed; what was asked before is forgotten.

    A binding that lasts takes a code first; the confirmation holds until the code has passed.
    """
    is_lasting = await _is_lasting(turn)
    try:
        if is_lasting:
            await turn.services.identity.unbind(turn.conversation_id)
        else:
            await turn.services.identity.end_session(turn.conversation_id)
    except AssuranceRequiredError:
        turn.remember("offer", {"kind": UNBIND, "confirmed": True})
        await step_up(turn, _BIND)
        return
    turn.forget("offer", "proof", "question")
    turn.say("utter_unbound" if is_lasting else "utter_signed_out")


async def _is_lasting(turn: Turn) -> bool:
    """Whether the binding outlives the session: a WeChat user stays bound, a visitor of the web site does not."""
    return await turn.channel() == "wechat"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(BANK_ZONE):%H:%M}"
