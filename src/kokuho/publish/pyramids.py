"""Pyramids: ages upwards, two sides back to back (人口ピラミッド)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import altair as alt

from kokuho.publish.names import column_name, row_name
from kokuho.publish.strokes import FILLS, INK, LETTER, WIDTH, inline, wide
from kokuho.publish.views import Key, View
from kokuho.publish.words import TOTAL, Words


def pyramid(view: View, words: Words) -> Any:
    """Ages upwards, the first two columns to the left and right on one scale."""
    sides = [one for one in view.columns if one != TOTAL][:2]
    if len(sides) < 2:
        return None
    rows = list(view.parts)
    halves = [
        (
            column_name(view, side, words),
            [(view.value(row, side), hidden(view, row, side)) for row in rows],
        )
        for side in sides
    ]
    return two_sided(rows, halves, view, words, same_scale=True)


def hidden(view: View, row: Key, column: str = TOTAL) -> bool:
    """Whether a figure is suppressed."""
    figure = view.figure(row, column)
    return figure is not None and figure.suppressed


def two_sided(
    rows: Sequence[Key],
    halves: Sequence[tuple[str, Sequence[tuple[Decimal | None, bool]]]],
    view: View,
    words: Words,
    *,
    same_scale: bool,
) -> Any:
    """Two sides back to back, names of the rows between them."""
    names = [row_name(view, row, words, short=True) for row in rows]
    order = list(reversed(names))
    tops = [max((float(value or 0) for value, _gap in side), default=0) or 1 for _n, side in halves]
    if same_scale:
        tops = [max(tops)] * 2
    middle = int(LETTER * max(map(wide, names)) + 12)
    half = (WIDTH - middle - 40) // 2
    y = alt.Y("place:N", sort=order, axis=None)
    pictures = []
    for number, (title, side) in enumerate(halves):
        data = [
            {"place": name, "value": float(value or 0), "text": words("suppressed") if gap else ""}
            for name, (value, gap) in zip(names, side, strict=True)
        ]
        x = alt.X(
            "value:Q",
            scale=alt.Scale(domain=[0, tops[number] * 1.05], reverse=number == 0, nice=False),
            axis=alt.Axis(title=words("number"), tickCount=3, format=",.0f", labelFlush=True),
        )
        chart = alt.Chart(inline(data)).encode(x=x, y=y)
        marks = [
            chart.mark_bar(color=FILLS[0] if number == 0 else FILLS[2], stroke=INK, strokeWidth=1)
        ]
        if any(row["text"] for row in data):
            marks.append(
                chart.mark_text(
                    align="right" if number == 0 else "left",
                    fontSize=LETTER - 2,
                    dx=-3 if number == 0 else 3,
                    color=INK,
                ).encode(text="text:N")
            )
        pictures.append(
            alt.layer(*marks).properties(
                width=half,
                height=alt.Step(18),
                title=alt.TitleParams(
                    title, anchor="end" if number == 0 else "start", fontSize=LETTER
                ),
            )
        )
    between = (
        alt.Chart(inline([{"place": name} for name in names]))
        .mark_text(fontSize=LETTER - 1, color=INK)
        .encode(y=y, text="place:N")
        .properties(width=middle, height=alt.Step(18))
    )
    return alt.hconcat(pictures[0], between, pictures[1], spacing=0)
