"""The form in which texts are searched: one spelling, no spaces, no punctuation, cut into character n-grams."""

import re
from itertools import pairwise

from bot.nlu.pinyin import sounds
from bot.nlu.text import normalise

_NO_MEANING = re.compile(r"[\s，。！？；：、…“”‘’（）《》【】,!?;:~\"'()]+")


def search_key(text: str) -> str:
    """`text` as search sees it: simplified, half width, lower case, without spaces and punctuation.

    Two phrasings with the same key are the same question.
    """
    return _NO_MEANING.sub("", normalise(text, lower=True))


def ngrams(key: str) -> list[str]:
    """The characters of a search key and their pairs. Trigrams and words were measured and cost accuracy."""
    return [*key, *(key[i : i + 2] for i in range(len(key) - 1))]


def sound_ngrams(key: str) -> list[str]:
    """The syllables of a search key and their pairs: input methods replace characters by others that sound alike."""
    syllables = sounds(key)
    return [*syllables, *(" ".join(pair) for pair in pairwise(syllables))]
