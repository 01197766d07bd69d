"""Payments that an agent cancels (速報取消) after they were final (確報): a person decides.

The file is no proof of either. Until somebody asked the agent, money and posting stay as they are;
then the posting is reversed (赤伝), or the money is held in suspense (仮受), or the payment stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import polars as pl
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.ledger import DEMANDS, RECEIVED, complete, reverse
from kokuho.office.collection.payments import Payment
from kokuho.office.ledger import books as store
from kokuho.office.ledger.importing import record_within
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.receiving import post_receipts
from kokuho.office.ledger.rows import read
from kokuho.office.ledger.rules import rules_on
from kokuho.office.store.owned import Kept, Owned
from kokuho.office.tenancy import seeing
from kokuho.tables import LINE

_ = translator("office_collection")

ACTIONS = {
    "reverse": "the money does not come; the posting is reversed",
    "suspend": "not clear yet; the posting is reversed and the money held",
    "keep": "the payment stands",
}
"""What a person decides; a closed list."""


class Cancellation(Owned):
    """A person's decision about one cancellation; ``held_as``: the receipt that holds the money."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+")
    final = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=10)
    held_as = models.TextField(null=True)
    reason = models.TextField()
    person = models.TextField()
    decided_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "payment"], name="cancellation_once"),
        ]


@dataclass(frozen=True)
class Waiting:
    """A cancellation that nobody decided about: its record, and the payment as it was reported."""

    cancelled: Payment
    final: Payment


def waiting(insurer: str) -> list[Waiting]:
    """The cancellations of final payments that wait for a decision, inside ``seeing``."""
    decided = Cancellation.objects.filter(insurer_id=insurer).values("payment")
    rows = Payment.objects.filter(
        insurer_id=insurer, stage="cancelled", doubt="after_final"
    ).exclude(pk__in=decided)
    listed = list(rows.select_related("delivered").order_by("pk"))
    keys = [row.key for row in listed]
    finals = {
        row.key: row
        for start in range(0, len(keys), 500)
        for row in Payment.objects.filter(
            insurer_id=insurer, stage="final", key__in=keys[start : start + 500]
        ).select_related("delivered")
    }
    return [Waiting(row, finals[row.key]) for row in listed]


def settle(
    insurer: str, number: int, *, action: str, reason: str, person: str, decided_on: date
) -> None:
    """Decide about a cancellation; decision and reversal are written together or not at all.

    Args:
        insurer: the code of the insurer.
        number: of the list: the row number of the record that cancels.
        action: one of :data:`ACTIONS`.
        reason, person, decided_on: why, who, when; also the posting date.

    Raises:
        InputError: no such action, no reason, nothing waits under the number, or it was decided.
        LedgerError: the ledger refuses, as where later journals stand on the posting.
    """
    if action not in ACTIONS:
        raise InputError(_("there is no {action}; there are: {actions}").format(
            action=action, actions=", ".join(ACTIONS)))  # fmt: skip
    if not reason.strip() or not person.strip():
        raise InputError(_("Write the reason."))
    with seeing([insurer], writing=True):
        store.lock(insurer)
        found = [one for one in waiting(insurer) if one.cancelled.pk == number]
        if not found:
            raise InputError(_("no cancellation waits under the number {number}").format(
                number=number))  # fmt: skip
        final = found[0].final
        held_as = f"{final.source} 取消{number}" if action == "suspend" else None
        try:
            with transaction.atomic():
                Cancellation.objects.create(
                    insurer_id=insurer, payment=found[0].cancelled, final=final, action=action,
                    held_as=held_as, reason=reason.strip(), person=person, decided_on=decided_on,
                    recorded_at=timezone.now(),
                )  # fmt: skip
        except IntegrityError:
            raise InputError(_("somebody else has decided about it already")) from None
        if action != "keep":
            _reverse(insurer, final, number, decided_on, person)
        if held_as is not None:
            record_within(insurer, _held(insurer, final, held_as), held_as, "", person)
    post_receipts(insurer, posted_on=decided_on, actor=person)


def _reverse(insurer: str, final: Payment, number: int, posted_on: date, person: str) -> None:
    """Reverse all that was posted with the money of a payment (赤伝), with what follows from it."""
    schema = {"number": pl.Int64(), "kind": pl.String(), "household_id": pl.String()}
    table = Entry._meta.db_table
    open_ones = (
        "source = %s AND reverses IS NULL AND kind IN ('receive', 'release', 'return') AND "
        f"number NOT IN (SELECT reverses FROM {table} WHERE insurer_code = %s "
        "AND reverses IS NOT NULL)"
    )
    rows = read(Entry, schema, insurer, open_ones, [final.source or "", insurer])
    if not rows.height:
        raise InputError(_("nothing of this payment is posted; it can be kept as it is"))
    if "return" in rows["kind"]:
        raise InputError(_("the money was paid back already; it can be kept as it is"))
    key = f"速報取消 {number}"
    # under the same source: what is in suspense is known by it
    voucher = store.voucher(insurer, posted_on, str(final.source))
    books = store.open_books(insurer, rows["household_id"].drop_nulls().unique())
    journals = rows["number"].unique().sort().to_list()
    red = reverse(books.entries, journals, voucher.number, posted_on, voucher.source)
    new = complete(
        books.claims.select(*DEMANDS), books.entries, red, voucher, rules_on(insurer, posted_on),
        deferrals=books.reliefs,
    )  # fmt: skip
    store.keep(books, new, voucher, "reverse", key, person)


def _held(insurer: str, final: Payment, held_as: str) -> pl.DataFrame:
    """The money of a payment as a receipt that names no demand."""
    row = {"insurer_code": insurer, "household_id": None, "demand_id": None, "payer": None,
           "amount": final.amount, "value_on": final.paid_on, "source": held_as}  # fmt: skip
    frame = pl.DataFrame([row], schema=RECEIVED)
    return frame.rename({"source": "reference"}).with_row_index(LINE, 1)
