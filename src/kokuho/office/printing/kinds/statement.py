"""The yearly statement of payments (納付済額のお知らせ): what each payer paid in a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.db.models import Sum

from kokuho.base.messages import translator
from kokuho.forms.papers import Paper, Statement
from kokuho.office.ledger.models import Entry
from kokuho.office.printing.kinds import books, schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")

_PAID_BY = ("receipts", "appropriation", "refunds")
"""Money that came, was moved between demands, or went back; principal alone is deductible."""


class _Statement:
    key = "statement"

    def needs(self) -> tuple[str, ...]:
        return ("year",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        assert asked.year is not None
        paid = _paid(insurer, asked.household, asked.year, on)
        houses, people = books.rows_of(insurer, paid["household_id"], paid["debtor"])
        found = []
        for house, debtor, slip, pension in paid.iter_rows():
            reason = "" if min(slip, pension) >= 0 else _("more was refunded than paid")
            found.append(
                Item(f"{asked.year}/{house}/{debtor}#{slip}+{pension}", houses[house],
                     people[debtor], slip + pension, "unfit" if reason else "print", reason)
            )  # fmt: skip
        return found

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The same accounts summed up in the ledger, whoever owes."""
        rows = Entry.objects.filter(
            insurer_id=insurer, account__in=_PAID_BY, component="principal",
            demand_id__isnull=False, posted_on__lte=on, value_on__lte=on,
            value_on__year=asked.year,
        )  # fmt: skip
        if asked.household:
            rows = rows.filter(household_id=asked.household)
        return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        told = {one: _read(one) for one in references}
        people = books.payers(issue.insurer.code, (debtor for _y, debtor, *_rest in told.values()))
        found: dict[str, tuple[Paper, Recipient]] = {}
        for reference, (year, debtor, slip, pension) in told.items():
            payer = people[debtor]
            letter, recipient = issue.letter(payer, f"{year}-{debtor}")
            paper = Statement(
                letter=letter,
                payer=schedules.payer_name(issue, payer),
                year=year,
                slip=slip,
                direct_debit=0,
                pension=pension,
                total=slip + pension,
            )
            found[reference] = paper, recipient
        return found


def _read(reference: str) -> tuple[int, str, int, int]:
    """Year, debtor and the two sums."""
    name, _mark, sums = reference.rpartition("#")
    slip, _plus, pension = sums.partition("+")
    year = int(name.partition("/")[0])
    return year, name.rpartition("/")[2], int(slip), int(pension)


def _paid(insurer: str, household: str, year: int, on: date) -> pl.DataFrame:
    """By household and debtor: what was paid by slip or debit, and from pensions."""
    opened = books.opened(insurer, household, on)
    rows = opened.entries.filter(
        pl.col("account").is_in(_PAID_BY)
        & (pl.col("component") == "principal")
        & pl.col("demand_id").is_not_null()
        & (pl.col("value_on").dt.year() == year)
    )
    owing = opened.claims.select("demand_id", "debtor", "channel")
    pension = pl.col("channel") == "pension"
    return (
        rows.join(owing, on="demand_id", how="left")
        .group_by("household_id", "debtor")
        .agg(
            slip=pl.col("amount").filter(~pension).sum(),
            pension=pl.col("amount").filter(pension).sum(),
        )
        .filter((pl.col("slip") != 0) | (pl.col("pension") != 0))
        .sort("household_id", "debtor")
    )


STATEMENT = _Statement()
