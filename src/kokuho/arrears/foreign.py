"""Counts and rates of households headed by foreign nationals (外国人世帯主の世帯), by groups.

The rate is the ministry's: what was collected of the households in a fiscal year's books ÷ what was
levied on them (外国人世帯主の世帯に係る収納金額 ÷ 総賦課額), current and carried-over claims
together. The household is of the head's nationality, whoever else lives in it. Groups describe;
nobody is judged by them, and no list of work asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from kokuho.base.messages import translator
from kokuho.ledger import rate_by_flag

_ = translator("arrears")

GROUPINGS: Mapping[str, str] = {
    "foreign": "all foreign heads",
    "nationality": "nationality",
    "status": "status of residence",
    "years": "years since becoming a resident",
    "age": "age",
}
"""By what the counts are grouped; all of the head, on the day."""

SMALL = 10
"""Groups of fewer households are marked. Only who may see the persons may see them, and is written
down as having looked at each; what is published follows the rules of ``statistics``."""

YEARS: Mapping[str, str] = {
    "0": "under 1 year", "1": "1 year", "2": "2 years", "3-4": "3 to 4 years",
    "5-9": "5 to 9 years", "10-": "10 years or more",
}  # fmt: skip
"""Years since the head became a resident, by group."""


def group_words(grouping: str, group: str) -> str:
    """A group of years or ages in words, ``住民となって1年未満``; other groups as they are."""
    if not group:
        return _("unknown")
    if grouping == "years":
        return _(YEARS[group])
    if grouping == "age":
        first, _dash, last = group.partition("-")
        if not first:
            return _("{last} years old or younger").format(last=last)
        if not last:
            return _("{first} years old or older").format(first=first)
        return _("{first} to {last} years old").format(first=first, last=last)
    return group


HEADS: dict[str, pl.DataType] = {
    "insurer_code": pl.String(),
    "household_id": pl.String(),
    "nationality": pl.String(),
    "status": pl.String(),
    "years": pl.String(),
    "age": pl.String(),
}
"""Heads of foreign nationality on a day, one row a household; groups as text, empty: unknown."""


def years_group(since: date | None, on: date) -> str:
    """The class of full years since a day: ``0``, ``1``, ``2``, ``3-4``, ``5-9``, ``10-``."""
    if since is None:
        return ""
    years = on.year - since.year - ((on.month, on.day) < (since.month, since.day))
    bounds = ((0, "0"), (1, "1"), (2, "2"), (4, "3-4"), (9, "5-9"))
    return next((name for most, name in bounds if years <= most), "10-")


def age_group(age: int | None) -> str:
    """The class of an age: ``-19``, ``20-29``, … ``70-``."""
    if age is None:
        return ""
    if age < 20:
        return "-19"
    return "70-" if age >= 70 else f"{age // 10 * 10}-{age // 10 * 10 + 9}"


def rates(
    heads: pl.DataFrame, entries: pl.DataFrame, grouping: str, book_year: int
) -> pl.DataFrame:
    """Households, levied, collected and rate of each group in a fiscal year's books.

    Args:
        heads: :data:`HEADS`.
        entries: the entries that count, of these households or of all.
        grouping: one of :data:`GROUPINGS`.
        book_year: the fiscal year of the books (会計年度).

    Returns:
        ``group, households, levied, collected`` in yen, ``rate_permyriad`` (hundredths of a
        percent, empty where nothing was levied), ``small``.
    """
    flag = heads.select(
        "insurer_code",
        "household_id",
        group=pl.lit("all") if grouping == "foreign" else pl.col(grouping),
    )
    own = entries.join(flag.select("household_id").unique(), on="household_id", how="semi")
    return (
        rate_by_flag(flag, own, "group", book_year)
        .with_columns(small=pl.col("households") < SMALL)
        .select("group", "households", "levied", "collected", "rate_permyriad", "small")
        .sort("levied", "group", descending=[True, False])
    )
