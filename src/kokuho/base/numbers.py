"""Numbers with a fixed form or a check digit: of persons, corporations, insurers, municipalities.

A check digit tells a slip of the pen, never whether the number exists. Each function ``…_digit``
gives the check digit of what stands without it; each ``is_…`` judges a whole number.
"""

from __future__ import annotations

import re

CARD = r"[A-Z]{2}[0-9]{8}[A-Z]{2}"
"""The form of a residence card's number (在留カード等番号); it has no public check digit."""

_DIGITS = re.compile(r"[0-9]+")


def is_card_number(text: str) -> bool:
    """Whether this has the form of a residence card's number: two letters, eight digits, two."""
    return re.fullmatch(CARD, text) is not None


def municipality_digit(five: str) -> str:
    """The sixth digit of a municipality's code (全国地方公共団体コード).

    The digits are weighted 6, 5, 4, 3, 2 and summed; the check digit is the last digit of 11 less
    the remainder of the sum by 11 (a sum below 11 is its own remainder).
    Source: 総務省 https://www.soumu.go.jp/denshijiti/code.html

    Raises:
        ValueError: not five digits.
    """
    rest = _weighted(_digits(five, 5), (6, 5, 4, 3, 2)) % 11
    return str((11 - rest) % 10)


def is_municipality_code(code: str) -> bool:
    """Whether these are six digits of which the last is the right check digit."""
    return _is_number(code, 6) and municipality_digit(code[:5]) == code[5]


def my_number_digit(eleven: str) -> str:
    """The twelfth digit of a My Number (個人番号).

    11 less the remainder by 11 of the weighted sum, or 0 for remainders 0 and 1. Source:
    行政手続における特定の個人を識別するための番号の利用等に関する法律施行規則5条(総務省令)

    Raises:
        ValueError: not eleven digits.
    """
    rest = _weighted(_digits(eleven, 11), (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return str(0 if rest <= 1 else 11 - rest)


def is_my_number(text: str) -> bool:
    """Whether these are twelve digits that pass as a My Number."""
    return _is_number(text, 12) and my_number_digit(text[:11]) == text[11]


def corporate_digit(twelve: str) -> str:
    """The first digit of a corporate number (法人番号), from the twelve behind it.

    From the right, weights 1, 2, 1, …; 9 less the remainder of the sum by 9. Source: 国税庁
    https://www.houjin-bangou.nta.go.jp/documents/checkdigit.pdf

    Raises:
        ValueError: not twelve digits.
    """
    return str(9 - _weighted(_digits(twelve, 12), (2, 1) * 6) % 9)


def is_corporate_number(text: str) -> bool:
    """Whether these are thirteen digits of which the first is the right check digit."""
    return _is_number(text, 13) and corporate_digit(text[1:]) == text[0]


def insurer_digit(rest: str) -> str:
    """The last digit of an insurer's number (保険者番号).

    From the right, weights 2, 1, 2, …; digits of products are added; the check digit completes the
    sum to a multiple of ten. Source: https://shinryo-hosyu.net

    Raises:
        ValueError: not digits.
    """
    products = (int(d) * (2 - n % 2) for n, d in enumerate(reversed(_digits(rest))))
    return str(-sum(sum(divmod(product, 10)) for product in products) % 10)


def is_insurer_number(text: str) -> bool:
    """Whether this is an insurer's number, the last digit its check digit.

    Six digits for NHI, eight with the law's number (法別番号) in front, which the digit covers too.
    """
    return (_is_number(text, 6) or _is_number(text, 8)) and insurer_digit(text[:-1]) == text[-1]


def _is_number(text: str, length: int) -> bool:
    return len(text) == length and _DIGITS.fullmatch(text) is not None


def _digits(text: str, length: int | None = None) -> str:
    if not _is_number(text, length or len(text)):
        raise ValueError(f"not {length or 'a row of'} digits: {text!r}")
    return text


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
