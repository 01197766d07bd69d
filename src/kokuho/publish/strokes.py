"""Sizes, colours, dashes and data of all charts of the pages."""

from __future__ import annotations

from typing import Any

import altair as alt

WIDTH = 480
"""Of every picture, names included: on a telephone it is made smaller and can still be read."""

LETTER = 14
BAR = 30
"""Height of a bar with the room around it."""

Stroke = tuple[str, list[float], str]
"""Colour, dashes and shape of the points of a line."""

SERIES: tuple[Stroke, ...] = (
    ("#0b4f71", [1, 0], "circle"),
    ("#d55e00", [7, 3], "square"),
    ("#5b3a91", [2, 2.5], "triangle-up"),
    ("#00695c", [9, 3, 2, 3], "diamond"),
)
WHOLE: Stroke = ("#1a1f24", [1, 0], "square")
NATION: Stroke = ("#444b52", [4, 3], "cross")
FILLS = ("#0b4f71", "#c5d3dc", "#d98a3d", "#f4e3cf", "#5d6f7a")
ON_FILL = ("#ffffff", "#1a1f24", "#1a1f24", "#1a1f24", "#ffffff")
INK = "#1a1f24"


def inline(rows: list[dict[str, Any]]) -> alt.InlineData:
    """Rows of a chart."""
    return alt.InlineData(values=rows)


def number_format(places: int, highest: float) -> str:
    """How an axis writes its numbers."""
    return ",.0f" if highest >= 8 or not places else ",.1f"


def wide(text: str) -> float:
    """How wide a text is, in letters of full width."""
    return sum(0.56 if character.isascii() else 1 for character in text)
