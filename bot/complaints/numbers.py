"""Complaint numbers: `TS`, the day, four digits counted that day, and a check digit.

The check digit is ISO 7064 MOD 11,10 over the twelve digits before it: it finds every single wrong digit and
nearly every two neighbours exchanged, so that a mistyped number is told from one that does not exist.
"""

import re
from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from bot.complaints.errors import MistypedNumberError

MAX_SEQUENCE = 9999
_FORM = re.compile(r"(?:TS)?([0-9]{13})")  # \d would take the digits of every script
_HALF_WIDTH = str.maketrans("０１２３４５６７８９ＴＳｔｓ", "0123456789TSts")


def make_number(day: date, sequence: int) -> str:
    """The number of the `sequence`-th complaint (1 to 9999) of `day`."""
    if not 1 <= sequence <= MAX_SEQUENCE:
        raise ValueError(f"a day has at most {MAX_SEQUENCE} complaints")
    digits = f"{day:%Y%m%d}{sequence:04d}"
    return f"TS{digits}{mod_11_10.calc_check_digit(digits)}"


def parse_number(typed: str) -> str:
    """The number as we write it, from what a customer typed: small letters, full width, spaces, hyphens, without TS.

    Raises MistypedNumberError.
    """
    match = _FORM.fullmatch(re.sub(r"[\s-]", "", typed.translate(_HALF_WIDTH)).upper())
    try:
        digits = mod_11_10.validate(match[1] if match else "")
    except ValidationError as error:
        raise MistypedNumberError(typed) from error
    return f"TS{digits}"
