"""``kokuho billing pension``: who pays from a pension, and why (特別徴収の対象)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.billing import KEYS, Decision, PensionFacts, PensionStanding, judge
from kokuho.cli.billing_files import HOUSEHOLD
from kokuho.cli.billing_wording import pension_status_name
from kokuho.ordinance import OrdinanceYear
from kokuho.tables import LINE, Column, Refusal, Table, read_table

_ = translator("billing")

_OLD, _YOUNG = date(1900, 1, 1), date(2199, 12, 31)
_DECISION = ("ordinary_reason", "ordinary_person", "ordinary_on")
FACTS: tuple[Column, ...] = (
    *HOUSEHOLD,
    Column("head_insured", "yes_no", "世帯主は被保険者", required=True),
    Column("head_born", "date", "世帯主の生年月日", required=True, minimum=_OLD, maximum=_YOUNG),
    Column(
        "youngest_born", "date", "最も若い被保険者の生年月日",
        required=True, minimum=_OLD, maximum=_YOUNG,
    ),
    Column("pension", "yen", "年金の年額", nullable=True, minimum=0, maximum=100_000_000),
    Column("payment", "yen", "年金の1回の支払額", nullable=True, minimum=0, maximum=100_000_000),
    Column("care_from_pension", "yes_no", "介護保険料は特別徴収", nullable=True),
    Column("care", "yen", "介護保険料の1回の額", nullable=True, minimum=0, maximum=10_000_000),
    Column("instalment", "yen", "国保の1回の額", required=True, minimum=0, maximum=10_000_000),
    Column("ordinary_reason", "text", "普通徴収とする理由", nullable=True),
    Column("ordinary_person", "text", "決めた者", nullable=True),
    Column("ordinary_on", "date", "決めた日", nullable=True, minimum=_OLD, maximum=_YOUNG),
)  # fmt: skip
"""What is known of households. What the payer of a pension sends has a layout that is not public;
it is the operator's, and its figures are put into these columns. Empty is not known."""


@dataclass(frozen=True)
class Judged:
    """The households of an insurer with their standing, and the rows that were refused."""

    year: OrdinanceYear
    standings: dict[str, PensionStanding]
    refusals: list[Refusal]


def judged(path: Path, year: OrdinanceYear, on: date) -> Judged:
    """The households of a file of facts, judged on a day."""
    table = read_table(path, FACTS)
    own = table.frame.filter(insurer_code=year.insurer.code)
    refused = [*table.refusals, *_refused(table, own)]
    lines = {refusal.line for refusal in refused}
    rows = own.filter(~pl.col(LINE).is_in(list(lines))).sort("household_id")
    standings = {
        row["household_id"]: judge(_facts(row), year, on) for row in rows.iter_rows(named=True)
    }
    return Judged(year, standings, sorted(refused, key=lambda one: one.line))


def _refused(table: Table, rows: pl.DataFrame) -> Iterator[Refusal]:
    """Households that stand twice, and decisions of which a part is missing."""
    titles = {column.name: column.title for column in FACTS}
    for row in rows.filter(pl.struct(KEYS).is_duplicated()).iter_rows(named=True):
        yield Refusal(
            table.file, row[LINE], "household_id", row["household_id"], "duplicate",
            _("each household once"), titles["household_id"],
        )  # fmt: skip
    for row in rows.iter_rows(named=True):
        given = [name for name in _DECISION if row[name] is not None]
        for name in _DECISION if given else ():
            if name not in given:
                yield Refusal(
                    table.file, row[LINE], name, "", "empty",
                    _("reason, person and day of the decision"), titles[name],
                )  # fmt: skip


def _facts(row: dict[str, Any]) -> PensionFacts:
    decided = None
    if row["ordinary_reason"] is not None:
        decided = Decision(row["ordinary_reason"], row["ordinary_person"], row["ordinary_on"])
    return PensionFacts(
        head_insured=row["head_insured"],
        head_born=row["head_born"],
        insured_born=(row["youngest_born"],),
        pension=row["pension"],
        payment=row["payment"],
        care_from_pension=row["care_from_pension"],
        care=row["care"],
        instalment=row["instalment"],
        ordinary_instead=decided,
    )


def counts(found: Judged) -> dict[str, int]:
    """How many households have each standing."""
    numbers = dict.fromkeys(("pension", "ordinary", "undecided"), 0)
    for standing in found.standings.values():
        numbers[standing.status] += 1
    return numbers


def _why(standing: PensionStanding) -> list[str]:
    """The grounds that decide: those that fail, else those that are not known, else all."""
    wanted = {"ordinary": False, "undecided": None, "pension": True}[standing.status]
    return [one.text for one in standing.grounds if one.holds is wanted]


def as_data(found: Judged, household: str | None) -> dict[str, Any]:
    """The standings for machines, all grounds with their facts."""
    return {
        "insurer_code": found.year.insurer.code,
        "fiscal_year": found.year.fiscal_year,
        **counts(found),
        "households": [
            {
                "household_id": name,
                "status": standing.status,
                "grounds": [one.as_dict() | {"text": one.text} for one in standing.grounds],
            }
            for name, standing in _chosen(found, household)
        ],
    }


def text(found: Judged, household: str | None) -> str:
    """The standings for people; of one household every ground with its mark."""
    if household is None:
        lines = [f"{pension_status_name(key)}: {n:,}" for key, n in counts(found).items()]
        return "\n".join(
            [
                *lines,
                *(
                    f"{name}  {pension_status_name(one.status)}  " + " / ".join(_denied(one))
                    for name, one in found.standings.items()
                    if one.status != "pension"
                ),
            ]
        )
    [(name, standing)] = _chosen(found, household)
    marks = {True: "○", False: "×", None: "?"}
    lines = [f"{name}: {pension_status_name(standing.status)}"]
    return "\n".join([*lines, *(f"  {marks[one.holds]} {one.text}" for one in standing.grounds)])


def _denied(standing: PensionStanding) -> list[str]:
    """The deciding grounds, marked: what fails is said as what does not hold."""
    mark = "×" if standing.status == "ordinary" else "?"
    return [f"{mark} {words}" for words in _why(standing)]


def table(found: Judged) -> pl.DataFrame:
    """The standings as a table."""
    rows = [
        (found.year.insurer.code, name, standing.status, " / ".join(_why(standing)))
        for name, standing in found.standings.items()
    ]
    columns = (*KEYS, "status", "grounds")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row")


def _chosen(found: Judged, household: str | None) -> list[tuple[str, PensionStanding]]:
    if household is None:
        return list(found.standings.items())
    if household not in found.standings:
        raise InputError(
            _("There is no household {id} whose rows are all good.").format(id=household)
        )
    return [(household, found.standings[household])]
