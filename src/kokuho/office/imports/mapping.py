"""The office's own headers and codes (``--map FILE``): what its export calls our columns.

A YAML file with any of::

    columns: {住民番号: person_id, 氏名漢字: kanji}        # header in the file: our column
    codes: {sex: {"1": M, "2": F}}                       # our column: code in the file: our value
    constants: {insurer_code: "992011"}                  # columns that the file does not have
    ignore: [備考]                                        # headers that are of no use to us
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.tables import Column

_ = translator("office")

_KEYS = ("columns", "codes", "constants", "ignore")
_IGNORED = "_ignored_"


@dataclass(frozen=True)
class FileMap:
    """What the office calls our columns and values."""

    columns: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    ignore: Sequence[str] = ()

    def expected(self, columns: Sequence[Column]) -> list[Column]:
        """Our columns, under the office's headers and with its codes."""
        ignored = [
            Column(f"{_IGNORED}{number}", "text", header, nullable=True)
            for number, header in enumerate(self.ignore)
        ]
        return [self._column(column) for column in columns] + ignored

    def _column(self, column: Column) -> Column:
        headers = tuple(theirs for theirs, ours in self.columns.items() if ours == column.name)
        column = replace(column, aliases=(*column.aliases, *headers))
        if column.name in self.constants:
            value = self.constants[column.name]
            default = int(value) if column.kind in ("yen", "count") else value
            column = replace(column, required=False, nullable=False, default=default)
        if column.name in self.codes and column.kind in ("choice", "yes_no"):
            known = column.choices or {"yes": (), "no": ()}
            theirs = self.codes[column.name]
            choices = {
                value: (*others, *(code for code, ours in theirs.items() if ours == value))
                for value, others in known.items()
            }
            default = {True: "yes", False: "no"}.get(column.default, column.default)  # type: ignore[call-overload]
            column = replace(column, kind="choice", choices=choices, default=default)
        return column

    def ours(self, frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
        """The rows as we know them: texts translated, ignored columns gone."""
        mapped = [column for column in columns if column.name in self.codes]
        texts = [
            pl.col(column.name).replace(dict(self.codes[column.name]))
            for column in mapped
            if column.kind == "text"
        ]
        flags = [pl.col(column.name) == "yes" for column in mapped if column.kind == "yes_no"]
        ignored = [name for name in frame.columns if name.startswith(_IGNORED)]
        return frame.drop(ignored).with_columns(*texts, *flags)


def read_map(path: Path | None, columns: Sequence[Column]) -> FileMap:
    """Read a map for files with these columns; without a file, nothing is called otherwise.

    Raises:
        InputError: it cannot be read, or names something that we do not know.
    """
    if path is None:
        return FileMap()
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(
            _("{file} cannot be read as a map: {reason}").format(
                file=path, reason=str(error).replace("\n", " ")
            )
        ) from None
    return _checked(data, path, {column.name: column for column in columns})


def _checked(data: Any, path: Path, columns: Mapping[str, Column]) -> FileMap:
    def refuse(what: str) -> InputError:
        return InputError(f"{path}: {what}")

    if not isinstance(data, dict) or set(data) - set(_KEYS):
        raise refuse(_("a map has the keys {keys} and no others").format(keys=", ".join(_KEYS)))
    ignore = data.get("ignore") or []
    if not isinstance(ignore, list):
        raise refuse(_("{key} must be a list").format(key="ignore"))
    tables = {key: data.get(key) or {} for key in _KEYS[:3]}
    for key, found in tables.items():
        if not isinstance(found, dict):
            raise refuse(_("{key} must be a table").format(key=key))
    named = [*tables["columns"].values(), *tables["codes"], *tables["constants"]]
    if unknown := sorted({str(name) for name in named if name not in columns}):
        raise refuse(_("there is no column {names}").format(names=", ".join(unknown)))
    codes = {name: _texts(found) for name, found in tables["codes"].items()}
    for name, theirs in codes.items():
        known = set(columns[name].choices) or ({"yes", "no"} if _flag(columns[name]) else set())
        if known and (wrong := sorted(set(theirs.values()) - known)):
            raise refuse(
                _("{column} has no value {values}").format(column=name, values=", ".join(wrong))
            )
    constants = _texts(tables["constants"])
    if wrong := sorted(name for name in constants if columns[name].kind in ("date", "yes_no")):
        raise refuse(_("{names} cannot be a constant").format(names=", ".join(wrong)))
    return FileMap(_texts(tables["columns"]), codes, constants, [str(name) for name in ignore])


def _flag(column: Column) -> bool:
    return column.kind == "yes_no"


def _texts(found: Mapping[Any, Any]) -> dict[str, str]:
    """Keys and values as text; YAML reads a bare yes or no as a truth value."""
    return {str(key): _text(value) for key, value in found.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
