import pytest

from bot.complaints.templates import _templates
from bot.handoff.errors import ForbiddenWordingError
from bot.handoff.forbidden import check_wording, require_proper_wording


def words_in(text: str) -> list[str]:
    return [each.word for each in check_wording(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("这款产品保本，零风险", ["保本", "零风险"]),
        ("高收益低门槛，秒到账", ["高收益", "低门槛", "秒到账"]),
        ("本产品保 本，放心买", ["保本"]),
        ("零·风·险", ["零风险"]),
        ("０风险", ["0风险"]),
        ("100％安全", ["100%安全"]),
        ("肯定稳赚不赔", ["稳赚不赔"]),
        ("您撤诉就给您退", ["撤诉就"]),
        ("我们兜底", ["兜底"]),
        ("这个产品没有风险的", ["没有风险"]),
    ],
)
def test_what_a_bank_must_not_write(text: str, words: list[str]) -> None:
    assert words_in(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "这款产品不保本",
        "非保本浮动收益型产品",
        "本产品不承诺保本，请知悉",
        "不保本保收益",
        "本产品不保本、不保证保收益",
        "理财产品不是零风险的",
        "没有零风险的理财",
        "请阅读风险提示",
        "请问有没有风险偏好要求",
        "根据兜底条款办理",
        "我们重视您的隐私了解详情请看公告",
        "您好，300元已退回您尾号1234的账户。",
        "",
    ],
)
def test_negations_and_everyday_words_pass(text: str) -> None:
    assert words_in(text) == []


def test_a_negation_does_not_reach_past_its_list() -> None:
    assert words_in("不保本。但是高收益") == ["高收益"]


def test_where_it_stands_and_what_to_write_instead() -> None:
    (found,) = check_wording("您好，这款零风险")
    assert (found.start, found.end, found.rule) == (5, 8, "淡化风险")
    assert "风险等级" in found.instead
    with pytest.raises(ForbiddenWordingError) as refused:
        require_proper_wording("这款零风险")
    assert refused.value.words == ["零风险"]


def test_no_template_of_ours_holds_one() -> None:
    for template in _templates():
        assert words_in(template.text) == []
