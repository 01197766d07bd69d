"""Reading a file to import: rows that hold together, with their days, and every refusal.

Rows of one person belong together: where one is refused the others are put aside, as the days on
which they hold may depend on it. Incomes and benefits stand each for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import polars as pl

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.base.numbers import CARD, is_my_number
from kokuho.office.imports.columns import FILES, KEYS
from kokuho.office.imports.mapping import FileMap
from kokuho.office.register.codes import HOUSEHOLD_DECISIONS, PERSON_DECISIONS
from kokuho.office.register.decision_rules import details
from kokuho.tables import LINE, Refusal, Table, read_table

_ = translator("office")

FROM, TO, NEXT = "_from", "_to", "_next"
"""The days on which a row holds: from, and to before; and where the next row begins."""

_PERSON = ("insurer_code", "person_id")
_SUBJECTS = {
    "residents": _PERSON,
    "households": _PERSON,
    "decisions": ("insurer_code", "kind", "person_id", "household_id"),
}
"""Whose rows follow each other in time."""

_DETAILS = {"months": "months", "share": "share_ppm", "amount": "amount", "answer": "answer"}
"""Columns of decisions, and what they are called in ``register.decision_rules``."""

_APART = frozenset({"incomes", "benefits"})
"""Files whose rows do not depend on each other: a refused one takes no other with it."""

_SUSPECT = 10  # so many address numbers, most of them with the check digit of My Number


@dataclass(frozen=True)
class Prepared:
    """The rows of a file that can be imported, with :data:`FROM` and :data:`TO`.

    ``table`` is the file as it was read. ``given`` has the names of the columns that it has: of
    what it does not have nothing is said.
    """

    kind: str
    table: Table
    frame: pl.DataFrame
    refusals: list[Refusal]
    given: frozenset[str]

    @property
    def height(self) -> int:
        """How many rows the file has, refused ones included."""
        return self.table.frame.height + len(self.table.refused_lines())

    def without(self, refusals: Sequence[Refusal]) -> Prepared:
        """The same less refused rows and what belongs to them."""
        if not refusals:
            return self
        checker = _Checker(self.kind, self.table, self.frame, [*self.refusals, *refusals])
        checker.bad |= {refusal.line for refusal in refusals}
        return replace(self, frame=checker.good(), refusals=checker.in_order())


def prepare(kind: str, path: Path, names: FileMap) -> Prepared:
    """Read and check a file, as far as it goes without the register.

    Raises:
        TableError: it cannot be read as a table, or its header is not that of such a file.
        InputError: its address numbers are My Numbers.
    """
    columns = FILES[kind]
    table = read_table(path, names.expected(columns))
    given = table.given | set(names.constants)
    _refuse_half(path, given)
    frame = _with_days(kind, names.ours(table.frame, columns))
    _refuse_my_numbers(path, frame)
    checker = _Checker(kind, table, frame, list(table.refusals))
    _check(kind, checker)
    return Prepared(kind, table, checker.good(), checker.in_order(), given)


def _with_days(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    day = timedelta(days=1)
    if kind == "incomes":
        april = [pl.date(pl.col("fiscal_year") + more, 4, 1) for more in (0, 1)]
        return frame.with_columns(april[0].alias(FROM), april[1].alias(TO))
    if kind == "benefits":
        applied = pl.col("applied_on")
        return frame.with_columns(applied.alias(FROM), (applied + day).alias(TO))
    if kind == "enrolments":
        return frame.with_columns(pl.col("acquired_on").alias(FROM), pl.col("lost_on").alias(TO))
    if kind == "decisions":
        frame = _of_one(frame)
    subject = _SUBJECTS[kind]
    following = pl.col("since").shift(-1).over(subject)
    return frame.sort(*subject, "since", LINE).with_columns(
        pl.col("since").alias(FROM),
        pl.coalesce("until", following).alias(TO),
        following.alias(NEXT),
    )


def _of_one(frame: pl.DataFrame) -> pl.DataFrame:
    """Decisions, each of a person or of a household; the end of a maternity period."""
    of_person = pl.col("kind").is_in(list(PERSON_DECISIONS))
    month = pl.col("since").dt.truncate("1mo")
    over = month.dt.offset_by(pl.format("{}mo", pl.col("months").fill_null(1)))
    maternity = (pl.col("kind") == "maternity") & pl.col("until").is_null()
    return frame.with_columns(
        pl.when(of_person).then("person_id").alias("person_id"),
        pl.when(~of_person).then("household_id").alias("household_id"),
        pl.when(maternity).then(over).otherwise("until").alias("until"),
    )


def _refuse_half(path: Path, given: frozenset[str]) -> None:
    """A file that says how to treat people says all of it: no protection is lost by omission."""
    half = given & {"preferred_language", "protected"}
    if len(half) == 1:
        raise InputError(
            _(
                "{file}: preferred_language and protected go together; give both columns, or "
                "neither to leave them as they are."
            ).format(file=path)
        )


def _refuse_my_numbers(path: Path, frame: pl.DataFrame) -> None:
    numbers = frame["person_id"].drop_nulls().unique().to_list()
    if len(numbers) >= _SUSPECT and 2 * sum(map(is_my_number, numbers)) > len(numbers):
        raise InputError(
            _(
                "{file}: person_id looks like My Number (個人番号), which is not stored here; "
                "give the address number (宛名番号)."
            ).format(file=path)
        )


class _Checker:
    """The rows of a file, and which of them are refused."""

    def __init__(
        self, kind: str, table: Table, frame: pl.DataFrame, refusals: list[Refusal]
    ) -> None:
        self.kind, self.table, self.frame, self.refusals = kind, table, frame, refusals
        self.titles = {column.name: column.title for column in FILES[kind]}
        self.bad: set[int] = set()
        # what rows that could not be read belong to, as far as it can be told
        self.lost = {
            name: set(table.refused_keys[name].drop_nulls())
            for name in ("person_id", "household_id")
            if name in table.refused_keys.columns
        }

    def refuse(self, wrong: pl.Expr, column: str, code: str, expected: str) -> None:
        """Refuse the rows in which something is wrong, with the cell as it stands in the file."""
        rows = self.frame.filter(wrong).select(LINE)
        cells = rows.join(
            self.table.cells.select(LINE, pl.col(column).cast(pl.String).fill_null("")), on=LINE
        )
        for line, value in cells.iter_rows():
            self._add(line, column, value, code, expected)
            self.bad.add(line)

    def _add(self, line: int, column: str, value: str, code: str, expected: str) -> None:
        file, title = self.table.file, self.titles[column]
        self.refusals.append(Refusal(file, line, column, value, code, expected, title))

    def good(self) -> pl.DataFrame:
        """The rows that are not refused, nor belong to one that is; the latter are named."""
        if not self.bad and not any(self.lost.values()):
            return self.frame
        own = pl.col(LINE).is_in(list(self.bad))
        if self.kind in _APART:
            return self.frame.filter(~own)
        aside = pl.lit(False)
        for name, lost in self.lost.items():
            with_bad = self.frame.filter(own)[name].to_list()
            aside |= pl.col(name).is_in([*lost, *with_bad]).fill_null(False)
        words = _("the other rows of this person or household mended")
        for row in self.frame.filter(aside & ~own).iter_rows(named=True):
            name = "person_id" if row["person_id"] else "household_id"
            self._add(row[LINE], name, row[name], "subject_put_aside", words)
        return self.frame.filter(~aside & ~own)

    def in_order(self) -> list[Refusal]:
        """The refusals by line."""
        return sorted(self.refusals, key=lambda refusal: refusal.line)


def _check(kind: str, checker: _Checker) -> None:
    key = list(KEYS[kind])
    checker.refuse(
        pl.struct(key).is_duplicated(), key[-1] if key[-1] != "reference" else "applied_on",
        "duplicate", _("one row for each {key}").format(key=", ".join(key)),
    )  # fmt: skip
    if kind in _SUBJECTS:
        _check_since(checker, _SUBJECTS[kind])
    if kind == "residents":
        _check_residents(checker)
    elif kind == "households":
        _check_heads(checker)
    elif kind == "enrolments":
        _check_enrolments(checker)
    elif kind == "decisions":
        _check_decisions(checker)


def _check_since(checker: _Checker, subject: Sequence[str]) -> None:
    checker.refuse(
        pl.col("until") <= pl.col("since"), "until", "ends_before_begin",
        _("a day after the day of the beginning"),
    )  # fmt: skip
    checker.refuse(
        pl.col("until") > pl.col("since").shift(-1).over(subject), "until", "periods_overlap",
        _("the day on which the next row begins, or one before it"),
    )  # fmt: skip


def _check_residents(checker: _Checker) -> None:
    checker.refuse(
        pl.col("ended_by").is_not_null() & pl.col("until").is_null(), "ended_by",
        "reason_without_end", _("the day of the end beside it"),
    )  # fmt: skip
    checker.refuse(
        ~pl.col("card_number").str.contains(f"^{CARD}$"), "card_number", "not_a_card_number",
        _("two letters, eight digits, two letters"),
    )  # fmt: skip
    checker.refuse(
        pl.col("birth_date") > pl.col("since"), "birth_date", "born_after_since",
        _("a day not after the day of the beginning"),
    )  # fmt: skip


def _check_heads(checker: _Checker) -> None:
    """One head at a time: the row of the one before ends, or is open and ends with the next."""
    house = ["insurer_code", "household_id"]
    heads = checker.frame.filter(pl.col("head") & ~pl.col("cancelled")).sort(*house, "since", LINE)
    same_day = pl.col("since") == pl.col("since").shift(1).over(house)
    not_ended = pl.col("since") < pl.col(TO).shift(1).over(house)
    overlapping = heads.filter(same_day | not_ended)[LINE].to_list()
    checker.refuse(
        pl.col(LINE).is_in(overlapping), "head", "heads_overlap",
        _("one head of the household on each day"),
    )  # fmt: skip


def _check_enrolments(checker: _Checker) -> None:
    checker.refuse(
        pl.col("lost_on") <= pl.col("acquired_on"), "lost_on", "ends_before_begin",
        _("a day after the day of the beginning"),
    )  # fmt: skip
    checker.refuse(
        pl.col("loss_reason").is_not_null() & pl.col("lost_on").is_null(), "loss_reason",
        "reason_without_end", _("the day of the end beside it"),
    )  # fmt: skip
    held = checker.frame.filter(~pl.col("cancelled")).sort("insurer_code", "person_id", FROM)
    person = ["insurer_code", "person_id"]
    following = pl.col(FROM).shift(-1).over(person)
    overlapping = held.filter(
        following.is_not_null() & (pl.col(TO).is_null() | (pl.col(TO) > following))
    )[LINE].to_list()
    checker.refuse(
        pl.col(LINE).is_in(overlapping), "lost_on", "periods_overlap",
        _("the day on which the next row begins, or one before it"),
    )  # fmt: skip


def _check_decisions(checker: _Checker) -> None:
    """Whom a decision is about, and what the levy cannot do without."""
    of_person = pl.col("kind").is_in(list(PERSON_DECISIONS))
    for name, wanted in (("person_id", of_person), ("household_id", ~of_person)):
        checker.refuse(
            wanted & pl.col(name).is_null(), name, "needed_by_kind",
            _("whom a decision of this kind is about"),
        )  # fmt: skip
    for kind in {**PERSON_DECISIONS, **HOUSEHOLD_DECISIONS}:
        known, ours = details(kind), (pl.col("kind") == kind) & ~pl.col("cancelled")
        for name, detail in _DETAILS.items():
            if detail in known.needs:
                checker.refuse(
                    ours & pl.col(name).is_null(), name,
                    "needed_by_kind", _("what a decision of this kind says"),
                )  # fmt: skip
            elif detail not in known.takes:
                checker.refuse(
                    ours & pl.col(name).is_not_null(), name,
                    "not_of_kind", _("an empty cell"),
                )  # fmt: skip
