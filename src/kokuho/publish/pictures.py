"""Charts of the pages: a view in, SVG out (図). Beside each stands its table and its words.

They can be read without colour: lines are dashed and named, bars have their values written on them,
parts of a whole have outlines and light and dark. A suppressed figure is a gap that is named.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kokuho.forms.charts import drawn
from kokuho.publish.bars import bars, bars_of
from kokuho.publish.lines import lines
from kokuho.publish.pyramids import hidden, pyramid, two_sided
from kokuho.publish.stacks import stacked
from kokuho.publish.strokes import LETTER
from kokuho.publish.views import Key, View, is_time
from kokuho.publish.words import Words


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
        if not any(view.value(row, one) for row in view.parts for one in view.columns if one):
            return None  # nearly all of it is suppressed
        made = pyramid(view, words)
    elif kind == "stacked" and view.across and not is_time(view.across):
        made = stacked(view, words)
    if made is None and view.by_time:
        made = lines(view, words)
    if made is None:
        made = bars(bars_of(view, words), view, words)
    return None if made is None else inside(drawn(made, letter=LETTER), name)


def drawn_pair(left: View, right: View, rows: Sequence[Key], words: Words, name: str) -> str:
    """Two measures by age, back to back, each on a scale of its own."""
    ages = [row for row in rows if row in left.parts or row in right.parts]
    halves = [
        (
            view.definition.title[words.language],
            [(view.value(row), hidden(view, row)) for row in ages],
        )
        for view in (left, right)
    ]
    return inside(
        drawn(two_sided(ages, halves, left, words, same_scale=False), letter=LETTER), name
    )


def inside(svg: str, name: str) -> str:
    """A picture for a page: scaled by its style sheet, described by the page, ids of its own."""
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    svg = re.sub(r'(id="|url\(#|href="#)n(?=\d)', rf"\g<1>{name}-", svg)
    head = f'<svg role="img" aria-labelledby="{name}-title" aria-describedby="{name}-words" '
    return svg.replace("<svg ", head, 1)
