"""Reading persons and households for a levy: what cannot be levied rightly is put aside and named.

A household goes on only if all of its rows are good: levied without a member it would be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kokuho.base.messages import translator
from kokuho.law import LawYear, for_fiscal_year
from kokuho.levy.columns import HOUSEHOLDS, PERSONS
from kokuho.levy.frames import in_key_order
from kokuho.levy.intake_rules import (
    LATEST_BIRTH,
    Rule,
    household_row_rules,
    household_rules,
    incomes,
    open_birth_dates,
    person_rules,
)
from kokuho.tables import LINE, Refusal, Table, read_table

_ = translator("intake")

KEYS = ["insurer_code", "household_id"]
_PERSON_KEYS = [*KEYS, "person_id"]
_TITLES = {column.name: column.title for column in (*PERSONS, *HOUSEHOLDS)}


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
    people = in_key_order(persons.frame, _PERSON_KEYS)
    houses = in_key_order(households.frame, KEYS)
    of_persons, of_households = _Findings(persons), _Findings(households)
    of_persons.add_rules(people, person_rules(law))
    of_persons.add(*open_birth_dates(people, law), "birth_date", "birth_date_open")
    of_persons.add_duplicates(people, _PERSON_KEYS)
    of_households.add_rules(houses, household_row_rules())
    of_households.add_duplicates(houses, KEYS)
    _check_households(of_persons, of_households, people, houses)
    bad = _bad_households(of_persons, of_households)
    if not bad.is_empty():
        of_persons.put_aside(people, bad)
        of_households.put_aside(houses, bad)
        people = people.join(bad, on=KEYS, how="anti", maintain_order="left")
        houses = houses.join(bad, on=KEYS, how="anti", maintain_order="left")
    return Intake(
        persons=people.drop(LINE, LATEST_BIRTH),
        households=houses.drop(LINE),
        refusals=[*of_persons.in_order(), *of_households.in_order()],
    )


class _Findings:
    """The refusals of one file, and the keys of the households that they touch."""

    def __init__(self, table: Table) -> None:
        self.file, self.cells = table.file, table.cells
        self.refusals = list(table.refusals)
        self.bad = [table.refused_keys.select(LINE, *KEYS)]
        self.unread = table.refused_keys.select(KEYS).drop_nulls().unique()

    def add_rules(self, frame: pl.DataFrame, rules: Sequence[Rule]) -> None:
        """Refuse the rows in which a rule is broken."""
        broken = frame.select(
            rule.wrong.any().alias(str(number)) for number, rule in enumerate(rules)
        ).row(0)
        for rule, is_broken in zip(rules, broken, strict=True):
            if is_broken:
                rows = frame.filter(rule.wrong)
                self.add(rows, [rule.expected] * rows.height, rule.column, rule.code)

    def add(self, rows: pl.DataFrame, expected: Sequence[str], column: str, code: str) -> None:
        """Refuse rows, each with what was expected in it."""
        if rows.is_empty():
            return
        written = rows.select(LINE).join(
            self.cells.select(LINE, pl.col(column).cast(pl.String).fill_null("")),
            on=LINE,
            how="left",
            maintain_order="left",
        )
        self.refusals += [
            Refusal(self.file, line, column, value, code, words, _TITLES[column])
            for (line, value), words in zip(written.iter_rows(), expected, strict=True)
        ]
        self.bad.append(rows.select(LINE, *KEYS))

    def add_duplicates(self, frame: pl.DataFrame, keys: Sequence[str]) -> None:
        """Refuse every row of a key that stands twice: nobody can say which one is right."""
        same = pl.all_horizontal(pl.col(key) == pl.col(key).shift(1) for key in keys)
        again = frame.select(same.fill_null(False)).to_series()
        if not again.any():
            return
        twice = frame.filter(again | again.shift(-1, fill_value=False))
        lines = twice.with_columns(pl.col(LINE).implode().over(keys).alias("lines"))["lines"]
        expected = [
            _("one row for each key; this one stands in the lines {lines}").format(
                lines=", ".join(map(str, sorted(found)))
            )
            for found in lines
        ]
        self.add(twice, expected, keys[-1], "duplicate")

    def put_aside(self, frame: pl.DataFrame, bad: pl.DataFrame) -> None:
        """Name the rows that would be good, had another row of their household been good."""
        own = pl.concat(self.bad).get_column(LINE).unique()
        rows = (
            frame.select(LINE, *KEYS)
            .join(bad, on=KEYS, how="inner", maintain_order="left")
            .filter(~pl.col(LINE).is_in(own.implode()))
        )
        words = _("line {line} of {file} mended, which stops this household")
        stops = rows.select("bad_file", "bad_line").iter_rows()
        expected = [words.format(line=line, file=file) for file, line in stops]
        self.add(rows, expected, "household_id", "household_put_aside")

    def in_order(self) -> list[Refusal]:
        """The refusals by line."""
        return sorted(self.refusals, key=lambda refusal: refusal.line)


def _check_households(
    of_persons: _Findings, of_households: _Findings, people: pl.DataFrame, houses: pl.DataFrame
) -> None:
    """Persons without household, households without person, and what a household must have.

    A household with an unreadable row is put aside anyway, and what it seems to lack may be in
    that row: it is not said to lack anything.
    """
    sums = (
        people.lazy()
        .select(*KEYS, "head", "asset_tax", incomes=incomes())
        .group_by(KEYS)
        .agg(heads=pl.col("head").sum(), incomes=pl.col("incomes").sum(),
             assets=pl.col("asset_tax").sum())
        .collect()
    )  # fmt: skip
    homeless = sums.join(houses, on=KEYS, how="anti").join(
        of_households.unread, on=KEYS, how="anti"
    )
    if not homeless.is_empty():
        rows = people.join(homeless, on=KEYS, how="semi", maintain_order="left")
        words = [_("a household of the households file")] * rows.height
        of_persons.add(rows, words, "household_id", "no_household")
    counted = houses.join(of_persons.unread, on=KEYS, how="anti").join(
        sums, on=KEYS, how="left", maintain_order="left"
    )
    nobody = counted.filter(pl.col("heads").is_null())
    words = [_("at least one person in the persons file")] * nobody.height
    of_households.add(nobody, words, "household_id", "no_person")
    of_households.add_rules(counted, household_rules())


def _bad_households(*findings: _Findings) -> pl.DataFrame:
    """The households with a refused row, and the file and first line that stops each."""
    return (
        pl.concat(
            pl.concat(found.bad).sort(LINE).with_columns(bad_file=pl.lit(found.file))
            for found in findings
        )
        .rename({LINE: "bad_line"})
        .drop_nulls(KEYS)
        .unique(KEYS, keep="first", maintain_order=True)
    )
