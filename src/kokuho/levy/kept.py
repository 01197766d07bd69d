"""What an assessment was made from, kept beside it (賦課の入力の保存).

Beside the assessment file ``NAME.csv`` a folder ``NAME.inputs/`` keeps the accepted persons and
households, the ordinances and a manifest with digests. From it a run is replayed to the same yen,
and one household explained, whatever has happened to the files since.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from kokuho import __version__
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.law import parameter, parameters, value_data
from kokuho.levy.kernel import KEYS, RESULT_COLUMNS
from kokuho.ordinance import Ordinance, OrdinanceYear, load

_ = translator("levy")


def inputs_folder(out: Path) -> Path:
    """Where the inputs of an assessment file are kept."""
    return out.with_suffix(".inputs")


def errors_file(out: Path) -> Path:
    """Where the refused rows of a run stand."""
    return out.with_suffix(".errors.csv")


def keep_inputs(
    out: Path,
    persons: pl.DataFrame,
    households: pl.DataFrame,
    ordinance_files: Sequence[Path],
    years: Sequence[OrdinanceYear],
) -> None:
    """Keep what an assessment is made from, in place of what was kept under its name before."""
    folder = inputs_folder(out)
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
    manifest = _manifest(folder / "manifest.json")
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


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or not {"files", "fiscal_year", "law"} <= set(manifest):
        raise InputError(
            _("{path} is missing or was changed after the assessment was made.").format(path=path)
        )
    return manifest


def read_assessment(path: Path) -> pl.DataFrame:
    """The result columns of an assessment file.

    Raises:
        InputError: there is no such file, it is no assessment, or it has a household twice.
    """
    if not path.is_file():
        raise InputError(_("There is no {place}.").format(place=path))
    types = {name: pl.String if name in KEYS else pl.Int64 for name in RESULT_COLUMNS}
    try:
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path, columns=list(RESULT_COLUMNS))
        else:
            frame = pl.read_csv(path, columns=list(RESULT_COLUMNS), schema_overrides=types)
    except pl.exceptions.PolarsError as error:
        raise InputError(
            _("{file} is not an assessment file ({reason}).").format(
                file=path, reason=str(error).splitlines()[0]
            )
        ) from None
    if twice := frame.filter(frame.select(KEYS).is_duplicated())["household_id"].unique().to_list():
        raise InputError(
            _("{file} has the household {id} more than once.").format(
                file=path, id=", ".join(sorted(map(str, twice))[:5])
            )
        )
    return frame
