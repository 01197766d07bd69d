"""Collection rates (収納率): the yearly report's and the survey's, never in one line.

Both stand on the same lines, a row for each demand with what was assessed and collected of its
principal; they differ in whose lines count and in what is left out of the denominator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from kokuho.statistics.catalogue import catalogue
from kokuho.statistics.cells import by_cell
from kokuho.statistics.figures import Figure, count, figure_id, ratio

LINES: dict[str, pl.DataType] = {
    "insurer_code": pl.String(),
    "year": pl.String(),
    "until": pl.String(),
    "household_id": pl.String(),
    "section": pl.String(),
    "term": pl.String(),
    "channel": pl.String(),
    "prepaid": pl.String(),
    "foreign": pl.Boolean(),
    "assessed": pl.Int64(),
    "collected": pl.Int64(),
}
"""Columns of lines. ``section`` is ``current`` or ``carried``; ``collected`` is 収入済 less
還付未済; ``foreign`` says whether a foreign national heads the household on the day, and is empty
where nobody is recorded as its head."""

CHANNELS = ("direct_debit", "pension", "prepaid", "slip")
"""How a household pays; each has one, the first that fits."""

_SUMS = {"collected": pl.col("collected").sum(), "assessed": pl.col("assessed").sum()}
_HOUSEHOLDS = {"number": pl.col("household_id").n_unique().cast(pl.Int64)}


def official_rate(
    lines: pl.DataFrame, section: str, whereabouts_unknown: int = 0
) -> tuple[int, int]:
    """Numerator and denominator of the yearly report's rate, in yen.

    Args:
        lines: ``section, assessed, collected``.
        section: ``current`` (現年分) or ``carried`` (滞納繰越分).
        whereabouts_unknown: what was assessed to persons whose whereabouts are unknown.
    """
    own = lines.filter(section=section)
    return int(own["collected"].sum()), int(own["assessed"].sum()) - whereabouts_unknown


def collection_figures(
    lines: pl.DataFrame,
    year: int,
    until: str,
    whereabouts_unknown: Mapping[str, int] | None = None,
) -> Iterator[Figure]:
    """The figures of one insurer's lines on one day."""
    cell = {"year": str(year), "until": until}
    unknown = whereabouts_unknown or {}
    official = catalogue()["collection_rate_official"]
    for section in ("current", "carried"):
        parts = official_rate(lines, section, unknown.get(section, 0))
        name = figure_id(official.id, {**cell, "section": section})
        yield ratio(name, *parts, places=official.places)
    for rate, households, some in (
        ("collection_rate_heads_foreign", "households_heads_foreign", lines.filter("foreign")),
        ("collection_rate_heads_all", "households_levied", lines),
    ):
        definition = catalogue()[rate]
        for row in by_cell(some, definition, _SUMS).iter_rows(named=True):
            parts = row["collected"], row["assessed"]
            yield ratio(row["id"], *parts, places=definition.places)
        definition = catalogue()[households]
        found = {figure_id(households, cell): 0}
        cells = by_cell(some, definition, _HOUSEHOLDS)
        found |= dict(cells.select("id", "number").iter_rows())
        yield from (count(name, number) for name, number in found.items())


def channel_figures(ways: Mapping[str, str], year: int, until: str) -> Iterator[Figure]:
    """Households by way of paying (direct debit among them), from household to way."""
    fixed = {"year": str(year), "until": until}
    yield count(figure_id("households_by_channel", fixed), len(ways))
    places = catalogue()["channel_share"].places
    for channel in CHANNELS:
        cell = {**fixed, "channel": channel}
        number, whole = channel_share(ways, channel)
        yield count(figure_id("households_by_channel", cell), number)
        yield ratio(figure_id("channel_share", cell), number, whole, places=places)


def channel_share(ways: Mapping[str, str], channel: str) -> tuple[int, int]:
    """Households that pay one way, and all households."""
    return sum(way == channel for way in ways.values()), len(ways)
