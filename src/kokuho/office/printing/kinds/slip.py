"""Payment slips (納付書) of an issue of collection: its numbers and codes, drawn and typeset.

``kokuho collection issue`` decides whose slips there are; a slip whose demand has another amount by
the day of printing is not printed, and is to be issued anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.collection import read_code, svg_of
from kokuho.collection.loading import Book
from kokuho.forms.papers import Paper, Slip
from kokuho.office.collection.slipping import drawn
from kokuho.office.collection.slips import SlipIssued
from kokuho.office.ledger.claims import claims_of
from kokuho.office.ledger.models import Entry
from kokuho.office.printing.kinds import books, schedules, whole_year
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")


class _Slip:
    key = "slip"

    def needs(self) -> tuple[str, ...]:
        return ()

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        """The slips of an issue, or those of a whole year.

        Raises:
            InputError: neither or both were asked for.
        """
        if (asked.run is None) == (asked.fiscal_year is None):
            raise InputError(
                _("slip needs --run (an issue), or --fiscal-year (slips of the whole year)")
            )
        if asked.fiscal_year is not None:
            return whole_year.items(insurer, asked, on)
        slips = list(self._rows(insurer, asked))
        owed = books.owed(insurer, (one.demand_id for one in slips), on)
        claims = claims_of(insurer, (one.demand_id for one in slips))
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
        if asked.fiscal_year is not None:
            return whole_year.control(insurer, asked, on)
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
        of_year = [one for one in references if one.startswith(whole_year.PREFIX)]
        numbers = [int(one.partition("/")[2]) for one in references if one not in of_year]
        slips = SlipIssued.objects.in_bulk(numbers)
        claims = claims_of(issue.insurer.code, (one.demand_id for one in slips.values()))
        people = books.payers(issue.insurer.code, (one.debtor for one in claims.values()))
        days = issue.office.said.slip.usable_days
        found = whole_year.papers(issue, of_year) if of_year else {}
        for number, slip in slips.items():
            claim = claims[slip.demand_id]
            payer = people[claim.debtor]
            letter, recipient = issue.letter(payer, str(slip.reference))
            codes = _codes(issue, slip)
            paper = Slip(
                letter=letter,
                fiscal_year=claim.year_meant,
                number=claim.term,
                payer=schedules.payer_name(issue, payer),
                amount=slip.amount,
                due=slip.due,
                usable_until=None if days is None else slip.due + timedelta(days=days),
                pay_at=issue.office.pay_at,
                code=codes.barcode,
                code_text=codes.digits,
                qr=codes.qr,
                numbers=codes.numbers,
            )
            found[f"slip/{number}"] = paper, recipient
        return found


@dataclass(frozen=True)
class _Codes:
    """What is printed of the codes that a slip was issued with."""

    barcode: bytes | None = None
    digits: str = ""
    qr: bytes | None = None
    numbers: tuple[tuple[str, str], ...] = ()


def _codes(issue: Issue, slip: SlipIssued) -> _Codes:
    """The codes of a slip by the layouts that it was issued with.

    One of a made-up layout (練習用) is not printed: nobody could pay with it.

    Raises:
        CollectionError: the sender's file does not name the layout that it was issued with.
    """
    books_of: dict[str, Book] = {layout.kind: book for layout, book in issue.office.layouts}
    found = _Codes()
    for code in drawn(slip, issue.office.layouts):
        if code.rehearsal:
            continue
        picture = svg_of(code)
        if picture is None:
            row = read_code(code.content, code.layout, books_of[code.kind])
            fields = code.layout.records[0].fields
            found = replace(
                found, numbers=tuple((field.title, str(row[field.name])) for field in fields)
            )
        elif code.kind == "barcode":
            digits = " ".join(text for _title, text in code.lines)
            found = replace(found, barcode=picture.encode(), digits=digits)
        else:
            found = replace(found, qr=picture.encode())
    return found


SLIP = _Slip()
