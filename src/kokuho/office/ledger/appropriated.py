"""Appropriations (充当) in the books: their stated causes, and the interest that one earned."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger import CAUSES
from kokuho.ledger.appropriated_interest import bearing
from kokuho.ledger.calculation import Interest
from kokuho.ledger.interest_on_refunds import Overpaid, refund_interest
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.models import AppropriationCause, Entry, Posting

_ = translator("books")

_OUT = ["overpaid", "refund_payable"]


def keep_causes(insurer: str, new: pl.DataFrame, causes: pl.DataFrame | None) -> None:
    """Keep the causes that a person stated, with each journal that used one of them."""
    if causes is None:
        return
    used = (
        new.filter(pl.col("account").is_in(_OUT) & (pl.col("amount") > 0))
        .join(causes, on=["insurer_code", "demand_id", "component"])
        .unique("number", maintain_order=True)
    )
    AppropriationCause.objects.bulk_create(
        AppropriationCause(insurer_id=insurer, **row)
        for row in used.select(
            "number", "demand_id", "component", "cause", "happened_on", "objected_on"
        ).iter_rows(named=True)
    )


@dataclass(frozen=True)
class AppropriationInterest:
    """The interest of an appropriation: how it is computed, and what was posted (yen).

    ``journals`` are the appropriations of the same overpayment that count from the same day: their
    interest is computed at once, and posted with the first of them.
    """

    overpaid: Overpaid
    made: Interest
    journals: tuple[int, ...]
    posted: int


def interest_of_appropriation(insurer: str, number: int) -> AppropriationInterest:
    """Compute the interest of a posted appropriation again, with its steps, inside ``seeing``.

    Args:
        insurer: the code of the insurer.
        number: of its journal (伝票番号).

    Raises:
        LedgerError: no such journal, none of an appropriation, or one of nothing that bears
            interest.
        LawError: the rate of a year is not known.
    """
    entry = Entry.objects.filter(insurer_id=insurer, number=number).first()
    if entry is None or entry.kind != "appropriate" or entry.reverses is not None:
        raise LedgerError(
            _("journal {number} is no appropriation; kokuho ledger journals lists them").format(
                number=number
            )
        )
    posting = Posting.objects.get(
        insurer_id=insurer, first_number__lte=number, next_number__gt=number
    )
    entries = open_books(insurer, pl.Series([entry.household_id])).entries
    own = pl.col("household_id") == entry.household_id
    together = entries.filter(
        own & pl.col("number").is_between(posting.first_number, posting.next_number, closed="left")
    )
    before = entries.filter(own & (pl.col("number") < posting.first_number))
    overpaid, until, journals = bearing(number, together, before, _causes(insurer, posting))
    earned = together.filter(
        pl.col("number").is_in(journals) & (pl.col("account") == "refund_interest")
    )
    return AppropriationInterest(
        overpaid, refund_interest(overpaid, until), journals, int(earned["amount"].sum())
    )


def _causes(insurer: str, posting: Posting) -> pl.DataFrame:
    """What was stated for a posting's journals."""
    rows = AppropriationCause.objects.filter(
        insurer_id=insurer, number__gte=posting.first_number, number__lt=posting.next_number
    )
    columns = ("insurer_id", "demand_id", "component", "cause", "happened_on", "objected_on")
    return pl.DataFrame(list(rows.values_list(*columns)), schema=CAUSES, orient="row").unique()
