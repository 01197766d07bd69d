"""How levies answer to the knobs: of single households, and of the whole city.

Everything comes from re-levies. The levy of a household is a straight line in the rates until a
part reaches its cap, but for the rounding of each part; here parts are rounded to the yen alone, so
that a search is not led by the 100-yen steps. What is found is judged by the real levy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from kokuho.levy.kernel import Judged
from kokuho.levy.vectors import by_household
from kokuho.plan.forecast.account import Levied
from kokuho.plan.scenario.rates import FIELDS, Vector
from kokuho.plan.solve.knobs import Knob, Knobs
from kokuho.plan.solve.problem import Problem

_UNIT_RATE = 100_000
"""10 %: large enough that yen are fine, small enough for exact division."""

_UNIT_YEN = 1_000_000
_NO_CAP = 10**13
_STEP_RATE, _STEP_YEN = 1_000, 1_000
"""How far a knob is turned to see what the whole city answers: 0.1 % and 1,000 yen."""


@dataclass(frozen=True)
class Answer:
    """How the city's levy and its reliefs of a year answer to each knob, in yen per unit.

    ``now`` is what is levied without turning any.
    """

    now: Levied
    levied: tuple[float, ...]
    reliefs: tuple[float, ...]


def city_answer(problem: Problem, year: int, values: Sequence[int]) -> Answer:
    """Turn each knob a little and levy everybody again."""
    knobs = problem.knobs
    turned = []
    for number, knob in enumerate(knobs.knobs):
        further = list(values)
        further[number] += _step(knob)
        turned.append(knobs.vector(further))
    first, *others = problem.levy(problem.years[year], [knobs.vector(values), *turned])
    steps = [_step(knob) for knob in knobs.knobs]
    reliefs = sum(first.reliefs.values())
    return Answer(
        first,
        tuple((one.total - first.total) / step for one, step in zip(others, steps, strict=True)),
        tuple(
            (sum(one.reliefs.values()) - reliefs) / step
            for one, step in zip(others, steps, strict=True)
        ),
    )


def _step(knob: Knob) -> int:
    return _STEP_YEN if knob.benefit else _STEP_RATE


class Households:
    """The households of a year: levies without the 100-yen steps, and their slopes."""

    def __init__(self, judged: Judged, knobs: Knobs) -> None:
        smooth = replace(judged.method, person_unit=1, part_unit=1, total_unit=1)
        self.judged = replace(judged, method=smooth)
        self.knobs = knobs

    def levies(self, vector: Vector) -> pl.DataFrame:
        """Parts and total of each household, in the order of the households."""
        return by_household(self.judged, [vector]).drop("vector", "hh")

    @cached_property
    def slopes(self) -> pl.DataFrame:
        """What one unit of each knob adds to each household's levy below the cap, in yen."""
        zero = dict.fromkeys(self._columns(), 0)
        caps = {name: _NO_CAP for name in zero if name.endswith("_cap")}
        made: dict[str, pl.Series] = {}
        for field, unit in (
            ("income", _UNIT_RATE), ("per_capita", _UNIT_YEN), ("per_household", _UNIT_YEN),
        ):  # fmt: skip
            of_field = [knob for knob in self.knobs.knobs if knob.field == field]
            if not of_field:
                continue
            vector = zero | caps | {knob.name: unit for knob in of_field}
            base = self.knobs.base
            if field == "per_capita" and base.get("rate_child_per_capita"):
                vector["rate_child_per_capita_adult"] = (
                    vector["rate_child_per_capita"]
                    * base["rate_child_per_capita_adult"]
                    // base["rate_child_per_capita"]
                )
            amounts = self.levies(vector)
            made |= {knob.name: amounts[knob.part] / unit for knob in of_field}
        return pl.DataFrame({knob.name: made[knob.name] for knob in self.knobs.knobs})

    @cached_property
    def months(self) -> pl.DataFrame:
        """Months in which somebody of the household is liable, by part."""
        houses = self.judged.households
        return houses.select(
            pl.col("care_union" if part == "care" else "insured_union")
            .bitwise_count_ones()
            .cast(pl.Int64)
            .alias(part)
            for part in self.judged.method.parts
        )

    def slopes_at(self, row: int, levies: pl.DataFrame, vector: Vector) -> tuple[float, ...]:
        """The slopes of one household under a vector: 0 for parts that are at their cap."""
        slopes = self.slopes.row(row, named=True)
        amounts = levies.row(row, named=True)
        months = self.months.row(row, named=True)
        capped = {
            part: amounts[part] >= self._cap(vector[f"rate_{part}_cap"], months[part])
            for part in self.judged.method.parts
        }
        return tuple(0.0 if capped[knob.part] else slopes[knob.name] for knob in self.knobs.knobs)

    def _cap(self, cap: int, months: int) -> int:
        return cap * months // 12 if self.judged.method.cap_prorated else cap

    def _columns(self) -> list[str]:
        return [
            f"rate_{part}_{field}" for part in self.judged.method.parts for field in FIELDS.values()
        ]
