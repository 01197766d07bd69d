"""Reading persons and households for a levy: what cannot be levied rightly is put aside and named.

A household goes on only if all of its rows are good: levied without a member it would be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from kokuho.base.calendar import first_day_of_year, last_day_of_year
from kokuho.base.messages import translator
from kokuho.law import LawYear, for_fiscal_year
from kokuho.levy.columns import HOUSEHOLDS, LARGEST, PERSONS
from kokuho.levy.incomes import band_income, month_steps
from kokuho.levy.steps import apply
from kokuho.tables import LINE, Refusal, Table, read_table

_ = translator("tables")

KEYS = ["insurer_code", "household_id"]
_CLASSES = ("insured_mask", "care_mask", "preschool", "child", "elder_65")
_SEPARATE = pl.col("separate_transfer_short") + pl.col("separate_transfer_long")


@dataclass(frozen=True)
class Intake:
    """Households whose rows are all good, sorted by their keys, and every refusal."""

    persons: pl.DataFrame
    households: pl.DataFrame
    refusals: list[Refusal]


def read_households_and_persons(
    persons_path: Path, households_path: Path, fiscal_year: int
) -> Intake:
    """Read and check the two files of a levy.

    Raises:
        TableError: a file cannot be read as a table, or lacks a required column.
        LawError: the law of the fiscal year is not known.
    """
    law = for_fiscal_year(fiscal_year)
    persons = read_table(persons_path, PERSONS)
    households = read_table(households_path, HOUSEHOLDS)
    return check(persons, households, law)


def check(persons: Table, households: Table, law: LawYear) -> Intake:
    """The checks between cells, rows and files."""
    found = _Findings()
    found.take(persons, households)
    people = persons.frame
    for code, column, wrong, expected in _person_rules(law):
        found.add(persons.file, people.filter(wrong), column, code, expected)
    _check_birth_dates(found, persons, law)
    _check_duplicates(found, persons, [*KEYS, "person_id"])
    _check_duplicates(found, households, KEYS)
    _check_households(found, persons, households)
    bad = _bad_households(found, persons, households)
    return Intake(
        persons=people.join(bad, on=KEYS, how="anti")
        .sort(*KEYS, "person_id")
        .drop(LINE, "birth_date_latest"),
        households=households.frame.join(bad, on=KEYS, how="anti").sort(*KEYS).drop(LINE),
        refusals=sorted(found.refusals, key=lambda r: (r.file, r.line, r.column, r.code)),
    )


class _Findings:
    def __init__(self) -> None:
        self.refusals: list[Refusal] = []
        self.lines: set[tuple[str, int]] = set()

    def take(self, *tables: Table) -> None:
        for table in tables:
            self.refusals += table.refusals
            self.lines |= {(table.file, line) for line in table.refused_lines()}

    def add(self, file: str, rows: pl.DataFrame, column: str, code: str, expected: str) -> None:
        for row in rows.iter_rows(named=True):
            value = row.get(column)
            self.refusals.append(
                Refusal(
                    file, row[LINE], column, "" if value is None else str(value), code, expected
                )
            )
            self.lines.add((file, row[LINE]))


def _person_rules(law: LawYear) -> list[tuple[str, str, pl.Expr, str]]:
    year = law.fiscal_year
    first, last = first_day_of_year(year), last_day_of_year(year)
    insured = pl.col("insured")
    salary = band_income(pl.col("salary_revenue"), law.salary_bands)
    pensions = [
        band_income(pl.col("pension_revenue"), bands)
        for (_elder, _class), bands in law.pension_bands.items()
    ]
    fits = pl.any_horizontal(pl.col("pension_income") == income for income in pensions)
    family = pl.col("family_worker_salary")
    has_months = pl.col("maternity_months") > 0
    return [
        (
            "left_before_joined",
            "left_on",
            pl.col("left_on") < pl.col("joined_on"),
            _("a day on or after joining"),
        ),
        (
            "outside_year",
            "joined_on",
            insured & (pl.col("joined_on") > last),
            _("a day up to {day}").format(day=last),
        ),
        (
            "outside_year",
            "left_on",
            insured & (pl.col("left_on") < first),
            _("a day from {day} on").format(day=first),
        ),
        (
            "born_later",
            "birth_date",
            pl.col("birth_date") > last,
            _("a day up to {day}").format(day=last),
        ),
        (
            "too_old",
            "birth_date",
            insured & (pl.col("birth_date_latest") <= date(year - law.ages.leave_at, 4, 1)),
            _("a person under 75 on 1 April, or not insured"),
        ),
        (
            "income_disagrees",
            "salary_income",
            pl.col("salary_income") != salary,
            _("the income that the statutory table gives for the revenue"),
        ),
        (
            "income_disagrees",
            "pension_income",
            ~fits,
            _("the income that the statutory table gives for the revenue"),
        ),
        (
            "family_salary",
            "family_worker_salary",
            (family > 0) & (family > pl.col("salary_revenue").fill_null(0)),
            _("at most the salary revenue, which must be given"),
        ),
        (
            "maternity",
            "maternity_months",
            has_months != pl.col("maternity_from").is_not_null(),
            _("both the first month and 1 to 6 months, or neither"),
        ),
        (
            "deduction",
            "separate_transfer_deduction",
            pl.col("separate_transfer_deduction") > _SEPARATE,
            _("at most the transfer income that it is deducted from"),
        ),
    ]


def _check_birth_dates(found: _Findings, persons: Table, law: LawYear) -> None:
    """An unknown day or month is no matter as long as it does not decide the levy."""
    open_dates = persons.frame.filter(pl.col("birth_date") != pl.col("birth_date_latest"))
    if open_dates.is_empty():
        return
    steps = month_steps(law)
    early = apply(open_dates.lazy(), steps).select(_CLASSES).collect()
    late = (
        apply(open_dates.with_columns(birth_date="birth_date_latest").lazy(), steps)
        .select(_CLASSES)
        .collect()
    )
    differs = pl.Series([False]).new_from_index(0, open_dates.height)
    for name in _CLASSES:
        differs = differs | (early[name] != late[name])
    found.add(
        persons.file,
        open_dates.filter(differs),
        "birth_date",
        "birth_date_open",
        _("the date that the office takes it to be (みなし生年月日), day and month given"),
    )


def _check_duplicates(found: _Findings, table: Table, keys: Sequence[str]) -> None:
    # every row of a key that stands twice is refused: nobody can say which one is right
    twice = table.frame.filter(pl.struct(keys).is_duplicated())
    found.add(table.file, twice, keys[-1], "duplicate", _("one row for each key"))


def _check_households(found: _Findings, persons: Table, households: Table) -> None:
    people, houses = persons.frame, households.frame
    found.add(
        persons.file,
        people.join(houses, on=KEYS, how="anti").join(
            _keys_of_refused(households), on=KEYS, how="anti"
        ),
        "household_id",
        "no_household",
        _("a household of the households file"),
    )
    heads = people.group_by(KEYS).agg(
        heads=pl.col("head").sum(),
        most=pl.sum_horizontal(
            pl.col(c.name).fill_null(0).clip(lower_bound=0).sum()
            for c in PERSONS
            if c.kind == "yen" and c.name not in ("asset_tax", "salary_income", "pension_income")
        ),
    )
    # a household with an unreadable person is put aside anyway: its head may be that person
    whole = houses.join(_keys_of_refused(persons), on=KEYS, how="anti")
    counted = whole.join(heads, on=KEYS, how="left")
    rules: list[tuple[str, pl.Expr, str]] = [
        ("no_person", pl.col("heads").is_null(), _("at least one person in the persons file")),
        ("no_head", pl.col("heads") == 0, _("one head in the persons file")),
        ("two_heads", pl.col("heads") > 1, _("one head in the persons file")),
        (
            "household_too_rich",
            pl.col("most") > LARGEST,
            _("incomes of at most {limit} yen in all").format(limit=f"{LARGEST:,}"),
        ),
    ]
    for code, wrong, expected in rules:
        found.add(households.file, counted.filter(wrong), "household_id", code, expected)


def _bad_households(found: _Findings, persons: Table, households: Table) -> pl.DataFrame:
    """The keys of households with a refused row; their other rows are named as put aside."""
    bad = pl.DataFrame(schema={key: pl.String for key in KEYS})
    good_rows: list[tuple[str, pl.DataFrame]] = []
    for table in (persons, households):
        lines = [line for file, line in found.lines if file == table.file]
        refused = pl.col(LINE).is_in(lines) if lines else pl.lit(False)
        bad = pl.concat([bad, table.frame.filter(refused).select(KEYS), _keys_of_refused(table)])
        good_rows.append((table.file, table.frame.filter(~refused)))
    bad = bad.unique()
    for file, rows in good_rows:
        found.add(
            file,
            rows.join(bad, on=KEYS, how="semi"),
            "household_id",
            "household_put_aside",
            _("the other rows of this household mended"),
        )
    return bad


def _keys_of_refused(table: Table) -> pl.DataFrame:
    """The keys of rows whose cells could not be read: those rows are in no frame any more."""
    return table.refused_keys.select(KEYS)
