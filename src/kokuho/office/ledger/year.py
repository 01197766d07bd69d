"""The figures of a year's books, as the accountant needs them (決算の数字), on any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl

from kokuho.base.calendar import last_day_of_year
from kokuho.law.eligibility import JAPANESE
from kokuho.ledger import ENTRIES, collection_rates, rate_by_flag, year_refunds, year_totals
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.rows import read
from kokuho.office.register.models import Headship, Identity

_NO_REFUNDS = dict.fromkeys(
    ("from_revenue", "from_expenditure", "interest", "payable", "lapsed"), 0
)


@dataclass(frozen=True)
class ForeignHeads:
    """Households that a foreign national heads (外国人世帯主の世帯) on ``heads_on``; yen.

    The rate of the ministry's definition is ``collected`` ÷ ``levied`` (収納金額 ÷ 総賦課額),
    current and carried-over principal together. ``headless`` is the levied amount of households
    that have no head on that day (those that left): they are in no such rate.
    """

    heads_on: date
    households: int
    collected: int
    levied: int
    headless: int

    @property
    def rate(self) -> Fraction | None:
        """Exact; none where nothing was levied."""
        return Fraction(self.collected, self.levied) if self.levied else None


@dataclass(frozen=True)
class YearFigures:
    """A fiscal year's books on ``on``, as they were known then; yen.

    Attributes:
        lines: :func:`kokuho.ledger.year_totals` by ``year_assessed`` and ``year_meant``.
        sums: the same by section and component alone.
        rates: ``current``, ``carried``, ``all`` to the exact collection rate of the principal;
            without a rate where nothing was assessed.
        refunds: :func:`kokuho.ledger.year_refunds` of the year.
        foreign: the same rate for households that a foreign national heads.
    """

    year: int
    on: date
    lines: pl.DataFrame
    sums: pl.DataFrame
    rates: dict[str, Fraction]
    refunds: dict[str, int]
    foreign: ForeignHeads


def year_figures(insurer: str, year: int, on: date) -> YearFigures:
    """The figures of a fiscal year's books (会計年度), inside ``seeing``.

    Args:
        insurer: the code of the insurer.
        year: the fiscal year of the books, western.
        on: what counts from a later day, or was posted later, is left out.
    """
    entries = read(
        Entry, ENTRIES, insurer, "book_year = %s AND value_on <= %s AND posted_on <= %s",
        [year, on, on],
    )  # fmt: skip
    sums = _current_first(year_totals(entries))
    rates = collection_rates(sums)
    paid_back = year_refunds(entries).drop("insurer_code", "book_year").rows(named=True)
    return YearFigures(
        year=year,
        on=on,
        lines=_current_first(year_totals(entries, by=("year_assessed", "year_meant"))),
        sums=sums,
        rates={
            section: rates[key]
            for section in ("current", "carried", "all")
            if (key := (insurer, year, section)) in rates
        },
        refunds=paid_back[0] if paid_back else dict(_NO_REFUNDS),
        foreign=foreign_rate(insurer, entries, year, on),
    )


def _current_first(totals: pl.DataFrame) -> pl.DataFrame:
    return totals.sort("section", descending=True, maintain_order=True)


def foreign_rate(insurer: str, entries: pl.DataFrame, year: int, on: date) -> ForeignHeads:
    """The rate of households with a foreign head, of a year's entries, inside ``seeing``.

    Who heads a household is that of the day, and after the year's end that of its last day.
    """
    heads_on = min(on, last_day_of_year(year))
    flags = foreign_heads(insurer, heads_on)
    rates = rate_by_flag(flags, entries, "foreign", year)
    found = rates.filter("foreign")
    headless = rates.filter(pl.col("foreign").is_null())
    return ForeignHeads(
        heads_on=heads_on,
        households=int(found["households"].sum()),
        collected=int(found["collected"].sum()),
        levied=int(found["levied"].sum()),
        headless=int(headless["levied"].sum()),
    )


def foreign_heads(insurer: str, day: date, known: date | None = None) -> pl.DataFrame:
    """Whether a household's head is no Japanese national on a day, as known (none: today).

    A head whose nationality nobody recorded is not counted as foreign.
    """
    heads = Headship.objects.as_of(day, known).filter(insurer_id=insurer)
    nationality = dict(
        Identity.objects.as_of(day, known)
        .filter(insurer_id=insurer)
        .values_list("resident_id", "nationality")
    )
    rows = [
        (insurer, number, nationality.get(head, "") not in ("", JAPANESE))
        for number, head in heads.values_list("household__household_number", "head_id")
    ]
    schema = {"insurer_code": pl.String, "household_id": pl.String, "foreign": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")
