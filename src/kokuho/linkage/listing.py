"""The table of persons whom an agency asks about: their linkage codes and the cases."""

from __future__ import annotations

from pathlib import Path

from kokuho.tables import LINE, Column, read_table

PERSONS = (
    Column("code", "text", "符号", "linkage code (符号)", required=True, aliases=("符号",)),
    Column(
        "case", "text", "案件番号", "number of the case in which it is asked", nullable=True,
        aliases=("案件番号",),
    ),
)  # fmt: skip
"""Its columns."""


def read_persons(path: Path) -> tuple[list[tuple[str, str, str]], list[str]]:
    """The rows: place, code, case (empty where none is stated); and what is refused, in words.

    Raises:
        TableError: it is no such table.
    """
    table = read_table(path, PERSONS)
    rows = [
        (f"{table.file}:{row[LINE]}", row["code"].strip(), (row["case"] or "").strip())
        for row in table.frame.iter_rows(named=True)
    ]
    return rows, [one.message() for one in table.refusals]
