"""The notice of appropriation (充当通知書): what a posting day took from a debtor's overpaid money.

Interest that the appropriation earned (充当に係る還付加算金, 地方税法17条の4) is told with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Sum

from kokuho.forms.papers import Appropriated, AppropriationNotice, Overpaid, Paper
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.claims import claims_of
from kokuho.office.ledger.models import Claim, Entry
from kokuho.office.ledger.overpaid import overpaid
from kokuho.office.printing.kinds import books, schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.kinds.paid import payments
from kokuho.office.printing.recipients import Recipient

_SOURCES = ("overpaid", "refund_payable", "interest_payable", "refund_interest")
"""Whence the money of an appropriation comes; interest earned and used is in two of them."""


@dataclass
class _Used:
    """What journals of one day moved for one debtor, in yen.

    Into demands, out of demands; interest ``earned``, and the sum of what is kept of it (below 0 as
    long as it waits to be used or paid out).
    """

    first: int
    into: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    out: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    earned: int = 0
    kept: int = 0

    @property
    def interest(self) -> int:
        """What the day earned, and what was earned before it and used on it."""
        return self.earned + max(self.kept, 0)

    @property
    def total(self) -> int:
        return sum(self.into.values())


class _Appropriation:
    key = "appropriation"

    def needs(self) -> tuple[str, ...]:
        return ()

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        used, claims = _used(insurer, _journals(insurer, asked, on))
        houses, people = books.rows_of(insurer, claims.values())
        return [
            Item(f"appropriation/{day}/{house}/{debtor}", houses[house], people[debtor], one.total)
            for (day, house, debtor), one in sorted(used.items())
        ]

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The other side of the same journals: what left the overpaid money and its interest."""
        rows = _journals(insurer, asked, on).filter(account__in=_SOURCES)
        return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        insurer, on = issue.insurer.code, issue.issued_on
        wanted = {one: _read(one) for one in references}
        houses = sorted({house for _day, house, _debtor in wanted.values()})
        rows = _journals(insurer, Asked(self.key), on).filter(household_id__in=houses)
        used, claims = _used(insurer, rows)
        people = books.payers(insurer, (debtor for _day, _house, debtor in wanted.values()))
        left: dict[tuple[str, str], int] = defaultdict(int)
        for over in overpaid(insurer, on, houses):
            left[over.household_id, over.debtor] += over.amount
        opened = open_books(insurer, pl.Series(houses), known=on)
        found: dict[str, tuple[Paper, Recipient]] = {}
        for reference, (day, house, debtor) in wanted.items():
            one, payer = used[day, house, debtor], people[debtor]
            letter, recipient = issue.letter(payer, f"{day:%Y%m%d}-{debtor}")
            before = payments(opened.entries.filter(pl.col("number") < one.first), one.out)
            paper = AppropriationNotice(
                letter=letter,
                payer=schedules.payer_name(issue, payer),
                overpaid=tuple(
                    Overpaid(claims[name].year_meant, claims[name].term, paid_on, part)
                    for name, yen in one.out.items()
                    for paid_on, part in before.days(name, yen)
                ),
                appropriated=tuple(
                    Appropriated(claims[name].year_meant, claims[name].term, claims[name].due, yen)
                    for name, yen in one.into.items()
                ),
                interest=one.interest,
                total=one.total,
                left=left[house, debtor],
            )  # fmt: skip
            found[reference] = paper, recipient
        return found


def _read(reference: str) -> tuple[date, str, str]:
    _name, day, house, debtor = reference.split("/")
    return date.fromisoformat(day), house, debtor


def _journals(insurer: str, asked: Asked, on: date) -> Any:
    """The entries of appropriations known on a day; those that were reversed by then left out."""
    rows = Entry.objects.filter(insurer_id=insurer, kind="appropriate", posted_on__lte=on)
    undone = rows.filter(reverses__isnull=False).values("reverses")
    rows = rows.filter(reverses__isnull=True).exclude(number__in=undone)
    if asked.since is not None:
        rows = rows.filter(posted_on__gte=asked.since)
    return rows.filter(household_id=asked.household) if asked.household else rows


def _used(insurer: str, rows: Any) -> tuple[dict[tuple[date, str, str], _Used], dict[str, Claim]]:
    """By posting day, household and debtor what was moved; the claims concerned."""
    columns = ("number", "posted_on", "household_id", "demand_id", "account", "amount")
    listed = list(rows.order_by("number", "line").values_list(*columns).iterator(chunk_size=5000))
    claims = claims_of(insurer, (row[3] for row in listed))
    found: dict[tuple[date, str, str], _Used] = {}
    for number, day, house, demand, account, yen in listed:
        one = found.setdefault((day, house, claims[demand].debtor), _Used(number))
        if account == "receivable":
            one.into[demand] -= yen
        elif account in ("overpaid", "refund_payable"):
            one.out[demand] += yen
        elif account == "refund_interest":
            one.earned += yen
        elif account == "interest_payable":
            one.kept += yen
    return found, claims


APPROPRIATION = _Appropriation()
