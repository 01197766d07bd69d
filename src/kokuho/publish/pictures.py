"""Charts of the pages: a view in, SVG out (図). Beside each stands its table and its words.

They can be read without colour: lines are dashed and named, bars have their values written on them,
parts of a whole have outlines and light and dark. A suppressed figure is a gap that is named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import altair as alt

from kokuho.forms.charts import drawn
from kokuho.publish.names import column_name, point_name, row_name, wrapped
from kokuho.publish.references import Beside, beside_rows
from kokuho.publish.scales import scale_of
from kokuho.publish.views import Key, View, is_time
from kokuho.publish.words import TOTAL, Words
from kokuho.statistics import Definition

WIDTH = 480
"""Of every picture, names included: on a telephone it is made smaller and can still be read."""

LETTER = 14
_HEIGHT = 220
_BAR = 30
_PARTS = 5
"""So many parts of a bar can be told apart."""

_SERIES = (
    ("#0b4f71", [1, 0], "circle"), ("#d55e00", [7, 3], "square"),
    ("#5b3a91", [2, 2.5], "triangle-up"), ("#00695c", [9, 3, 2, 3], "diamond"),
)  # fmt: skip
_TOTAL = ("#1a1f24", [1, 0], "square")
_REFERENCE = ("#444b52", [4, 3], "cross")
_FILLS = ("#0b4f71", "#c5d3dc", "#d98a3d", "#f4e3cf", "#5d6f7a")
_ON_FILL = ("#ffffff", "#1a1f24", "#1a1f24", "#1a1f24", "#ffffff")
_INK = "#1a1f24"


@dataclass(frozen=True)
class Bar:
    """A bar: its name, its value, whether it is suppressed, and whether it is a reference."""

    name: str
    value: Decimal | None
    suppressed: bool = False
    reference: bool = False


def picture(view: View, words: Words, name: str) -> str | None:
    """The chart of a view; None where its table says it better.

    Args:
        name: begins the ids inside, so that several pictures stand on one page.
    """
    kind = view.definition.chart
    if kind == "none" or not any(figure.value is not None for figure in view.shown):
        return None
    made: Any = None
    if set(view.table) >= {"age", "sex"}:
        made = _pyramid(view, words)
    elif kind == "stacked" and view.across and not is_time(view.across):
        made = _stacked(view, words)
    if made is None and view.by_time:
        made = _lines(view, words)
    if made is None:
        made = _bars(_bars_of(view, words), view, words)
    return None if made is None else inside(drawn(made, letter=LETTER), name)


def inside(svg: str, name: str) -> str:
    """A picture for a page: scaled by its style sheet, described by the page, ids of its own."""
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    svg = re.sub(r'(id="|url\(#|href="#)n(?=\d)', rf"\g<1>{name}-", svg)
    head = f'<svg role="img" aria-labelledby="{name}-title" aria-describedby="{name}-words" '
    return svg.replace("<svg ", head, 1)


def _data(rows: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=rows)


def _format(unit_places: int, highest: float) -> str:
    return ",.0f" if highest >= 8 or not unit_places else ",.1f"


def _over(value: float) -> float:
    return value * 1.08 or 1


# ---- Lines ----


def _lines(view: View, words: Words) -> Any:
    """Points in time along the bottom; the nation beside, on its own axis where it is a count."""
    rows = _one_year(view)
    columns = [one for one in view.columns if one != TOTAL or view.definition.unit == "percent"]
    columns = columns or [TOTAL]
    if len(rows) < 2 and len(view.down) > 1:
        return None
    names = [column_name(view, one, words) if view.across else words("this insurer")
             for one in columns]  # fmt: skip
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
                [series, nation], [names[0], words(beside.name)], [missing, []], labels, view.definition, words,
                styles=[_SERIES[0], _REFERENCE],
            )  # fmt: skip
        own = panel([series], [], [missing], labels, view.definition, words, title=names[0], width=WIDTH // 2)
        other = panel([nation], [], [[]], labels, view.definition, words, title=words(beside.name),
                       styles=[_REFERENCE], width=WIDTH // 2)  # fmt: skip
        return alt.hconcat(own, other, spacing=8)
    labels = [point_name(view, key, words) for key in rows]
    styles = [_TOTAL if one == TOTAL else _SERIES[number % len(_SERIES)]
              for number, one in enumerate(columns)]  # fmt: skip
    return panel(values, names if len(columns) > 1 else [], gaps, labels, view.definition, words,
                 styles=styles if len(columns) > 1 else _SERIES)  # fmt: skip


def _one_year(view: View) -> list[Key]:
    """The rows of the latest year, where there are several points in a year."""
    if len(view.down) == 1:
        return list(view.rows)
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
    styles: Sequence[tuple[str, list[float], str]] = _SERIES,
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
    x = alt.X("place:N", sort=list(labels), axis=alt.Axis(
        labelAngle=0, grid=False, title=None, labelOverlap="parity", labelSeparation=6,
        labelExpr="split(datum.label, '|')"), scale=alt.Scale(domain=list(labels)))  # fmt: skip
    axis = alt.Axis(title=unit, format=_format(definition.places, highest), tickCount=5,
                    titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-8, titleX=-30)  # fmt: skip
    y = alt.Y("value:Q", scale=scale, axis=axis)
    layers: list[Any] = []
    for number, line in enumerate(numbers):
        colour, dash, shape = styles[number % len(styles)]
        rows = [{"place": place, "value": value} for place, value in zip(labels, line, strict=True)]
        layers += [
            alt.Chart(_data(rows)).mark_line(color=colour, strokeDash=dash, strokeWidth=2.2)
            .encode(x=x, y=y),
            alt.Chart(_data([row for row in rows if row["value"] is not None]))
            .mark_point(color=colour, filled=True, shape=shape, size=42, opacity=1)
            .encode(x=x, y=y),
        ]  # fmt: skip
        hidden = [{"place": place, "value": lowest, "text": words("suppressed")}
                  for place, gap in zip(labels, gaps[number] if number < len(gaps) else [],
                                        strict=False) if gap]  # fmt: skip
        if hidden:
            layers.append(
                alt.Chart(_data(hidden)).mark_text(baseline="bottom", dy=-3, fontSize=LETTER - 1,
                                                   color=_INK).encode(x=x, y=y, text="text:N")
            )  # fmt: skip
    if names:
        layers.append(_names(numbers, names, labels, x, lowest, highest, styles))
    room = LETTER * max((_wide(one) for one in names), default=0)
    chart = alt.layer(*layers).properties(
        width=width - (room + 70), height=_HEIGHT,
        title=alt.TitleParams(title, fontSize=LETTER, offset=16) if title else "",
    )  # fmt: skip
    return chart


def _names(
    numbers: Sequence[Sequence[float | None]], names: Sequence[str], labels: Sequence[str],
    x: alt.X, lowest: float, highest: float, styles: Sequence[tuple[str, list[float], str]],
) -> Any:  # fmt: skip
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
        row["value"] = max(lowest + apart / 2, row["value"] - (over if row["place"] == labels[-1] else 0))
    return (
        alt.Chart(_data(rows))
        .mark_text(align="left", dx=12, fontSize=LETTER, fontWeight="bold")
        .encode(
            x=x, y=alt.Y("value:Q", scale=alt.Scale(domain=[lowest, highest], nice=False)),
            text="name:N", color=alt.Color("colour:N", scale=None),
        )
    )  # fmt: skip


def _wide(text: str) -> float:
    """How wide a text is, in letters of full width."""
    return sum(0.56 if character.isascii() else 1 for character in text)


# ---- Bars ----


def _bars_of(view: View, words: Words) -> list[Bar]:
    """The bars of a view's latest point in time, references behind them."""
    if view.by_time and view.across is not None:
        row = view.rows[-1]
        pairs = [(column_name(view, one, words), view.figure(row, one))
                 for one in view.columns if one != TOTAL or view.definition.unit == "percent"]  # fmt: skip
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
    beside: Beside | None = beside_rows(view, loose=True)
    if beside is not None and view.definition.unit == "percent":
        bars += [
            Bar(f"{words('reference')} {words.code('year', key[0])}", value, reference=True)
            for key, value in list(beside.points.items())[-1:]
        ]  # fmt: skip
    return bars


