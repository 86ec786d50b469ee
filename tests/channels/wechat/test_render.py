from dataclasses import replace

import pytest

from bot.channels.wechat.outgoing import Choices, News, Text
from bot.channels.wechat.render import Piece, Position, Renderer
from bot.conversations.messages import Author, Button, Message
from bot.texts import Texts

CARD = {
    "type": "rows",
    "title": "稳健理财90天",
    "rows": [{"label": "风险等级", "value": "R2"}, {"label": "期限", "value": "90天"}],
    "note": "理财非存款，产品有风险。",
    "link": "/products/steady-90",
}
SCORES = tuple(Button(f"{score}分", f"/rate{score}") for score in (5, 4, 3, 2, 1))


@pytest.fixture
def renderer(texts: Texts) -> Renderer:
    return Renderer(texts, "https://bank.example/")


def said(seq: int, text: str, *, author: Author = Author.BOT, **more: object) -> Message:
    return replace(Message(author, text, seq=seq), **more)  # type: ignore[arg-type]


def shown(renderer: Renderer, *messages: Message, at_most: int = 9, tappable: bool = False) -> list[object]:
    pieces = renderer.pieces(messages, Position(0))
    return [renderer.message(chunk, tappable=tappable) for chunk in renderer.chunks(pieces, at_most=at_most)]


def test_bubbles_of_one_answer_become_one_text(renderer: Renderer) -> None:
    assert shown(renderer, said(2, "您好。"), said(3, "请讲。")) == [Text("您好。\n\n请讲。")]


def test_sealed_data_is_a_word_to_the_reader(renderer: Renderer) -> None:
    assert shown(renderer, said(1, "验证码已发往[手机号1]")) == [Text("验证码已发往[手机号已保护]")]
    assert shown(renderer, said(1, "家住[地址1]，密码[密码]")) == [Text("家住[地址已保护]，密码[密码已隐去]")]


def test_each_chunk_says_how_far_it_gets(renderer: Renderer) -> None:
    message = said(4, "存款保险。" * 200)
    first, second = renderer.chunks(renderer.pieces([message], Position(3)), at_most=5)
    assert first.end.seq == 3
    assert second.end == Position(4)
    rest = renderer.pieces([message], first.end)
    assert renderer.chunks(rest, at_most=5) == [second]


# Choices


def test_choices_are_numbered(renderer: Renderer) -> None:
    message = said(1, "哪一张？", buttons=(Button("储蓄卡", "/a"), Button("信用卡", "/b")))
    assert shown(renderer, message) == [Text("哪一张？\n回复数字即可选择：\n1. 储蓄卡\n2. 信用卡")]
    assert shown(renderer, message, tappable=True) == [Choices("哪一张？", (("1", "储蓄卡"), ("2", "信用卡")))]


def test_scores_are_their_own_numbers(renderer: Renderer) -> None:
    text = "请打分。\n回复数字即可选择：\n5分\n4分\n3分\n2分\n1分"
    assert shown(renderer, said(1, "请打分。", buttons=SCORES)) == [Text(text)]
    (choices,) = shown(renderer, said(1, "请打分。", buttons=SCORES), tappable=True)
    assert isinstance(choices, Choices)
    assert choices.options[0] == ("5", "5分")


def test_only_the_last_offer_has_numbers_since_only_those_are_understood(renderer: Renderer) -> None:
    first = said(1, "哪一张？", buttons=(Button("储蓄卡", "/a"),))
    last = said(2, "还需要什么？", buttons=(Button("余额", "/c"),))
    text = "哪一张？\n· 储蓄卡\n\n还需要什么？\n回复数字即可选择：\n1. 余额"
    assert shown(renderer, first, last) == [Text(text)]


def test_an_offer_from_before_the_customer_spoke_has_no_numbers(renderer: Renderer) -> None:
    offer = said(1, "哪一张？", buttons=(Button("储蓄卡", "/a"),))
    spoke = said(2, "算了", author=Author.CUSTOMER)
    assert shown(renderer, offer, spoke, said(3, "好的。"), tappable=True) == [Text("哪一张？\n· 储蓄卡\n\n好的。")]


