"""Trains the embedded model in seconds on nothing but the knowledge base it will search.

Contrastive: a phrasing must lie nearer to another phrasing of its entry, or to its answer, than to those of all
other entries in the batch (multiple negatives ranking, both directions).
"""

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch

from bot.knowledge.embedder import NgramEmbedding, bucket_ids
from bot.knowledge.entries import Entry
from bot.knowledge.synonyms import Synonyms
from bot.knowledge.text import search_key

Progress = Callable[[str], None]

STEPS = 60
_BATCH = 512
_WARM_UP = 10
_RATE = 0.015
_SCALE = 8.0
_DROPPED = 0.35
_ANSWER_CHARS = 150


def train(entries: Sequence[Entry], synonyms: Synonyms, *, seed: int = 0, progress: Progress) -> NgramEmbedding:
    """A model trained on `entries`; the same entries and seed give the same model."""
    model = NgramEmbedding(seed=seed)
    optimizer = torch.optim.SparseAdam(list(model.parameters()), lr=_RATE)
    for step, (left, right) in enumerate(_batches(entries, synonyms, seed, model.bag.num_embeddings)):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1.0, (step + 1) / _WARM_UP) * (1 - step / STEPS)
        loss = _loss(model.views(left), model.views(right))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch types this half
        optimizer.step()  # type: ignore[no-untyped-call]
        if step % 10 == 0:
            progress(f"training embeddings {step}/{STEPS}")
    model.eval()
    return model


def _loss(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Mean over members of the cross entropies, row i of `left` belonging to row i of `right`."""
    cosines = torch.einsum("imd,jmd->mij", left, right) * _SCALE
    own = torch.arange(len(left)).expand(cosines.shape[0], -1)
    there = torch.nn.functional.cross_entropy(cosines.transpose(1, 2), own)
    back = torch.nn.functional.cross_entropy(cosines, own)
    return (there + back) / 2


Features = dict[str, torch.Tensor]


def _batches(
    entries: Sequence[Entry], synonyms: Synonyms, seed: int, buckets: int
) -> Iterator[tuple[Features, Features]]:
    """`STEPS` batches of pairs. An entry comes once in a batch, else its own phrasings would be its negatives."""
    chance = random.Random(seed)  # noqa: S311 - sampling, not secrecy
    drop = np.random.default_rng(seed)
    phrasings = [[search_key(text) for text in entry.texts] for entry in entries]
    answers = [search_key(entry.answer)[:_ANSWER_CHARS] for entry in entries]
    for _ in range(STEPS):
        chosen = chance.sample(range(len(entries)), min(_BATCH, len(entries)))
        pairs = [_pair(phrasings[index], answers[index], synonyms, chance) for index in chosen]
        left, right = zip(*pairs, strict=True)
        yield _features(left, buckets, drop), _features(right, buckets, drop)


def _features(keys: Sequence[str], buckets: int, drop: np.random.Generator) -> Features:
    """Buckets of the texts without some n-grams dropped at random; the first always stays."""
    rows = [bucket_ids(key, buckets) for key in keys]
    kept = drop.random(sum(map(len, rows))) >= _DROPPED
    starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
    kept[starts] = True
    return {
        "input_ids": torch.from_numpy(np.concatenate(rows)[kept]),
        "offsets": torch.from_numpy((np.cumsum(kept) - 1)[starts]),
    }


def _pair(phrasings: Sequence[str], answer: str, synonyms: Synonyms, chance: random.Random) -> tuple[str, str]:
    """A phrasing and another one, or the answer; a single phrasing is paired with itself in other words."""
    first = chance.choice(phrasings)
    others = [phrasing for phrasing in phrasings if phrasing != first]
    second = chance.choice(others) if others else first
    if answer and chance.random() < 0.5:
        return synonyms.swap(first, chance), answer
    return synonyms.swap(first, chance), synonyms.swap(second, chance)
