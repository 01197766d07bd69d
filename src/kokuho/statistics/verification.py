"""Recomputing what can be recomputed: of the national series, and of a measure file.

A printed share is computed from printed counts. They are rounded, so that it is an interval: a
share that lies outside cannot follow from the counts beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kokuho.base.errors import StatisticsError
from kokuho.base.intervals import Interval
from kokuho.base.messages import translator
from kokuho.statistics.catalogue import Definition, catalogue, dimensions
from kokuho.statistics.confidentiality import Rules, intervals, is_count, unprotected
from kokuho.statistics.figures import Cell, Figure, MeasureFile, half_up, parse_id
from kokuho.statistics.reference import Series, reference
from kokuho.statistics.relations import system_of

_ = translator("statistics")

CODES: Mapping[str, str] = {
    "ratio-impossible": "cannot follow from the printed counts, however they were rounded",
    "unknown-measure": "no measure of the catalogue, or no cell of it",
    "wrong-unit": "not the unit of the measure",
    "wrong-value": "not the ratio of its numerator and denominator, as the measure rounds it",
    "wrong-total": "does not agree with the figures that it is made of",
    "small-cell": "of fewer than the threshold, or so few are behind it, and told all the same",
    "derivable": "suppressed, and to be worked out from the others",
}
"""Every code of a finding and what it means; a closed list."""

_BALANCE = "account_balance"
_NOTES = frozenset({"small-cell"})


@dataclass(frozen=True)
class Finding:
    """Something that cannot be right, or should not be told.

    ``place`` is an id of a figure, or a series and its cell; ``severity`` is ``error`` or ``note``.
    """

    code: str
    place: str
    printed: str
    expected: str

    @property
    def severity(self) -> str:
        """``note`` where it is no mistake in a file that stays in the office."""
        return "note" if self.code in _NOTES else "error"

    def line(self) -> str:
        """The finding for people."""
        return _("{place}: {printed}: {rule}; expected: {expected}").format(
            place=self.place, printed=self.printed, rule=_(CODES[self.code]),
            expected=self.expected,
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Plain values, with the rule in words."""
        return {**asdict(self), "severity": self.severity, "rule": _(CODES[self.code])}


@dataclass(frozen=True)
class Recomputed:
    """A printed derived number beside what its counts allow: an interval in its own unit."""

    series: Series
    cell: Cell
    printed: Fraction
    possible: Interval
    holds: bool


def recomputed() -> Iterator[Recomputed]:
    """Every derived number of the national series that its counts are printed for."""
    for one in reference().values():
        if one.derived is None:
            continue
        above, below = reference()[one.derived.numerator], reference()[one.derived.denominator]
        for cell, value in one.points.items():
            before = _shifted(cell, one.derived.shift)
            if cell not in above.points or before not in below.points:
                continue
            possible = (_printed(above, cell) / _printed(below, before)).times(Fraction(100))
            printed = Fraction(value)
            holds = Interval.rounded(printed, one.places).overlaps(possible)
            yield Recomputed(one, cell, printed, possible, holds)


def verify_reference() -> list[Finding]:
    """The derived numbers of the national series that cannot follow from the printed counts."""
    return [
        Finding(
            "ratio-impossible",
            f"{one.series.id}[{','.join('='.join(pair) for pair in one.cell)}]",
            f"{float(one.printed):.{one.series.places}f}",
            one.possible.text(one.series.places + 1),
        )
        for one in recomputed()
        if not one.holds
    ]


def _printed(series: Series, cell: Cell) -> Interval:
    unit = Fraction(series.factor)
    return Interval.rounded(Fraction(series.points[cell]) / unit, series.places).times(unit)


def _shifted(cell: Cell, years: int) -> Cell:
    return tuple((name, str(int(code) - years) if name == "year" else code) for name, code in cell)


def verify_file(file: MeasureFile, rules: Rules | None = None) -> list[Finding]:
    """What of a measure file cannot be right, or tells too much."""
    rules = rules or Rules()
    found = [one for figure in file.measures for one in _figure(figure)]
    if any(one.code == "unknown-measure" for one in found):
        return found
    figures = file.by_id()
    found += [
        Finding("small-cell", name, str(figures[name].value), _("a suppressed figure"))
        for name in unprotected(file, rules)
    ]
    made = system_of({"": file})
    found += [
        Finding("wrong-total", one.id, str(made.value(one)), _("the sum, or the figure itself"))
        for one in dict.fromkeys(made.broken())
    ]
    if any(one.severity == "error" for one in found):
        return found
    for variable, (low, high) in intervals({"": file}).items():
        wide = rules.threshold if is_count(variable) else _at_least(low, rules)
        if variable not in made.linked and high - low < wide - 1e-6:
            found.append(Finding("derivable", variable.id, "x", f"{low:,.0f} – {high:,.0f}"))
    return found


def _at_least(low: float, rules: Rules) -> float:
    """The width that a suppressed amount needs, as far as an outsider can know the amount."""
    return max(rules.threshold, low * rules.percent / 100)


def _figure(figure: Figure) -> Iterator[Finding]:
    try:
        measure, cell = parse_id(figure.id)
        definition = catalogue()[measure]
        _check_codes(cell)
    except (StatisticsError, KeyError):
        yield Finding("unknown-measure", figure.id, figure.id, _("a measure of docs/measures.md"))
        return
    if figure.unit != definition.unit:
        yield Finding("wrong-unit", figure.id, figure.unit, definition.unit)
        return
    value = "-" if figure.value is None else str(figure.value)
    if (wanted := _value(figure, definition)) is not None and wanted != value:
        yield Finding("wrong-value", figure.id, value, wanted)
    if not definition.is_ratio and figure.value is not None and not _whole(figure, definition):
        yield Finding("wrong-value", figure.id, value, _("a whole number from 0 up"))


def _whole(figure: Figure, definition: Definition) -> bool:
    """Whether a count or an amount is one: whole, and below 0 only where it is a balance."""
    value = figure.value or Decimal(0)
    return value == value.to_integral_value() and (value >= 0 or definition.id == _BALANCE)


def _value(figure: Figure, definition: Definition) -> str | None:
    """What the value of a ratio must be; none where that cannot be told."""
    above, below = figure.numerator, figure.denominator
    if figure.suppressed or not definition.is_ratio or above is None or below is None:
        return None
    if below <= 0:
        return "-"
    times = 100 if figure.unit == "percent" else 1
    return str(half_up(above * times, below, definition.places))


def _check_codes(cell: Cell) -> None:
    for name, code in cell:
        known = dimensions()[name]
        if known.kind == "closed" and code not in known.labels:
            raise StatisticsError(code)
        if known.kind == "year" and not code.isdecimal():
            raise StatisticsError(code)