def test_choices_that_are_followed_by_something_are_text(renderer: Renderer) -> None:
    offer = said(1, "哪一张？", buttons=(Button("储蓄卡", "/a"),))
    text = "哪一张？\n回复数字即可选择：\n1. 储蓄卡\n\n您的投诉已受理。"
    assert shown(renderer, offer, said(2, "您的投诉已受理。", author=Author.SYSTEM), tappable=True) == [Text(text)]


def test_a_button_that_is_a_link_becomes_one(renderer: Renderer) -> None:
    buttons = (Button("绑定账户", "https://bank.example/wechat/bind"), Button("以后再说", "/deny"))
    text = "请先绑定。\n绑定账户：https://bank.example/wechat/bind\n回复数字即可选择：\n1. 以后再说"
    assert shown(renderer, said(1, "请先绑定。", buttons=buttons)) == [Text(text)]


def test_choices_stay_with_the_end_of_a_long_text(renderer: Renderer) -> None:
    texts = shown(renderer, said(1, "存款保险。" * 200, buttons=(Button("储蓄卡", "/a"),)))
    assert all(isinstance(text, Text) and len(text.text.encode()) <= 2048 for text in texts)
    assert [isinstance(text, Text) and "1. 储蓄卡" in text.text for text in texts] == [False, True]


# Cards


def test_a_product_is_an_article(renderer: Renderer) -> None:
    article = News(
        "稳健理财90天",
        "风险等级：R2\n期限：90天\n理财非存款，产品有风险。",
        "https://bank.example/products/steady-90",
    )
    assert shown(renderer, said(1, "为您推荐：", cards=(CARD,))) == [Text("为您推荐："), article]


def test_of_several_products_the_last_is_an_article_and_the_rest_text(renderer: Renderer) -> None:
    other = {**CARD, "title": "定期存款"}
    first, second = shown(renderer, said(1, "为您推荐：", cards=(other, CARD)))
    assert isinstance(first, Text)
    assert first.text.startswith("为您推荐：\n【定期存款】\n风险等级：R2")
    assert isinstance(second, News)


def test_a_card_without_a_page_is_lines(renderer: Renderer) -> None:
    card = {"type": "rows", "title": "账单", "rows": [{"label": "应还", "value": "¥1.00"}]}
    assert shown(renderer, said(1, "您的账单：", cards=(card,))) == [Text("您的账单：\n【账单】\n应还：¥1.00")]


def test_without_the_banks_site_a_product_is_lines(texts: Texts) -> None:
    (text,) = shown(Renderer(texts, None), said(1, "推荐：", cards=(CARD,)))
    assert isinstance(text, Text)
    assert text.text.endswith("理财非存款，产品有风险。")


def test_an_article_becomes_text_where_it_would_be_one_too_many(renderer: Renderer) -> None:
    (text,) = shown(renderer, said(1, "为您推荐：", cards=(CARD,)), at_most=1)
    assert isinstance(text, Text)
    assert "【稳健理财90天】" in text.text


def test_what_warns_of_a_product_is_never_cut(renderer: Renderer) -> None:
    wordy = {**CARD, "note": "产品有风险，投资须谨慎。" * 30}
    texts = shown(renderer, said(1, "为您推荐：", cards=(wordy,)))
    whole = "".join(text.text for text in texts if isinstance(text, Text))
    assert whole.count("产品有风险，投资须谨慎。") == 30


def test_a_message_that_may_be_a_repetition_says_so(renderer: Renderer) -> None:
    pieces = renderer.pieces([said(1, "好的。" * 200)], Position(0))
    assert all(isinstance(piece, Piece) for piece in pieces)
    note = "（刚才网络不稳，以下内容如有重复，以一次为准）"
    for chunk in renderer.chunks(pieces, at_most=5):
        message = renderer.message(chunk, tappable=True, note=note)
        assert isinstance(message, Text)
        assert message.text.startswith(note)
        assert len(message.text.encode()) <= 2048
