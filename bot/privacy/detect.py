"""Finding personal data and secrets in what a customer types.

Full-width digits count, and so do digits in groups, Chinese digits (幺三九…) and what hides behind invisible
characters. Whatever fails its check digit, is part of a longer word or number, or reads as an amount, a date or an
order number is left alone.
"""

from collections.abc import Iterator

from bot.privacy.detectors.addresses import addresses
from bot.privacy.detectors.cards import bank_cards, cvvs, expiries
from bot.privacy.detectors.codes import codes
from bot.privacy.detectors.emails import emails
from bot.privacy.detectors.match import Candidate
from bot.privacy.detectors.passwords import passwords
from bot.privacy.detectors.phones import landlines, mobiles
from bot.privacy.detectors.resident_ids import resident_ids
from bot.privacy.findings import Finding, Kind
from bot.privacy.plain import Plain

# Where two overlap, the earlier detector wins; within one, the earlier pattern.
_DETECTORS = (
    resident_ids,
    bank_cards,
    emails,
    codes,
    passwords,
    expiries,
    cvvs,
    mobiles,
    landlines,
    addresses,
)
_SPOKEN_TOO = frozenset((resident_ids, bank_cards, codes, passwords, cvvs, mobiles))


def find(text: str) -> list[Finding]:
    """Everything personal in `text`, in order of position, never overlapping.

    What is found is masked and the rest looked at again until nothing more turns up, so that sealing a sealed text
    changes nothing.
    """
    plain = Plain.of(text)
    found: list[Finding] = []
    while candidates := _apart(plain):
        found += [Finding(it.kind, *plain.origin(it.start, it.end), it.value) for it in candidates]
        plain = plain.without((it.start, it.end, it.kind) for it in candidates)
    return sorted(found, key=lambda finding: finding.start)


def secrets_in(text: str) -> set[Kind]:
    """The kinds of secrets that `text` gives away."""
    return {finding.kind for finding in find(text) if finding.kind.is_secret}


def _apart(plain: Plain) -> list[Candidate]:
    chosen: list[Candidate] = []
    for candidate in _candidates(plain):
        if not any(candidate.start < other.end and other.start < candidate.end for other in chosen):
            chosen.append(candidate)
    return sorted(chosen, key=lambda candidate: candidate.start)


def _candidates(plain: Plain) -> Iterator[Candidate]:
    spoken = plain.spoken()
    for detector in _DETECTORS:
        yield from detector(plain.text)
        if detector in _SPOKEN_TOO and spoken.text != plain.text:
            yield from detector(spoken.text)
