"""A prepayment that is paid at the counter, of the payer's own will (窓口での任意の前納)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import polars as pl

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.billing import CounterPayment, Demand, pay_at_counter
from kokuho.billing.demand import COLUMNS
from kokuho.office.billing.schedules import demands
from kokuho.office.ledger.books import lock
from kokuho.office.ledger.importing import record_within
from kokuho.office.ledger.models import Receipt
from kokuho.office.ledger.naming import demand_id
from kokuho.office.ledger.receiving import post_receipts
from kokuho.office.ledger.standing import household_books
from kokuho.office.tenancy import seeing
from kokuho.tables import LINE

_ = translator("books")


def receive(
    insurer: str,
    household: str,
    fiscal_year: int,
    *,
    reference: str,
    amount: int | None = None,
    day: date,
    actor: str,
) -> CounterPayment:
    """Record what was paid at the counter for a prepayment as a receipt, and post it.

    Args:
        insurer: the code of the insurer.
        household: its number.
        fiscal_year: the year that is paid ahead.
        reference: the office's own number of the receipt (収納整理番号), used once.
        amount: yen; all that is owed if left out.
        day: when it was paid.
        actor: who took it.

    Raises:
        InputError: no prepayment is billed, it is not posted, or the number is used already.
        BillingError: more than is owed, or after the due date, when it is no longer voluntary.
        LedgerError: the ledger refuses to post.
    """
    with seeing([insurer], writing=True):
        lock(insurer)
        if Receipt.objects.filter(insurer_id=insurer, reference=reference).exists():
            raise InputError(_("The receipt {number} is recorded.").format(number=reference))
        name, demand = _prepayment(insurer, household, fiscal_year, day)
        paid = pay_at_counter(demand, demand.amount if amount is None else amount, day, actor)
        row = {
            "insurer_code": insurer,
            "reference": reference,
            "household_id": household,
            "demand_id": name,
            "amount": paid.amount,
            "value_on": day,
            "payer": None,
            LINE: 1,
        }
        fresh = pl.DataFrame([row], schema_overrides={"payer": pl.String()})
        digest = hashlib.sha256(repr(row).encode()).hexdigest()
        record_within(insurer, fresh, "窓口 前納(任意)", digest, actor)
    post_receipts(insurer, posted_on=day, actor=actor)
    return paid


def _prepayment(insurer: str, household: str, fiscal_year: int, day: date) -> tuple[str, Demand]:
    """The first prepayment of which something is owed: its id, and the demand with what is owed."""
    billed = demands(insurer, fiscal_year).filter(household_id=household, channel="prepaid")
    books = household_books(insurer, household, day).by_id
    named = billed.with_columns(id=demand_id()).sort("due", "term")
    for row in named.iter_rows(named=True):
        line = books.get(row["id"])
        if line is not None and line.owed:
            demand = Demand(**{name: row[name] for name in COLUMNS})
            return row["id"], replace(demand, amount=line.owed)
    raise InputError(
        _(
            "Household {household} owes no prepayment in the books; `kokuho ledger post` posts "
            "what is billed."
        ).format(household=household)
    )
