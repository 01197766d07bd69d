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
    """Rates and model households' levies by municipality, our own first; who lacks the year."""

    own: str
    rates: pl.DataFrame
    models: pl.DataFrame
    lacking: tuple[str, ...]


def others(inputs: Inputs) -> Others:
    """Our own ordinance and every shipped one of the prefecture that has the base year."""
    own, year = inputs.ordinance, inputs.scenario.base_year
    found, lacking = [own], []
    for ordinance in shipped():
        insurer = ordinance.insurer
        if insurer.prefecture != own.insurer.prefecture or (
            insurer.municipality_code == own.insurer.municipality_code
        ):
            continue
        try:
            found.append(ordinance.year(year))
        except OrdinanceError:
            lacking.append(insurer.name)
    rates = [row for one in found for row in _rates(one)]
    models = [row for one in found for row in _models(one, inputs)]
    return Others(
        own.insurer.name,
        pl.DataFrame(rates, schema=RATES),
        pl.DataFrame(models, schema=MODELS),
        tuple(lacking),
    )


def _rates(ordinance: OrdinanceYear) -> list[dict[str, object]]:
    vector = vector_of(ordinance)
    return [
        {
            "municipality": ordinance.insurer.name,
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


def _models(ordinance: OrdinanceYear, inputs: Inputs) -> list[dict[str, object]]:
    """The model households levied by this ordinance, its rounding and its method."""
    judged = judged_models(inputs.laws[ordinance.fiscal_year], Method.of(ordinance))
    levied = by_household(judged, [vector_of(ordinance)]).sort("hh")["total"].to_list()
    return [
        {
            "municipality": ordinance.insurer.name,
            "year": ordinance.fiscal_year,
            "household": name,
            "title": household.title,
            "levied": levied[number],
        }
        for number, (name, household) in enumerate(model_households().items())
    ]


def write_others(made: Others, folder: Path) -> None:
    """Write both tables."""
    write_csv(made.rates, folder / "rates.csv")
    write_csv(made.models, folder / "models.csv")
