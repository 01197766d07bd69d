"""The yearly statement of payments (納付済額のお知らせ): what each payer paid in a year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Sum

from kokuho.base.messages import translator
from kokuho.forms.papers import Paper, Statement
from kokuho.office.collection.payments import Payment
from kokuho.office.ledger.claims import claims_of
from kokuho.office.ledger.models import Claim, Entry
from kokuho.office.printing.kinds import books, schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")

_PAID_BY = ("receipts", "appropriation", "refunds")
"""Money that came, was moved between demands, or went back; principal alone is deductible."""
_DEBIT = "debit"


class _Statement:
    key = "statement"

    def needs(self) -> tuple[str, ...]:
        return ("year",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        paid, claims = _paid(insurer, asked, on)
        houses, people = books.rows_of(insurer, claims)
        found = []
        for (house, debtor), ways in sorted(paid.items()):
            if not any(ways):
                continue
            reason = "" if min(ways) >= 0 else _("more was refunded than paid")
            reference = f"{asked.year}/{house}/{debtor}#{'+'.join(map(str, ways))}"
            state = "unfit" if reason else "print"
            found.append(Item(reference, houses[house], people[debtor], sum(ways), state, reason))
        return found

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The same accounts summed up in the ledger, whoever owes."""
        return int(_rows(insurer, asked, on).aggregate(sum=Sum("amount"))["sum"] or 0)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        told = {one: _read(one) for one in references}
        people = books.payers(issue.insurer.code, (debtor for _y, debtor, _w in told.values()))
        found: dict[str, tuple[Paper, Recipient]] = {}
        for reference, (year, debtor, ways) in told.items():
            payer = people[debtor]
            letter, recipient = issue.letter(payer, f"{year}-{debtor}")
            paper = Statement(
                letter=letter,
                payer=schedules.payer_name(issue, payer),
                year=year,
                slip=ways[0],
                direct_debit=ways[1],
                pension=ways[2],
                total=sum(ways),
            )
            found[reference] = paper, recipient
        return found


def _read(reference: str) -> tuple[int, str, list[int]]:
    """Year, debtor and the sums by slip, by direct debit, from pensions."""
    name, _mark, sums = reference.rpartition("#")
    year, _slash, rest = name.partition("/")
    return int(year), rest.rpartition("/")[2], [int(yen) for yen in sums.split("+")]


def _rows(insurer: str, asked: Asked, on: date) -> Any:
    """The entries of the year's payments, as they are known on a day."""
    rows = Entry.objects.filter(
        insurer_id=insurer, account__in=_PAID_BY, component="principal",
        demand_id__isnull=False, posted_on__lte=on, value_on__lte=on,
        value_on__year=asked.year,
    )  # fmt: skip
    return rows.filter(household_id=asked.household) if asked.household else rows


def _paid(
    insurer: str, asked: Asked, on: date
) -> tuple[dict[tuple[str, str], list[int]], list[Claim]]:
    """By household and debtor the yen by slip, by direct debit and from pensions; the claims."""
    sources = Payment.objects.filter(insurer_id=insurer, channel=_DEBIT, source__isnull=False)
    debits = frozenset(sources.values_list("source", flat=True).iterator(chunk_size=5000))
    money = _rows(insurer, asked, on).values_list("demand_id", "source", "amount")
    paid = list(money.iterator(chunk_size=5000))
    claims = claims_of(insurer, (demand for demand, _source, _yen in paid))
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for demand, source, yen in paid:
        claim = claims[demand]
        way = 2 if claim.channel == "pension" else int(source in debits)
        found[claim.household_id, claim.debtor][way] += yen
    return dict(found), list(claims.values())


STATEMENT = _Statement()
