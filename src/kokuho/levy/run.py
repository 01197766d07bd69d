"""A levy run from files to files, and what it takes to make it again (賦課の一括計算).

Beside the assessment file ``NAME.csv`` a folder ``NAME.inputs/`` keeps what it was made from: the
accepted persons and households, the ordinances and a manifest with digests. From it a run is
replayed to the same yen, and one household explained, whatever has happened to the files since.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from kokuho import __version__
from kokuho.base.errors import InputError, LevyError
from kokuho.base.messages import translator
from kokuho.law import parameter, parameters, value_data
from kokuho.levy.intake import read_households_and_persons
from kokuho.levy.kernel import KEYS, RESULT_COLUMNS, Levy, levy
from kokuho.ordinance import Ordinance, OrdinanceYear, load
from kokuho.tables import Refusal, write_csv, write_parquet, write_refusals

_ = translator("levy")

CHUNK_PERSONS = 2_000_000
"""A chunk takes whole insurers until it holds about so many persons; it bounds the memory."""

Progress = Callable[[int, int], None]
"""Told after each chunk: households done, households in all."""


@dataclass(frozen=True)
class Run:
    """What a run wrote: the result, the refused rows, and where they are."""

    households: pl.DataFrame
    refusals: list[Refusal]
    out: Path
    errors: Path | None
    inputs: Path


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
        KokuhoError: an input cannot be read at all, or an insurer has no ordinance for the year.
    """
    if out.suffix not in (".csv", ".parquet"):
        raise InputError(_("{out}: the result is a .csv or a .parquet file.").format(out=out))
    ordinances = [load(path) for path in ordinance_files]
    years = [ordinance.year(fiscal_year) for ordinance in ordinances]
    intake = read_households_and_persons(persons_file, households_file, fiscal_year)
    households = _levied(intake.persons, intake.households, years, steps=steps, progress=progress)
    out.parent.mkdir(parents=True, exist_ok=True)
    errors = out.with_suffix(".errors.csv") if intake.refusals else None
    if errors:
        write_refusals(errors, intake.refusals)
    else:
        out.with_suffix(".errors.csv").unlink(missing_ok=True)
    inputs = inputs_folder(out)
    _keep_inputs(inputs, intake.persons, intake.households, ordinance_files, years)
    _write(households, out)
    return Run(households, intake.refusals, out, errors, inputs)


def inputs_folder(out: Path) -> Path:
    """Where the inputs of an assessment file are kept."""
    return out.with_suffix(".inputs")


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


def _keep_inputs(
    folder: Path,
    persons: pl.DataFrame,
    households: pl.DataFrame,
    ordinance_files: Sequence[Path],
    years: Sequence[OrdinanceYear],
) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        persons.write_parquet(made / "persons.parquet")
        households.write_parquet(made / "households.parquet")
        for number, path in enumerate(ordinance_files):
            shutil.copyfile(path, made / f"ordinance-{number:04d}.yaml")
        fiscal_year = years[0].fiscal_year
        manifest = {
            "kokuho": __version__,
            "made_at": datetime.now().astimezone().isoformat(timespec="seconds"),
            "fiscal_year": fiscal_year,
            "law": law_digest(),
            "files": {
                path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(made.iterdir())
            },
        }
        (made / "manifest.json").write_text(
            json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8"
        )
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(made, folder)
    finally:
        if made.exists():
            shutil.rmtree(made)


def law_digest() -> str:
    """A digest of all statutory values that are loaded: which law an assessment was made under."""
    values = [
        [name, str(value.first), str(value.last), value_data(value.value)]
        for name in parameters()
        for value in parameter(name).values
    ]
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Kept:
    """What an assessment was made from."""

    manifest: dict[str, Any]
    persons: pl.DataFrame
    households: pl.DataFrame
    ordinances: tuple[Ordinance, ...]

    def years(self) -> list[OrdinanceYear]:
        """The ordinances for the assessment's fiscal year."""
        return [ordinance.year(self.manifest["fiscal_year"]) for ordinance in self.ordinances]


def kept_inputs(assessment: Path) -> Kept:
    """Read what an assessment file was made from, and check that nobody has changed it.

    Raises:
        InputError: the inputs are missing, or differ from their digests.
    """
    folder = inputs_folder(assessment)
    if not (folder / "manifest.json").is_file():
        raise InputError(
            _(
                "{file}: its inputs are not beside it ({folder}); an assessment is explained and "
                "replayed from them."
            ).format(file=assessment, folder=folder)
        )
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise InputError(
                _("{path} is missing or was changed after the assessment was made.").format(
                    path=path
                )
            )
    return Kept(
        manifest=manifest,
        persons=pl.read_parquet(folder / "persons.parquet"),
        households=pl.read_parquet(folder / "households.parquet"),
        ordinances=tuple(load(path) for path in sorted(folder.glob("ordinance-*.yaml"))),
    )


def read_assessment(path: Path) -> pl.DataFrame:
    """The result columns of an assessment file."""
    if not path.is_file():
        raise InputError(_("There is no {place}.").format(place=path))
    if path.suffix == ".parquet":
        return pl.read_parquet(path, columns=list(RESULT_COLUMNS))
    types = {name: pl.String if name in KEYS else pl.Int64 for name in RESULT_COLUMNS}
    return pl.read_csv(path, columns=list(RESULT_COLUMNS), schema_overrides=types)


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
