"""Each way that is compared learns what it is shown; which of them is best is a matter of measuring."""

import pytest

from bot.nlu.compare import Trained, Way, noisy, ways

TEXTS = {
    "查询": ["查一下余额", "余额多少", "卡里有多少钱", "cha yu e"],
    "转人工": ["叫个人来", "转人工", "找人工客服", "zhuan ren gong"],
    "闲聊": ["今天天气真好", "下雨了", "吃了吗", "tian qi hao"],
}


@pytest.mark.parametrize("way", list(ways()), ids=lambda way: way.title)
def test_a_way_tells_apart_what_it_has_learnt(way: Way) -> None:
    texts = [text for each in TEXTS.values() for text in each]
    intents = [intent for intent, each in TEXTS.items() for _ in each]
    got, seconds = Trained(way, texts, intents).answers(texts)
    right = sum(a == b for a, b in zip(got, intents, strict=True))
    assert right >= 10
    assert len(seconds) == len(texts)


def test_noise_is_another_character_of_the_same_sound() -> None:
    assert noisy(["查帐户", "查账户", "余额"]) == ["查账户", "查帐户", "余额"]
