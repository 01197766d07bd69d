"""Writing a fictional city: persons, households and the ordinance, each in full or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Literal

import polars as pl
from polars.io.plugins import register_io_source

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.ordinance import is_municipality_code
from kokuho.sample.city import INSURER_CODE, PERSON_SCHEMA, blocks
from kokuho.sample.claims import claims as claims_of
from kokuho.sample.incomes import PLAIN
from kokuho.sample.register import WrittenRegister, write_register
from kokuho.sample.structure import read
from kokuho.tables import in_place, write_csv, write_parquet

_ = translator("sample")

Format = Literal["csv", "parquet"]
Progress = Callable[[int, int], None]
"""Told after each piece: insured persons written, insured persons in all."""

BOM = b"\xef\xbb\xbf"
_CODE = re.compile(r"[0-9A-Za-z_-]{1,20}")

ROW_GROUP = 100_000
"""Rows of a Parquet row group: fixed, so that the file is the same on every machine."""


@dataclass(frozen=True)
class WrittenCity:
    """What was written, and how much of it."""

    persons: Path
    households: Path
    ordinance: Path
    person_count: int
    insured_count: int
    household_count: int
    register: WrittenRegister | None = None
    claims: Path | None = None


def write_city(
    out_dir: Path,
    persons: int,
    seed: int,
    fiscal_year: int = 2026,
    insurer_code: str = INSURER_CODE,
    *,
    file_format: Format = "csv",
    register: bool = False,
    claims: bool = False,
    progress: Progress | None = None,
) -> WrittenCity:
    """Write a fictional city into a folder (see :func:`kokuho.sample.blocks`).

    The files are ``persons``, ``households`` (``.csv`` in UTF-8 with a byte-order mark, or
    ``.parquet``) and ``ordinance.yaml``; the same arguments give the same bytes. Persons go out
    piece by piece, so memory does not grow with them. Each file is made under another name and
    put in place when it is complete. With ``register`` a folder of that name has the same people
    as files of ``kokuho import`` (see :mod:`kokuho.sample.register`), and with ``claims`` a file
    has their claims of the year before (:mod:`kokuho.sample.claims`); all of them in memory.

    Raises:
        InputError: fewer than one person, a fiscal year without a fictional ordinance, or a code
            that no ordinance file can hold.
        LawError: the law of the fiscal year is not known.
        TableError: the folder does not take the files.
    """
    ordinance = ordinance_text(fiscal_year, insurer_code)
    pieces = blocks(persons, seed, fiscal_year, insurer_code)
    houses: list[pl.DataFrame] = []
    residents: list[pl.DataFrame] = []
    people = 0

    def passing() -> Iterator[pl.DataFrame]:
        nonlocal people
        insured = 0
        for piece in pieces:
            houses.append(piece.households)
            people += piece.persons.height
            insured += piece.insured
            if register or claims:
                residents.append(piece.persons)
            yield piece.persons
            if progress:
                progress(insured, persons)

    written = out_dir / f"persons.{file_format}"
    write = _write_csv if file_format == "csv" else _write_parquet
    in_place(written, lambda part: write(passing(), part))
    households = out_dir / f"households.{file_format}"
    frame = pl.concat(houses)
    (write_csv if file_format == "csv" else write_parquet)(frame, households)
    ordinance_file = out_dir / "ordinance.yaml"
    in_place(ordinance_file, lambda part: part.write_text(ordinance, encoding="utf-8"))
    made = WrittenCity(written, households, ordinance_file, people, persons, frame.height)
    if register:
        folder = out_dir / "register"
        files = write_register(folder, pl.concat(residents), frame, seed, fiscal_year)
        made = replace(made, register=files)
    if claims:
        path = out_dir / f"claims.{file_format}"
        told = claims_of(pl.concat(residents), seed, fiscal_year - 1)
        (write_csv if file_format == "csv" else write_parquet)(told, path)
        made = replace(made, claims=path)
    return made


def _write_csv(pieces: Iterator[pl.DataFrame], path: Path) -> None:
    """Yes and no in words; a plain amount of nothing is left empty, which the format reads as 0."""
    with path.open("wb") as file:
        file.write(BOM)
        for number, piece in enumerate(pieces):
            piece.with_columns(
                *(
                    pl.when(name).then(pl.lit("yes")).otherwise(pl.lit("no")).alias(name)
                    for name in ("head", "insured")
                ),
                *(pl.when(pl.col(name) != 0).then(name).alias(name) for name in PLAIN),
            ).write_csv(file, include_header=number == 0)


def _write_parquet(pieces: Iterator[pl.DataFrame], path: Path) -> None:
    def source(
        columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, batch: int | None
    ) -> Iterator[pl.DataFrame]:
        yield from pieces

    frame = register_io_source(source, schema=PERSON_SCHEMA)
    frame.sink_parquet(path, row_group_size=ROW_GROUP)


def ordinance_text(fiscal_year: int, insurer_code: str = INSURER_CODE) -> str:
    """The fictional city's ordinance file, for an insurer code.

    Raises:
        InputError: the fiscal year has no fictional ordinance, or the code is none that an
            ordinance file can hold.
    """
    if not _CODE.fullmatch(insurer_code):
        raise InputError(
            _(
                "{code}: an insurer code has 1 to 20 letters, digits, hyphens or underscores."
            ).format(code=repr(insurer_code))
        )
    years = sorted(read("ordinance.yaml")["fiscal_years"])
    if fiscal_year not in years:
        raise InputError(
            _("The fictional city has an ordinance for {years}, none for {year}.").format(
                years=_(" and ").join(fiscal_year_name(year) for year in years),
                year=fiscal_year_name(fiscal_year),
            )
        )
    code = insurer_code if is_municipality_code(insurer_code) else INSURER_CODE
    text = (resources.files("kokuho.sample") / "data" / "ordinance.yaml").read_text("utf-8")
    return text.replace("@INSURER_CODE@", insurer_code).replace("@MUNICIPALITY_CODE@", code)
