"""Other municipalities of the prefecture: rates of the same year, model households' levies.

Taken from the ordinances that come with Kokuho, each with its source. Who has no confirmed rates of
that very year is named as lacking; another year's are never used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kokuho.base.errors import OrdinanceError
from kokuho.levy.method import Method
from kokuho.levy.vectors import by_household, vector_of
from kokuho.ordinance import OrdinanceYear, shipped
from kokuho.plan.scenario import Inputs
from kokuho.plan.solve.models import judged_models, model_households
from kokuho.tables import write_csv

RATES = {
    "municipality": pl.String,
    "kind": pl.String,
    "year": pl.Int64,
    "part": pl.String,
    "income_ppm": pl.Int64,
    "asset_ppm": pl.Int64,
    "per_capita": pl.Int64,
    "per_capita_adult": pl.Int64,
    "per_household": pl.Int64,
    "cap": pl.Int64,
    "source": pl.String,
    "retrieved": pl.String,
}
MODELS = {
    "municipality": pl.String,
    "year": pl.Int64,
    "household": pl.String,
    "title": pl.String,
    "levied": pl.Int64,
}


@dataclass(frozen=True)
class Others:
    """Rates and model households' levies by municipality, our own first; who lacks the year.

    ``named`` are those that the scenario names, beside the shipped ones of the prefecture.
    """

    own: str
    rates: pl.DataFrame
    models: pl.DataFrame
    lacking: tuple[str, ...]
    named: tuple[str, ...] = ()


def others(inputs: Inputs) -> Others:
    """Our own ordinance, every shipped one of the prefecture and those that the scenario names.

    Who lacks the base year is listed apart. A file that the scenario names goes before a shipped
    one of the same municipality; our own municipality is not compared with itself.
    """
    own, year = inputs.ordinance, inputs.scenario.base_year
    near = [one for one in shipped() if one.insurer.prefecture == own.insurer.prefecture]
    found = {own.insurer.name: own}
    lacking, named = [], []
    seen = {own.insurer.municipality_code}
    for ordinance in (*inputs.compared, *near):
        insurer = ordinance.insurer
        if insurer.municipality_code in seen:
            continue
        seen.add(insurer.municipality_code)
        name = insurer.name
        if name in found:
            # 府中市 is a city of Tokyo and one of Hiroshima
            name = f"{name}({insurer.prefecture})"
        try:
            found[name] = ordinance.year(year)
        except OrdinanceError:
            lacking.append(name)
            continue
        if ordinance in inputs.compared:
            named.append(name)
    rates = [row for name, one in found.items() for row in _rates(name, one)]
    models = [row for name, one in found.items() for row in _models(name, one, inputs)]
    return Others(
        own.insurer.name,
        pl.DataFrame(rates, schema=RATES),
        pl.DataFrame(models, schema=MODELS),
        tuple(lacking),
        tuple(named),
    )


def _rates(name: str, ordinance: OrdinanceYear) -> list[dict[str, object]]:
    vector = vector_of(ordinance)
    return [
        {
            "municipality": name,
            "kind": ordinance.insurer.kind,
            "year": ordinance.fiscal_year,
            "part": part,
            "income_ppm": vector[f"rate_{part}_income"],
            "asset_ppm": vector[f"rate_{part}_asset"],
            **{
                key: vector[f"rate_{part}_{key}"]
                for key in ("per_capita", "per_capita_adult", "per_household", "cap")
            },
            "source": ordinance.source,
            "retrieved": str(ordinance.retrieved) if ordinance.retrieved else None,
        }
        for part in ordinance.parts
    ]


def _models(name: str, ordinance: OrdinanceYear, inputs: Inputs) -> list[dict[str, object]]:
    """The model households levied by this ordinance, its rounding and its method."""
    judged = judged_models(inputs.laws[ordinance.fiscal_year], Method.of(ordinance))
    levied = by_household(judged, [vector_of(ordinance)]).sort("hh")["total"].to_list()
    return [
        {
            "municipality": name,
            "year": ordinance.fiscal_year,
            "household": household_id,
            "title": household.title,
            "levied": levied[number],
        }
        for number, (household_id, household) in enumerate(model_households().items())
    ]


def write_others(made: Others, folder: Path) -> None:
    """Write both tables."""
    write_csv(made.rates, folder / "rates.csv")
    write_csv(made.models, folder / "models.csv")
