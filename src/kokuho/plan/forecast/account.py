"""The special account of a year (国保特別会計), seen from the levy, in whole yen.

Only what is left uncovered in the end is the deficit (決算補填等目的の法定外繰入): statutory
transfers and transfers for other purposes are revenue. It is taken to be covered by the general
account in the same year; 繰上充用 is not forecast. A surplus is shown and not spent in later years.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.base.money import PPM, mul_floor
from kokuho.plan.forecast.relevy import RELIEFS
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario.assumptions import Assumptions, Contribution
from kokuho.plan.scenario.values import Line

_ = translator("forecast")


def _mark(message: str) -> str:
    """Mark a message for the catalogue; it is translated when it is used."""
    return message


N_ = _mark

REVENUE = {
    "collected": (N_("Levy of the year, collected"), "levied × collection.current"),
    "collected_arrears": (
        N_("Levy carried over, collected"),
        "arrears_opening × collection.arrears",
    ),
    "transfer_reduction": (N_("Statutory transfer for reductions"), "levy"),
    "transfer_support": (N_("Statutory transfer for support"), "statutory.support"),
    "transfer_preschool": (N_("Statutory transfer for preschoolers"), "levy"),
    "transfer_maternity": (N_("Statutory transfer for maternity"), "levy"),
    "transfer_statutory": (N_("Other statutory transfers"), "statutory.lines"),
    "transfer_other": (N_("Other transfers that are no deficit"), "other_transfers"),
    "revenue_lines": (N_("Other revenue"), "revenue"),
    "measures": (N_("Effects of the plan's measures"), "measures"),
    "fund_draw": (N_("Drawn from the fund"), "fund.draws"),
}
EXPENDITURE = {
    "contribution_medical": (N_("Contribution: medical part"), "contribution.medical"),
    "contribution_support": (N_("Contribution: support part"), "contribution.support"),
    "contribution_care": (N_("Contribution: care part"), "contribution.care"),
    "contribution_child": (N_("Contribution: child part"), "contribution.child"),
    "expenditure_lines": (N_("Other expenditure"), "expenditure"),
}
RESULTS = {
    "balance": (N_("Revenue less expenditure"), "revenue - expenditure"),
    "deficit": (N_("Deficit"), "max(0, -balance)"),
    "surplus": (N_("Surplus"), "max(0, balance)"),
}
BESIDE = {
    "person_months": (N_("Months insured of all persons"), "levy"),
    "person_months_care": (N_("Months insured from 40 to 64"), "levy"),
    "levied": (N_("Levy of the year"), "levy"),
    "levied_medical": (N_("Levy: medical part"), "levy"),
    "levied_support": (N_("Levy: support part"), "levy"),
    "levied_care": (N_("Levy: care part"), "levy"),
    "levied_child": (N_("Levy: child part"), "levy"),
    "arrears_opening": (N_("Carried over from the year before"), "collection.balance"),
    "arrears_written_off": (N_("Written off"), "arrears_opening × collection.written_off"),
    "arrears_closing": (N_("Carried over to the next year"), "arrears"),
    "fund_closing": (N_("Fund at the end of the year"), "fund.balance - fund_draw"),
}
ITEMS = {**REVENUE, **EXPENDITURE, **RESULTS, **BESIDE}
"""Every figure of a year: what it is, and what it is made from (``levy``: the re-levy of every
household; names with a point: a place of the assumptions). A closed list, in docs/forecast.md."""


@dataclass(frozen=True)
class Levied:
    """What a re-levy says about a year: yen by part and in all, the reliefs, the person-months.

    ``relieved`` are all reliefs together, by part.
    """

    total: int
    parts: Mapping[str, int]
    reliefs: Mapping[str, int]
    months: Mapping[str, int]
    relieved: Mapping[str, int]


@dataclass(frozen=True)
class Carried:
    """What goes from one year into the next: unpaid levies and the fund."""

    arrears: int
    fund: int


def opening(assumptions: Assumptions) -> Carried:
    """What the base year starts with."""
    fund = assumptions.fund.balance.yen if assumptions.fund else 0
    return Carried(assumptions.collection.balance.yen, fund)


def settle(
    year: int, levied: Levied, carried: Carried, assumptions: Assumptions, world: World, *,
    plan: bool,
) -> tuple[dict[str, int], Carried]:  # fmt: skip
    """The account of a year, every item of :data:`ITEMS`, and what it carries over.

    Raises:
        PlanError: more is drawn from the fund than it has.
    """
    collection = assumptions.collection
    current = world.share(collection.current, "collection.current", year, plan=plan)
    arrears = world.share(collection.arrears, "collection.arrears", year, plan=plan)
    written = world.share(collection.written_off, "collection.written_off", year, plan=plan)
    items = dict.fromkeys(ITEMS, 0)
    items["person_months"] = levied.months["insured"]
    items["person_months_care"] = levied.months["care"]
    items["levied"] = levied.total
    items |= {f"levied_{part}": yen for part, yen in levied.parts.items()}
    items["collected"] = mul_floor(levied.total, current)
    items["arrears_opening"] = carried.arrears
    items["collected_arrears"] = mul_floor(carried.arrears, arrears)
    items["arrears_written_off"] = mul_floor(carried.arrears, min(written, PPM - arrears))
    items["arrears_closing"] = (
        carried.arrears
        - items["collected_arrears"]
        - items["arrears_written_off"]
        + levied.total
        - items["collected"]
    )
    items |= {f"transfer_{relief}": levied.reliefs[relief] for relief in RELIEFS}
    statutory = assumptions.statutory
    items["transfer_support"] = world.yen(statutory.support, "statutory.support", year, plan=plan)
    for item, lines, name in (
        ("transfer_statutory", statutory.lines, "statutory"),
        ("transfer_other", assumptions.other_transfers, "other_transfers"),
        ("revenue_lines", assumptions.revenue, "revenue"),
        ("expenditure_lines", assumptions.expenditure, "expenditure"),
    ):
        items[item] = _lines(lines, name, year, world, plan=plan)
    for part, entry in assumptions.contribution.items():
        items[f"contribution_{part}"] = contribution(
            entry, part, year, levied.months, world, plan=plan
        )
    fund = carried.fund
    if plan:
        items["measures"] = _lines(assumptions.measures, "measures", year, world, plan=True)
        items["fund_draw"] = _draw(assumptions, year, fund)
    items["fund_closing"] = fund - items["fund_draw"]
    items["balance"] = sum(items[name] for name in REVENUE) - sum(
        items[name] for name in EXPENDITURE
    )
    items["deficit"] = max(0, -items["balance"])
    items["surplus"] = max(0, items["balance"])
    return items, Carried(items["arrears_closing"], items["fund_closing"])


def contribution(
    entry: Contribution,
    part: str,
    year: int,
    months: Mapping[str, int],
    world: World,
    *,
    plan: bool,
) -> int:
    """納付金 of a part: as stated, or per head of the year's insured, grown to the year."""
    if entry.total is not None:
        return world.yen(entry.total, f"contribution.{part}.total", year, plan=plan)
    if entry.per_head is None or entry.growth is None:
        raise ValueError("a contribution has a total, or an amount per head and its growth")
    per_head = entry.per_head.yen * PPM
    for grown in range(entry.per_head.year + 1, year + 1):
        rate = world.rate(entry.growth, f"contribution.{part}.growth", grown, plan=plan)
        per_head = mul_floor(per_head, PPM + rate)
    heads = months["care" if part == "care" else "insured"]
    return per_head * heads // (12 * PPM)


def _lines(lines: tuple[Line, ...], name: str, year: int, world: World, *, plan: bool) -> int:
    return sum(world.yen(line, f"{name}.{line.name}", year, plan=plan) for line in lines)


def _draw(assumptions: Assumptions, year: int, fund: int) -> int:
    if assumptions.fund is None:
        return 0
    drawn: int = assumptions.fund.draws.stated(year, plan=True)
    if drawn > fund:
        raise PlanError(
            _("assumptions.fund: {drawn} yen are drawn in {year}, and {fund} yen are there").format(
                drawn=f"{drawn:,}", year=fiscal_year_name(year), fund=f"{fund:,}"
            )
        )
    return drawn


def left_open(deficit: int, means: Mapping[str, int]) -> int:
    """What is left of a deficit after some means have closed a part of it; below 0: a surplus."""
    return deficit - sum(means.values())
