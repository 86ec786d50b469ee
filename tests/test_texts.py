import pytest

from bot.bootstrap import load_texts
from bot.settings import Settings
from bot.texts import Texts, UnknownTextError


def test_variables_are_filled_in_and_the_usual_names_are_known() -> None:
    texts = Texts(
        {"utter_a": [{"text": "{brand}：{n}位", "buttons": [{"title": "好", "payload": "/affirm"}]}]}, brand="行"
    )
    assert texts("utter_a", n=3) == "行：3位"
    assert texts.buttons("utter_a") == [{"title": "好", "payload": "/affirm"}]


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(UnknownTextError):
        Texts({})("utter_nothing")


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("utter_greet", {}),
        ("utter_queued", {"position": 2}),
        ("utter_queued_next", {"position": 1}),
        ("utter_queue_cancelled", {}),
        ("utter_agent_joined", {"agent": "林晓"}),
        ("utter_agent_returned", {}),
        ("utter_closed", {}),
        ("utter_fault_handoff", {}),
        ("utter_code_wrong", {"tries": 2}),
        ("utter_code_locked", {"tries": 0, "minutes": 15}),
        ("utter_code_expired", {"tries": 0, "minutes": 15}),
        ("utter_message_too_long", {"limit": 2000}),
        ("utter_message_empty", {}),
        ("utter_session_expired", {}),
    ],
)
def test_what_the_gateway_says_is_in_the_domain(name: str, variables: dict[str, object]) -> None:
    assert load_texts(Settings())(name, **variables)
