"""A refused row: where it stands, what was read, and what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kokuho.base.messages import translator
from kokuho.tables.writing import write_csv

_ = translator("tables")

CODES = {
    "empty": "the cell is empty",
    "not_a_number": "not a whole number",
    "too_small": "below what is possible",
    "too_large": "beyond what is possible",
    "not_a_date": "not a date",
    "not_yes_no": "not yes or no",
    "not_a_choice": "not one of the allowed values",
    "not_a_fraction": "not a decimal between 0 and 1",
    "wrong_cell_count": "the row has more or fewer cells than the header",
    "duplicate": "the same key stands in another row",
    "no_household": "the person is in no household",
    "no_person": "the household has no person",
    "no_head": "the household has no head",
    "two_heads": "the household has more than one head",
    "left_before_joined": "left before joining",
    "outside_year": "not insured in the fiscal year at all",
    "born_later": "born after the fiscal year",
    "too_old": "75 or older all year, so not insured",
    "income_disagrees": "income and revenue do not agree",
    "family_salary": "more salary from the family business than salary",
    "maternity": "maternity months without their first month, or the other way round",
    "deduction": "more special deduction than transfer income",
    "birth_date_open": "the unknown part of the birth date decides the levy",
    "household_too_rich": "the incomes of the household are beyond what is levied exactly",
    "household_put_aside": "put aside with a refused row of the same household",
}
"""Every code that a refused row may have, and what it means; a closed list."""


@dataclass(frozen=True)
class Refusal:
    """One cell or row that was not accepted. ``line`` is the line in the file, the header is 1."""

    file: str
    line: int
    column: str
    value: str
    code: str
    expected: str

    def message(self) -> str:
        """One line for people: file, line, column, value, and what was expected."""
        return _(
            "{file}, line {line}, {column}: {value!r} was refused ({reason}); expected: {expected}"
        ).format(
            file=self.file,
            line=self.line,
            column=self.column,
            value=self.value,
            reason=_(CODES[self.code]),
            expected=self.expected,
        )


def write_refusals(path: Path, refusals: Sequence[Refusal]) -> None:
    """Write refused rows as a CSV that opens in Excel, in full or not at all."""
    titles = ("file", "line", "column", "value", "code", "reason", "expected")
    rows = [
        (r.file, r.line, r.column, r.value, r.code, _(CODES[r.code]), r.expected) for r in refusals
    ]
    frame = pl.DataFrame(rows, schema=[_(title) for title in titles], orient="row")
    write_csv(frame, path)
