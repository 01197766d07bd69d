"""Characters and numbers of printed Japanese text: widths, amounts, fiscal years."""

from __future__ import annotations

import re
import unicodedata

from kokuho.base.calendar import parse_date
from kokuho.plan.model import FIRST_YEAR, LAST_YEAR
from kokuho.plan.printed import Cell

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_NUMBER = re.compile(r"0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+")
_AMOUNT = re.compile(r"([^\s()%]+)\s*千円\s*(?:\(\s*([^()%]*?)\s*%?\s*\))?")
_BARE = re.compile(r"([\d,]+)\s*(?:\(\s*([^()%]*?)\s*%?\s*\))?")
_ERA_YEAR = re.compile(r"(令和|平成|昭和)\s*(元|\d{1,2})\s*年\s*度?")


def plain(text: str) -> str:
    """One width for all characters (NFKC), circled numbers kept; no carriage returns, no BOM."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    return "".join(
        sign if sign in CIRCLED else unicodedata.normalize("NFKC", sign) for sign in text
    )


def compact(text: str) -> str:
    """The text without spaces."""
    return "".join(text.split())


def number(text: str) -> int | None:
    """A whole number as printed, thousands separators right or absent; None for anything else.

    Ten digits or more are numbers run together: no plan has a trillion yen.
    """
    digits = text.replace(",", "")
    return int(digits) if _NUMBER.fullmatch(text) and len(digits) < 10 else None


def thousands(text: str, unit: str = "千円") -> int | None:
    """An amount in thousands of yen; one printed in yen must be whole thousands."""
    amount = number(compact(text))
    if amount is None or unit == "千円":
        return amount
    return amount // 1000 if amount % 1000 == 0 else None


def amount_cells(text: str) -> list[Cell] | None:
    """The amounts in one table cell, ``50,000 千円(6.25%)``; None if it is no cell of amounts.

    Two amounts that the reader of the page ran together come back as two cells. What is clearly
    meant as an amount but cannot be read as one comes back as one cell without an amount.
    """
    stripped = text.strip()
    found = list(_AMOUNT.finditer(stripped))
    if not found:
        bare = _BARE.fullmatch(stripped)
        if bare is None:
            return None
        found = [bare]
    outside = _AMOUNT.sub("", stripped) if "千円" in stripped else ""
    if outside.strip():
        return [Cell(text=stripped)]
    return [
        Cell(text=match[0].strip(), amount=number(match[1]), rate_text=(match[2] or "").strip())
        for match in found
    ]


def fiscal_year(text: str) -> int | None:
    """The fiscal year that a text names as a whole (``令和8年度``), or None."""
    found = _ERA_YEAR.fullmatch(text.strip())
    if found is None:
        return None
    try:
        year = parse_date(f"{found[1]}{found[2]}年4月1日").year
    except ValueError:
        return None
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def looks_like_a_year(text: str) -> bool:
    """Whether a cell is meant as a fiscal year, readable or not."""
    squeezed = compact(text)
    return 3 <= len(squeezed) <= 7 and squeezed.endswith("年度") and squeezed != "計画年度"
