"""Accounts for direct debit (振替口座): which one a household pays from, since when, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import models

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.register import recordings
from kokuho.office.register.households import HouseholdVersion
from kokuho.office.register.models import Household
from kokuho.office.store.recording import record, retract

_ = translator("office_collection")

FIELDS = ("bank_code", "bank_name", "branch_code", "branch_name", "account_type",
          "account_number", "holder")  # fmt: skip
"""What the application form (口座振替依頼書) says of an account."""


class Account(HouseholdVersion):
    """The account of a household; one on a day.

    Attributes:
        account_type: code of the bank's layout (預金種目).
        holder: in kana (預金者名); it need not be of the household.
        asked_on: the day of the application form.
    """

    bank_code = models.CharField(max_length=4)
    bank_name = models.TextField(default="")
    branch_code = models.CharField(max_length=3)
    branch_name = models.TextField(default="")
    account_type = models.CharField(max_length=1)
    account_number = models.CharField(max_length=7)
    holder = models.TextField()
    asked_on = models.DateField()


def set_account(
    household: Household,
    account: Mapping[str, str],
    *,
    first: date,
    last: date | None = None,
    asked_on: date,
    actor: str,
) -> bool:
    """Record the account of a household, inside ``seeing(…, writing=True)``; whether it is new.

    Args:
        household: the household.
        account: :data:`FIELDS`.
        first: the first day on which it may be debited; an account before it ends there.
        last: the first day on which it may no longer be.
        asked_on: the day of the application.
        actor: who records it.
    """
    moment = recordings.begin(household.insurer_id, actor=actor, reason="口座振替の申込み")
    return bool(
        record(
            moment,
            [Account(household=household, valid_from=first, valid_to=last, asked_on=asked_on,
                     **{name: account.get(name) or "" for name in FIELDS})],
        )
    )  # fmt: skip


def end_account(household: Household, *, last: date, actor: str) -> None:
    """Record that a household's account may not be debited from a day on (口座振替の廃止).

    Raises:
        InputError: it has none by then.
    """
    if not Account.objects.known().filter(household=household).exclude(valid_to__lte=last).exists():
        raise InputError(
            _("household {number} has no account on {day}").format(
                number=household.household_number, day=last
            )
        )
    moment = recordings.begin(household.insurer_id, actor=actor, reason="口座振替の廃止")
    retract(moment, [Account(household=household, valid_from=last)])


def on_day(insurer: str, day: date, known: date | None = None) -> dict[str, Account]:
    """The accounts that may be debited on a day, by the number of the household."""
    found = Account.objects.as_of(day, known).filter(insurer_id=insurer)
    return {one.household.household_number: one for one in found.select_related("household")}
