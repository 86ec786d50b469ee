from dataclasses import replace

from structlog.testing import capture_logs

from bot.application import Services
from tests.actions.dialogue import Dialogue


class _Broken:
    async def points(self, who: object) -> None:
        raise TimeoutError("the core does not answer")


async def test_a_fault_is_told_logged_and_handed_off(services: Services, customer: Dialogue):
    broken = Dialogue(replace(services, banking=_Broken()), customer.conversation_id)

    with capture_logs() as logs:
        said = await broken.say("我有多少积分", "check_points")

    assert "抱歉" in said
    assert broken.handoff is not None
    assert broken.handoff["reason"] == "rasa_unavailable"
    assert logs[0]["action"] == "action_answer_account"
    assert logs[0]["error"] == "TimeoutError"


async def test_every_action_of_the_domain_is_there_and_no_other(services: Services):
    import yaml

    from actions import all_actions
    from tests.actions.dialogue import ROOT

    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))

    assert sorted(action.name() for action in all_actions(services)) == sorted(domain["actions"])
