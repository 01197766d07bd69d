"""A levy run from files to files, and the same made again (賦課の一括計算と再現)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.errors import InputError, LevyError
from kokuho.base.messages import translator
from kokuho.levy.intake import read_households_and_persons
from kokuho.levy.kept import (
    errors_file,
    inputs_folder,
    keep_inputs,
    kept_inputs,
    law_digest,
    read_assessment,
)
from kokuho.levy.kernel import KEYS, RESULT_COLUMNS, Levy, levy
from kokuho.ordinance import OrdinanceYear, load
from kokuho.tables import Refusal, write_csv, write_parquet, write_refusals

_ = translator("levy")

CHUNK_PERSONS = 2_000_000
"""A chunk takes whole insurers until it holds about so many persons; it bounds the memory."""

Progress = Callable[[int, int], None]
"""Told after each chunk: households done, households in all."""


@dataclass(frozen=True)
class Run:
    """What a run wrote: the result, the refused rows, and where they are.

    Where every household was refused, there is no result (``out`` is None), only ``errors``.
    """

    households: pl.DataFrame
    refusals: list[Refusal]
    out: Path | None
    errors: Path | None


def run(
    ordinance_files: Sequence[Path],
    persons_file: Path,
    households_file: Path,
    fiscal_year: int,
    out: Path,
    *,
    steps: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Levy every household of two files and write the assessments.

    Good rows go on; refused ones are written to ``NAME.errors.csv``. Files are made in full under
    another name and put in place at the end, the assessment last.

    Raises:
        KokuhoError: an input cannot be read at all, an insurer has no ordinance for the year or two
            of them, or the result would be written over something else.
    """
    _check_place(out, (*ordinance_files, persons_file, households_file))
    years = _years(ordinance_files, fiscal_year)
    intake = read_households_and_persons(persons_file, households_file, fiscal_year)
    if intake.households.is_empty() and intake.refusals:
        write_refusals(errors_file(out), intake.refusals)
        return Run(intake.households, intake.refusals, None, errors_file(out))
    households = _levied(intake.persons, intake.households, years, steps=steps, progress=progress)
    try:
        if intake.refusals:
            write_refusals(errors_file(out), intake.refusals)
        else:
            errors_file(out).unlink(missing_ok=True)
        keep_inputs(out, intake.persons, intake.households, ordinance_files, years)
    except OSError as error:
        raise InputError(
            _("{file} cannot be written: {reason}").format(
                file=error.filename or out, reason=error.strerror or error
            )
        ) from None
    _write(households, out)
    return Run(households, intake.refusals, out, errors_file(out) if intake.refusals else None)


def _check_place(out: Path, read: Sequence[Path]) -> None:
    """Refuse a place for the result that would destroy an input or another assessment."""
    if out.suffix not in (".csv", ".parquet"):
        raise InputError(_("{out}: the result is a .csv or a .parquet file.").format(out=out))
    inputs = inputs_folder(out).resolve()
    written = {out.resolve(), errors_file(out).resolve()}
    for path in read:
        place = path.resolve()
        if place in written or inputs in place.parents:
            raise InputError(
                _("{out}: the result would be written over {path}; choose another name.").format(
                    out=out, path=path
                )
            )
    other = out.with_suffix(".parquet" if out.suffix == ".csv" else ".csv")
    if other.exists() and inputs.exists():
        raise InputError(
            _(
                "{out}: the folder {folder} belongs to {other}, which could then be neither "
                "explained nor replayed; choose another name."
            ).format(out=out, folder=inputs_folder(out), other=other)
        )


def _years(ordinance_files: Sequence[Path], fiscal_year: int) -> list[OrdinanceYear]:
    years: dict[str, OrdinanceYear] = {}
    for path in ordinance_files:
        year = load(path).year(fiscal_year)
        if year.insurer.code in years:
            raise InputError(
                _("{file}: the insurer {code} has another ordinance already.").format(
                    file=path, code=year.insurer.code
                )
            )
        years[year.insurer.code] = year
    return list(years.values())


def _write(frame: pl.DataFrame, out: Path) -> None:
    (write_parquet if out.suffix == ".parquet" else write_csv)(frame, out)


