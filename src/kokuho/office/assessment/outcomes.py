"""A household's year as it was assessed and as it would be now: what is to be decided anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from kokuho.office.assessment.amounts import Amounts, nothing, stored
from kokuho.office.assessment.frames import Unit
from kokuho.office.register.models import Assessment
from kokuho.ordinance import OrdinanceYear


@dataclass(frozen=True)
class Outcome:
    """One payer's assessment before and after; one of the two may be missing.

    ``unit`` and ``amounts`` go together: what is owed now, and what it was levied from.
    """

    household: int
    payer: int
    former: Assessment | None
    unit: Unit | None
    amounts: Amounts | None

    @property
    def before(self) -> int:
        """The total before, in yen."""
        return self.former.total if self.former else 0

    @property
    def after(self) -> int:
        """The total after, in yen."""
        return self.amounts.total if self.amounts else 0

    def days(self, fiscal_year: int) -> Iterator[tuple[date, date]]:
        """The days that the former assessment is for, and those of the new one."""
        if self.former and self.former.valid_to:
            yield self.former.valid_from, self.former.valid_to
        if self.unit:
            yield self.unit.period.days(fiscal_year)


def outcomes(
    formers: Iterable[Assessment],
    levied: Iterable[tuple[Unit, Amounts]],
    idle: Iterable[Unit],
    ordinance: OrdinanceYear,
) -> dict[int, list[Outcome]]:
    """By household, what differs from before; a household where nothing does is not there.

    An assessment of a payer who is still the head, with nobody left to pay for, becomes nil; that
    of somebody who is no head any more goes.
    """
    old, new = defaultdict(list), defaultdict(list)
    for former in formers:
        old[former.household_id, former.payer_id].append(former)
    for unit, amounts in levied:
        new[unit.household, unit.payer].append((unit, amounts))
    for unit in idle:
        if len(old[unit.household, unit.payer]) > len(new[unit.household, unit.payer]):
            new[unit.household, unit.payer].append((unit, nothing(ordinance)))
    found: dict[int, list[Outcome]] = defaultdict(list)
    for household, payer in sorted({*old, *new}):
        found[household] += _of_payer(
            household,
            payer,
            sorted(old[household, payer], key=lambda former: former.valid_from),
            sorted(new[household, payer], key=lambda pair: pair[0].period.first_month),
            ordinance.fiscal_year,
        )
    return {household: changed for household, changed in found.items() if changed}


def _of_payer(
    household: int,
    payer: int,
    formers: Sequence[Assessment],
    units: Sequence[tuple[Unit, Amounts]],
    fiscal_year: int,
) -> list[Outcome]:
    changed = []
    for former, pair in zip_longest(formers, units):
        unit, amounts = pair or (None, None)
        if former and unit:
            same_days = (former.valid_from, former.valid_to) == unit.period.days(fiscal_year)
            if same_days and stored(former) == amounts:
                continue
        changed.append(Outcome(household, payer, former, unit, amounts))
    return changed
