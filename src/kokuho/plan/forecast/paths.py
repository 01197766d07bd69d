"""Paths that are compared on the same people, and how the second closes the deficit of the first.

``no_action``: the ordinance's rates held, no measure. ``plan``: the plan's rates where there are
any, its measures, its collection rate, its draws from the fund.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kokuho.plan.amounts import remaining
from kokuho.plan.forecast.account import Levied, opening, settle
from kokuho.plan.forecast.course import Year
from kokuho.plan.forecast.relevy import RELIEFS
from kokuho.plan.forecast.world import World
from kokuho.plan.model import Plan
from kokuho.plan.scenario.model import Scenario
from kokuho.plan.scenario.rates import RatePath, Vector

NO_ACTION, PLAN = "no_action", "plan"
PATHS = (NO_ACTION, PLAN)

Items = dict[str, int]


@dataclass(frozen=True)
class Outcome:
    """The account of a year under both paths, and what closes the gap between them.

    ``closing``: what the plan's ``rates``, ``caps``, ``collection``, ``measures`` and ``fund`` add
    to the balance of the year, in yen; their sum is the difference of the two balances.
    """

    year: int
    items: dict[str, Items]
    closing: Items


class Accounts:
    """The accounts of one trial, year after year."""

    def __init__(self, scenario: Scenario, world: World, held: RatePath, plan: RatePath):
        self.assumptions, self.world = scenario.assumptions, world
        self.base_year = scenario.base_year
        self.held, self.plan = held, plan
        self.carried = dict.fromkeys((*PATHS, "rates", "caps"), opening(scenario.assumptions))

    def of(self, made: Year) -> Outcome:
        """The accounts of the next year."""
        year = made.city.year
        held, plan = self.held.vectors[year], self.plan.vectors[year]
        own_caps = {name: held[name] if name.endswith("_cap") else plan[name] for name in plan}
        levied = levied_under(made, (held, own_caps, plan))
        items = {
            # between the paths: the plan's rates alone, then its caps too, nothing else of it
            name: self._settle(name, year, one, plan=name == PLAN and year > self.base_year)
            for name, one in zip(
                (NO_ACTION, "rates", "caps", PLAN), (*levied, levied[-1]), strict=True
            )
        }
        balance = {name: one["balance"] for name, one in items.items()}
        done, before = items[PLAN], items["caps"]
        direct = ("measures", "fund_draw")
        closing = {
            "rates": balance["rates"] - balance[NO_ACTION],
            "caps": balance["caps"] - balance["rates"],
            "collection": sum(
                done[name] - before[name] for name in ("collected", "collected_arrears")
            ),
            "measures": done["measures"],
            "fund": done["fund_draw"],
        }
        closing["other"] = balance[PLAN] - balance["caps"] - closing["collection"]
        closing["other"] -= sum(done[name] for name in direct)
        return Outcome(year, {name: items[name] for name in PATHS}, closing)

    def _settle(self, name: str, year: int, levied: Levied, *, plan: bool) -> Items:
        items, carried = settle(
            year, levied, self.carried[name], self.assumptions, self.world, plan=plan
        )
        self.carried[name] = carried
        return items


def levied_under(made: Year, vectors: Sequence[Vector]) -> list[Levied]:
    """The year's people levied under each vector of rates; equal ones are levied once."""
    distinct = [vector for n, vector in enumerate(vectors) if vector not in vectors[:n]]
    months = made.relevy.person_months()
    rows = made.relevy.sums(distinct).rows(named=True)
    sums = [
        Levied(
            row["total"],
            {part: row[part] for part in made.relevy.parts},
            {relief: row[relief] for relief in RELIEFS},
            months,
            {part: row[f"relieved_{part}"] for part in made.relevy.parts},
        )
        for row in rows
    ]
    return [sums[distinct.index(vector)] for vector in vectors]


@dataclass(frozen=True)
class Target:
    """What the plan leaves as deficit in a year, and what that asks of the rates, in yen.

    ``needed`` is how much the deficit without action must fall; ``revision`` what that is of the
    levy collected without action, in percent.
    """

    year: int
    remaining: int
    needed: int
    revision: Decimal | None


def targets(plan: Plan | None, no_action: Mapping[int, Items]) -> dict[int, Target]:
    """The plan's yearly targets where it has them, against the forecast without action."""
    if plan is None:
        return {}
    left = remaining(plan)
    found = {}
    for year, items in no_action.items():
        thousand = left.get(year)
        if thousand is None:
            continue
        needed = max(0, items["deficit"] - thousand * 1000)
        revision = percent(needed, items["collected"]) if items["collected"] else None
        found[year] = Target(year, thousand * 1000, needed, revision)
    return found


def percent(amount: int, base: int, decimals: int = 2) -> Decimal:
    """``amount / base`` in percent, half up.

    >>> percent(20, 30)
    Decimal('66.67')
    """
    scaled = amount * 100 * 10**decimals
    return Decimal((2 * scaled + base) // (2 * base)).scaleb(-decimals)
