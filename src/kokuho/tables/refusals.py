"""A refused row: where it stands, what was read, and what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kokuho.base.messages import language, translator
from kokuho.tables.writing import write_csv

_ = translator("tables")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

CODES = {
    "empty": "the cell is empty",
    "not_a_number": "not a whole number",
    "too_small": "below what is possible",
    "too_large": "beyond what is possible",
    "not_a_date": "not a date",
    "date_incomplete": "day or month of the date is missing",
    "date_impossible": "far outside of possible dates",
    "not_yes_no": "not yes or no",
    "not_a_choice": "not one of the allowed values",
    "not_a_fraction": "not a decimal between 0 and 1",
    "wrong_cell_count": "the row has more or fewer cells than the header",
    "broken_quotes": "the quotes of the row are not in order",
    "undecodable": "a byte fits neither UTF-8 nor CP932",
    "duplicate": "the same key stands in another row",
    "no_household": "the person is in no household",
    "no_person": "the household has no person",
    "no_head": "the household has no head",
    "two_heads": "the household has more than one head",
    "left_before_joined": "left before joining",
    "outside_year": "not insured in the fiscal year at all",
    "born_later": "born after the fiscal year",
    "joined_before_birth": "joined before being born",
    "too_old": "75 or older all year, so not insured",
    "joined_too_old": "joined at 75 or older, so not insured",
    "income_disagrees": "income and revenue do not agree",
    "family_salary": "more salary from the family business than salary",
    "maternity": "maternity months without their first month, or the other way round",
    "relief_age": "the relief is not for this age",
    "set_off": "a loss is left beside gains that are halved",
    "deduction": "more special deduction than transfer income",
    "elders": "the elders' number and their incomes do not agree",
    "birth_date_open": "the unknown part of the birth date decides the levy",
    "household_too_rich": "the incomes of the household are beyond what is levied exactly",
    "household_put_aside": "put aside with a refused row of the same household",
    "subject_put_aside": "put aside with a refused row of the same person or household",
    "unknown_insurer": "the insurer is not known",
    "unknown_person": "the person is not in the register",
    "unknown_household": "the household is not in the register",
    "needed_by_kind": "empty, though this kind of decision needs it",
    "not_of_kind": "this kind of decision does not say such a thing",
    "ends_before_begin": "ends before it begins",
    "periods_overlap": "the days of two rows overlap",
    "heads_overlap": "two heads of one household on the same days",
    "no_such_character": "a character that the file to be written does not have",
    "too_long": "longer than its field",
    "reason_without_end": "a reason of an end without its day",
    "not_a_card_number": "not the form of a residence card's number",
    "born_after_since": "born after the day from which the row holds",
    "after_posting": "after the day on which it would be posted",
    "half_named": "the instalment is named in part only",
    "recorded_otherwise": "recorded before under this number, with other contents",
}
"""Every code that a refused row may have, and what it means; a closed list."""


@dataclass(frozen=True)
class Refusal:
    """One cell or row that was not accepted.

    Attributes:
        file: name of the file, without its folder.
        line: line in the file; the header is line 1.
        column: canonical name of the column, empty where it is the row that cannot be read.
        value: the cell, or the beginning of the row, as it stands in the file.
        code: one of :data:`CODES`.
        expected: what would have been accepted, in the language of the interface.
        title: the column's Japanese name.
    """

    file: str
    line: int
    column: str
    value: str
    code: str
    expected: str
    title: str = ""

    def message(self) -> str:
        """One line for people: file, line, column, value, and what was expected."""
        if not self.column:
            message = _(
                "{file}, line {line}: {value!r} was refused ({reason}); expected: {expected}"
            )
        else:
            message = _(
                "{file}, line {line}, {column}: {value!r} was refused ({reason}); "
                "expected: {expected}"
            )
        named = self.title and language() == "ja"
        return message.format(
            file=self.file,
            line=self.line,
            column=f"{self.title}({self.column})" if named else self.column,
            value=self.value,
            reason=_(CODES[self.code]),
            expected=self.expected,
        )


def write_refusals(path: Path, refusals: Sequence[Refusal]) -> None:
    """Write refused rows as a CSV that opens in Excel, in full or not at all."""
    columns = {
        "file": [r.file for r in refusals],
        "line": [r.line for r in refusals],
        "column": [r.column for r in refusals],
        "title": [r.title for r in refusals],
        "value": [no_formula(r.value) for r in refusals],
        "code": [r.code for r in refusals],
        "reason": [_(CODES[r.code]) for r in refusals],
        "expected": [r.expected for r in refusals],
    }
    types = {name: pl.Int64 if name == "line" else pl.String for name in columns}
    write_csv(pl.DataFrame(columns, schema=types).rename({n: _(n) for n in columns}), path)


def no_formula(value: str) -> str:
    """A value that a spreadsheet program does not run; negative numbers stay numbers."""
    harmless = value.lstrip("-").replace(",", "").isdecimal()
    return value if harmless or not value.startswith(_FORMULA) else f"'{value}"
