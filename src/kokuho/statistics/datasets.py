"""Datasets of a nation: Parquet files by insurer and year, scanned and checked.

``DIR/insurer_code=CODE/year=YEAR/*.parquet`` (``docs/statistics.md``). The folders alone say
insurer and fiscal year. A file is looked at row by row in the same pass that sums it; the first
row that is wrong is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kokuho.base.errors import InputError, StatisticsError
from kokuho.base.messages import translator
from kokuho.statistics.claims import CLAIMS, claims_year
from kokuho.statistics.insured import PERSONS, Days

_ = translator("statistics")

_FOLDERS = re.compile(r"insurer_code=(?P<insurer>[0-9A-Za-z]+)/year=(?P<year>\d{4})/[^/]+\.parquet")
_KEYS: dict[str, pl.DataType] = {"insurer_code": pl.String(), "year": pl.Int32()}
UNREADABLE = (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException)
"""What reading a damaged file may raise; Polars panics at some."""

_NO_CODE = r"[\[\],=\s]"
"""What cannot stand in an id of a figure."""


@dataclass(frozen=True)
class Rule:
    """What a value must be: ``wrong`` is true or empty in a row where it is not."""

    column: str
    wrong: pl.Expr
    expected: Callable[[], str]


@dataclass(frozen=True)
class Layout:
    """The columns of a dataset beside those that its folders tell, and what they must hold."""

    columns: Mapping[str, pl.DataType]
    rules: tuple[Rule, ...]

    @property
    def bad(self) -> pl.Expr:
        """Whether something in a row is wrong."""
        return pl.any_horizontal(rule.wrong.fill_null(value=True) for rule in self.rules)


def _own(schema: Mapping[str, pl.DataType]) -> dict[str, pl.DataType]:
    return {name: kind for name, kind in schema.items() if name not in _KEYS}


def _yen(column: str) -> Rule:
    return Rule(column, pl.col(column) < 0, lambda: _("yen, 0 or more"))


def _code(column: str) -> Rule:
    wrong = pl.col(column).fill_null("").str.contains(_NO_CODE)
    return Rule(column, wrong, lambda: _("a code without spaces, brackets, commas or ="))


_CLAIM_RULES = (
    Rule(
        "month",
        claims_year() != pl.col("year"),
        lambda: _("a month from March of the folder's year to the next February"),
    ),
    Rule("kind", pl.col("kind").is_null(), lambda: _("a kind of claim")),
    _yen("cost"),
    _yen("high_cost"),
)

CLAIMS_LAYOUT = Layout(_own(CLAIMS), _CLAIM_RULES)
"""Claims by fiscal year of treatment (March to the next February)."""

PATIENTS_LAYOUT = Layout(
    {**_own(CLAIMS), "person_id": pl.String()},
    (*_CLAIM_RULES, Rule("person_id", pl.col("person_id").is_null(), lambda: _("a person"))),
)
"""Claims that say whose they are, by a key that is the insurer's own."""


def _counted_on(days: Days) -> list[pl.Expr]:
    """A day of :class:`Days` in the year of each row's folder."""
    ahead = {day: day.year - days.year for day in days.by_measure().values()}
    return [pl.date(pl.col("year") + years, day.month, day.day) for day, years in ahead.items()]


_SOME_YEAR = Days(2000)

INSURED_LAYOUT = Layout(
    {"day": pl.Date(), **_own(PERSONS)},
    (
        Rule(
            "day",
            ~pl.any_horizontal(pl.col("day") == day for day in _counted_on(_SOME_YEAR)),
            lambda: _("30 September, 31 March or 1 April of the folder's fiscal year"),
        ),
        Rule(
            "birth_last",
            (pl.col("birth_last") < pl.col("birth_first")).fill_null(value=False),
            lambda: _("a day that is not before birth_first"),
        ),
        _code("nationality"),
        _code("status"),
    ),
)
"""The persons insured on each of the days on which they are counted, a row for person and day."""


def files_of(root: Path, years: Iterable[int]) -> dict[str, list[Path]]:
    """The files of a dataset by insurer, of these fiscal years, in order.

    Raises:
        InputError: there is no such folder, or a file is not where it belongs.
    """
    if not root.is_dir():
        raise InputError(_("{folder}: there is no such folder").format(folder=root))
    if "=" in str(root.resolve()):
        raise InputError(_("{folder}: the name of no folder above may have =").format(folder=root))
    wanted = set(years)
    found: dict[str, list[Path]] = {}
    for path in sorted(root.rglob("*.parquet")):
        if path.name.startswith((".", "_")):
            continue
        place = _FOLDERS.fullmatch(path.relative_to(root).as_posix())
        if place is None:
            raise InputError(
                _("{file}: expected is {folder}/insurer_code=CODE/year=YEAR/NAME.parquet").format(
                    file=path, folder=root
                )
            )
        if int(place["year"]) in wanted:
            found.setdefault(place["insurer"], []).append(path)
    return found


def scan(files: Sequence[Path], layout: Layout) -> pl.LazyFrame:
    """The rows of files of a dataset, with ``insurer_code`` and ``year`` from their folders.

    Raises:
        StatisticsError: a file lacks a column, or has one of another type.
    """
    for path in files:
        _check_columns(path, layout)
    rows = pl.scan_parquet(
        list(files),
        glob=False,
        hive_partitioning=True,
        hive_schema=_KEYS,
        extra_columns="ignore",
        cast_options=pl.ScanCastOptions(integer_cast="upcast"),
    )
    return rows.select(*_KEYS, *(pl.col(name).cast(kind) for name, kind in layout.columns.items()))


def _check_columns(path: Path, layout: Layout) -> None:
    schema = pl.scan_parquet(path, glob=False, hive_partitioning=False).collect_schema()
    if told := sorted(schema.keys() & _KEYS.keys()):
        raise StatisticsError(
            _("{file}: the folder says {columns}; a column of that name is one too many").format(
                file=path, columns=", ".join(told)
            )
        )
    for name, kind in layout.columns.items():
        got = schema.get(name)
        if got is None:
            raise StatisticsError(
                _("{file}: there is no column {column}").format(file=path, column=name)
            )
        if got != kind and not (kind == pl.Int64 and got.is_integer()):
            raise StatisticsError(
                _("{file}: column {column} is {got}; expected is {expected}").format(
                    file=path, column=name, got=got, expected=kind
                )
            )


def first_wrong(files: Sequence[Path], layout: Layout) -> str:
    """The first row of files that a rule of their dataset refuses, in words."""
    for path in files:
        found = scan([path], layout).with_row_index("_row", 1).filter(layout.bad).head(1).collect()
        for rule in layout.rules if found.height else ():
            if found.select(rule.wrong.fill_null(value=True)).item():
                return _("{file}, row {row}, {column}: {value}; expected is {expected}").format(
                    file=path,
                    row=found["_row"][0],
                    column=rule.column,
                    value=_shown(found[rule.column][0]),
                    expected=rule.expected(),
                )
    return ""


def first_broken(files: Sequence[Path], layout: Layout) -> Path:
    """The first of files of an insurer that alone cannot be read; their folder if there is none."""
    for path in files:
        try:
            scan([path], layout).select(layout.bad.sum()).collect(engine="streaming")
        except UNREADABLE:
            return path
    return files[0].parent


def _shown(value: object) -> str:
    return _("nothing") if value is None else str(value)
