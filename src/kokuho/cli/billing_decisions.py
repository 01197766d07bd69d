"""What persons decided about prepayments (``--decisions``): rulings and special circumstances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.messages import translator
from kokuho.billing import Decision, Head, Ruling, Standing, examine
from kokuho.cli.billing_files import HOUSEHOLD
from kokuho.ordinance import OrdinanceYear
from kokuho.tables import LINE, Column, Refusal, read_table

_ = translator("billing")

DECISIONS: tuple[Column, ...] = (
    *HOUSEHOLD,
    Column(
        "decision",
        "choice",
        "決定",
        required=True,
        choices={
            "subject": ("対象",),
            "not_subject": ("対象外",),
            "excused": ("特別の事情", "特別の事情あり"),
        },
    ),
    Column("code", "text", "特別の事情のコード", nullable=True),
    Column("reason", "text", "理由", required=True),
    Column("person", "text", "決めた者", required=True),
    Column(
        "decided_on", "date", "決めた日",
        required=True, minimum=date(2026, 1, 1), maximum=date(2199, 12, 31),
    ),
)  # fmt: skip
"""One row a decision. A ruling (対象, 対象外) is for a household that the facts leave undecided; a
special circumstance has one of the ordinance's codes."""


@dataclass
class Decisions:
    """The decisions of a file by household, and the rows that were refused."""

    file: str = ""
    excused: dict[str, Decision] = field(default_factory=dict)
    rulings: dict[str, tuple[int, Ruling]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def standing(self, household: str, head: Head, year: OrdinanceYear) -> Standing:
        """Whether a household is asked to prepay, by its facts and what was decided.

        A ruling against what is known is refused by its line, and the facts hold.
        """
        excused = self.excused.get(household)
        line, ruling = self.rulings.get(household, (0, None))
        found = examine([head], year, excused=excused)
        if ruling is None:
            return found
        if found.status == "undecided":
            return examine([head], year, excused=excused, ruling=ruling)
        words = _("a household that the facts leave undecided")
        self.refusals.append(_refusal(self.file, line, "decision", ruling.status, words))
        return found


def read(path: Path, year: OrdinanceYear) -> Decisions:
    """The decisions of the ordinance's insurer."""
    table = read_table(path, DECISIONS)
    made = Decisions(table.file, refusals=list(table.refusals))
    own = table.frame.filter(insurer_code=year.insurer.code)
    ruling = pl.col("decision") != "excused"
    twice = own.filter(pl.struct("household_id", ruling).is_duplicated())[LINE].to_list()
    codes = {one.code for one in year.prepayment.special_circumstances or ()}
    for row in own.iter_rows(named=True):
        wrong = list(_wrong(table.file, row, twice, codes))
        made.refusals += wrong
        if wrong:
            continue
        decision = Decision(row["reason"], row["person"], row["decided_on"], row["code"])
        if row["decision"] == "excused":
            made.excused[row["household_id"]] = decision
        else:
            made.rulings[row["household_id"]] = (row[LINE], Ruling(row["decision"], decision))
    return made


def _wrong(file: str, row: dict[str, Any], twice: list[int], codes: set[str]) -> Iterator[Refusal]:
    if row[LINE] in twice:
        words = _("one ruling and one special circumstance of a household")
        yield _refusal(file, row[LINE], "household_id", row["household_id"], words, "duplicate")
    if row["decision"] == "excused" and row["code"] not in codes:
        words = ", ".join(sorted(codes)) or _("none")
        yield _refusal(file, row[LINE], "code", row["code"] or "", words)


def _refusal(
    file: str, line: int, column: str, value: str, words: str, code: str = "not_a_choice"
) -> Refusal:
    [title] = [one.title for one in DECISIONS if one.name == column]
    return Refusal(file, line, column, value, code, words, title)
