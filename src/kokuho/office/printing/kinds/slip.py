"""Payment slips (納付書) of an issue of collection: its numbers and codes, drawn and typeset.

``kokuho collection issue`` decides whose slips there are; a slip whose demand has another amount by
the day of printing is not printed, and is to be issued anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from kokuho.base.messages import translator
from kokuho.collection import svg_of
from kokuho.forms.papers import Paper, Slip
from kokuho.office.collection.slipping import drawn
from kokuho.office.collection.slips import SlipIssued
from kokuho.office.ledger.models import Entry
from kokuho.office.printing.kinds import books, schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")


class _Slip:
    key = "slip"

    def needs(self) -> tuple[str, ...]:
        return ("run",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        slips = list(self._rows(insurer, asked))
        owed = books.owed(insurer, (one.demand_id for one in slips), on)
        claims = books.claims(insurer, (one.demand_id for one in slips))
        houses, people = books.rows_of(insurer, claims.values())
        found = []
        for one in slips:
            yen, claim = owed.get(one.demand_id, 0), claims[one.demand_id]
            same = yen == one.amount
            reason = "" if same else _("issued over {slip} yen, owed are {owed} yen").format(
                slip=f"{one.amount:,}", owed=f"{yen:,}"
            )  # fmt: skip
            found.append(
                Item(f"slip/{one.pk}", houses[claim.household_id], people[claim.debtor], yen,
                     "print" if same else "other_amount", reason)
            )  # fmt: skip
        return found

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The balance of the receivable account for these demands, straight from the entries."""
        rows = Entry.objects.filter(
            insurer_id=insurer, account="receivable", posted_on__lte=on, value_on__lte=on,
            demand_id__in=self._rows(insurer, asked).values("demand_id"),
        )  # fmt: skip
        return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)

    def _rows(self, insurer: str, asked: Asked) -> Any:
        rows = SlipIssued.objects.filter(insurer_id=insurer, key=asked.run)
        if asked.household:
            rows = rows.filter(household_id=asked.household)
        return rows.order_by("reference")

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        slips = SlipIssued.objects.in_bulk([int(one.partition("/")[2]) for one in references])
        claims = books.claims(issue.insurer.code, (one.demand_id for one in slips.values()))
        people = books.payers(issue.insurer.code, (one.debtor for one in claims.values()))
        days = issue.office.said.slip.usable_days
        found: dict[str, tuple[Paper, Recipient]] = {}
        for number, slip in slips.items():
            claim = claims[slip.demand_id]
            payer = people[claim.debtor]
            letter, recipient = issue.letter(payer, str(slip.reference))
            code, digits = _barcode(issue, slip)
            paper = Slip(
                letter=letter,
                fiscal_year=claim.year_meant,
                number=claim.term,
                payer=schedules.payer_name(issue, payer),
                amount=slip.amount,
                due=slip.due,
                usable_until=None if days is None else slip.due + timedelta(days=days),
                pay_at=issue.office.pay_at,
                code=code,
                code_text=digits,
            )
            found[f"slip/{number}"] = paper, recipient
        return found


def _barcode(issue: Issue, slip: SlipIssued) -> tuple[bytes | None, str]:
    """The barcode as a picture and as digits, where the slip was issued with one that stores take.

    One of a made-up layout (練習用) is not printed: nobody could pay with it.

    Raises:
        CollectionError: the sender's file does not name the layout that it was issued with.
    """
    for code in drawn(slip, issue.office.layouts):
        if code.kind == "barcode" and not code.rehearsal and (picture := svg_of(code)):
            return picture.encode(), " ".join(text for _title, text in code.lines)
    return None, ""


SLIP = _Slip()
