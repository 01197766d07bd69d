"""The law that a levy was made under, kept as a document and used again (根拠法令の保存).

A correction of our law data, or a later law, must not change what an assessment of the past says
when it is made again. So the values of its fiscal year are kept beside it, and held in place of
today's while it is replayed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from kokuho.base.calendar import first_day_of_year, last_day_of_year
from kokuho.base.errors import LawError
from kokuho.base.messages import translator
from kokuho.law.model import DatedValue, Parameter
from kokuho.law.registry import holding, parameter
from kokuho.law.text import value_data
from kokuho.law.values import Band, Bracket, Value, read_value
from kokuho.law.year import names_of_year

_ = translator("law")


def keep(fiscal_year: int) -> bytes:
    """The values that the levy of a fiscal year takes, as JSON; the same law gives the same bytes.

    Raises:
        LawError: the law of the year is not known.
    """
    law = {name: _parameter(parameter(name), fiscal_year) for name in names_of_year(fiscal_year)}
    document = {"fiscal_year": fiscal_year, "parameters": law}
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()


def hold(document: bytes) -> AbstractContextManager[None]:
    """Use the law of a kept document in place of today's, inside the block.

    Raises:
        LawError: it is no such document.
    """
    return holding(read_kept(document))


def read_kept(document: bytes) -> dict[str, Parameter]:
    """The parameters of a kept document.

    Raises:
        LawError: it is no such document.
    """
    try:
        entries = json.loads(document)["parameters"]
        return {name: _read_parameter(name, entry) for name, entry in entries.items()}
    except (ValueError, TypeError, KeyError) as error:
        raise LawError(_("The kept law cannot be read: {reason}").format(reason=error)) from None


def different_names(document: bytes, fiscal_year: int) -> list[str]:
    """The parameters that say something else today than in the document; sources do not count."""
    kept = read_kept(document)
    names = sorted({*kept, *names_of_year(fiscal_year)})
    return [name for name in names if _said(kept.get(name)) != _said(_today(name, fiscal_year))]


def _today(name: str, fiscal_year: int) -> Parameter:
    entry = parameter(name)
    return replace(entry, values=_values_of_year(entry, fiscal_year))


def _said(entry: Parameter | None) -> list[tuple[date, date, Value]] | None:
    return None if entry is None else [(v.first, v.last, v.value) for v in entry.values]


def _values_of_year(entry: Parameter, fiscal_year: int) -> tuple[DatedValue, ...]:
    first, last = first_day_of_year(fiscal_year), last_day_of_year(fiscal_year)
    # what began before the year may end on another day once more years are known
    return tuple(
        replace(value, first=max(value.first, first), last=min(value.last, last))
        for value in entry.values
        if value.first <= last and value.last >= first
    )


def _parameter(entry: Parameter, fiscal_year: int) -> dict[str, Any]:
    values = _values_of_year(entry, fiscal_year)
    rows = [vars(value) | {"value": _written(value.value)} for value in values]
    kept = {key: _plain(said) for key, said in vars(entry).items() if key not in ("name", "values")}
    return kept | {"values": [_plain(row) for row in rows]}


def _plain(data: Any) -> Any:
    match data:
        case dict():
            return {key: _plain(value) for key, value in data.items()}
        case list():
            return [_plain(value) for value in data]
        case date():
            return data.isoformat()
        case _:
            return data


def _written(value: Value) -> object:
    """A value as its YAML form has it, days as text."""
    match value:
        case None:
            return "unlimited"
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case tuple():
            return [
                list(vars(row).values()) if isinstance(row, Bracket | Band) else row
                for row in value
            ]
        case _:
            return value_data(value)


def _read_parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    def value(raw: Mapping[str, Any]) -> DatedValue:
        written = raw["value"]
        if entry["unit"] == "date":
            written = date.fromisoformat(written)
        days = {key: date.fromisoformat(raw[key]) for key in ("first", "last")}
        return DatedValue(**{**raw, **days, "value": read_value(written, entry["unit"])})

    begins = entry["begins"]
    return Parameter(
        **{
            **entry,
            "name": name,
            "begins": None if begins is None else date.fromisoformat(begins),
            "values": tuple(value(raw) for raw in entry["values"]),
        }
    )
