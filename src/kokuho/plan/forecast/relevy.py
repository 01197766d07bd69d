"""Re-levying a city under many rates, with the transfers that follow from the same levy.

Three reliefs of the levy are paid for by law (法定繰入), each computed as what the households would
owe without it less what they owe with it, every household levied anew, caps and rounding included:

* 保険基盤安定(軽減分): the reduction by 7, 5 or 2 tenths,
* 未就学児均等割: the statutory half of what is left of a preschooler's per-capita amount,
* 産前産後: the exempt months.

They stand on each other in this order, as the law cuts what the one before has left: without any of
them, with the first, with the first two, with all three. So levy and transfers together are the
levy without any relief, to the yen. What an ordinance cuts by itself is no transfer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from kokuho.law import LawYear
from kokuho.levy.kernel import Judged, judge
from kokuho.levy.method import Method
from kokuho.levy.vectors import by_household, totals
from kokuho.plan.scenario.rates import Vector

RELIEFS = ("reduction", "preschool", "maternity")
"""The reliefs that transfers pay for: 軽減分, 未就学児均等割, 産前産後."""


@dataclass(frozen=True)
class _Pair:
    """The same households without a relief and with it."""

    relief: str
    without: Judged
    having: Judged


class Relevy:
    """A city of one year after stage 1, ready to be levied under any rates."""

    def __init__(
        self, persons: pl.DataFrame, households: pl.DataFrame, law: LawYear, method: Method
    ) -> None:
        self.judged = judge(persons, households, law, method, steps=False)
        self.parts = method.parts
        free = _without_maternity(self.judged, persons, households)
        self._pairs = _pairs(self.judged, free, persons)
        self._free = free

    def sums(self, vectors: Sequence[Vector]) -> pl.DataFrame:
        """The city's levy and reliefs under each vector of rates, in yen.

        One row a vector: the parts, ``total`` and :data:`RELIEFS`.
        """
        made = totals(self.judged, vectors).drop("vector")
        for relief in RELIEFS:
            made = made.with_columns(pl.lit(0, dtype=pl.Int64).alias(relief))
        for pair in self._pairs:
            less = totals(pair.without, vectors)["total"] - totals(pair.having, vectors)["total"]
            made = made.with_columns((pl.col(pair.relief) + less).alias(pair.relief))
        return made

    def reliefs_by_part(self, vector: Vector) -> dict[str, int]:
        """All reliefs together, by part, under one vector."""
        found = dict.fromkeys(self.parts, 0)
        for pair in self._pairs:
            without, having = (
                totals(judged, [vector]).row(0, named=True)
                for judged in (pair.without, pair.having)
            )
            for part in self.parts:
                found[part] += without[part] - having[part]
        return found

    def households(self, vectors: Sequence[Vector]) -> pl.DataFrame:
        """What each household owes under each vector: ``vector``, ``hh``, parts, ``total``."""
        return by_household(self.judged, vectors)

    def unrelieved(self) -> Judged:
        """The city without any of the reliefs: its levy is 賦課総額 (before reductions)."""
        zero = pl.lit(0, dtype=pl.Int64)
        return replace(
            self._free,
            law=replace(self._free.law, preschool_cut=None),
            method=replace(self._free.method, preschool_cut=None),
            households=self._free.households.with_columns(reduction=zero),
        )

    def person_months(self) -> dict[str, int]:
        """Months insured of all persons, by liability (``care``: from 40 to 64)."""
        persons = self.judged.persons
        return {
            liability: int(persons[f"{liability}_mask"].bitwise_count_ones().cast(pl.Int64).sum())
            for liability in ("insured", "care")
        }


def _without_maternity(judged: Judged, persons: pl.DataFrame, households: pl.DataFrame) -> Judged:
    """The city with nobody exempt for maternity; itself where nobody is."""
    if persons["maternity_from"].is_null().all():
        return judged
    nobody = persons.with_columns(maternity_from=pl.lit(None, dtype=pl.Date))
    return judge(nobody, households, judged.law, judged.method, steps=False)


def _pairs(judged: Judged, free: Judged, persons: pl.DataFrame) -> list[_Pair]:
    law, method = judged.law, judged.method
    exempt = persons["maternity_from"].is_not_null()
    reduced = free.households["reduction"] > 0
    children = free.persons.filter((pl.col("insured_mask") != 0) & pl.col("preschool"))
    uncut_law, uncut = replace(law, preschool_cut=None), replace(method, preschool_cut=None)
    pairs = []
    if reduced.any():
        having = _of(free, reduced, law=uncut_law, method=uncut)
        zero = having.households.with_columns(reduction=pl.lit(0, dtype=pl.Int64))
        pairs.append(_Pair("reduction", replace(having, households=zero), having))
    if law.preschool_cut and not children.is_empty():
        some = _rows(free, children["hh"])
        pairs.append(
            _Pair(
                "preschool",
                _of(free, some, law=uncut_law, method=uncut),
                _of(free, some, law=law, method=uncut),
            )
        )
    if exempt.any():
        some = _rows(judged, judged.persons["hh"].filter(exempt))
        pairs.append(
            _Pair(
                "maternity",
                _of(free, some, law=law, method=uncut),
                _of(judged, some, law=law, method=uncut),
            )
        )
    return pairs


def _rows(judged: Judged, numbers: pl.Series) -> pl.Series:
    """Which rows of the households are among the numbers."""
    rows = pl.int_range(judged.households.height, dtype=pl.UInt32, eager=True)
    return rows.is_in(numbers.cast(pl.UInt32).unique().implode())


def _of(judged: Judged, some: pl.Series, *, law: LawYear, method: Method) -> Judged:
    """Some of the households, under a law and method that differ in what comes after stage 1."""
    number = some.cum_sum().cast(pl.UInt32) - 1
    persons = judged.persons.filter(some.gather(judged.persons["hh"]))
    persons = persons.with_columns(hh=number.gather(persons["hh"]))
    return Judged(law, method, persons, judged.households.filter(some))
