"""Lines: a measure through time, the nation beside it (推移の図)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import altair as alt

from kokuho.publish.names import column_name, in_lines, point_name
from kokuho.publish.references import beside_rows
from kokuho.publish.scales import scale_of
from kokuho.publish.strokes import (
    INK,
    LETTER,
    NATION,
    SERIES,
    WHOLE,
    WIDTH,
    Stroke,
    inline,
    number_format,
    wide,
)
from kokuho.publish.views import Key, View
from kokuho.publish.words import TOTAL, Words
from kokuho.statistics import Definition

_HEIGHT = 220


def lines(view: View, words: Words) -> Any:
    """Points in time along the bottom; the nation beside, on its own axis where it is a count."""
    rows = _one_series(view)
    columns = [one for one in view.columns if one != TOTAL or view.definition.unit == "percent"]
    columns = columns or [TOTAL]
    if len(rows) < 2 and len(view.down) > 1:
        return None
    names = [
        column_name(view, one, words) if view.across else words("these figures") for one in columns
    ]
    values = [[view.value(row, one) for row in rows] for one in columns]
    gaps = [
        [bool((figure := view.figure(row, one)) and figure.suppressed) for row in rows]
        for one in columns
    ]
    beside = beside_rows(view)
    shares = view.definition.unit == "percent"
    if beside and view.across is None:
        keys = sorted({*rows, *beside.points})
        series = _placed(rows, values[0], keys)
        nation = [beside.points.get(key) for key in keys]
        labels = [point_name(view, key, words) for key in keys]
        missing = _placed(rows, gaps[0], keys)
        if shares:
            return panel(
                [series, nation],
                [names[0], words(beside.name)],
                [missing, []],
                labels,
                view.definition,
                words,
                styles=[SERIES[0], NATION],
            )
        own = panel(
            [series],
            [],
            [missing],
            labels,
            view.definition,
            words,
            title=names[0],
            width=WIDTH // 2,
        )
        other = panel(
            [nation],
            [],
            [[]],
            labels,
            view.definition,
            words,
            title=words(beside.name),
            styles=[NATION],
            width=WIDTH // 2,
        )
        return alt.hconcat(own, other, spacing=8)
    labels = [point_name(view, key, words) for key in rows]
    # the end of the settlement period of each year: said once
    same = {row[1:] for row in rows}
    once = ""
    if len(view.down) > 1 and len(same) == 1:
        once = words.code(view.down[1], rows[0][1])
        labels = [in_lines(words.code(view.down[0], row[0])) for row in rows]
    styles = [
        WHOLE if one == TOTAL else SERIES[number % len(SERIES)]
        for number, one in enumerate(columns)
    ]
    return panel(
        values,
        names if len(columns) > 1 else [],
        gaps,
        labels,
        view.definition,
        words,
        title=once,
        styles=styles if len(columns) > 1 else SERIES,
    )


def _one_series(view: View) -> list[Key]:
    """Rows that may be joined by a line: the same point of several years, or points of one year."""
    if len(view.down) == 1:
        return list(view.rows)
    same: dict[str, list[Key]] = {}
    for row in view.rows:
        same.setdefault(row[1].rpartition("-")[2], []).append(row)
    longest = max(same.values(), key=len)
    if len(longest) > 1:
        return longest
    return [row for row in view.rows if row[0] == view.rows[-1][0]]


def _placed(rows: Sequence[Key], values: Sequence[Any], keys: Sequence[Key]) -> list[Any]:
    known = dict(zip(rows, values, strict=True))
    return [known.get(key) for key in keys]


def panel(
    values: Sequence[Sequence[Decimal | None]],
    names: Sequence[str],
    gaps: Sequence[Sequence[bool | None]],
    labels: Sequence[str],
    definition: Definition,
    words: Words,
    *,
    title: str = "",
    styles: Sequence[Stroke] = SERIES,
    width: int = WIDTH,
) -> Any:
    """Lines over places, their names beside their ends; gaps are places with a suppressed value."""
    divide, unit = scale_of(definition, [one for line in values for one in line], words)
    numbers = [[None if one is None else float(one) / divide for one in line] for line in values]
    flat = [one for line in numbers for one in line if one is not None]
    highest, lowest = _over(max([0.0, *flat])), min([0.0, *flat])
    # a share of nearly all is read from its difference, so its axis is cut and says so
    cut = definition.unit == "percent" and bool(flat) and min(flat) > 50
    if cut:
        lowest, highest = math.floor(min(flat) / 5 - 0.4) * 5, math.ceil(max(flat) / 5 + 0.2) * 5
        unit = words("{unit}, axis from {lowest}").format(unit=unit, lowest=lowest)
    scale = alt.Scale(domain=[lowest, highest], nice=False, zero=False)
    x = alt.X(
        "place:N",
        sort=list(labels),
        axis=alt.Axis(
            labelAngle=0,
            grid=False,
            title=None,
            labelOverlap="parity",
            labelSeparation=6,
            labelLimit=240,
            labelExpr="split(datum.label, '|')",
        ),
        scale=alt.Scale(domain=list(labels)),
    )
    axis = alt.Axis(
        title=unit,
        format=number_format(definition.places, highest),
        tickCount=5,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleY=-8,
        titleX=-30,
    )
    y = alt.Y("value:Q", scale=scale, axis=axis)
    layers: list[Any] = []
    for number, line in enumerate(numbers):
        colour, dash, shape = styles[number % len(styles)]
        rows = [{"place": place, "value": value} for place, value in zip(labels, line, strict=True)]
        layers += [
            alt.Chart(inline(rows))
            .mark_line(color=colour, strokeDash=dash, strokeWidth=2.2)
            .encode(x=x, y=y),
            alt.Chart(inline([row for row in rows if row["value"] is not None]))
            .mark_point(color=colour, filled=True, shape=shape, size=42, opacity=1)
            .encode(x=x, y=y),
        ]
        hidden = [
            {"place": place, "value": lowest, "text": words("suppressed")}
            for place, gap in zip(labels, gaps[number] if number < len(gaps) else [], strict=False)
            if gap
        ]
        if hidden:
            layers.append(
                alt.Chart(inline(hidden))
                .mark_text(baseline="bottom", dy=-3, fontSize=LETTER - 1, color=INK)
                .encode(x=x, y=y, text="text:N")
            )
    if names:
        layers.append(_names(numbers, names, labels, x, lowest, highest, styles))
    room = LETTER * max((wide(one) for one in names), default=0)
    chart = alt.layer(*layers).properties(
        width=width - (room + 70),
        height=_HEIGHT,
        title=alt.TitleParams(title, fontSize=LETTER, offset=16) if title else "",
    )
    return chart


def _names(
    numbers: Sequence[Sequence[float | None]],
    names: Sequence[str],
    labels: Sequence[str],
    x: alt.X,
    lowest: float,
    highest: float,
    styles: Sequence[Stroke],
) -> Any:
    """Names of lines beside their ends, apart from one another; below a line that ends early."""
    apart = (highest - lowest) * (LETTER + 4) / _HEIGHT
    rows: list[dict[str, Any]] = []
    reached = lowest - apart / 2
    ends = []
    for number, (line, name) in enumerate(zip(numbers, names, strict=True)):
        known = [place for place, one in enumerate(line) if one is not None]
        if known:
            ends.append((line[known[-1]] or 0.0, known[-1], name, styles[number % len(styles)][0]))
    for value, place, name, colour in sorted(ends):
        early = place < len(labels) - 1
        height = value - apart if early else max(value, reached + apart)
        if not early:
            reached = height
        rows.append({"place": labels[place], "value": height, "name": name, "colour": colour})
    over = max(0.0, reached - highest)
    for row in rows:
        row["value"] = max(
            lowest + apart / 2, row["value"] - (over if row["place"] == labels[-1] else 0)
        )
    return (
        alt.Chart(inline(rows))
        .mark_text(align="left", dx=12, fontSize=LETTER, fontWeight="bold")
        .encode(
            x=x,
            y=alt.Y("value:Q", scale=alt.Scale(domain=[lowest, highest], nice=False)),
            text="name:N",
            color=alt.Color("colour:N", scale=None),
        )
    )


def _over(value: float) -> float:
    return value * 1.08 or 1
