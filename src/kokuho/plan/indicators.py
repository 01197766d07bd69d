"""Indicators of the plan's measures (具体的な取組): which figure tells whether one works.

The catalogue is data (``data/indicators.yaml``); figures come in a measure file. A measure, or a
line under it, is measured by the indicators whose words stand in its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import text_of, values_of
from kokuho.plan.characters import compact, plain
from kokuho.plan.measure_file import TARGET, MeasureFigure, MeasureFile
from kokuho.plan.model import Part, Plan

_ = translator("plan")

DATA = Path(__file__).parent / "data" / "indicators.yaml"

State = Literal["reached", "short", "no_target", "unknown"]
"""Where an indicator stands against its target; a closed list."""

STATES: Mapping[State, str] = {
    "reached": "target reached",
    "short": "target not reached",
    "no_target": "no target",
    "unknown": "not known",
}
"""The states in words."""

UNITS: Mapping[str, str] = {"percent": "%", "yen": "円", "count": "件"}
"""What stands behind a value on paper."""


class Indicator(Part):
    """How a kind of measure is measured; see the head of the data file."""

    title: str
    unit: Literal["percent", "yen", "count"]
    better: Literal["higher", "lower", "none"]
    counted: bool
    words: tuple[str, ...]


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator beside the line of the plan that it measures.

    ``place`` is that of the line (``measures.2.items.1``), ``text`` its words; ``note`` is that of
    the figure. Values are in the unit: percent, yen, or a number.
    """

    place: str
    text: str
    id: str
    title: str
    unit: str
    target: Decimal | None
    actual: Decimal | None
    state: State
    note: str

    def line(self) -> str:
        """The row for people: ``measures.2.items.1 収納率(現年分): 93.41% (target 94%), short``."""
        return _("{place} {title}: {actual} (target {target}), {state}").format(
            place=self.place, title=self.title, actual=_shown(self.actual, self.unit),
            target=_shown(self.target, self.unit), state=_(STATES[self.state]),
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Plain values, decimals as text."""
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in asdict(self).items()
        }


@cache
def indicators() -> Mapping[str, Indicator]:
    """The catalogue, by id."""
    data = values_of(text_of(DATA, PlanError), DATA.name, PlanError)
    return {name: Indicator.model_validate(one) for name, one in data.items()}


def indicator_rows(plan: Plan, file: MeasureFile) -> list[IndicatorRow]:
    """A row for each indicator of each line of the plan's measures that has one."""
    rows = []
    seen: set[str] = set()
    for place, text in _lines(plan):
        words = compact(plain(text))
        for name, one in indicators().items():
            if name not in seen and any(word in words for word in one.words):
                seen.add(name)
                rows.append(_row(place, text, name, one, file))
    return rows


def _shown(value: Decimal | None, unit: str) -> str:
    return "-" if value is None else f"{value:,}{UNITS[unit]}"


def _lines(plan: Plan) -> Iterator[tuple[str, str]]:
    """The lines of the measures: those under each first, as they say more than its name."""
    for number, measure in enumerate(plan.measures, start=1):
        for at, item in enumerate(measure.items, start=1):
            yield f"measures.{number}.items.{at}", item.text
        if measure.name:
            yield f"measures.{number}", measure.name


def _row(place: str, text: str, name: str, one: Indicator, file: MeasureFile) -> IndicatorRow:
    figure, target = file.figure(name), file.figure(name + TARGET)
    wanted = target.value if target else None
    actual = figure.value if figure else None
    return IndicatorRow(
        place, text, name, one.title, one.unit, wanted, actual, _state(one, figure, wanted),
        figure.note if figure else "",
    )  # fmt: skip


def _state(one: Indicator, figure: MeasureFigure | None, target: Decimal | None) -> State:
    if figure is None or figure.value is None:
        return "unknown"
    if target is None or one.better == "none":
        return "no_target"
    reached = figure.value >= target if one.better == "higher" else figure.value <= target
    return "reached" if reached else "short"
