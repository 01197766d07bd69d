"""The special account by item (特別会計): typed in by the office, in a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kokuho.base.messages import translator
from kokuho.statistics.catalogue import dimensions
from kokuho.statistics.figures import Figure, count, figure_id
from kokuho.tables import LINE, Column, Refusal, read_table

_ = translator("statistics")

_LARGEST = 10**14
_FIRST_YEAR, _LAST_YEAR = 1989, 2100

COLUMNS: tuple[Column, ...] = (
    Column("fiscal_year", "count", "年度", required=True, minimum=_FIRST_YEAR, maximum=_LAST_YEAR,
           help="western year in which it starts"),
    Column("side", "choice", "歳入・歳出", required=True,
           choices={"revenue": ("歳入",), "expenditure": ("歳出",)}),
    Column("item", "text", "科目", required=True,
           help="a code of dimensions.yaml, or its Japanese name, or the office's own item"),
    Column("amount", "yen", "金額", required=True, minimum=0, maximum=_LARGEST),
    Column("note", "text", "備考", nullable=True),
)  # fmt: skip


@dataclass(frozen=True)
class Account:
    """The rows of a table that were accepted, and those that were refused."""

    rows: tuple[Mapping[str, Any], ...]
    refusals: tuple[Refusal, ...]


def read_account(path: Path) -> Account:
    """Read the table of an account; a bad row takes no good one with it.

    Raises:
        TableError: it cannot be read as a table, or lacks a column.
    """
    table = read_table(path, COLUMNS)
    refusals = list(table.refusals)
    names = {text.ja: code for code, text in dimensions()["item"].labels.items()}
    seen: set[tuple[int, str, str]] = set()
    rows = []
    for row in table.frame.iter_rows(named=True):
        item = names.get(row["item"], row["item"]).replace(" ", "")
        key = (row["fiscal_year"], row["side"], item)
        if key in seen or set(item) & set("[],="):
            code = "duplicate" if key in seen else "not_a_choice"
            expected = _("each item once in a year, without brackets, commas or =")
            refusals.append(
                Refusal(table.file, row[LINE], "item", row["item"], code, expected, "科目")
            )
            continue
        seen.add(key)
        rows.append({**row, "item": item})
    return Account(tuple(rows), tuple(sorted(refusals, key=lambda one: one.line)))


def account_figures(rows: Iterable[Mapping[str, Any]]) -> Iterator[Figure]:
    """Revenue and expenditure by item and in total, and the balance of years that have both."""
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        measure, year = f"account_{row['side']}", row["fiscal_year"]
        sums[measure, year] += row["amount"]
        name = figure_id(measure, {"year": year, "item": row["item"]})
        yield count(name, row["amount"], "yen", row["note"] or "")
    for (measure, year), amount in sums.items():
        yield count(figure_id(measure, {"year": year}), amount, "yen")
    for year in sorted({year for _measure, year in sums}):
        sides = [sums.get((f"account_{side}", year)) for side in ("revenue", "expenditure")]
        if sides[0] is not None and sides[1] is not None:
            name = figure_id("account_balance", {"year": year})
            yield count(name, sides[0] - sides[1], "yen")
