"""那手续费呢, 能提前取吗: what a question may ask in full that leaves out the subject of the one before."""

import re
from collections.abc import Iterator
from itertools import groupby

import jieba

_BEGINS = "(?:那么|那|还有|如果是?|要是|换成|至于|可是|但是|不过)"
_ASKS = "吗|么|多少|多久|多长|几|怎么|咋|如何|什么|啥|哪|谁|行不行|可不可以|可以|能不能|要不要|收不收|有没有|需要|要"
ELLIPTIC = re.compile(
    rf"(?:{_BEGINS}+(?P<asked>.{{1,12}}?)呢?|(?P<named>.{{1,8}}?)呢|{_BEGINS}*(?P<question>(?:{_ASKS}).{{0,8}}))[?？。!！~]*"
)
_MODIFIES = re.compile("(的|到|给)$")
_NO_SUBJECT = re.compile(
    r"^(\W|吗|呢|怎么|怎么办|怎样|如何|多少|多久|什么|哪些|哪里|可以|需要|为什么|是否|银行|一下|没有|时候|自己|办理|有)$"
)
_SHORT = 8
"""Longer questions name their subject themselves."""


def may_be_elliptic(text: str) -> bool:
    """Whether a question is so short that it may leave its subject out."""
    return len(text) <= _SHORT


def completed(before: str, text: str) -> Iterator[str]:
    """What `text` may ask in full, after the question `before`; itself last."""
    match = ELLIPTIC.fullmatch(text)
    words = next((group for group in match.groups() if group), text) if match else text
    if _MODIFIES.search(words):  # 跨行的: the same question of another kind
        kind = words.removesuffix("的")
        yield kind + before
        yield words + before
        yield from (kind + subject for subject in _words(before))
    else:
        # 能提前取吗 has no subject, 那信用卡呢 another one, which the whole of the one before would outweigh.
        for subject in _words(before) if match else dict.fromkeys([*_names(before), *_words(before)]):
            yield subject + words
    yield text


def _words(question: str) -> Iterator[str]:
    """Words that may be what a question is about; jieba leaves many of a bank's (提额, 年费) in single characters."""
    for named in _runs(question):
        for alone, run in groupby(named, key=lambda word: len(word) == 1):
            cut = list(run)
            yield from (word for word in (["".join(cut)] if alone else cut) if len(word) > 1)


def _names(question: str) -> Iterator[str]:
    """What a question may be about: words side by side (大额存单)."""
    return (name for name in map("".join, _runs(question)) if len(name) > 1)


def _runs(question: str) -> Iterator[list[str]]:
    """The words of a question side by side, between those that only ask."""
    for asks, run in groupby(jieba.cut(question, HMM=False), key=lambda word: bool(_NO_SUBJECT.match(word))):
        if not asks:
            yield list(run)
