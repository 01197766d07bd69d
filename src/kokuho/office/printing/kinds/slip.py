"""Payment slips of a term (納付書): what the ledger says is still owed of each demand.

The codes of slips come from the operator's layout and the numbers that collection gives out; until
an office has both, the slip says that it has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
from django.db.models import Sum

from kokuho.forms.papers import Paper, Slip
from kokuho.ledger import DEMANDS, positions
from kokuho.office.ledger.models import Claim, Entry
from kokuho.office.printing.kinds import books, schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient


class _Slip:
    key = "slip"

    def needs(self) -> tuple[str, ...]:
        return ("fiscal_year", "term")

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        owed = _owed(insurer, asked, on)
        houses, people = books.rows_of(insurer, owed["household_id"], owed["debtor"])
        return [
            Item(f"{demand}#{yen}", houses[house], people[debtor], yen)
            for demand, house, debtor, yen in owed.iter_rows()
        ]

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The balance of the receivable account for these demands, straight from the entries."""
        claims = Claim.objects.filter(
            insurer_id=insurer, year_meant=asked.fiscal_year, term=asked.term,
            channel__in=("ordinary", "prepaid"),
        )  # fmt: skip
        if asked.household:
            claims = claims.filter(household_id=asked.household)
        rows = Entry.objects.filter(
            insurer_id=insurer, account="receivable", component="principal",
            demand_id__in=claims.values("demand_id"), posted_on__lte=on, value_on__lte=on,
        )  # fmt: skip
        return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        amounts = {
            reference.rpartition("#")[0]: (reference, int(reference.rpartition("#")[2]))
            for reference in references
        }
        claims: dict[str, Claim] = {}
        rows = Claim.objects.filter(insurer_id=issue.insurer.code, demand_id__in=list(amounts))
        for row in rows.order_by("version"):
            claims[row.demand_id] = row
        people = books.payers(issue.insurer.code, (one.debtor for one in claims.values()))
        days = issue.office.said.slip.usable_days
        found: dict[str, tuple[Paper, Recipient]] = {}
        for demand, (reference, yen) in amounts.items():
            claim = claims[demand]
            payer = people[claim.debtor]
            letter, recipient = issue.letter(payer, demand)
            paper = Slip(
                letter=letter,
                fiscal_year=claim.year_meant,
                number=claim.term,
                payer=schedules.payer_name(issue, payer),
                amount=yen,
                due=claim.due,
                usable_until=None if days is None else claim.due + timedelta(days=days),
                pay_at=issue.office.pay_at,
            )
            found[reference] = paper, recipient
        return found


def _owed(insurer: str, asked: Asked, on: date) -> pl.DataFrame:
    """What is owed of the demands of a term that are paid with slips."""
    opened = books.opened(insurer, asked.household, on)
    claims = opened.claims.filter(
        (pl.col("year_meant") == asked.fiscal_year)
        & (pl.col("term") == asked.term)
        & pl.col("channel").is_in(["ordinary", "prepaid"])
    )
    entries = opened.entries.join(claims.select("demand_id"), on="demand_id", how="semi")
    stand = positions(claims.select(*DEMANDS), entries)
    own = stand.filter((pl.col("component") == "principal") & (pl.col("owed") > 0))
    return own.select("demand_id", "household_id", "debtor", "owed")


SLIP = _Slip()
