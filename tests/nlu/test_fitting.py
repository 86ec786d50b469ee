import pytest

from bot.nlu.fitting import repeated, weights


def test_what_occurs_in_one_text_only_is_left_out() -> None:
    assert repeated([["查", "查", "卡"], ["查", "账"], ["卡"]]) == {"卡": 0, "查": 1}


@pytest.mark.parametrize(("balance", "small"), [(0.0, 1.0), (0.5, 2**0.5), (1.0, 2.0)])
def test_small_intents_weigh_more(balance: float, small: float) -> None:
    assert weights(["big"] * 3 + ["small"], balance)["small"] == pytest.approx(small)
