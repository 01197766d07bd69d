"""What a household owes in one payer's months: levied, stored, compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import polars as pl

from kokuho.levy import levy
from kokuho.office.assessment.frames import Unit, frames, rounds
from kokuho.office.register.models import Assessment
from kokuho.ordinance import OrdinanceYear


@dataclass(frozen=True)
class Amounts:
    """Yen by part and in total, and the reduction in tenths; a part that the year has not: none."""

    reduction: int
    medical: int
    support: int | None
    care: int | None
    child: int | None
    total: int


NAMES = tuple(field.name for field in fields(Amounts))
PARTS = ("medical", "support", "care", "child")


def stored(assessment: Assessment) -> Amounts:
    """The amounts that an assessment states."""
    return Amounts(**{name: getattr(assessment, name) for name in NAMES})


def nothing(ordinance: OrdinanceYear) -> Amounts:
    """The amounts where nobody is insured."""
    support, care, child = (0 if part in ordinance.parts else None for part in PARTS[1:])
    return Amounts(0, 0, support, care, child, 0)


def levied(units: Sequence[Unit], ordinance: OrdinanceYear) -> list[tuple[Unit, Amounts]]:
    """Levy units, each with its persons.

    Raises:
        LevyError: amounts beyond the range in which whole numbers divide exactly.
    """
    out = []
    for some in rounds(units):
        result = levy(*frames(some), [ordinance], steps=False).households
        by_number = {number: amounts for number, amounts in _rows(result)}
        out += [(unit, by_number[unit.number]) for unit in some]
    return out


def levied_again(
    persons: pl.DataFrame, households: pl.DataFrame, ordinance: OrdinanceYear
) -> Amounts:
    """Levy one household from its frames; without persons there is nothing to levy."""
    if persons.is_empty():
        return nothing(ordinance)
    result = levy(persons, households, [ordinance], steps=False).households
    return next(amounts for _number, amounts in _rows(result))


def _rows(result: pl.DataFrame) -> list[tuple[str, Amounts]]:
    return [
        (row["household_id"], Amounts(**{name: row[name] for name in NAMES}))
        for row in result.iter_rows(named=True)
    ]
