"""A small fictional nation as datasets, and its figures made city by city."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl

from kokuho.sample.nation import write_claims, write_insured
from kokuho.statistics import Figure
from kokuho.statistics.bulk import CLAIMS, INSURED, PATIENTS, Outcome, run
from kokuho.statistics.claims import (
    claims_figures,
    patients_cells,
    patients_figures,
    seen,
    summed,
)
from kokuho.statistics.insured import Days, insured_figures

YEAR, INSURERS = 2025, 6
YEARS = range(YEAR, YEAR + 1)
DAY = date(2026, 3, 31)
TASKS = (INSURED, CLAIMS, PATIENTS)
ONE_EACH = 1
"""Bytes of a chunk, so that each insurer is one."""


def written(folder: Path) -> tuple[Path, Path]:
    """Claims and insured of six insurers, of this year and the one before."""
    claims, insured = folder / "claims", folder / "insured"
    for year in (YEAR - 1, YEAR):
        write_claims(claims, 3_000, INSURERS, year, year)
        write_insured(insured, 600, INSURERS, year, year)
    return claims, insured


def outcomes(
    folder: Path,
    work: Path,
    chunk: int = ONE_EACH,
    stop: Callable[[], bool] = lambda: False,
) -> dict[str, Outcome]:
    roots = {"claims": folder / "claims", "patients": folder / "claims"}
    return {
        task.name: run(
            task,
            roots.get(task.name, folder / "insured"),
            YEARS,
            work,
            chunk_bytes=chunk,
            stop=stop,
        )
        for task in TASKS
    }


def file_of(folder: Path, code: str, year: int = YEAR) -> Path:
    return folder / f"insurer_code={code}" / f"year={year}" / "part.parquet"


def by_city(folder: Path, code: str) -> dict[str, Figure]:
    """The figures of one insurer as its office makes them: frames in memory, no chunks."""
    insurer = pl.lit(code).alias("insurer_code")
    persons = {}
    for year in (YEAR - 1, YEAR):
        everybody = pl.read_parquet(file_of(folder / "insured", code, year)).with_columns(insurer)
        for measure, day in Days(year).by_measure().items():
            persons[measure, year] = everybody.filter(day=day)
    claims = pl.read_parquet(file_of(folder / "claims", code)).with_columns(insurer).lazy()
    people = patients_cells(seen(claims).collect())
    figures = [
        *(one for one in insured_figures(persons) if f"year={YEAR}" in one.id),
        *claims_figures(summed(claims).collect(), code, YEARS),
        *patients_figures(people, code, YEARS),
    ]
    return {one.id: one for one in figures}
