"""Traceability: function ids (機能ID) of the official list, each with the tests that prove it.

The official list is the operator's to bring: nothing of it is shipped. The table is a CSV with the
columns of :data:`COLUMNS`; a row may name several tests, apart by blanks or line ends.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator

_ = translator("linkage")

COLUMNS = ("機能ID", "要件", "実装区分", "試験")
_ID = re.compile(r"\d{7}")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row.

    Attributes:
        line: in the file, from 1.
        id: seven digits.
        text, standing: as the list has it (実装必須・標準オプション …).
        tests: as ``tests/FOLDER/FILE.py::NAME``.
        problem: what is wrong with the row: ``id``, ``twice``, ``untested`` or ``no_such_test``.
        unknown: the tests that there are not.
    """

    line: int
    id: str
    text: str
    standing: str
    tests: tuple[str, ...]
    problem: str = ""
    unknown: tuple[str, ...] = ()


def read_trace(path: Path, tests: Path | None = None) -> list[Requirement]:
    """The rows of a table, each checked.

    Args:
        path: the CSV, in UTF-8 with or without BOM.
        tests: the folder ``tests`` of the source; without it only the form of names is looked at.

    Raises:
        LinkageError: it cannot be read, or a column is missing.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LinkageError(
            _("{file} cannot be read: {error}").format(file=path, error=error)
        ) from error
    rows = csv.DictReader(text.splitlines())
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise LinkageError(
            _("{file} has no column {names}").format(file=path, names="、".join(missing))
        )
    return list(_checked(rows, tests))


def _checked(rows: csv.DictReader[str], tests: Path | None) -> Iterator[Requirement]:
    seen: set[str] = set()
    known: dict[str, set[str]] = {}
    for line, row in enumerate(rows, 2):
        id_, text, standing, named = ((row[name] or "").strip() for name in COLUMNS)
        listed = tuple(named.split())
        absent = tuple(one for one in listed if not _exists(one, tests, known))
        problem = ""
        if not _ID.fullmatch(id_):
            problem = "id"
        elif id_ in seen:
            problem = "twice"
        elif not listed:
            problem = "untested"
        elif absent:
            problem = "no_such_test"
        seen.add(id_)
        yield Requirement(line, id_, text, standing, listed, problem, absent)


def _exists(name: str, tests: Path | None, known: dict[str, set[str]]) -> bool:
    file, _sep, test = name.partition("::")
    if not file.startswith("tests/") or not test.startswith("test_"):
        return False
    if tests is None:
        return True
    if file not in known:
        path = tests / file.removeprefix("tests/")
        known[file] = set()
        if path.is_file():
            tree = ast.parse(path.read_text(encoding="utf-8"))
            known[file] = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    return test.partition("[")[0] in known[file]


def template() -> str:
    """An empty table for the operator to fill."""
    return ",".join(COLUMNS) + "\r\n"
