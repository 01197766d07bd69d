"""The sheet to the regional immigration bureau (連絡票): a form of ours, and the official slot.

The official form is not public. An office that has it as a workbook writes ``{{person.name}}`` and
the like into its cells, and the same values go there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kokuho.base.errors import FormError
from kokuho.base.messages import translator
from kokuho.forms.render import render_pdf

_ = translator("forms")

KEYS = (
    "number", "made_on", "issuer", "to", "papers", "person", "trigger", "event_day", "care_from",
    "within", "reason_to_open", "items", "heard_on", "decided_on", "decided_by", "reason",
    "source", "slot",
)  # fmt: skip
"""All that the sheet shows; what anybody owes is no part of it."""

_SLOT = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


def bureau_sheet_pdf(data: Mapping[str, Any], *, made_on: date) -> bytes:
    """The sheet as PDF, headed 参考様式.

    Raises:
        FormError: it has more or less than :data:`KEYS`, or cannot be rendered.
    """
    _check(data)
    return render_pdf("bureau_notice", data, made_on=made_on)


def fill_form(form: Path, data: Mapping[str, Any]) -> bytes:
    """The operator's own workbook (XLSX) with the sheet's values in the places it names.

    Places are ``{{number}}``, ``{{person.name}}``, ``{{items.1.value}}`` (from 1), …; lists become
    lines. Everything else of the workbook stays as it is.

    Raises:
        FormError: the file is no workbook, or a place in it names nothing; its cell is named.
    """
    import openpyxl

    _check(data)
    values = dict(_flat("", data))
    try:
        book = openpyxl.load_workbook(form)
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise FormError(
            _("{file} is no workbook (XLSX) that can be filled in").format(file=form)
        ) from error
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and _SLOT.search(cell.value):
                    cell.value = _filled(cell.value, values, f"{sheet.title}!{cell.coordinate}")
                    cell.data_type = "s"  # never a formula, whatever a name begins with
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _filled(text: str, values: Mapping[str, str], place: str) -> str:
    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise FormError(
                _("{place} asks for {name}; a sheet has: {names}").format(
                    place=place, name=found[1], names=", ".join(values)
                )
            )
        return values[found[1]]

    return _SLOT.sub(value, text)


def _flat(name: str, value: Any) -> list[tuple[str, str]]:
    """Every value by its place; a list of texts as one of lines."""
    if isinstance(value, Mapping):
        return [one for key, part in value.items() for one in _flat(f"{name}.{key}", part)]
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [one for at, part in enumerate(value, 1) for one in _flat(f"{name}.{at}", part)]
    text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
    return [(name.removeprefix("."), text)]


def _check(data: Mapping[str, Any]) -> None:
    wrong = sorted(set(KEYS) ^ set(data))
    if wrong:
        raise FormError(_("The sheet is not made: {keys}").format(keys=", ".join(wrong)))
