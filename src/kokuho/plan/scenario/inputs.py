"""The files behind a scenario, read and checked, with digests so that figures can be traced."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.law import LawYear, for_fiscal_year, held
from kokuho.levy.intake import read_households_and_persons
from kokuho.ordinance import Ordinance, OrdinanceYear, load
from kokuho.plan.files import load_plan
from kokuho.plan.model import Plan
from kokuho.plan.scenario.model import City, Scenario
from kokuho.plan.scenario.rates import RatePath, Rates
from kokuho.tables import Refusal

_ = translator("forecast")

MakeCity = Callable[[City, int, str], tuple[pl.DataFrame, pl.DataFrame]]
"""Makes a fictional city: its size and seed, fiscal year and insurer code."""


@dataclass(frozen=True)
class Inputs:
    """A scenario with everything that it names, ready to be computed with.

    ``compared`` are the ordinances that the paper is to compare with, beside those shipped.
    ``laws`` has the law of every year, assumed where the scenario says so; ``files`` the digest of
    every file that was read.
    """

    scenario: Scenario
    plan: Plan | None
    ordinance: OrdinanceYear
    persons: pl.DataFrame
    households: pl.DataFrame
    laws: dict[int, LawYear]
    files: dict[str, str]
    refusals: tuple[Refusal, ...] = ()
    compared: tuple[Ordinance, ...] = ()

    def held_rates(self) -> RatePath:
        """The ordinance's rates, kept through all years."""
        return RatePath.held(self.ordinance, self.scenario.years)

    def plan_rates(self, rates: Rates | None = None) -> RatePath:
        """The rates of the plan: those given, else the scenario's; before them those held.

        Raises:
            PlanError: a part that the ordinance does not have, or a cap above the law's.
        """
        path = self.held_rates().changed(self.scenario.rates if rates is None else rates)
        for year, vector in path.vectors.items():
            for part, most in self.laws[year].caps.items():
                if vector.get(f"rate_{part}_cap", 0) > most:
                    raise PlanError(
                        _(
                            "rates of {year}: the cap of the part {part} is above {most} yen, the "
                            "national one ({law})"
                        ).format(
                            year=fiscal_year_name(year),
                            part=part,
                            most=f"{most:,}",
                            law=self.law_text(year),
                        )
                    )
        return path

    def law_text(self, year: int) -> str:
        """Which law a year is computed under, for every output: known, or assumed."""
        law = self.laws[year]
        if law.held_from is None:
            return _("law of {year}").format(year=fiscal_year_name(year))
        return _("assumed law: that of {held} held").format(held=fiscal_year_name(law.held_from))


def read_inputs(path: Path, scenario: Scenario, make_city: MakeCity) -> Inputs:
    """Read the files that a scenario names, from its folder.

    Raises:
        KokuhoError: a file cannot be used, a year has neither law nor assumed law, or the
            ordinance's parts are not those of the assumptions.
    """
    folder = path.parent
    laws = {year: _law(scenario, year) for year in scenario.years}
    ordinance = load(folder / scenario.ordinance).year(scenario.base_year)
    files = {path.name: digest(path), scenario.ordinance: digest(folder / scenario.ordinance)}
    plan = None
    if scenario.plan:
        plan = load_plan(folder / scenario.plan)
        files[scenario.plan] = digest(folder / scenario.plan)
    compare = scenario.paper.compare if scenario.paper else ()
    compared = tuple(load(folder / name) for name in compare)
    files |= {name: digest(folder / name) for name in compare}
    refusals: tuple[Refusal, ...] = ()
    insured = scenario.insured
    if insured.city is not None:
        code = ordinance.insurer.code
        persons, households = make_city(insured.city, scenario.base_year, code)
    else:
        names = [name for name in (insured.persons, insured.households) if name]
        intake = read_households_and_persons(
            folder / names[0], folder / names[1], scenario.base_year
        )
        persons, households, refusals = intake.persons, intake.households, tuple(intake.refusals)
        files |= {name: digest(folder / name) for name in names}
        persons, households = _of_insurer(persons, households, ordinance.insurer.code)
    _parts_agree(scenario, ordinance)
    return Inputs(scenario, plan, ordinance, persons, households, laws, files, refusals, compared)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _law(scenario: Scenario, year: int) -> LawYear:
    assumed = scenario.assumed_law.get(year)
    if assumed is None:
        return for_fiscal_year(year)
    return held(assumed.held_from, year)


def _of_insurer(
    persons: pl.DataFrame, households: pl.DataFrame, code: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    ours = pl.col("insurer_code") == code
    houses = households.filter(ours)
    if houses.is_empty():
        raise PlanError(
            _("the persons and households files have nobody of the ordinance's insurer {code}")
            .format(code=code)
        )  # fmt: skip
    return persons.filter(ours), houses


def _parts_agree(scenario: Scenario, ordinance: OrdinanceYear) -> None:
    stated, levied = set(scenario.assumptions.contribution), set(ordinance.parts)
    if stated != levied:
        raise PlanError(
            _(
                "assumptions.contribution states the parts {stated}; the ordinance levies {levied}"
            ).format(stated=", ".join(sorted(stated)), levied=", ".join(sorted(levied)))
        )
    years = {part: entry.per_head for part, entry in scenario.assumptions.contribution.items()}
    for part, per_head in years.items():
        if per_head and per_head.year > scenario.base_year:
            raise PlanError(
                _(
                    "assumptions.contribution.{part}.per_head is of {year}, after the base year"
                ).format(part=part, year=fiscal_year_name(per_head.year))
            )
