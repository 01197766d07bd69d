"""Before somebody leaves Japan (出国の前に): account for refunds and agent, asked in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.billing import Task, before_departure
from kokuho.office.billing.schedules import year_days
from kokuho.office.register import recordings
from kokuho.office.register.models import Resident
from kokuho.office.register.residents import ResidentVersion
from kokuho.office.store.recording import record
from kokuho.ordinance import OrdinanceYear

_ = translator("office_billing")

ACCOUNTS = ("", "given", "public")
"""Not asked yet, given to the office, or the account for public money (公金受取口座)."""


class Departure(ResidentVersion):
    """What a payer who leaves said about refunds and papers that come later.

    The account itself stands in the office's own books, not here. ``agent`` names the tax agent
    (納税管理人), or the agent for payment that the municipality's rules know.
    """

    fiscal_year = models.PositiveSmallIntegerField()
    account = models.CharField(max_length=10, default="")
    agent = models.TextField(default="")
    agent_address = models.TextField(default="")
    asked_on = models.DateField()
    person = models.TextField()


def ask(
    resident: Resident,
    fiscal_year: int,
    *,
    account: str,
    agent: str,
    agent_address: str,
    asked_on: date,
    person: str,
) -> None:
    """Record what a payer who leaves said, inside ``seeing(…, writing=True)``.

    Raises:
        InputError: an account of no known kind, or an agent without address.
    """
    if account not in ACCOUNTS:
        raise InputError(
            _("{account} is no kind of account; there are: given, public.").format(account=account)
        )
    if bool(agent) != bool(agent_address):
        raise InputError(_("An agent has a name and an address."))
    moment = recordings.begin(resident.insurer_id, actor=person, reason=_("before departure"))
    said = Departure(
        resident=resident,
        fiscal_year=fiscal_year,
        account=account,
        agent=agent,
        agent_address=agent_address,
        asked_on=asked_on,
        person=person,
        **year_days(fiscal_year),
    )
    record(moment, [said])


def tasks(year: OrdinanceYear, said: Departure | None) -> tuple[Task, ...]:
    """What is still to be asked or done before a payer leaves Japan."""
    return before_departure(
        year,
        account_known=bool(said and said.account),
        agent_named=bool(said and said.agent),
    )


def said(residents: Iterable[int], fiscal_year: int) -> dict[int, Departure]:
    """What payers said, by row number of the resident."""
    rows = Departure.objects.known().filter(fiscal_year=fiscal_year, resident__in=list(residents))
    return {row.resident_id: row for row in rows}
