"""The file of what is known of pensions (docs/billing.md), into the register.

Its layout is ours: that of the exchange with the payers of pensions is not public, and an office
turns what it receives into these columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.messages import translator
from kokuho.office.billing.pensions import PensionNotice
from kokuho.office.billing.schedules import year_days
from kokuho.office.register import recordings
from kokuho.office.register.models import Insurer, Resident
from kokuho.office.store.recording import record
from kokuho.office.tenancy import CODE, seeing
from kokuho.tables import LINE, Column, read_table

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
_SAID = ("pension", "payment", "care_from_pension", "care", "april", "june", "august")


@dataclass(frozen=True)
class Taken:
    """What became of a file: its good rows, how many said something new, and what was refused."""

    rows: int
    recorded: int
    refused: Sequence[str]


def take(path: Path, *, actor: str, good_rows: bool = False) -> Taken:
    """Take a file in, in full or (``good_rows``) as far as its rows are good.

    The same file twice records nothing the second time.

    Raises:
        TableError: it cannot be read as a table, or lacks a column.
    """
    table = read_table(path, COLUMNS)
    refused = [refusal.message() for refusal in table.refusals]
    frame = table.frame
    twice = frame.select("insurer_code", "person_id", "fiscal_year").is_duplicated()
    refused += [_refusal(path, row, "twice") for row in frame.filter(twice).iter_rows(named=True)]
    frame = frame.filter(~twice)
    codes = [code for code in frame["insurer_code"].unique().sort() if CODE.fullmatch(code)]
    with seeing(codes, writing=True):
        known = set(Resident.objects.values_list("insurer_id", "address_number"))
        here = set(Insurer.objects.values_list("code", flat=True))
        pairs = list(frame.select("insurer_code", "person_id").iter_rows())
        stranger = pl.Series([pair not in known for pair in pairs], dtype=pl.Boolean)
        refused += [
            _refusal(path, row, "stranger") for row in frame.filter(stranger).iter_rows(named=True)
        ]
        frame = frame.filter(~stranger)
        if refused and not good_rows:
            return Taken(0, 0, refused)
        recorded = sum(
            _record(code, frame.filter(insurer_code=code), actor) for code in codes if code in here
        )
    return Taken(frame.height, recorded, refused)


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


def _refusal(path: Path, row: dict[str, Any], why: str) -> str:
    texts = {
        "twice": _("{file}, row {line}: person_id {person} stands twice for {year}."),
        "stranger": _("{file}, row {line}: the register has no person_id {person}."),
    }
    return texts[why].format(
        file=path.name, line=row[LINE], person=row["person_id"], year=row["fiscal_year"]
    )
