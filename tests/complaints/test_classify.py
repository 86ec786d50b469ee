from itertools import chain

import pytest

from bot.complaints.classify import OTHER, branch_in, categories, classify, names_of
from bot.complaints.errors import UnknownCategoryError
from bot.complaints.models import Complexity, TargetKind


@pytest.mark.parametrize(
    ("target", "story", "category", "subcategory"),
    [
        ("信用卡", "没提前通知就扣了年费三百块", "credit_card", "fee"),
        ("手机银行", "一打开就闪退，登录不了", "electronic", "fault"),
        ("手机银行", "转账失败，钱没退回来", "payment", "failed"),
        ("网点服务", "排队排了两个小时，窗口只开一个", "service", "waiting"),
        (None, "柜员态度很不耐烦", "service", "attitude"),
        ("贷款", "提前还款还要收违约金", "loan", "repayment"),
        ("理财", "客户经理说不会亏，结果亏了三万", "wealth", "misled"),
        ("保险", "老人去存钱被误导买了年金险", "insurance", "misled"),
        (None, "催收天天骚扰我家人和单位", "collection", "harassing"),
        (None, "你们把我的个人信息泄露给装修公司", "privacy", "leak"),
        (None, "工资卡被冻结了不能用", "account", "restricted"),
        ("其他", "就是不满意", OTHER, None),
    ],
)
def test_the_words_say_what_it_is_about(target: str | None, story: str, category: str, subcategory: str | None) -> None:
    found = classify(target, story)
    assert (found.category, found.subcategory) == (category, subcategory)


@pytest.mark.parametrize(
    ("target", "story", "kind"),
    [
        ("网点", "柜员态度差", TargetKind.BRANCH),
        (None, "柜员态度差", TargetKind.STAFF),
        ("手机银行", "闪退", TargetKind.APP),
        ("信用卡", "年费", TargetKind.PRODUCT),
        ("其他", "不满意", TargetKind.OTHER),
    ],
)
def test_the_target_named_goes_before_the_story(target: str | None, story: str, kind: TargetKind) -> None:
    assert classify(target, story).target_kind is kind


def test_matters_that_take_long_have_the_longer_clock() -> None:
    assert classify("理财", "误导我买的").complexity is Complexity.COMPLEX
    assert classify("理财", "赎回三天没到账").complexity is Complexity.SIMPLE


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        ("昨天在你们中山路支行排队", "中山路支行"),
        ("和平路支行的柜员", "和平路支行"),
        ("我去了人民广场分行办业务", "人民广场分行"),
        ("去支行办业务", None),
        ("手机银行闪退", None),
    ],
)
def test_a_branch_is_heard_by_its_name(text: str, branch: str | None) -> None:
    assert branch_in(text) == branch


def test_every_category_fits_its_column_and_has_words() -> None:
    found = categories()
    assert list(found)[-1] == OTHER
    for name, category in found.items():
        assert name == OTHER or category.words
        for short in chain([name], category.subcategories):
            assert len(short) <= 32
        assert all(sub.words for sub in category.subcategories.values())


def test_names() -> None:
    assert names_of("loan", "rate") == ("贷款", "利率与费用")
    assert names_of("other", None) == ("其他", None)
    with pytest.raises(UnknownCategoryError):
        names_of("weather", None)
