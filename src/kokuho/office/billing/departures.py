"""Before a payer leaves (転出・出国の前に): who leaves, and account and agent, asked in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models

from kokuho.base.calendar import era_date, fiscal_year_of
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.billing import Task, before_departure
from kokuho.office.assessment.addressees import name_of
from kokuho.office.billing.leaving import leavers
from kokuho.office.billing.ordinances import assessed_years, ordinance_of
from kokuho.office.billing.schedules import year_days
from kokuho.office.register import recordings
from kokuho.office.register.models import Household, Resident
from kokuho.office.register.residents import ResidentVersion
from kokuho.office.store.recording import record
from kokuho.ordinance import OrdinanceYear

_ = translator("office_billing")

ACCOUNTS = ("", "given", "public")
"""Not asked yet, given to the office, or the account for public money (公金受取口座)."""


class Departure(ResidentVersion):
    """What a payer who leaves said about refunds and papers that come later.

    ``account_text`` is the account as it was given; empty where it stands in the office's own books
    alone. ``agent`` names the tax agent (納税管理人), or the agent for payment that the
    municipality's rules know.
    """

    fiscal_year = models.PositiveSmallIntegerField()
    account = models.CharField(max_length=10, default="")
    account_text = models.TextField(default="")
    agent = models.TextField(default="")
    agent_address = models.TextField(default="")
    asked_on = models.DateField()
    person = models.TextField()


def ask(
    resident: Resident,
    fiscal_year: int,
    *,
    account: str,
    account_text: str = "",
    agent: str,
    agent_address: str,
    asked_on: date,
    person: str,
) -> None:
    """Record what a payer who leaves said, inside ``seeing(…, writing=True)``.

    Raises:
        InputError: an account of no known kind, the text of one that was not given, or an agent
            without address.
    """
    if account not in ACCOUNTS:
        raise InputError(
            _("{account} is no kind of account; there are: given, public.").format(account=account)
        )
    if account_text and account != "given":
        raise InputError(_("Only an account that was given is written down."))
    if bool(agent) != bool(agent_address):
        raise InputError(_("An agent has a name and an address."))
    moment = recordings.begin(resident.insurer_id, actor=person, reason=_("before departure"))
    said = Departure(
        resident=resident,
        fiscal_year=fiscal_year,
        account=account,
        account_text=account_text,
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


def said(residents: Iterable[int], fiscal_year: int | None = None) -> dict[int, Departure]:
    """What payers said last, by row number of the resident; of a fiscal year, or of all."""
    rows = Departure.objects.known().filter(resident__in=list(residents))
    if fiscal_year is not None:
        rows = rows.filter(fiscal_year=fiscal_year)
    return {row.resident_id: row for row in rows.order_by("asked_on", "fiscal_year", "pk")}


def said_data(word: Departure | None) -> dict[str, str] | None:
    """What a payer said, for machines; none for nothing."""
    if word is None:
        return None
    return {
        "account": word.account,
        "account_text": word.account_text,
        "agent": word.agent,
        "agent_address": word.agent_address,
        "asked_on": word.asked_on.isoformat(),
        "person": word.person,
    }


def said_text(word: Departure) -> str:
    """What a payer said, in one line."""
    accounts = {
        "given": _("refunds to the account given: {text}"),
        "public": _("refunds to the account for public money"),
    }
    text = word.account_text or _("see the office's books")
    parts = [accounts[word.account].format(text=text)] if word.account else []
    if word.agent:
        agent = _("agent: {name}, {address}")
        parts.append(agent.format(name=word.agent, address=word.agent_address))
    parts.append(_("said on {day}").format(day=era_date(word.asked_on)))
    return " / ".join(parts)


HOWS = {
    "moved_abroad": "leaves Japan",
    "moved_out": "moves within Japan",
    "removed": "removed by the office",
}
"""How payers leave, for people."""


def how_text(how: str) -> str:
    """How a payer leaves, in the language of the interface."""
    return _(HOWS[how])


@dataclass(frozen=True)
class Departing:
    """A payer who leaves the municipality, or left it with something still to do.

    Attributes:
        household, payer: of whom; the payer heads the household until the departure.
        name: the payer's, as papers bear it.
        leaves_on: the day of moving (転出予定日・転出日), the first on which nobody lives here.
        how: ``moved_abroad``, ``moved_out`` (within Japan) or ``removed`` (職権消除).
        to: the address moved to, as it was reported; may be empty.
        staying: how many members of the household stay here.
        said: what the payer said about refunds and papers during this stay; none: not asked.
        tasks: what is still to be done, in order (:class:`kokuho.billing.Task`): the loss of the
            entitlement (``loss``), the levy (``recalculate``), the last bill (``bill``), the
            account (``account``), the agent (``tax_agent``, ``agent``, ``agent_unstated``).

    What is owed or overpaid is the ledger's: :func:`kokuho.office.household.leavers.leavers` is
    this list with it.
    """

    household: Household
    payer: Resident
    name: str
    leaves_on: date
    how: str
    to: str
    staying: int
    said: Departure | None
    tasks: tuple[Task, ...]

    @property
    def fiscal_year(self) -> int:
        """The last fiscal year in which the payer lived here."""
        return fiscal_year_of(self.leaves_on - timedelta(days=1))


def departing(insurer_code: str, on: date, *, everything: bool = False) -> list[Departing]:
    """The payers who leave, inside ``seeing(…)``, by day, the first to leave first.

    Who is still here on ``on`` is in the list in any case; who has left, as long as something is
    to be done, from the fiscal year before that of ``on`` on. A payer who came back is left out,
    and so is an insurer of which no year is assessed: nothing was billed.

    Args:
        insurer_code: the insurer.
        on: the day of the list.
        everything: also who has left with nothing to do.
    """
    years = assessed_years(insurer_code)
    if not years:
        return []
    ordinances = {year: ordinance_of(insurer_code, year) for year in years}
    found = leavers(insurer_code, years, on)
    spoken = said(one.home.resident_id for one in found)
    listed = []
    for one in found:
        home, word = one.home, spoken.get(one.home.resident_id)
        if word is not None and word.asked_on < home.valid_from:
            word = None  # said before an earlier departure
        tasks = (*one.work, *_ask(ordinances[one.year], home.ended_by, word))
        if everything or tasks or one.leaves_on > on:
            listed.append(
                Departing(
                    household=one.household,
                    payer=home.resident,
                    name=name_of(home.resident, on),
                    leaves_on=one.leaves_on,
                    how=home.ended_by,
                    to=home.later_address,
                    staying=one.staying,
                    said=word,
                    tasks=tasks,
                )
            )
    return listed


def _ask(year: OrdinanceYear, how: str, said: Departure | None) -> list[Task]:
    """What to ask; an agent only of who leaves Japan, and nobody can be asked who was removed."""
    asked = {"moved_abroad": ("account", "tax_agent", "agent", "agent_unstated"),
             "moved_out": ("account",)}.get(how, ())  # fmt: skip
    return [task for task in tasks(year, said) if task.code in asked]
