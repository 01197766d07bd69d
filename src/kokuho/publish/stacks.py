"""Parts of a whole, side by side in a bar for each point in time (構成の図)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import altair as alt

from kokuho.publish.names import column_name, point_name
from kokuho.publish.scales import scale_of
from kokuho.publish.strokes import (
    BAR,
    FILLS,
    INK,
    LETTER,
    ON_FILL,
    WIDTH,
    inline,
    number_format,
    wide,
)
from kokuho.publish.views import View
from kokuho.publish.words import TOTAL, Words

_PARTS = 5
"""So many parts of a bar can be told apart."""


def stacked(view: View, words: Words) -> Any:
    """A bar for each point in time, its parts side by side; None where they are too many."""
    columns = [one for one in view.columns if one != TOTAL]
    rows = view.rows[-8:]
    hidden = any(
        figure.suppressed or figure.value is None
        for row in rows
        for one in columns
        if (figure := view.figure(row, one))
    )
    if not view.by_time or len(columns) > _PARTS or hidden:
        return None
    flat = [view.value(row, one) for row in rows for one in columns]
    divide, unit = scale_of(view.definition, flat, words)
    names = [column_name(view, one, words) for one in columns]
    labels = [point_name(view, row, words, long=True) for row in rows]
    data, texts = [], []
    whole = (
        max(
            float(sum((view.value(row, one) or Decimal(0) for one in columns), Decimal(0)))
            for row in rows
        )
        / divide
        or 1
    )
    for row, label in zip(rows, labels, strict=True):
        start = 0.0
        for number, (one, name) in enumerate(zip(columns, names, strict=True)):
            value = view.value(row, one)
            if value is None:
                continue
            size = float(value) / divide
            data.append({"place": label, "start": start, "end": start + size, "name": name})
            text = words.number(value / divide, view.definition.places if divide == 1 else 1)
            if size / whole > 0.035 * (len(text) + 1):
                texts.append(
                    {
                        "place": label,
                        "middle": start + size / 2,
                        "text": text,
                        "colour": ON_FILL[number],
                    }
                )
            start += size
    y = alt.Y(
        "place:N",
        sort=labels,
        axis=alt.Axis(
            title=None,
            labelExpr="split(datum.label, '|')",
            labelLimit=200,
            ticks=False,
            domain=False,
        ),
    )
    scale = alt.Scale(domain=[0, whole * 1.02], nice=False)
    axis = alt.Axis(title=unit, tickCount=4, format=number_format(view.definition.places, whole))
    bars = (
        alt.Chart(inline(data))
        .mark_bar(stroke=INK, strokeWidth=1)
        .encode(
            x=alt.X("start:Q", scale=scale, axis=axis),
            x2="end:Q",
            y=y,
            color=alt.Color(
                "name:N",
                sort=names,
                scale=alt.Scale(domain=names, range=list(FILLS[: len(names)])),
                legend=alt.Legend(
                    columns=2 if sum(map(wide, names)) > 26 else 0,
                    labelLimit=220,
                    symbolStrokeColor=INK,
                    symbolStrokeWidth=1,
                ),
            ),
        )
    )
    on = (
        alt.Chart(inline(texts))
        .mark_text(fontSize=LETTER - 1)
        .encode(
            x=alt.X("middle:Q", scale=scale),
            y=y,
            text="text:N",
            color=alt.Color("colour:N", scale=None),
        )
    )
    layers = alt.layer(bars, on).resolve_scale(color="independent") if texts else bars
    return layers.properties(
        width=WIDTH,
        height=alt.Step(BAR + 6),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )
