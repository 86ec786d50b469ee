"""Trains the embedded model in seconds on nothing but the knowledge base it will search.

Contrastive: a phrasing must lie nearer to another phrasing of its entry, or to its answer, than to those of all
other entries in the batch (multiple negatives ranking, both directions).
"""

import random
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from bot.knowledge.courtesy import essence
from bot.knowledge.embedder import MEMBERS, WIDTH, Ids, NgramEmbedder, Vocabulary
from bot.knowledge.entries import Entry
from bot.knowledge.synonyms import Synonyms
from bot.knowledge.text import search_key

Progress = Callable[[str], None]

STEPS = 120
_BATCH = 512
_WARM_UP = 10
_RATE = 0.02
_SCALE = 14.0
_DROPPED = 0.35
_DROPPED_ALONE = 0.6
"""Where an entry is a single text, paired with itself: what is dropped is all that sets the two apart."""
_FIRST_SPREAD = 1 / 16
_ANSWER_CHARS = 150
_MANY = 5
"""From so many texts an entry on, pairs in a single text are left out; with one phrasing that cost .035 of hit@1."""

_VERY_MANY = 20_000
"""From so many texts on pairs in two of them are left out too, for a quarter of the time to train."""

Rows = tuple[Ids, Ids]
"""Of one text, see `Vocabulary.rows`."""
Keeps = Callable[[int], npt.NDArray[np.bool_]]
"""Of so many n-grams, which stay in this step."""


class _Texts(NamedTuple):
    """An entry as search keys; the answer may be empty."""

    phrasings: list[str]
    answer: str

    @classmethod
    def of(cls, entry: Entry) -> "_Texts":
        return cls([essence(text) for text in entry.texts], search_key(entry.answer)[:_ANSWER_CHARS])

    def all(self) -> list[str]:
        return [*self.phrasings, self.answer] if self.answer else self.phrasings


def train(entries: Sequence[Entry], synonyms: Synonyms, *, seed: int = 0, progress: Progress) -> NgramEmbedder:
    """A model trained on `entries`; the same entries and seed give the same model."""
    torch.set_num_threads(1)  # what a step computes is small: more threads took three times the CPU and no less time
    texts = [_Texts.of(entry) for entry in entries]
    keys = [key for own in texts for key in own.all()]
    vocabulary = Vocabulary.learn(keys, synonyms, least_texts=_least_texts(len(keys), len(texts)))
    start = torch.Generator().manual_seed(seed)
    tables = [
        (torch.randn(size, width, generator=start) * _FIRST_SPREAD).requires_grad_()
        for size, width in zip(vocabulary.sizes, ((MEMBERS - 1) * WIDTH, WIDTH), strict=True)
    ]
    optimizer = torch.optim.Adam(tables, lr=_RATE, fused=True)
    keeps = _chance_to_stay(_DROPPED_ALONE if len(keys) < 2 * len(texts) else _DROPPED, seed)
    for step, (left, right) in enumerate(_batches(texts, vocabulary, seed)):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1.0, (step + 1) / _WARM_UP) * (1 - step / STEPS)
        loss = _loss(_views(tables, left, keeps), _views(tables, right, keeps))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch types this half
        optimizer.step()
        if step % 10 == 0:
            progress(f"training embeddings {step}/{STEPS}")
    characters, sounds = (table.detach().numpy() for table in tables)
    return NgramEmbedder(characters, sounds, vocabulary)


def _least_texts(texts: int, entries: int) -> int:
    """In so many texts a pair must stand to be learnt."""
    if texts < _MANY * entries:
        return 1
    return 2 if texts < _VERY_MANY else 3


def _loss(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Mean over members of the cross entropies, row i of `left` belonging to row i of `right`."""
    cosines = torch.einsum("imd,jmd->mij", left, right) * _SCALE
    own = torch.arange(len(left)).expand(cosines.shape[0], -1)
    there = torch.nn.functional.cross_entropy(cosines.transpose(1, 2), own)
    back = torch.nn.functional.cross_entropy(cosines, own)
    return (there + back) / 2


def _chance_to_stay(dropped: float, seed: int) -> Keeps:
    chance = np.random.default_rng(seed)
    return lambda count: chance.random(count) >= dropped


def _views(tables: Sequence[torch.Tensor], texts: Sequence[Rows], keeps: Keeps) -> torch.Tensor:
    """(texts, members, width): what each member sees, each of length 1."""
    seen = [
        torch.nn.functional.embedding_bag(kept, table, starts, mode="mean")
        for table, (kept, starts) in zip(tables, (_kept(rows, keeps) for rows in zip(*texts, strict=True)), strict=True)
    ]
    return torch.nn.functional.normalize(torch.cat(seen, dim=1).view(len(texts), MEMBERS, WIDTH), dim=2)


def _kept(rows: Sequence[Ids], keeps: Keeps) -> tuple[torch.Tensor, torch.Tensor]:
    """The n-grams of the texts in one list, without some dropped at random, and where each text begins.

    The first of a text always stays.
    """
    kept = keeps(sum(map(len, rows)))
    starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
    kept[starts] = True
    return torch.from_numpy(np.concatenate(rows)[kept]), torch.from_numpy((np.cumsum(kept) - 1)[starts])


def _batches(
    texts: Sequence[_Texts], vocabulary: Vocabulary, seed: int
) -> Iterator[tuple[Sequence[Rows], Sequence[Rows]]]:
    """`STEPS` batches of pairs. An entry comes once in a batch, else its own phrasings would be its negatives."""
    chance = random.Random(seed)  # noqa: S311 - sampling, not secrecy
    rows = lru_cache(maxsize=None)(vocabulary.rows)
    for _ in range(STEPS):
        chosen = chance.sample(texts, min(_BATCH, len(texts)))
        pairs = [_pair(own, vocabulary.synonyms, chance) for own in chosen]
        left, right = (list(map(rows, side)) for side in zip(*pairs, strict=True))
        yield left, right


def _pair(texts: _Texts, synonyms: Synonyms, chance: random.Random) -> tuple[str, str]:
    """A phrasing and another one, or the answer; a single phrasing is paired with itself in other words."""
    first = chance.choice(texts.phrasings)
    others = [phrasing for phrasing in texts.phrasings if phrasing != first]
    second = chance.choice(others) if others else first
    if texts.answer and chance.random() < 0.5:
        return synonyms.swap(first, chance), texts.answer
    return synonyms.swap(first, chance), synonyms.swap(second, chance)
