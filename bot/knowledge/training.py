"""Trains the embedded model in seconds on nothing but the knowledge base it will search.

Contrastive: a phrasing must lie nearer to another phrasing of its entry, or to its answer, than to those of all
other entries in the batch (multiple negatives ranking, both directions).
"""

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch

from bot.knowledge.embedder import NgramEmbedding, bucket_ids, flatten
from bot.knowledge.entries import Entry
from bot.knowledge.synonyms import Synonyms
from bot.knowledge.text import search_key

Progress = Callable[[str], None]

STEPS = 100
_BATCH = 512
_WARM_UP = 10
_RATE = 0.01
_SCALE = 20.0
_DROPPED = 0.2
_ANSWER_CHARS = 150


def train(entries: Sequence[Entry], synonyms: Synonyms, *, seed: int = 0, progress: Progress) -> NgramEmbedding:
    """A model trained on `entries`; the same entries and seed give the same model."""
    model = NgramEmbedding(seed=seed)
    optimizer = torch.optim.SparseAdam(list(model.parameters()), lr=_RATE)
    for step, (left, right) in enumerate(_batches(entries, synonyms, seed, model.bag.num_embeddings)):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1.0, (step + 1) / _WARM_UP) * (1 - step / STEPS)
        loss = _loss(model.views(flatten(left)), model.views(flatten(right)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 10 == 0:
            progress(f"training embeddings {step}/{STEPS}")
    return model.eval()


def _loss(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Mean over members of the cross entropies, row i of `left` belonging to row i of `right`."""
    cosines = torch.einsum("imd,jmd->mij", left, right) * _SCALE
    own = torch.arange(len(left)).expand(cosines.shape[0], -1)
    there = torch.nn.functional.cross_entropy(cosines.transpose(1, 2), own)
    back = torch.nn.functional.cross_entropy(cosines, own)
    return (there + back) / 2


Rows = list[list[int]]


def _batches(entries: Sequence[Entry], synonyms: Synonyms, seed: int, buckets: int) -> Iterator[tuple[Rows, Rows]]:
    """`STEPS` batches of pairs. An entry comes once in a batch, else its own phrasings would be its negatives."""
    chance = random.Random(seed)  # noqa: S311 - sampling, not secrecy
    drop = np.random.default_rng(seed)
    phrasings = [[search_key(text) for text in entry.texts] for entry in entries]
    answers = [search_key(entry.answer)[:_ANSWER_CHARS] for entry in entries]

    def features(key: str) -> list[int]:
        ids = bucket_ids(key, buckets)
        kept = drop.random(len(ids)) >= _DROPPED
        return [bucket for bucket, keep in zip(ids, kept, strict=True) if keep] or list(ids)

    for _ in range(STEPS):
        left, right = [], []
        for index in chance.sample(range(len(entries)), min(_BATCH, len(entries))):
            first, second = _pair(phrasings[index], answers[index], synonyms, chance)
            left.append(features(first))
            right.append(features(second))
        yield left, right


def _pair(phrasings: Sequence[str], answer: str, synonyms: Synonyms, chance: random.Random) -> tuple[str, str]:
    """A phrasing and another one, or the answer; a single phrasing is paired with itself in other words."""
    first = chance.choice(phrasings)
    others = [phrasing for phrasing in phrasings if phrasing != first]
    second = chance.choice(others) if others else first
    if answer and chance.random() < 0.5:
        return synonyms.swap(first, chance), answer
    return synonyms.swap(first, chance), synonyms.swap(second, chance)
