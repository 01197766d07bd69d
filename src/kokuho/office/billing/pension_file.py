"""The file of what is known of pensions (docs/billing.md), into the register.

The layout of the exchange with the payers of pensions is not public. It is a slot: an operator's
layout file fills it; without one the file is a table with columns of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.messages import translator
from kokuho.office.billing import pension_layouts
from kokuho.office.billing.pensions import PensionNotice
from kokuho.office.billing.schedules import year_days
from kokuho.office.imports.run import write_errors
from kokuho.office.register import recordings
from kokuho.office.register.models import Insurer, Resident
from kokuho.office.store.recording import record
from kokuho.office.tenancy import CODE, seeing
from kokuho.tables import LINE, Column, Refusal, Table, read_table

_ = translator("office_billing")

_LARGEST = 10_000_000


def _yen(name: str, title: str, *aliases: str, nullable: bool = True) -> Column:
    default: dict[str, Any] = {} if nullable else {"default": 0}
    return Column(
        name,
        "yen",
        title,
        nullable=nullable,
        minimum=0,
        maximum=_LARGEST,
        aliases=aliases,
        **default,
    )


COLUMNS: tuple[Column, ...] = (
    Column("insurer_code", "text", "保険者コード", required=True, aliases=("保険者番号",)),
    Column("person_id", "text", "宛名番号", required=True, aliases=("個人コード",)),
    Column("fiscal_year", "count", "年度", required=True, minimum=2018, maximum=2199),
    _yen("pension", "年金の年額"),
    _yen("payment", "年金の1回の支払額", "年金の1回の額"),
    Column(
        "care_from_pension", "yes_no", "介護保険料は特別徴収", nullable=True,
        aliases=("介護保険料の特別徴収",),
    ),
    _yen("care", "介護保険料の1回の額", "1回の介護保険料"),
    _yen("april", "4月仮徴収", nullable=False),
    _yen("june", "6月仮徴収", nullable=False),
    _yen("august", "8月仮徴収", nullable=False),
)  # fmt: skip
_KEY = ("insurer_code", "person_id", "fiscal_year")
_TESTED = ["pension", "payment", "care_from_pension", "care"]
_SAID = ("pension", "payment", "care_from_pension", "care", "april", "june", "august")


@dataclass(frozen=True)
class Taken:
    """What became of a file.

    Attributes:
        rows: its good rows.
        recorded: how many of them said something new.
        unknown: how many leave something of the test open.
        refused: what was refused, cell by cell.
        errors: the file that has all refusals.
    """

    rows: int
    recorded: int
    unknown: int
    refused: Sequence[Refusal]
    errors: Path | None

    @property
    def refused_lines(self) -> set[int]:
        """The refused rows."""
        return {refusal.line for refusal in self.refused}


def take(
    path: Path,
    *,
    actor: str,
    good_rows: bool = False,
    layout: str | None = None,
    insurer: str | None = None,
    fiscal_year: int | None = None,
) -> Taken:
    """Take a file in, in full or (``good_rows``) as far as its rows are good.

    The same file twice records nothing the second time. Refused rows are written beside the file,
    to ``NAME.errors.csv``.

    Args:
        path: the file; a table with our columns, or of ``layout``.
        actor: who takes it.
        good_rows: take the good rows, if others are refused.
        layout: the operator's layout (:mod:`kokuho.office.billing.pension_layouts`).
        insurer, fiscal_year: of all rows, where the layout does not say them.

    Raises:
        CollectionError: the layout, or the file that is not as it says.
        TableError: it cannot be read as a table, or lacks a column.
    """
    if layout is None:
        table = read_table(path, COLUMNS)
    else:
        year = None if fiscal_year is None else str(fiscal_year)
        given = {"insurer_code": insurer, "fiscal_year": year}
        table = pension_layouts.read(path, layout, COLUMNS, given)
    frame = table.frame
    codes = [code for code in frame["insurer_code"].unique().sort() if CODE.fullmatch(code)]
    with seeing(codes, writing=True):
        refused = sorted([*table.refusals, *_refused(table)], key=lambda one: one.line)
        errors = write_errors(path, refused)
        if refused and not good_rows:
            return Taken(0, 0, 0, refused, errors)
        frame = frame.filter(~pl.col(LINE).is_in([one.line for one in refused]))
        recorded = sum(_record(code, frame.filter(insurer_code=code), actor) for code in codes)
    unknown = frame.filter(pl.any_horizontal(pl.col(_TESTED).is_null())).height
    return Taken(frame.height, recorded, unknown, refused, errors)


def _refused(table: Table) -> Iterator[Refusal]:
    """Rows of a person and year that stand twice, of unknown insurers and of strangers."""
    frame = table.frame
    here = set(Insurer.objects.values_list("code", flat=True))
    known = set(Resident.objects.values_list("insurer_id", "address_number"))
    twice = frame.select(*_KEY).is_duplicated()
    for row, again in zip(frame.iter_rows(named=True), twice, strict=True):
        name, code, words = "person_id", "", ""
        if row["insurer_code"] not in here:
            name, code = "insurer_code", "unknown_insurer"
            words = _("an insurer that was added with kokuho insurer add")
        elif (row["insurer_code"], row["person_id"]) not in known:
            code, words = "unknown_person", _("a resident who was imported before")
        elif again:
            code, words = "duplicate", _("each person once in a fiscal year")
        if code:
            title = next(column.title for column in COLUMNS if column.name == name)
            yield Refusal(table.file, row[LINE], name, row[name], code, words, title)


def _record(insurer: str, frame: pl.DataFrame, actor: str) -> int:
    if frame.is_empty():
        return 0
    numbers = dict(Resident.objects.filter(insurer_id=insurer).values_list("address_number", "pk"))
    moment = recordings.begin(insurer, actor=actor, reason=_("pensions"))
    changes = record(
        moment,
        [
            PensionNotice(
                resident_id=numbers[row["person_id"]],
                fiscal_year=row["fiscal_year"],
                **{name: row[name] for name in _SAID},
                **year_days(row["fiscal_year"]),
            )
            for row in frame.iter_rows(named=True)
        ],
    )
    return len(changes.inserted)