def _levied(
    persons: pl.DataFrame,
    households: pl.DataFrame,
    years: Sequence[OrdinanceYear],
    *,
    steps: bool,
    progress: Progress | None,
) -> pl.DataFrame:
    if households.is_empty():
        raise LevyError(_("There is no household that can be levied."))
    results = []
    done = 0
    for people, houses in _chunks(persons, households):
        codes = set(houses["insurer_code"].unique())
        ours = [year for year in years if year.insurer.code in codes]
        result = levy(people, houses, ours or list(years), steps=steps)
        results.append(result.households)
        done += houses.height
        if progress:
            progress(done, households.height)
    return pl.concat(results, how="diagonal")


def _chunks(
    persons: pl.DataFrame, households: pl.DataFrame
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Whole insurers, several together while they are small."""
    sizes = persons.group_by("insurer_code", maintain_order=True).len()
    codes: list[str] = []
    held = 0
    for code, count in sizes.iter_rows():
        if codes and held + count > CHUNK_PERSONS:
            yield _of(persons, codes), _of(households, codes)
            codes, held = [], 0
        codes.append(code)
        held += count
    if len(codes) == sizes.height:
        yield persons, households
    elif codes:
        yield _of(persons, codes), _of(households, codes)


def _of(frame: pl.DataFrame, codes: list[str]) -> pl.DataFrame:
    return frame.filter(pl.col("insurer_code").is_in(codes))


@dataclass(frozen=True)
class Replay:
    """A replayed assessment: households whose amounts differ, and whether the law has changed."""

    households: int
    different: pl.DataFrame
    law_changed: bool


def replay(assessment: Path) -> Replay:
    """Make an assessment again from the inputs it keeps, and compare yen by yen."""
    stored = read_assessment(assessment)
    kept = kept_inputs(assessment)
    again = _levied(kept.persons, kept.households, kept.years(), steps=False, progress=None).select(
        RESULT_COLUMNS
    )
    joined = stored.join(again, on=list(KEYS), how="full", suffix="_again", coalesce=True)
    differs = pl.any_horizontal(
        pl.col(name).ne_missing(pl.col(f"{name}_again"))
        for name in RESULT_COLUMNS
        if name not in KEYS
    )
    return Replay(
        households=stored.height,
        different=joined.filter(differs).sort(KEYS),
        law_changed=kept.manifest["law"] != law_digest(),
    )


def levy_one(
    assessment: Path, household_id: str, insurer_code: str | None
) -> tuple[Levy, OrdinanceYear]:
    """Levy one household of an assessment again, every step kept, for its explanation.

    Raises:
        InputError: no such household, or several insurers have one of that id.
        LevyError: the assessment file says another amount than its own inputs give.
    """
    kept = kept_inputs(assessment)
    stored = read_assessment(assessment).filter(household_id=household_id)
    if insurer_code:
        stored = stored.filter(insurer_code=insurer_code)
    if stored.is_empty():
        raise InputError(
            _("{file} has no household {id}.").format(file=assessment, id=household_id)
        )
    if stored.height > 1:
        codes = ", ".join(stored["insurer_code"])
        raise InputError(
            _("Household {id} exists at several insurers; say which: {codes}.").format(
                id=household_id, codes=codes
            )
        )
    code = stored["insurer_code"][0]
    year = next(year for year in kept.years() if year.insurer.code == code)
    key = {"household_id": household_id, "insurer_code": code}
    result = levy(kept.persons.filter(**key), kept.households.filter(**key), [year])
    if not result.households.select(RESULT_COLUMNS).equals(stored, null_equal=True):
        raise LevyError(
            _(
                "Household {id}: the assessment file and its own inputs give different amounts; "
                "use `kokuho levy replay` to see where."
            ).format(id=household_id)
        )
    return result, year


def summary(households: pl.DataFrame) -> dict[str, Any]:
    """Counts and sums of a run, for people: households by reduction, yen by part."""
    parts = [name for name in RESULT_COLUMNS[4:] if households[name].dtype == pl.Int64]
    by_reduction = households.group_by("reduction").len().sort("reduction", descending=True)
    return {
        "households": households.height,
        "by_reduction": dict(by_reduction.iter_rows()),
        "sums": {part: households[part].sum() for part in parts},
        "nil": households.filter(pl.col("total") == 0).height,
    }
