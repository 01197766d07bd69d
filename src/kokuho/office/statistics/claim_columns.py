"""The columns of a file of claims: our own, neutral ones; a map brings the office's into them."""

from __future__ import annotations

from datetime import date

from kokuho.base.calendar import parse_date
from kokuho.office.imports.columns import CANCELLED, INSURER, PERSON
from kokuho.tables import Column

_LARGEST = 10**10

CLAIM_COLUMNS: tuple[Column, ...] = (
    INSURER,
    Column("claim_id", "text", "レセプト整理番号", "the office's own number of the claim",
           required=True, aliases=("整理番号",)),
    PERSON,
    Column("month", "text", "診療年月", "month of treatment: `2025-04`, `202504`, `令和7年4月`, "
           "or any day of it", required=True, aliases=("診療月",)),
    Column("kind", "choice", "レセプト種別", "`other` is kept and is in no measure", required=True,
           choices={"medical": ("医科",), "dpc": ("DPC",), "dispensing": ("調剤",),
                    "other": ("歯科", "訪問看護", "その他")}),
    Column("cost", "yen", "医療費", "the whole cost (10割)", required=True, minimum=0,
           maximum=_LARGEST, aliases=("総医療費", "費用額")),
    Column("high_cost", "yen", "高額療養費支給額", "empty: none", default=0, minimum=0,
           maximum=_LARGEST, aliases=("高額療養費",)),
    CANCELLED,
)  # fmt: skip
"""Without name, illness or treatment: the map of an office ignores such columns."""

KEY = ("insurer_code", "claim_id")
"""What a claim is known by: a corrected row has the same key."""

_DAY = ("", "-01", "01", "1日", ".1", "/1")
"""What makes a day of a month, in the forms in which offices write months."""


def month_of(text: str) -> date | None:
    """The first day of a month in any form that offices write, or of the month of a day.

    >>> month_of("令和7年4月"), month_of("202504"), month_of("4月")
    (datetime.date(2025, 4, 1), datetime.date(2025, 4, 1), None)
    """
    for rest in _DAY:
        try:
            return parse_date(text.strip() + rest).earliest().replace(day=1)
        except ValueError:
            continue
    return None