MOST = 20
"""So many bars; the table has the rest."""


def _bars(bars: Sequence[Bar], view: View, words: Words) -> Any:
    """Bars one under the other, values written behind them."""
    if not bars:
        return None
    divide, unit = scale_of(view.definition, [one.value for one in bars], words)
    rows = []
    for number, bar in enumerate(bars):
        value = 0.0 if bar.value is None else float(bar.value) / divide
        text = words("suppressed") if bar.suppressed else words.cell(None, 0)
        if bar.value is not None:
            places = view.definition.places if divide == 1 else 1
            text = words.number(bar.value / divide, places)
        rows.append({"place": f"{number:03d}|{wrapped(bar.name)}", "value": value, "text": text,
                     "fill": "#ffffff" if bar.reference else _FILLS[0]})  # fmt: skip
    tall = max(wrapped(bar.name).count("|") + 1 for bar in bars)
    highest = max(row["value"] for row in rows) or 1
    lowest = min(0.0, *(row["value"] for row in rows)) if len(rows) > 1 else min(0.0, rows[0]["value"])
    order = [row["place"] for row in rows]
    y = alt.Y("place:N", sort=order, axis=alt.Axis(
        title=None, labelExpr="slice(split(datum.label, '|'), 1)", labelLimit=260, ticks=False,
        domain=False, labelBaseline="middle"))  # fmt: skip
    x = alt.X("value:Q", scale=alt.Scale(domain=[lowest * 1.2, highest * 1.28], nice=False),
              axis=alt.Axis(title=unit, tickCount=4, format=_format(view.definition.places, highest)))  # fmt: skip
    chart = alt.Chart(_data(rows)).encode(x=x, y=y)
    layered = alt.layer(
        chart.mark_bar(stroke=_INK, strokeWidth=1).encode(color=alt.Color("fill:N", scale=None)),
        chart.mark_text(align="left", dx=5, fontSize=LETTER, color=_INK).encode(text="text:N"),
    )
    return layered.properties(
        width=WIDTH, height=alt.Step(max(_BAR, 10 + LETTER * tall)), autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    )


