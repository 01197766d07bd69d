"""What a forecast writes: JSON for machines, CSV for people, the trials in Parquet.

``forecast.json`` is put in place last: where it stands, everything beside it is of the same run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.messages import translator
from kokuho.plan.forecast.account import ITEMS, left_open
from kokuho.plan.forecast.paths import NO_ACTION, PATHS, Outcome, Target
from kokuho.plan.forecast.run import Forecast
from kokuho.plan.scenario.inputs import Inputs
from kokuho.plan.scenario.provenance import keep_inputs, provenance, write_json
from kokuho.tables import write_csv, write_parquet

_ = translator("forecast")

FORMAT = "kokuho-forecast/1"

COMPARED = ("deficit", "surplus", "levied", "person_months")
"""The figures that stand side by side where forecasts are compared."""


def write_forecast(
    made: Forecast, scenario_file: Path, out: Path, *, variant: str
) -> dict[str, Any]:
    """Write a forecast into a folder; what ``forecast.json`` holds is given back."""
    inputs = made.inputs
    keep_inputs(inputs, scenario_file, out)
    write_csv(years_table(made), out / "years.csv")
    write_csv(cohorts_table(made), out / "cohorts.csv")
    write_csv(flows_table(made), out / "flows.csv")
    write_parquet(made.trials, out / "trials.parquet")
    data = as_dict(made, variant)
    write_json(data, out / "forecast.json")
    return data


def as_dict(made: Forecast, variant: str) -> dict[str, Any]:
    """A forecast as ``forecast.json`` holds it."""
    bands = made.bands()
    names = [name for name in bands.columns if name.startswith("p") and name[1:].isdigit()]
    by_path: dict[str, Any] = {path: {} for path in PATHS}
    for row in bands.iter_rows(named=True):
        of_year = by_path[row["path"]].setdefault(str(row["year"]), {})
        of_year[row["item"]] = {name: row[name] for name in names}
    return {
        "format": FORMAT,
        "provenance": provenance(made.inputs, variant),
        "items": {
            name: {"title": _(title), "made_from": origin}
            for name, (title, origin) in ITEMS.items()
        },
        "paths": {
            path: {str(year): items for year, items in made.central(path).items()} for path in PATHS
        },
        "bands": by_path if made.inputs.scenario.trials else None,
        "closing": {str(year): _closing(outcome) for year, outcome in made.outcomes.items()},
        "targets": {str(year): _target(target) for year, target in made.targets.items()},
        "cohorts": {
            str(year): {f"{low}-{high}": count for (low, high), count in cohorts.items()}
            for year, cohorts in made.cohorts.items()
        },
        "flows": {str(year): flows for year, flows in made.flows.items()},
        "rates": {
            "no_action": made.inputs.held_rates().as_dict(),
            "plan": made.plan_rates.as_dict(),
        },
    }


def _closing(outcome: Outcome) -> dict[str, Any]:
    """How the plan closes what is missing without action, and what it leaves open."""
    missing = -outcome.items[NO_ACTION]["balance"]
    return {
        "missing": missing,
        "means": outcome.closing,
        "left_open": left_open(missing, outcome.closing),
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "remaining": target.remaining,
        "needed": target.needed,
        "revision_percent": None if target.revision is None else str(target.revision),
    }


def years_table(made: Forecast) -> pl.DataFrame:
    """Every figure of every year under both paths, with its bands and what it is made from."""
    inputs = made.inputs
    return (
        made.bands()
        .with_columns(
            law=_law(inputs),
            title=pl.col("item").replace_strict({name: _(one[0]) for name, one in ITEMS.items()}),
            made_from=pl.col("item").replace_strict(
                {name: one[1] for name, one in ITEMS.items()}
            ),
        )
        .select("path", "year", "law", "item", "title", "made_from", pl.exclude(
            "path", "year", "law", "item", "title", "made_from"
        ))
    )  # fmt: skip


def cohorts_table(made: Forecast) -> pl.DataFrame:
    """The insured on 1 April of each year by age."""
    rows = [
        {"year": year, "age_from": low, "age_to": high, "insured": count}
        for year, cohorts in made.cohorts.items()
        for (low, high), count in cohorts.items()
    ]
    return pl.DataFrame(rows).with_columns(law=_law(made.inputs))


def flows_table(made: Forecast) -> pl.DataFrame:
    """Who came and went within each year, by reason."""
    rows = [
        {"year": year, "reason": reason, "persons": count}
        for year, flows in made.flows.items()
        for reason, count in flows.items()
    ]
    return pl.DataFrame(rows).with_columns(law=_law(made.inputs))


def _law(inputs: Inputs) -> pl.Expr:
    """Which law the year is computed under, assumed or known."""
    return pl.col("year").replace_strict({year: inputs.law_text(year) for year in inputs.laws})


def comparison(forecasts: dict[str, Forecast]) -> pl.DataFrame:
    """Scenario and variants side by side: deficit, levy and insured of each year and path."""
    tables = [
        years_table(made)
        .filter(pl.col("item").is_in(COMPARED))
        .select(pl.lit(name).alias("variant"), pl.all())
        for name, made in forecasts.items()
    ]
    return pl.concat(tables)
