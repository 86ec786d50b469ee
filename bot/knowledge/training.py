"""Trains the embedded model in seconds on nothing but the knowledge base it will search.

Contrastive: a phrasing must lie nearer to another phrasing of its entry, or to its answer, than to those of all
other entries in the batch (multiple negatives ranking, both directions).
"""

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch

from bot.knowledge.embedder import BUCKETS, MEMBERS, WIDTH, Ids, NgramEmbedder, Ngrams
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
_FIRST_SPREAD = 1 / 16
_ANSWER_CHARS = 150

Rows = tuple[torch.Tensor, torch.Tensor]
"""N-grams of all texts in one list, and where each text begins."""


def train(entries: Sequence[Entry], synonyms: Synonyms, *, seed: int = 0, progress: Progress) -> NgramEmbedder:
    """A model trained on `entries`; the same entries and seed give the same model."""
    start = torch.Generator().manual_seed(seed)
    tables = [
        # Sparse gradients: a dense Adam would touch all rows in every step, which took ten times as long.
        torch.nn.EmbeddingBag.from_pretrained(
            torch.randn(BUCKETS, width, generator=start) * _FIRST_SPREAD, freeze=False, mode="mean", sparse=True
        )
        for width in ((MEMBERS - 1) * WIDTH, WIDTH)
    ]
    optimizer = torch.optim.SparseAdam([table.weight for table in tables], lr=_RATE)
    drop = np.random.default_rng(seed)
    for step, (left, right) in enumerate(_batches(entries, synonyms, seed)):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1.0, (step + 1) / _WARM_UP) * (1 - step / STEPS)
        loss = _loss(_views(tables, left, drop), _views(tables, right, drop))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch types this half
        optimizer.step()  # type: ignore[no-untyped-call]
        if step % 10 == 0:
            progress(f"training embeddings {step}/{STEPS}")
    characters, sounds = (table.weight.detach().numpy() for table in tables)
    return NgramEmbedder(characters, sounds, synonyms)


def _loss(left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    """Mean over members of the cross entropies, row i of `left` belonging to row i of `right`."""
    cosines = torch.einsum("imd,jmd->mij", left, right) * _SCALE
    own = torch.arange(len(left)).expand(cosines.shape[0], -1)
    there = torch.nn.functional.cross_entropy(cosines.transpose(1, 2), own)
    back = torch.nn.functional.cross_entropy(cosines, own)
    return (there + back) / 2


def _views(tables: Sequence[torch.nn.EmbeddingBag], texts: Sequence[Ngrams], drop: np.random.Generator) -> torch.Tensor:
    """(texts, members, width): what each member sees, each of length 1."""
    seen = [
        tables[0](*_kept([text.characters for text in texts], drop)),
        tables[1](*_kept([text.sounds for text in texts], drop)),
    ]
    return torch.nn.functional.normalize(torch.cat(seen, dim=1).view(len(texts), MEMBERS, WIDTH), dim=2)


def _kept(rows: Sequence[Ids], drop: np.random.Generator) -> Rows:
    """The n-grams of the texts without some dropped at random; the first always stays."""
    kept = drop.random(sum(map(len, rows))) >= _DROPPED
    starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
    kept[starts] = True
    return torch.from_numpy(np.concatenate(rows)[kept]), torch.from_numpy((np.cumsum(kept) - 1)[starts])


def _batches(
    entries: Sequence[Entry], synonyms: Synonyms, seed: int
) -> Iterator[tuple[Sequence[Ngrams], Sequence[Ngrams]]]:
    """`STEPS` batches of pairs. An entry comes once in a batch, else its own phrasings would be its negatives."""
    chance = random.Random(seed)  # noqa: S311 - sampling, not secrecy
    phrasings = [[search_key(text) for text in entry.texts] for entry in entries]
    answers = [search_key(entry.answer)[:_ANSWER_CHARS] for entry in entries]
    for _ in range(STEPS):
        chosen = chance.sample(range(len(entries)), min(_BATCH, len(entries)))
        pairs = [_pair(phrasings[index], answers[index], synonyms, chance) for index in chosen]
        left, right = ([Ngrams.of(key, synonyms) for key in side] for side in zip(*pairs, strict=True))
        yield left, right


def _pair(phrasings: Sequence[str], answer: str, synonyms: Synonyms, chance: random.Random) -> tuple[str, str]:
    """A phrasing and another one, or the answer; a single phrasing is paired with itself in other words."""
    first = chance.choice(phrasings)
    others = [phrasing for phrasing in phrasings if phrasing != first]
    second = chance.choice(others) if others else first
    if answer and chance.random() < 0.5:
        return synonyms.swap(first, chance), answer
    return synonyms.swap(first, chance), synonyms.swap(second, chance)
