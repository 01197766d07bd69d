"""Fitting rates for a scenario: steps A, B and C part by part (保険料適正算定)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.plan.forecast.account import opening, settle
from kokuho.plan.forecast.course import Start, Year
from kokuho.plan.forecast.paths import Items, levied_under
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario.inputs import Inputs
from kokuho.plan.scenario.rates import RatePath, parts_of
from kokuho.plan.solve.standard import TOLERANCE, Checked, Fitted, Fitting, rounded_up

_ = translator("forecast")

Step = Literal["A", "B", "C"]
"""A: rates from what a part must bring in. B: what given rates come to. C: both in a loop."""


@dataclass(frozen=True)
class Calculated:
    """What a step gives: the rates, what they come to, and what each part must bring in, in yen.

    ``fitted`` is empty for B, whose rates are given.
    """

    step: Step
    year: int
    required: dict[str, int]
    fitted: dict[str, Fitted]
    vector: dict[str, int]
    checked: dict[str, Checked]
    households: int

    @property
    def tolerance(self) -> int:
        """Yen by which a part may miss what it must bring in."""
        return TOLERANCE * self.households

    def as_dict(self) -> dict[str, Any]:
        """As ``--json`` gives it."""
        return {
            "step": self.step,
            "year": self.year,
            "rates": parts_of(self.vector),
            "tolerance": self.tolerance,
            "parts": {
                part: {
                    "required": self.required[part],
                    "revenue": one.revenue,
                    "missing": one.missing(self.required[part]),
                    "gross": one.gross,
                    "levied": one.levied,
                    "reliefs": one.reliefs,
                    "over_cap": one.over_cap,
                    "benefit_share": f"{float(one.benefit):.4f}",
                    "levies": self.fitted[part].levies if part in self.fitted else None,
                }
                for part, one in self.checked.items()
            },
        }


def calculate(
    inputs: Inputs, step: Step, *, rates: RatePath | None = None, printed: bool = False
) -> Calculated:
    """Do one step for the year that the scenario's calculation names.

    Args:
        inputs: the scenario and its files.
        step: A, B or C.
        rates: for B the rates to be checked; without, the scenario's.
        printed: raise fitted rates to printed steps (the limits' or 0.01 % and 100 yen).

    Raises:
        PlanError: the scenario states no calculation, or no rates bring in what is required.
    """
    scenario = inputs.scenario
    calculation = scenario.calculation
    if calculation is None:
        raise PlanError(_("the scenario states no calculation; `plan rates` needs it"))
    world = World(scenario.seed)
    path = rates or inputs.plan_rates()
    made, items = _at(inputs, world, calculation.year)
    collected = world.share(
        scenario.assumptions.collection.current, "collection.current", calculation.year
    )
    fitting = Fitting(made.relevy, collected)
    required = _required(inputs, items)
    vector = dict(path.vectors[calculation.year])
    fitted: dict[str, Fitted] = {}
    if step != "B":
        for part, entry in calculation.parts.items():
            find = fitting.fit if step == "A" else fitting.loop
            found = find(vector, part, required[part], entry.shares)
            if printed and scenario.limits is not None:
                found = rounded_up(found, scenario.limits.steps.of(part))
            fitted[part] = found
            vector |= found.vector()
    checked = fitting.check(vector)
    return Calculated(
        step,
        calculation.year,
        required,
        fitted,
        vector,
        checked,
        made.relevy.judged.households.height,
    )


def _at(inputs: Inputs, world: World, year: int) -> tuple[Year, Items]:
    """The people and the account of a year without action."""
    carried = opening(inputs.scenario.assumptions)
    vector = inputs.held_rates().vectors[inputs.scenario.base_year]
    for made in Start(inputs).years(world):
        items, carried = settle(
            made.city.year,
            levied_under(made, [vector])[0],
            carried,
            inputs.scenario.assumptions,
            world,
            plan=False,
        )
        if made.city.year == year:
            break
    return made, items


def _required(inputs: Inputs, items: Items) -> dict[str, int]:
    """What each part must bring in by its levy and reliefs.

    Its 納付金, and for the medical part the other lines of the account too; or what the scenario
    states.
    """
    calculation = inputs.scenario.calculation
    beside = items["expenditure_lines"] - sum(
        items[name]
        for name in (
            "collected_arrears", "transfer_support", "transfer_statutory", "transfer_other",
            "revenue_lines",
        )
    )  # fmt: skip
    required = {
        part: items[f"contribution_{part}"] + (beside if part == "medical" else 0)
        for part in inputs.ordinance.parts
    }
    stated = calculation.parts if calculation else {}
    return required | {
        part: entry.required.yen for part, entry in stated.items() if entry.required is not None
    }
