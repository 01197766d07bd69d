"""Bars one under the other (内訳の図): the latest point in time, values written behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt

from kokuho.publish.names import column_name, row_name, wrapped
from kokuho.publish.references import beside_rows, day_of
from kokuho.publish.scales import scale_of
from kokuho.publish.strokes import BAR, FILLS, INK, LETTER, WIDTH, inline, number_format
from kokuho.publish.views import View
from kokuho.publish.words import TOTAL, Words

MOST = 20
"""So many bars; the table has the rest."""


@dataclass(frozen=True)
class Bar:
    """A bar: its name, its value, whether it is suppressed, and whether it is a reference."""

    name: str
    value: Decimal | None
    suppressed: bool = False
    reference: bool = False


def bars_of(view: View, words: Words) -> list[Bar]:
    """The bars of a view's latest point in time, references behind them."""
    if view.by_time and view.across is not None:
        row = view.rows[-1]
        pairs = [
            (column_name(view, one, words), view.figure(row, one))
            for one in view.columns
            if one != TOTAL or view.definition.unit == "percent"
        ]
    else:
        latest = view.columns[-1] if view.columns else TOTAL
        rows = view.parts if view.definition.unit != "percent" else view.rows
        if view.by_time:
            rows = view.rows[-1:]
        pairs = [(row_name(view, row, words), view.figure(row, latest)) for row in rows]
    bars = [
        Bar(name, figure.value, figure.suppressed) for name, figure in pairs if figure is not None
    ]
    bars = bars[:MOST]
    beside = beside_rows(view, loose=True)
    if beside is not None and view.definition.unit == "percent":
        bars += [
            Bar(f"{words('reference')} {day_of(key, words)}", value, reference=True)
            for key, value in list(beside.points.items())[-1:]
        ]
    return bars


def bars(bars: Sequence[Bar], view: View, words: Words) -> Any:
    """Bars one under the other, values written behind them."""
    if not bars:
        return None
    divide, unit = scale_of(view.definition, [one.value for one in bars], words)
    rows: list[dict[str, Any]] = []
    for number, bar in enumerate(bars):
        value = 0.0 if bar.value is None else float(bar.value) / divide
        text = words("suppressed") if bar.suppressed else words.cell(None, 0)
        if bar.value is not None:
            places = view.definition.places if divide == 1 else 1
            text = words.number(bar.value / divide, places)
        rows.append(
            {
                "place": f"{number:03d}|{wrapped(bar.name)}",
                "value": value,
                "text": text,
                "fill": "#ffffff" if bar.reference else FILLS[0],
            }
        )
    tall = max(wrapped(bar.name).count("|") + 1 for bar in bars)
    highest = max(row["value"] for row in rows) or 1
    lowest = (
        min(0.0, *(row["value"] for row in rows)) if len(rows) > 1 else min(0.0, rows[0]["value"])
    )
    order = [row["place"] for row in rows]
    y = alt.Y(
        "place:N",
        sort=order,
        axis=alt.Axis(
            title=None,
            labelExpr="slice(split(datum.label, '|'), 1)",
            labelLimit=260,
            ticks=False,
            domain=False,
            labelBaseline="middle",
        ),
    )
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[lowest * 1.2, highest * 1.28], nice=False),
        axis=alt.Axis(
            title=unit, tickCount=4, format=number_format(view.definition.places, highest)
        ),
    )
    chart = alt.Chart(inline(rows)).encode(x=x, y=y)
    layered = alt.layer(
        chart.mark_bar(stroke=INK, strokeWidth=1).encode(color=alt.Color("fill:N", scale=None)),
        chart.mark_text(align="left", dx=5, fontSize=LETTER, color=INK).encode(text="text:N"),
    )
    return layered.properties(
        width=WIDTH,
        height=alt.Step(max(BAR, 10 + LETTER * tall)),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )
