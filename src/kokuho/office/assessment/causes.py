"""Why a household's year is assessed anew: what differs between the inputs before and now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from kokuho.base.calendar import last_day_of_year
from kokuho.levy.frames import HOUSEHOLD_SCHEMA
from kokuho.levy.months import ALL_MONTHS, months_joined, months_left
from kokuho.office.assessment.documents import Inputs
from kokuho.office.register.models import Enrolment, Income, Residence

_INCOMES = Income.fact_names()
_RELIEFS = (
    "involuntary_unemployment_from",
    "maternity_from",
    "maternity_months",
    "former_dependant_from",
    "per_capita_exemption",
)
_ELDERS = [name for name in HOUSEHOLD_SCHEMA if name not in ("insurer_code", "household_id")]


@dataclass(frozen=True)
class Cause:
    """One cause (``codes.CAUSES``); of which person, and the code of the reason, where it has one.

    ``reason`` is one of the register's for an enrolment's beginning or end.
    """

    cause: str
    person: str = ""
    reason: str = ""

    def as_dict(self) -> dict[str, str]:
        """What is said of it, for JSON."""
        return {name: value for name, value in asdict(self).items() if value}


def causes(before: Sequence[Inputs], now: Sequence[Inputs]) -> list[Cause]:
    """What differs in the facts of one household's year, by person.

    Persons who are gone are looked up in the register, which says where to.
    """
    old, new = _People(before), _People(now)
    fiscal_year = max(one.fiscal_year for one in (*before, *now))
    found: list[Cause] = []
    for person in sorted({*old.months, *new.months}):
        found += _of_person(person, old, new, fiscal_year)
    found += _of_heads(before, now)
    if _elders(before) != _elders(now) and before and now:
        found.append(Cause("elders"))
    return found


class _People:
    """The persons of a household in a year, over all of its payers."""

    def __init__(self, inputs: Sequence[Inputs]) -> None:
        self.months: dict[str, int] = {}
        self.rows: dict[str, Mapping[str, Any]] = {}
        self.began: dict[str, str] = {}
        for one in sorted(inputs, key=lambda one: one.first_month):
            for row in one.persons:
                person = str(row["person_id"])
                if row["insured"]:
                    months = months_of(row, one.fiscal_year)
                    self.months[person] = self.months.get(person, 0) | months
                self.rows[person] = row
            for person, reasons in one.reasons.items():
                if reasons["began"]:
                    self.began[person] = reasons["began"]


def months_of(row: Mapping[str, Any], fiscal_year: int) -> int:
    """The months of a row of the levy, but for the age of 75."""
    joined, left = row.get("joined_on"), row.get("left_on")
    mask = ALL_MONTHS if joined is None else months_joined(joined, fiscal_year)
    if left is not None:
        mask &= months_left(left, fiscal_year)
    return mask & ~int(row.get("absent_months", 0))


def _of_person(person: str, old: _People, new: _People, fiscal_year: int) -> Iterable[Cause]:
    before, now = old.months.get(person, 0), new.months.get(person, 0)
    if now & ~before:
        reason = new.began.get(person, "")
        came = person not in old.months and not reason
        yield Cause("moved_in" if came else "joined", person, reason)
    if before & ~now:
        yield _loss(person, before & ~now, fiscal_year)
    one, other = old.rows.get(person), new.rows.get(person)
    if one is None or other is None:
        return
    for cause, names in (
        ("income", _INCOMES),
        ("declaration", ["declared"]),
        ("birth_date", ["birth_date"]),
        ("relief", _RELIEFS),
    ):
        if any(one.get(name) != other.get(name) for name in names):
            yield Cause(cause, person)


def _loss(person: str, lost: int, fiscal_year: int) -> Cause:
    """Where lost months went: out of the insurance, or with the person to another household."""
    enrolled, reason = 0, ""
    for one in (
        Enrolment.objects.known().filter(resident__address_number=person).order_by("valid_from")
    ):
        mask = months_joined(one.valid_from, fiscal_year)
        if one.valid_to is not None:
            mask &= months_left(one.valid_to, fiscal_year)
            reason = one.loss_reason if one.valid_to <= last_day_of_year(fiscal_year) else reason
        enrolled |= mask
    return Cause("left", person, reason) if lost & ~enrolled else Cause("moved_out", person)


def _of_heads(before: Sequence[Inputs], now: Sequence[Inputs]) -> Iterable[Cause]:
    if not before or not now or _heads(before) == _heads(now):
        return
    gone = {one.payer for one in before} - {_last(now).payer}
    dead = [payer for payer in sorted(gone) if _died(payer)]
    yield from (Cause("head_died", payer) for payer in dead)
    if not dead:
        yield Cause("head", _last(now).payer)


def _heads(inputs: Sequence[Inputs]) -> list[tuple[int, str]]:
    """Who heads from which month; the months in which nobody is insured are not told apart."""
    ordered = sorted((one.first_month, one.payer) for one in inputs)
    return [one for n, one in enumerate(ordered) if n == 0 or ordered[n - 1][1] != one[1]]


def _last(inputs: Sequence[Inputs]) -> Inputs:
    return max(inputs, key=lambda one: one.first_month)


def _died(person: str) -> bool:
    return death_of(person) is not None


def death_of(person: str) -> date | None:
    """The day after the death of a person, if the register knows of it."""
    residence = (
        Residence.objects.known()
        .filter(resident__address_number=person, ended_by="death")
        .order_by("valid_from")
        .last()
    )
    enrolment = (
        Enrolment.objects.known()
        .filter(resident__address_number=person, loss_reason="death")
        .order_by("valid_from")
        .last()
    )
    found = residence or enrolment
    return found.valid_to if found else None


def _elders(inputs: Sequence[Inputs]) -> list[list[Any]]:
    ordered = sorted(inputs, key=lambda one: one.first_month)
    return [[one.household.get(name) for name in _ELDERS] for one in ordered[:1]]
