"""Numbers with a fixed form or a check digit (資格・在留の番号).

The number of a residence card has no public check digit. The rule of My Number is here to keep it
out: a column of address numbers that are all My Numbers is refused.
"""

from __future__ import annotations

import re

CARD = r"[A-Z]{2}[0-9]{8}[A-Z]{2}"
"""The form of a residence card's number (在留カード等番号)."""

_DIGITS = re.compile(r"[0-9]+")


def is_card_number(text: str) -> bool:
    """Whether this has the form of a residence card's number: two letters, eight digits, two."""
    return re.fullmatch(CARD, text) is not None


def is_insurer_number(text: str) -> bool:
    """Whether this is an insurer's number (保険者番号), the last digit its check digit.

    Six digits for NHI, eight with the law's number (法別番号) in front. From the right, weights
    2, 1, 2, …; digits of products are added; the check digit completes the sum to a multiple of
    ten. Source: https://shinryo-hosyu.net
    """
    if len(text) not in (6, 8) or not _DIGITS.fullmatch(text):
        return False
    products = (int(d) * (2 - n % 2) for n, d in enumerate(reversed(text[:-1])))
    return int(text[-1]) == -sum(sum(divmod(product, 10)) for product in products) % 10


def is_my_number(text: str) -> bool:
    """Whether these are twelve digits that pass as a My Number (個人番号).

    The last digit is 11 less the remainder by 11 of the weighted sum, or 0 for remainders 0 and 1.
    Source: 行政手続における特定の個人を識別するための番号の利用等に関する法律施行規則5条(総務省令)
    """
    if len(text) != 12 or not _DIGITS.fullmatch(text):
        return False
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(d) * w for d, w in zip(text[:11], weights, strict=True)) % 11
    return int(text[11]) == (0 if rest <= 1 else 11 - rest)
