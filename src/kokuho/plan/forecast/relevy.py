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
from kokuho.levy.vectors import by_household
from kokuho.plan.scenario.rates import Vector

RELIEFS = ("reduction", "preschool", "maternity")
"""The reliefs that transfers pay for: 軽減分, 未就学児均等割, 産前産後."""


_LEVY = "levy"
_ROWS_AT_A_TIME = 2_000_000
"""Households times vectors of one batch: some hundred megabytes."""


@dataclass(frozen=True)
class _Block:
    """Some households of the city, and whether their levy is added to or taken from an item."""

    item: str
    sign: int
    judged: Judged


@dataclass(frozen=True)
class _Stack:
    """Blocks under the same law and method, one upon the other, levied together.

    ``block`` is the number of the block of each household.
    """

    judged: Judged
    block: pl.Series
    blocks: tuple[_Block, ...]


class Relevy:
    """A city of one year after stage 1, ready to be levied under any rates."""

    def __init__(
        self, persons: pl.DataFrame, households: pl.DataFrame, law: LawYear, method: Method
    ) -> None:
        self.judged = judge(persons, households, law, method, steps=False)
        self.parts = method.parts
        self._free = _without_maternity(self.judged, persons, households)
        self._stacks = _stacks([_Block(_LEVY, 1, self.judged), *self._reliefs(persons)])

    def sums(self, vectors: Sequence[Vector]) -> pl.DataFrame:
        """The city's levy and reliefs under each vector of rates, in yen.

        One row a vector: the parts, ``total``, :data:`RELIEFS`, and the reliefs of each part
        together as ``relieved_PART``.
        """
        levied = self._by_item(vectors)
        made = levied[_LEVY].with_columns(
            levied[relief]["total"].alias(relief) for relief in RELIEFS
        )
        return made.with_columns(
            pl.sum_horizontal(levied[relief][part] for relief in RELIEFS).alias(f"relieved_{part}")
            for part in self.parts
        )

    def reliefs_by_part(self, vector: Vector) -> dict[str, int]:
        """All reliefs together, by part, under one vector."""
        sums = self.sums([vector])
        return {part: sums[f"relieved_{part}"][0] for part in self.parts}

    def _by_item(self, vectors: Sequence[Vector]) -> dict[str, pl.DataFrame]:
        """The parts and the total of the levy and of each relief, one row a vector."""
        columns = [*self.parts, "total"]
        zero = pl.DataFrame({name: [0] * len(vectors) for name in columns})
        made = dict.fromkeys((_LEVY, *RELIEFS), zero)
        for stack in self._stacks:
            found = _sums(stack, vectors, columns)
            for number, block in enumerate(stack.blocks):
                own = found.filter(block=number).sort("vector")
                made[block.item] = made[block.item].select(
                    pl.col(name) + block.sign * own[name] for name in columns
                )
        return made

    def _reliefs(self, persons: pl.DataFrame) -> list[_Block]:
        """Each relief as two blocks: the households concerned without it, less they with it."""
        judged, free = self.judged, self._free
        law, method = judged.law, judged.method
        exempt = persons["maternity_from"].is_not_null()
        reduced = free.households["reduction"] > 0
        children = free.persons.filter((pl.col("insured_mask") != 0) & pl.col("preschool"))
        uncut_law, uncut = replace(law, preschool_cut=None), replace(method, preschool_cut=None)
        blocks = []
        if reduced.any():
            having = _of(free, reduced, law=uncut_law, method=uncut)
            zero = having.households.with_columns(reduction=pl.lit(0, dtype=pl.Int64))
            blocks.append(_Block("reduction", 1, replace(having, households=zero)))
            blocks.append(_Block("reduction", -1, having))
        if law.preschool_cut and not children.is_empty():
            some = _rows(free, children["hh"])
            blocks.append(_Block("preschool", 1, _of(free, some, law=uncut_law, method=uncut)))
            blocks.append(_Block("preschool", -1, _of(free, some, law=law, method=uncut)))
        if exempt.any():
            some = _rows(judged, judged.persons["hh"].filter(exempt))
            blocks.append(_Block("maternity", 1, _of(free, some, law=law, method=uncut)))
            blocks.append(_Block("maternity", -1, _of(judged, some, law=law, method=uncut)))
        return blocks

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


def _stacks(blocks: Sequence[_Block]) -> list[_Stack]:
    together: list[list[_Block]] = []
    for block in blocks:
        law, method = block.judged.law, block.judged.method
        for stack in together:
            if stack[0].judged.law == law and stack[0].judged.method == method:
                stack.append(block)
                break
        else:
            together.append([block])
    return [_stack(stack) for stack in together]


def _stack(blocks: Sequence[_Block]) -> _Stack:
    persons, households, numbers = [], [], []
    below = 0
    for number, block in enumerate(blocks):
        judged = block.judged
        persons.append(judged.persons.with_columns(hh=(pl.col("hh") + below).cast(pl.UInt32)))
        households.append(judged.households)
        numbers.append(
            pl.Series("block", [number], dtype=pl.UInt8).new_from_index(0, judged.households.height)
        )
        below += judged.households.height
    first = blocks[0].judged
    whole = Judged(first.law, first.method, pl.concat(persons), pl.concat(households))
    return _Stack(whole, pl.concat(numbers), tuple(blocks))


def _sums(stack: _Stack, vectors: Sequence[Vector], columns: Sequence[str]) -> pl.DataFrame:
    """The sums of each block under each vector: ``vector``, ``block`` and the columns."""
    size = max(1, _ROWS_AT_A_TIME // stack.judged.households.height)
    found = [
        by_household(stack.judged, vectors[first : first + size])
        .with_columns(block=pl.lit(stack.block).gather(pl.col("hh")))
        .group_by("vector", "block")
        .agg(pl.col(columns).sum())
        .with_columns(pl.col("vector") + first)
        for first in range(0, len(vectors), size)
    ]
    return pl.concat(found)


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
