"""What is wrong in a bank's or an agent's file: record, byte, what stands there, what was expected.

A file with a problem is refused as a whole: its totals vouch for all of it or for nothing, and half
of a delivery could never be reconciled with the money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator

_ = translator("collection")

PROBLEMS: Mapping[str, str] = {
    "empty": "the file is empty",
    "length": "the record has not its length",
    "columns": "the record has not its number of fields",
    "quote": "a quotation mark that is not in its place",
    "line_end": "not a line end of this layout",
    "end_mark": "the mark 0x1A at the end is missing, or should not be there",
    "character": "a character that this file does not have",
    "record_kind": "not a record of this layout",
    "order": "a record that does not belong here",
    "digits": "not a row of digits",
    "date": "not a day of the calendar",
    "time": "not a time of day",
    "constant": "not what always stands here",
    "code": "not a code of the list",
    "blank": "not blank",
    "check_digit": "the check digit does not agree",
    "total": "the total does not agree with the records",
    "year": "the day is too far from today to tell its year",
    "future": "a day that has not come yet",
    "other_file": "not an answer to the file that was sent",
}
"""Every code of a problem; a closed list."""


@dataclass(frozen=True)
class FileProblem:
    """One problem.

    Attributes:
        file: name of the file, without its folder.
        record: number of the record, from 1.
        byte: byte within the record, from 1; line ends do not count. With separators the field.
        field: title of the field, empty where it is the record itself.
        value: what stands there, as text.
        code: one of :data:`PROBLEMS`.
        expected: what would have been accepted, in the language of the interface.
        unit: what ``byte`` counts: ``byte`` or ``column``.
    """

    file: str
    record: int
    byte: int
    field: str
    value: str
    code: str
    expected: str
    unit: str = "byte"

    def message(self) -> str:
        """One line for people."""
        where = _(
            "{file}, record {record}, byte {byte}{field}: {value!r} was refused ({reason}); "
            "expected: {expected}"
        )
        if self.unit == "column":
            where = _(
                "{file}, record {record}, column {byte}{field}: {value!r} was refused ({reason}); "
                "expected: {expected}"
            )
        return where.format(
            file=self.file,
            record=self.record,
            byte=self.byte,
            field=f" ({self.field})" if self.field else "",
            value=self.value,
            reason=_(PROBLEMS[self.code]),
            expected=self.expected,
        )

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        return {**asdict(self), "message": self.message()}


class BrokenFileError(CollectionError):
    """A file that was refused, with every problem that was found in it."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        super().__init__("\n".join(problem.message() for problem in problems))
        self.problems = tuple(problems)
