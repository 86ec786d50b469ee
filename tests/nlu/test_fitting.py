import pytest

from bot.nlu.fitting import repeated, weights


def test_a_longer_feature_that_occurs_in_one_text_only_is_left_out() -> None:
    assert repeated([["查", "查 账", "卡"], ["查 卡", "查 账", "账"]]) == {"卡": 0, "查": 1, "查 账": 2, "账": 3}


@pytest.mark.parametrize(("balance", "small"), [(0.0, 1.0), (0.5, 2**0.5), (1.0, 2.0)])
def test_small_intents_weigh_more(balance: float, small: float) -> None:
    assert weights(["big"] * 3 + ["small"], balance)["small"] == pytest.approx(small)
