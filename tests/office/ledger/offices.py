"""A fictional insurer whose demands and receipts the tests of the stored ledger post."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl

from kokuho.billing import Demand, to_frame
from kokuho.office.accounts import rights
from kokuho.office.accounts.users import User
from kokuho.office.jobs.runs import Run
from kokuho.office.ledger import refunding
from kokuho.office.ledger.assessing import post_demands
from kokuho.office.ledger.rules import keep_ordinance
from kokuho.office.register import insurers
from kokuho.office.tenancy import seeing
from kokuho.ordinance import OrdinanceYear
from tests.office.assessment.town import ordinance
from tests.office.conftest import INSURER

NOTICE = date(2026, 7, 15)
DUES = (date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 2))
CHOSEN = {
    "allocation": {"order": ["principal", "interest", "fee"]},
    "interest": {"first_band_months": 3},
    "reminder_fee": 100,
}


def collecting(year: int = 2026) -> OrdinanceYear:
    """The town's ordinance with an order of allocation."""
    one = ordinance().year(2026)
    data = one.model_dump(mode="json")
    data["collection"] = {**(data.get("collection") or {}), **CHOSEN}
    data["fiscal_year"] = year
    return OrdinanceYear.model_validate(data)


def open_office(insurer: str = INSURER, year: int = 2026) -> None:
    insurers.add(insurer, "架空市", "架空県", "")
    with seeing([insurer], writing=True):
        keep_ordinance(insurer, collecting(year))


def bill(house: str, term: int, amount: int, **other: Any) -> Demand:
    given = {
        "insurer_code": INSURER,
        "household_id": house,
        "fiscal_year_levied": 2026,
        "fiscal_year_meant": 2026,
        "kind": "tax",
        "channel": "ordinary",
        "term": term,
        "amount": amount,
        "due": DUES[(term - 1) % len(DUES)],
        "reason": "levy",
    }
    return Demand(**{**given, **other})


def bills(*demands: Demand) -> pl.DataFrame:
    return to_frame(demands).with_columns(debtor=pl.col("household_id") + " の世帯主")


def post(demands: Iterable[Demand], on: date = NOTICE, year: int = 2026, **more: Any) -> Run:
    return post_demands(INSURER, year, bills(*demands), posted_on=on, actor="試験", **more)


def name(house: str, term: int, meant: int = 2026, levied: int = 2026) -> str:
    return f"{house}/{meant}/{levied}/ordinary/{term}/{house} の世帯主"


def approver(role: str, username: str = "") -> User:
    """A user who may approve refunds in a role."""
    username = username or role
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create(username=username)
        user.assignments.create(insurer_code=INSURER)
    for right in rights.REFUND_ROLES.values():
        rights.deny(username, right, INSURER, actor="試験")
    rights.allow(username, rights.REFUND_ROLES[role], INSURER, actor="試験")
    return user


def approve(number: int, on: date) -> None:
    """Both approvals of a refund."""
    for role in ("order", "audit"):
        refunding.approve(INSURER, number, approver(role), on)
