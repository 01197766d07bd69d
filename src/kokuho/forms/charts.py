"""Charts of a paper: values in, SVG out, in the house's typeface.

They can be read in black and white (dashes, light and dark) and by the colour-blind (the colours of
Okabe and Ito); a line bears its name at its end. The same values give the same SVG.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert
from altair.utils.schemapi import debug_mode

from kokuho.forms.typefaces import fonts

WIDTH, HEIGHT = 500, 150
"""Of a whole chart's pictures, in points, the room for names beside them included."""

_AXIS = 48
_GAP = 14
_LETTER = 8
_LINE = 11

COLOURS = {"solid": "#0072b2", "dashed": "#d55e00", "dotted": "#333333",
           "light": "#c5d3dc", "dark": "#0b4f71"}  # fmt: skip
DASHES: dict[str, list[float]] = {"solid": [1, 0], "dashed": [7, 3], "dotted": [2, 2.5]}
_INK, _RULE, _BAND = "#1a1f24", "#d9dee2", "#b9c2c9"

Line = Mapping[str, Any]


def chart_svg(chart: Mapping[str, Any]) -> str:
    """A chart as SVG.

    Args:
        chart: ``kind`` (``lines`` or ``bars``), ``places`` along the bottom, ``unit`` and
            ``divide`` (values are divided by it for the picture alone), ``panels`` with ``title``
            and ``lines``; a line has ``name``, ``style``, ``values`` and perhaps ``low``, ``high``.
    """
    panels = chart["panels"]
    highest, lowest = _ends(chart)
    width = (WIDTH - len(panels) * (_AXIS + _room(chart))) / len(panels)
    draw = _bars if chart["kind"] == "bars" else _lines
    pictures = [draw(chart, panel, width, lowest, highest) for panel in panels]
    joined = pictures[0] if len(pictures) == 1 else alt.hconcat(*pictures, spacing=_GAP)
    return drawn(joined, letter=_LETTER)


def drawn(picture: Any, *, letter: int) -> str:
    """An Altair chart as SVG, in the house's typeface and colours, letters so many points high.

    Raises:
        FormError: the typefaces are missing (see :func:`kokuho.forms.fonts`).
    """
    configured = picture.configure(
        font="BIZ UDPGothic", background="white", padding=2,
        axis=alt.AxisConfig(
            labelFontSize=letter, titleFontSize=letter, labelColor=_INK, titleColor=_INK,
            titleFontWeight="normal", gridColor=_RULE, domainColor=_INK, tickColor=_INK,
        ),
        title=alt.TitleConfig(fontSize=letter + 1, color=_INK, anchor="start"),
        legend=alt.LegendConfig(labelFontSize=letter, orient="top", title=None),
        view=alt.ViewConfig(stroke=None),
    )  # fmt: skip
    # the renderer says what is wrong in a picture; checking it here too takes most of the time
    with debug_mode(False):
        spec = configured.to_dict()
    _faces(fonts())
    return _stable(vl_convert.vegalite_to_svg(spec))


@cache
def _faces(folder: Path) -> None:
    """Tell the renderer of the typefaces once, so that it measures with them."""
    vl_convert.register_font_directory(str(folder))


def _stable(svg: str) -> str:
    """Names inside the picture counted anew: the renderer counts on from picture to picture."""
    names = dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))
    for number, name in enumerate(names):
        svg = re.sub(rf'(id="|url\(#|href="#){re.escape(name)}(?=["\)])', rf"\g<1>n{number}-", svg)
    return svg


def _ends(chart: Mapping[str, Any]) -> tuple[float, float]:
    values = [
        value
        for panel in chart["panels"]
        for line in panel["lines"]
        for key in ("values", "low", "high")
        for value in line.get(key) or ()
        if value is not None
    ]
    # from 0 always: a cut axis makes a small change look large
    highest, lowest = max([0, *values]), min([0, *values])
    return (highest or 1) / chart["divide"] * 1.04, lowest / chart["divide"]


def _room(chart: Mapping[str, Any]) -> int:
    """For names at the ends of lines, where a panel has several lines."""
    names = [line["name"] for panel in chart["panels"] for line in panel["lines"]]
    several = any(len(panel["lines"]) > 1 for panel in chart["panels"])
    if not several or chart["kind"] != "lines":
        return _GAP
    return _GAP + _LETTER * max(map(len, names))


def _scale(lowest: float, highest: float) -> alt.Scale:
    return alt.Scale(domain=[lowest, highest], nice=False, zero=False)