# ---- Parts of a whole ----


def _stacked(view: View, words: Words) -> Any:
    """A bar for each point in time, its parts side by side; None where they are too many."""
    columns = [one for one in view.columns if one != TOTAL]
    rows = view.rows[-8:]
    hidden = any(figure.suppressed or figure.value is None
                 for row in rows for one in columns if (figure := view.figure(row, one)))  # fmt: skip
    if not view.by_time or len(columns) > _PARTS or hidden:
        return None
    flat = [view.value(row, one) for row in rows for one in columns]
    divide, unit = scale_of(view.definition, flat, words)
    names = [column_name(view, one, words) for one in columns]
    labels = [point_name(view, row, words, long=True) for row in rows]
    data, texts = [], []
    whole = max(
        float(sum((view.value(row, one) or Decimal(0) for one in columns), Decimal(0))) for row in rows
    ) / divide or 1  # fmt: skip
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
                texts.append({"place": label, "middle": start + size / 2, "text": text,
                              "colour": _ON_FILL[number]})  # fmt: skip
            start += size
    y = alt.Y("place:N", sort=labels, axis=alt.Axis(
        title=None, labelExpr="split(datum.label, '|')", labelLimit=200, ticks=False, domain=False))  # fmt: skip
    scale = alt.Scale(domain=[0, whole * 1.02], nice=False)
    axis = alt.Axis(title=unit, tickCount=4, format=_format(view.definition.places, whole))
    bars = alt.Chart(_data(data)).mark_bar(stroke=_INK, strokeWidth=1).encode(
        x=alt.X("start:Q", scale=scale, axis=axis), x2="end:Q", y=y,
        color=alt.Color("name:N", sort=names, scale=alt.Scale(domain=names, range=list(_FILLS[:len(names)])),
                        legend=alt.Legend(columns=2 if sum(map(_wide, names)) > 26 else 0, labelLimit=220,
                                          symbolStrokeColor=_INK, symbolStrokeWidth=1)),
    )  # fmt: skip
    on = alt.Chart(_data(texts)).mark_text(fontSize=LETTER - 1).encode(
        x=alt.X("middle:Q", scale=scale), y=y, text="text:N", color=alt.Color("colour:N", scale=None)
    )  # fmt: skip
    layers = alt.layer(bars, on).resolve_scale(color="independent") if texts else bars
    return layers.properties(
        width=WIDTH, height=alt.Step(_BAR + 6),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )  # fmt: skip


