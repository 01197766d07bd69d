"""Arrears on a day, read once: what is owed, the acts, the households, what is to be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from kokuho.arrears import (
    Act,
    Candidate,
    Household,
    Item,
    Prescription,
    ReminderDue,
    ReminderRule,
    Windows,
    WriteOff,
    candidate,
    households,
    money_for,
    owed,
    part_payments,
    prescription,
    prescription_of,
    reminders_due,
    standing,
    without_rates,
    work_list,
    write_off_of,
)
from kokuho.base.errors import LawError
from kokuho.ledger import DEMANDS, LedgerRules
from kokuho.ledger.demands import INTEREST_FROM
from kokuho.ledger.standing import seen
from kokuho.office.arrears.recording import acts_of
from kokuho.office.arrears.whereabouts import heads_of, whereabouts
from kokuho.office.ledger.books import Books, open_books
from kokuho.office.ledger.rules import ordinance_on, rules_on

_ENDING = ("suspension", "extinction")


@dataclass(frozen=True)
class Arrears:
    """The arrears of an insurer, or of some households, on ``on``; made by :func:`read`."""

    insurer: str
    on: date
    rules: LedgerRules
    reminder_days: int | None
    books: Books
    entries: pl.DataFrame
    acts: Mapping[str, tuple[Act, ...]]
    owed: pl.DataFrame
    windows: Windows
    why_no_interest: str = ""
    """Why nobody knows the interest that runs, where the law's rates of a year are missing."""

    @cached_property
    def payments(self) -> Mapping[str, Sequence[tuple[date, int]]]:
        """Part payments by the debtor, by demand."""
        return part_payments(self.entries)

    @cached_property
    def households(self) -> tuple[Household, ...]:
        """The households of which something is owed, with their states."""
        return households(self.owed, self.acts, money_for(self.entries), self.on, self.windows)

    @cached_property
    def reminders(self) -> tuple[ReminderDue, ...]:
        """The demands that need a reminder."""
        rule = ReminderRule(self.rules.kind, self.reminder_days)
        return reminders_due(self.owed, self.acts, rule, self.on, self.gone)

    @cached_property
    def gone(self) -> frozenset[str]:
        """The demands whose right is gone."""
        kind = self.rules.kind
        found = set()
        rows = self.owed.select("household_id", "demand_id", "due").iter_rows()
        for house, demand, due in rows:
            acts = self.acts.get(house, ())
            # nothing makes a right end sooner than it would by itself
            alone = prescription(due, kind)
            if alone.gone(self.on) or any(act.kind in _ENDING for act in acts):
                prescribed = prescription_of(demand, due, kind, acts, self.payments)
                if write_off_of(demand, acts, prescribed, self.on):
                    found.add(demand)
        return frozenset(found)

    @cached_property
    def heads(self) -> dict[str, int]:
        """The head of each household: row number of the resident."""
        return heads_of(self.insurer, self.owed["household_id"].unique(), self.on)

    @cached_property
    def work(self) -> tuple[Item, ...]:
        """The work list."""
        where = whereabouts(self.insurer, self.heads, self.on)
        return work_list(
            self.households, self.reminders, self.payments, where, self.rules.kind, self.on,
            self.windows,
        )  # fmt: skip

    def prescriptions(self, house: Household) -> dict[str, Prescription]:
        """The prescription of each overdue demand of a household."""
        acts = self.acts.get(house.number, ())
        return {
            demand: prescription_of(demand, due, self.rules.kind, acts, self.payments)
            for demand, due in house.due.select("demand_id", "due").iter_rows()
        }

    def write_offs(self) -> tuple[tuple[Household, WriteOff], ...]:
        """The demands whose right is gone, each with its household."""
        found = []
        for house in self.households:
            acts = self.acts.get(house.number, ())
            for demand, prescribed in self.prescriptions(house).items():
                ground = write_off_of(demand, acts, prescribed, self.on)
                if ground is not None:
                    found.append((house, ground))
        return tuple(found)

    def candidates(self) -> tuple[Candidate, ...]:
        """Households with a year of arrears (特別療養費)."""
        found = []
        for house in self.households:
            oldest = house.due.filter(pl.col("principal") > 0)["due"].min()
            if isinstance(oldest, date):
                one = candidate(house.number, oldest, self.acts.get(house.number, ()), self.on)
                found += [one] if one else []
        return tuple(found)


def read(
    insurer: str,
    on: date,
    households: Iterable[str] | None = None,
    *,
    known: date | None = None,
    windows: Windows | None = None,
) -> Arrears:
    """Read the arrears of an insurer on a day, inside ``seeing``.

    Args:
        insurer: the code of the insurer.
        on: the day: entries of a later value date and acts of a later day are left out.
        households: numbers of households; all if left out.
        known: as it was known on this day; on ``on`` if left out.
        windows: how far ahead lists look.

    Where the law's rates of interest of a year are not known yet, the interest that runs is null
    and ``why_no_interest`` says what is missing; everything else is as ever.

    Raises:
        LedgerError: no ordinance is kept that says how interest runs.
        LawError: the law of a day is not known.
    """
    listed = None if households is None else pl.Series("household_id", sorted(set(households)))
    books = open_books(insurer, listed, known=known or on)
    rules = rules_on(insurer, on)
    acts = acts_of(insurer, None if listed is None else list(listed), known or on)
    claims = books.claims.select(*DEMANDS)
    if rules.interest.starts == "reminder":
        claims = _from_reminders(claims, acts)
    entries = seen(books.entries, on, known or on)
    why_not = ""
    try:
        table = owed(claims, entries, on, known=known, rules=rules, deferrals=books.reliefs)
    except LawError as error:
        why_not = str(error)
        table = without_rates(owed(claims, entries, on, known=known))
    return Arrears(
        insurer=insurer,
        on=on,
        rules=rules,
        reminder_days=ordinance_on(insurer, on).collection.reminder_days,
        books=books,
        entries=entries,
        acts={house: tuple(a for a in some if a.day <= on) for house, some in acts.items()},
        owed=table,
        windows=windows or Windows(),
        why_no_interest=why_not,
    )


def _from_reminders(claims: pl.DataFrame, acts: Mapping[str, Sequence[Act]]) -> pl.DataFrame:
    """The first day of interest of each demand: after the term that its reminder set."""
    first: dict[str, date] = {}
    for some in acts.values():
        for act in standing(some):
            if act.kind == "reminder":
                for demand in act.demands:
                    first.setdefault(demand, (act.until or act.day) + timedelta(days=1))
    days = pl.DataFrame(
        {"demand_id": list(first), INTEREST_FROM: list(first.values())},
        schema={"demand_id": pl.String, INTEREST_FROM: pl.Date},
    )
    return claims.join(days, on="demand_id", how="left", maintain_order="left")
