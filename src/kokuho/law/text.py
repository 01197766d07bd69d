"""Statutory values for people and for machines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from kokuho.base.messages import translator
from kokuho.base.money import rate_numerator, rate_text
from kokuho.law.values import Band, Bracket, Value

_ = translator("law")


def value_text(value: Value, unit: str) -> str:
    """A value in words: ``670,000円``, ``2.80%``; a table has one line for each row."""
    match value:
        case None:
            return _("without limit")
        case Decimal():
            return rate_text(rate_numerator(value))
        case Fraction():
            return _share_text(value)
        case date():
            return value.isoformat()
        case int():
            return _number(value, unit)
        case _:
            return _row_text(value, unit)


def _share_text(value: Fraction) -> str:
    text = f"{value.numerator}/{value.denominator}"
    percent = value * 100
    return f"{text} ({percent}%)" if percent.denominator == 1 else text


def _number(value: int, unit: str) -> str:
    forms = {
        "yen": _("{number} yen"),
        "age": _("{number} years old"),
        "months": _("{number} months"),
        "days": _("{number} days"),
        "day_of_month": _("day {number} of the month"),
    }
    return forms[unit].format(number=f"{value:,}")


def _row_text(
    rows: tuple[int, ...] | tuple[str, ...] | tuple[Bracket, ...] | tuple[Band, ...],
    unit: str,
) -> str:
    if len(rows) == 1 and isinstance(rows[0], Bracket):
        return _number(rows[0].amount, "yen")
    lines = []
    for row in rows:
        match row:
            case Bracket():
                lines.append(f"{_upto(row.upto)}: {_number(row.amount, 'yen')}")
            case Band():
                lines.append(f"{_upto(row.upto)}: {_band_text(row)}")
            case str():
                lines.append(_order_text(row) if unit == "order" else _closed_text(row))
            case int():
                if unit == "tenths":
                    lines.append(_("{tenths} tenths").format(tenths=row))
                elif unit == "month_numbers":
                    lines.append(_("month {number}").format(number=row))
                else:
                    lines.append(_("up to {amount}").format(amount=_number(row, "yen")))
    between = {"brackets": "\n", "bands": "\n", "order": " → "}
    return between.get(unit, " ").join(lines)


def _order_text(name: str) -> str:
    names = {"principal": _("principal"), "interest": _("interest"), "fee": _("reminder fee")}
    return names[name]


def _closed_text(day: str) -> str:
    names = {"saturday": _("Saturdays"), "sunday": _("Sundays"), "holiday": _("national holidays")}
    return names.get(day, day)


def _upto(upto: int | None) -> str:
    if upto is None:
        return _("above that")
    return _("up to {amount}").format(amount=_number(upto, "yen"))


def _band_text(band: Band) -> str:
    if band.percent == 0:
        return _number(-band.subtract, "yen")
    text = (
        _("revenue")
        if band.step == 1
        else _("revenue cut to {step} yen").format(step=f"{band.step:,}")
    )
    if band.percent != 100:
        text += f" × {band.percent}%"
    if band.subtract:
        sign = "−" if band.subtract > 0 else "+"
        text += f" {sign} {_number(abs(band.subtract), 'yen')}"
    return text


def value_data(value: Value) -> object:
    """A value for JSON: numbers stay numbers, shares, rates and days are text, tables are rows."""
    match value:
        case None | int():
            return value
        case Fraction() | Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case _:
            return [row if isinstance(row, int | str) else dict(vars(row)) for row in value]
