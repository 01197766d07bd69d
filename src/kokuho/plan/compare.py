"""Runs of several scenario files side by side, from the folders they were written to (比較)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.plan.forecast.writing import COMPARED
from kokuho.plan.scenario.files import BASE
from kokuho.plan.solve.writing import comparison_of

_ = translator("forecast")

SOLUTION, FORECAST = "solution.json", "forecast.json"


def compare_folders(folders: Sequence[Path]) -> pl.DataFrame:
    """The runs of some folders, their variants included, one below the other.

    Solutions give a row each, forecasts a row for each year, path and figure, as the
    ``comparison.csv`` of a scenario with variants does.

    Raises:
        PlanError: a folder has no run, or solutions and forecasts are mixed.
    """
    for file, read in ((SOLUTION, _solutions), (FORECAST, _forecasts)):
        if all((folder / file).is_file() for folder in folders):
            return read(_runs(folders, file))
    raise PlanError(
        _("compared are folders of `plan solve`, or folders of `plan forecast`: {names}").format(
            names=", ".join(map(str, folders))
        )
    )


def _runs(folders: Sequence[Path], file: str) -> dict[str, Path]:
    """The folders and those of their variants that hold a run, each under a name of its own."""
    runs: dict[str, Path] = {}
    for folder in folders:
        runs[str(folder)] = folder
        variants = sorted(path.parent for path in folder.glob(f"variants/*/{file}"))
        runs |= {f"{folder}:{one.name}": one for one in variants if one.name != BASE}
    return runs


def _solutions(runs: dict[str, Path]) -> pl.DataFrame:
    data = {name: _json(folder / SOLUTION) for name, folder in runs.items()}
    try:
        table = comparison_of(data)
        titles = [one["provenance"]["title"] for one in data.values()]
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(
            _("a {file} is of another version of Kokuho; run it again").format(file=SOLUTION)
        ) from error
    return table.with_columns(title=pl.Series(titles)).select(
        pl.col("variant").alias("run"), "title", pl.exclude("variant", "title")
    )


def _forecasts(runs: dict[str, Path]) -> pl.DataFrame:
    tables = [
        pl.read_csv(folder / "years.csv")
        .filter(pl.col("item").is_in(COMPARED))
        .select(
            pl.lit(name).alias("run"),
            pl.lit(_json(folder / FORECAST)["provenance"]["title"]).alias("scenario"),
            pl.all(),
        )
        for name, folder in runs.items()
    ]
    return pl.concat(tables, how="diagonal_relaxed")


def _json(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PlanError(_("{file} is no JSON").format(file=path)) from error
    return found