def _axis(unit: str, highest: float) -> alt.Axis:
    return alt.Axis(title=unit, format=",.0f" if highest >= 8 else ",.1f", tickCount=5)


def _x(places: Sequence[str]) -> alt.X:
    axis = alt.Axis(labelAngle=0, grid=False, title=None, labelOverlap="parity", labelSeparation=4)
    return alt.X("place:N", sort=list(places), axis=axis)


def _lines(
    chart: Mapping[str, Any], panel: Mapping[str, Any], width: float, lowest: float, highest: float
) -> Any:
    divide, places = chart["divide"], chart["places"]
    x = _x(places)
    y = alt.Y(
        "value:Q",
        scale=_scale(lowest, highest),
        axis=_axis(chart["unit"], highest),
    )
    layers: list[alt.Chart] = []
    for line in panel["lines"]:
        rows = _rows(line, places, divide)
        if line.get("low"):
            layers.append(
                alt.Chart(_data(rows))
                .mark_area(color=_BAND, opacity=0.7)
                .encode(x=x, y=alt.Y("low:Q", scale=_scale(lowest, highest)), y2="high:Q")
            )
    ends = []
    for line in panel["lines"]:
        rows = [row for row in _rows(line, places, divide) if row["value"] is not None]
        colour = COLOURS[line["style"]]
        layers.append(
            alt.Chart(_data(rows))
            .mark_line(
                color=colour, strokeDash=DASHES[line["style"]], strokeWidth=1.8,
                point=alt.OverlayMarkDef(filled=True, size=14, color=colour),
            )
            .encode(x=x, y=y)
        )  # fmt: skip
        if rows:
            ends.append((rows[-1]["value"], line["name"], colour))
    if len(panel["lines"]) > 1:
        layers += _names(ends, places[-1], x, lowest, highest)
    titled = alt.layer(*layers).properties(width=width, height=HEIGHT)
    return titled.properties(title=panel["title"]) if panel["title"] else titled


def _data(rows: list[dict[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=rows)


def _rows(line: Line, places: Sequence[str], divide: int) -> list[dict[str, Any]]:
    def at(key: str, place: int) -> float | None:
        values = line.get(key) or ()
        value = values[place] if values else None
        return None if value is None else value / divide

    return [
        {"place": name, "value": at("values", n), "low": at("low", n), "high": at("high", n)}
        for n, name in enumerate(places)
    ]


def _names(
    ends: list[tuple[float, str, str]], last: str, x: alt.X, lowest: float, highest: float
) -> list[alt.Chart]:
    """The names of the lines at their ends, apart from one another."""
    apart = (highest - lowest) * _LINE / HEIGHT
    ordered = sorted(ends, key=lambda end: end[0])
    # not on the line at the bottom
    heights = [max(end[0], lowest + apart * 0.6) for end in ordered]
    for below, above in pairwise(range(len(heights))):
        heights[above] = max(heights[above], heights[below] + apart)
    over = heights[-1] - highest if heights else 0
    if over > 0:
        heights = [height - over for height in heights]
    return [
        alt.Chart(_data([{"place": last, "value": height, "name": name}]))
        .mark_text(align="left", dx=7, fontSize=_LETTER, color=colour, fontWeight="bold")
        .encode(
            x=x, y=alt.Y("value:Q", scale=_scale(lowest, highest)), text="name:N"
        )
        for height, (_value, name, colour) in zip(heights, ordered, strict=True)
    ]  # fmt: skip


def _bars(
    chart: Mapping[str, Any], panel: Mapping[str, Any], width: float, _lowest: float, highest: float
) -> Any:
    names = [line["name"] for line in panel["lines"]]
    colours = [COLOURS[line["style"]] for line in panel["lines"]]
    rows = [
        {"place": place, "name": line["name"], "value": value / chart["divide"]}
        for line in panel["lines"]
        for place, value in zip(chart["places"], line["values"], strict=True)
    ]
    return (
        alt.Chart(_data(rows))
        .mark_bar(stroke=_INK, strokeWidth=0.5)
        .encode(
            x=alt.X("place:N", sort=chart["places"], axis=alt.Axis(labelAngle=0, title=None)),
            xOffset=alt.XOffset("name:N", sort=names),
            y=alt.Y("value:Q", scale=_scale(0, highest),
                    axis=_axis(chart["unit"], highest)),
            color=alt.Color("name:N", sort=names, scale=alt.Scale(domain=names, range=colours)),
        )
        .properties(width=width, height=HEIGHT)
    )  # fmt: skip
