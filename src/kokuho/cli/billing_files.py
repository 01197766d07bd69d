"""The files of ``kokuho billing``: assessments, demands, and how households pay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.billing import COLUMNS, KEYS, REASONS, SCHEMA
from kokuho.levy.kept import read_assessment
from kokuho.ordinance import Ordinance, OrdinanceYear
from kokuho.tables import Column, Refusal, Table, read_table, write_csv, write_parquet

_ = translator("billing")

HOUSEHOLD = (
    Column("insurer_code", "text", "保険者コード", required=True, aliases=("保険者番号",)),
    Column("household_id", "text", "世帯番号", required=True, aliases=("世帯コード",)),
)
DEMANDS: tuple[Column, ...] = (
    *HOUSEHOLD,
    Column("fiscal_year_levied", "count", "調定年度", required=True, minimum=2018, maximum=2199),
    Column("fiscal_year_meant", "count", "相当年度", required=True, minimum=2018, maximum=2199),
    Column(
        "kind",
        "choice",
        "料税区分",
        required=True,
        choices={"tax": ("保険税", "税"), "premium": ("保険料", "料")},
    ),
    Column(
        "channel",
        "choice",
        "徴収方法",
        required=True,
        choices={"ordinary": ("普通徴収",), "pension": ("特別徴収",), "prepaid": ("前納",)},
    ),
    Column("term", "count", "期", required=True, minimum=1, maximum=99),
    Column("amount", "yen", "期別額", required=True, minimum=1, maximum=10_000_000),
    Column(
        "due",
        "date",
        "納期限",
        required=True,
        minimum=date(2018, 4, 1),
        maximum=date(2199, 12, 31),
    ),
    Column("reason", "choice", "理由", required=True, choices=dict.fromkeys(REASONS, ())),
)
"""A file of demands; ``kokuho billing`` writes and reads it."""

CHANNELS: tuple[Column, ...] = (
    *HOUSEHOLD,
    Column(
        "channel",
        "choice",
        "徴収方法",
        "how the household pays; those in ordinary collection are left out",
        required=True,
        choices={"pension": ("特別徴収",), "prepaid": ("前納",)},
    ),
    *(
        Column(
            name, "yen", title, "yen withheld from the pension; empty = none",
            default=0, minimum=0, maximum=10_000_000,
        )
        for name, title in (("april", "4月仮徴収"), ("june", "6月仮徴収"), ("august", "8月仮徴収"))
    ),
)  # fmt: skip
"""The households that do not pay in ordinary collection (``--channels``)."""


def demands(path: Path) -> Table:
    """A file of demands with the types of :data:`kokuho.billing.SCHEMA`; bad rows are refused."""
    table = read_table(path, DEMANDS)
    frame = table.frame.select(pl.col(name).cast(SCHEMA[name]) for name in COLUMNS)
    return replace(table, frame=frame)


def channels(path: Path) -> Table:
    """A file of how households pay; bad rows are refused."""
    return read_table(path, CHANNELS)


def without_refused(frame: pl.DataFrame, tables: Sequence[Table]) -> pl.DataFrame:
    """The households none of whose rows was refused: with a row less they would be wrong."""
    for table in tables:
        refused = table.refused_keys.select(KEYS).drop_nulls().unique()
        frame = frame.join(refused, on=KEYS, how="anti", maintain_order="left")
    return frame


def assessment(path: Path) -> tuple[pl.DataFrame, int]:
    """The totals of an assessment file and its fiscal year.

    Raises:
        InputError: the file is not there, or holds more than one fiscal year.
    """
    frame = read_assessment(path)
    years = frame["fiscal_year"].unique().to_list()
    if len(years) != 1:
        raise InputError(
            _("{file} holds the fiscal years {years}; give the assessment of one.").format(
                file=path, years=", ".join(map(str, sorted(years))) or _("none")
            )
        )
    return frame.select(*KEYS, "total"), years[0]


def by_insurer(
    frame: pl.DataFrame, ordinances: Sequence[Ordinance], fiscal_year: int
) -> Iterator[tuple[OrdinanceYear, pl.DataFrame]]:
    """Each insurer's rows with its ordinance.

    Raises:
        InputError: an insurer of the file has no ordinance.
    """
    known = {ordinance.insurer.code: ordinance for ordinance in ordinances}
    codes = frame["insurer_code"].unique().sort().to_list()
    if missing := [code for code in codes if code not in known]:
        raise InputError(
            _("No ordinance was given for insurer {codes}.").format(codes=", ".join(missing))
        )
    for code in codes:
        yield known[code].year(fiscal_year), frame.filter(pl.col("insurer_code") == code)


def write(frame: pl.DataFrame, out: Path) -> None:
    """Write a table as ``.csv`` or ``.parquet``, in full or not at all.

    Raises:
        InputError: the ending is neither.
    """
    check_ending(out)
    (write_parquet if out.suffix == ".parquet" else write_csv)(frame, out)


def check_ending(out: Path) -> None:
    """Refuse an output that is neither ``.csv`` nor ``.parquet`` before anything is computed."""
    if out.suffix not in (".csv", ".parquet"):
        raise InputError(_("{out}: the result is a .csv or a .parquet file.").format(out=out))


def refusals(tables: Sequence[Table]) -> list[Refusal]:
    """The refused rows of several files, in their order."""
    return [refusal for table in tables for refusal in table.refusals]
