"""The table of what is typed in for the plan's measures: targets, and figures made elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from kokuho.base.messages import translator
from kokuho.plan.indicators import Indicator, indicators
from kokuho.plan.measure_file import TARGET, MeasureFigure, percent
from kokuho.tables import LINE, Column, Refusal, read_table

_ = translator("office_collection")

_LARGEST = 10**13

COLUMNS: tuple[Column, ...] = (
    Column("id", "text", "指標", required=True),
    Column("target", "text", "目標", nullable=True),
    Column("value", "text", "実績", nullable=True),
    Column("numerator", "count", "分子", nullable=True, minimum=0, maximum=_LARGEST),
    Column("denominator", "count", "分母", nullable=True, minimum=1, maximum=_LARGEST),
    Column("note", "text", "備考", nullable=True),
)


@dataclass(frozen=True)
class Typed:
    """Figures of a table, targets among them, and the rows that were refused."""

    figures: tuple[MeasureFigure, ...]
    refusals: tuple[Refusal, ...]


def read_typed(path: Path) -> Typed:
    """Read a table of typed figures; a bad row takes no good one with it.

    Raises:
        TableError: it cannot be read as a table, or lacks a column.
    """
    table = read_table(path, COLUMNS)
    refusals = list(table.refusals)
    figures: dict[str, MeasureFigure] = {}
    for row in table.frame.iter_rows(named=True):
        made, wrong = _figures(table.file, row, figures)
        refusals += wrong
        if not wrong:
            figures |= {one.id: one for one in made}
    return Typed(tuple(figures.values()), tuple(sorted(refusals, key=lambda one: one.line)))


def together(
    counted: Iterable[MeasureFigure], typed: Iterable[MeasureFigure]
) -> list[MeasureFigure]:
    """All figures in the order of the catalogue, each with its target behind it."""
    known = {one.id: one for one in (*counted, *typed)}
    ids = [name for one in indicators() for name in (one, one + TARGET)]
    return [known[name] for name in ids if name in known]


def _figures(
    file: str, row: dict[str, Any], before: dict[str, MeasureFigure]
) -> tuple[list[MeasureFigure], list[Refusal]]:
    wrong: list[Refusal] = []
    titles = {column.name: column.title for column in COLUMNS}

    def refuse(name: str, code: str, expected: str) -> None:
        value = "" if row[name] is None else str(row[name])
        wrong.append(Refusal(file, row[LINE], name, value, code, expected, titles[name]))

    name, note = row["id"], row["note"] or ""
    one: Indicator | None = indicators().get(name)
    if one is None:
        refuse("id", "not_a_choice", ", ".join(indicators()))
        return [], wrong
    if {name, name + TARGET} & before.keys():
        refuse("id", "duplicate", _("each indicator once"))
        return [], wrong
    target, value = (_decimal(row[field], refuse, field) for field in ("target", "value"))
    parts = row["numerator"], row["denominator"]
    given = value is not None or parts != (None, None)
    if one.counted and given:
        refuse("value" if value is not None else "numerator", "not_a_choice",
               _("nothing: Kokuho counts it"))  # fmt: skip
    if (parts[0] is None) != (parts[1] is None) or (parts[0] is not None and value is not None):
        refuse("numerator", "not_a_choice", _("numerator and denominator, or the value alone"))
    if wrong:
        return [], wrong
    made = []
    if parts[0] is not None and one.unit == "percent":
        made.append(percent(name, *parts, note))
    elif given:
        made.append(MeasureFigure(id=name, value=value, unit=one.unit, note=note,
                                  numerator=parts[0], denominator=parts[1]))  # fmt: skip
    if target is not None:
        text = note if one.counted else ""
        made.append(MeasureFigure(id=name + TARGET, value=target, unit=one.unit, note=text))
    return made, wrong


def _decimal(text: str | None, refuse: Any, field: str) -> Decimal | None:
    if text is None or not text.strip():
        return None
    try:
        value = Decimal(text.replace(",", "").removesuffix("%"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= _LARGEST:
        refuse(field, "not_a_number", _("a number"))
        return None
    return value