# ---- Pyramids ----


def _pyramid(view: View, words: Words) -> Any:
    """Ages upwards, the first two columns to the left and right on one scale."""
    sides = [one for one in view.columns if one != TOTAL][:2]
    if len(sides) < 2:
        return None
    rows = list(view.parts)
    halves = [
        (column_name(view, side, words), [(view.value(row, side), _hidden(view, row, side)) for row in rows])
        for side in sides
    ]  # fmt: skip
    return two_sided(rows, halves, view, words, same_scale=True)


def drawn_pair(left: View, right: View, rows: Sequence[Key], words: Words, name: str) -> str:
    """Two measures by age, back to back, each on a scale of its own."""
    ages = [row for row in rows if row in left.parts or row in right.parts]
    halves = [
        (view.definition.title[words.language],
         [(view.value(row), _hidden(view, row, TOTAL)) for row in ages])
        for view in (left, right)
    ]  # fmt: skip
    return inside(drawn(two_sided(ages, halves, left, words, same_scale=False), letter=LETTER), name)


def _hidden(view: View, row: Key, column: str) -> bool:
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
    middle = int(LETTER * max(map(_wide, names)) + 12)
    half = (WIDTH - middle - 40) // 2
    y = alt.Y("place:N", sort=order, axis=None)
    pictures = []
    for number, (title, side) in enumerate(halves):
        data = [{"place": name, "value": float(value or 0),
                 "text": words("suppressed") if gap else ""}
                for name, (value, gap) in zip(names, side, strict=True)]  # fmt: skip
        x = alt.X("value:Q", scale=alt.Scale(domain=[0, tops[number] * 1.05], reverse=number == 0, nice=False),
                  axis=alt.Axis(title=words("number"), tickCount=3, format=",.0f", labelFlush=True))  # fmt: skip
        chart = alt.Chart(_data(data)).encode(x=x, y=y)
        marks = [chart.mark_bar(color=_FILLS[0] if number == 0 else _FILLS[2], stroke=_INK, strokeWidth=1)]
        if any(row["text"] for row in data):
            marks.append(chart.mark_text(align="right" if number == 0 else "left", fontSize=LETTER - 2,
                                         dx=-3 if number == 0 else 3, color=_INK).encode(text="text:N"))  # fmt: skip
        pictures.append(alt.layer(*marks).properties(
            width=half, height=alt.Step(18),
            title=alt.TitleParams(title, anchor="end" if number == 0 else "start", fontSize=LETTER)))  # fmt: skip
    between = (
        alt.Chart(_data([{"place": name} for name in names]))
        .mark_text(fontSize=LETTER - 1, color=_INK)
        .encode(y=y, text="place:N")
        .properties(width=middle, height=alt.Step(18))
    )
    return alt.hconcat(pictures[0], between, pictures[1], spacing=0)
