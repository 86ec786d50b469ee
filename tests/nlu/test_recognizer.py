import pytest

from bot.nlu.recognizer import Entity, Recognizer


def found(recognizer: Recognizer, text: str, *, complaining: bool = False) -> list[tuple[str, str]]:
    return [(entity.type, entity.value) for entity in recognizer.find(text, complaining=complaining)]


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("尾号5678那张", "5678"),
        ("5678", "5678"),
        ("查1234", "1234"),
        ("末四位是5678的卡", "5678"),
        ("5678这张卡还有多少钱啊我想看看", "5678"),
        ("尾号五六七幺", "5671"),
        ("[卡号1]丢了", "[卡号1]"),
        ("6222021234567895678", "5678"),
    ],
)
def test_card_tails(recognizer: Recognizer, text: str, tail: str) -> None:
    assert found(recognizer, text) == [("card_tail", tail)]


@pytest.mark.parametrize(
    "text",
    [
        "不是1234，是5678",
        "不是1234,5678",
        "1234错了，是5678",
        "不是尾号1234，是尾号5678",
        "不对，是5678",
        "尾号1234不对，应该是尾号5678",
    ],
)
def test_a_correction_gives_only_the_card_meant(recognizer: Recognizer, text: str) -> None:
    assert found(recognizer, text) == [("card_tail", "5678")]


@pytest.mark.parametrize(
    "text", ["TS2024031500017", "我有5000积分", "工号8032", "不是1234", "我等了一千年", "一块办", "百分之三"]
)
def test_what_only_looks_like_an_entity(recognizer: Recognizer, text: str) -> None:
    assert found(recognizer, text) == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("扣了我5000元", "5000元"),
        ("三千块", "三千块"),
        ("亏了两万五", "两万五"),
        ("转了8000过去", "8000"),
        ("¥1,234.56", "¥1,234.56"),
        ("10万存三年", "10万"),
        ("手里有十来万", "十来万"),
        ("花了99.9元", "99.9元"),
        ("存3w", "3w"),
        ("金额不对，是5000", "5000"),
        ("有没有一笔1200的入账", "1200"),
        ("扣咗我三百蚊", "三百蚊"),
        ("648的好几笔", "648"),
    ],
)
def test_amounts(recognizer: Recognizer, text: str, amount: str) -> None:
    assert ("amount", amount) in found(recognizer, text)


@pytest.mark.parametrize(
    "date",
    ["上个月", "前天", "近三个月", "3月5号", "双十一前后", "去年12月", "最近7天", "上周五", "3月1号到3月15号",
     "2024年3月", "10月份", "这几天", "国庆期间", "三天前", "2026-11-03", "昨晚", "上个月15号", "上半年",
     "大前天", "年初到现在", "双十一", "去年", "本月", "这礼拜", "3.5", "三月五号到十号", "上周到今天", "今年以来",
     "3.5到3.8", "寻日", "前儿个", "last month", "月初", "1号到现在"],
)  # fmt: skip
def test_dates(recognizer: Recognizer, date: str) -> None:
    assert found(recognizer, f"查{date}的消费") == [("date", date)]


@pytest.mark.parametrize(
    "text", ["我几号还钱", "提前天数", "生日快乐", "存三年利息多少", "利率3.5的那款", "收益3.5", "5.5折"]
)
def test_no_dates(recognizer: Recognizer, text: str) -> None:
    assert found(recognizer, text) == []


def test_a_date_may_be_all_of_the_message(recognizer: Recognizer) -> None:
    assert found(recognizer, "3.5") == [("date", "3.5")]


def test_placeholders_and_numbers_of_phones(recognizer: Recognizer) -> None:
    assert found(recognizer, "我的手机号是[手机号2]") == [("phone", "[手机号2]")]
    assert found(recognizer, "打13812345678找我") == [("phone", "13812345678")]


def test_a_misspelt_account_gets_its_standard_word(recognizer: Recognizer) -> None:
    assert found(recognizer, "xyk账单") == [("account_type", "信用卡")]
    assert found(recognizer, "cha xin yong ka") == found(recognizer, "wo de xinyongka") == [("account_type", "信用卡")]
    assert found(recognizer, "推荐个理才") == [("product", "理财")]
    assert recognizer.find("我的储需卡丢了") == [Entity("account_type", "储蓄卡", 2, 5)]


def test_a_latin_word_is_no_part_of_another(recognizer: Recognizer) -> None:
    assert found(recognizer, "真的disappointed", complaining=True) == []
    assert found(recognizer, "投诉App", complaining=True) == [("complaint_target", "App")]


def test_products_of_the_catalogue(recognizer: Recognizer) -> None:
    assert found(recognizer, "稳和90天怎么样") == [("product", "稳和90天")]


def test_a_target_only_in_a_complaint_or_an_answer(recognizer: Recognizer) -> None:
    assert found(recognizer, "手机银行怎么登录") == []
    assert found(recognizer, "手机银行老闪退，我要投诉", complaining=True) == [("complaint_target", "手机银行")]
    assert found(recognizer, "就是手机银行吧") == [("complaint_target", "手机银行")]


def test_what_a_complaint_is_about_gives_way_to_whom_it_names(recognizer: Recognizer) -> None:
    assert found(recognizer, "乱收手续费，我要投诉", complaining=True) == [("complaint_target", "手续费")]
    assert found(recognizer, "客户经理隐瞒手续费", complaining=True) == [("complaint_target", "客户经理")]
    assert found(recognizer, "柜员不给我办信用卡", complaining=True) == [
        ("complaint_target", "柜员"),
        ("account_type", "信用卡"),
    ]


def test_positions_are_those_of_the_value(recognizer: Recognizer) -> None:
    assert recognizer.find("尾号5678上个月") == [
        Entity("card_tail", "5678", 2, 6),
        Entity("date", "上个月", 6, 9),
    ]
