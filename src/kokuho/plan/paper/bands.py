"""The forecast's lines with their bands, and what the papers say about them (幅のある線)."""

from __future__ import annotations

from kokuho.base.messages import translator
from kokuho.plan.paper.blocks import Line, Source
from kokuho.plan.paper.runs import Runs

_ = translator("paper")

_LEAST_OUTSIDE = 4
"""Trials that lie beyond each edge of a band that is not called rough."""

Band = tuple[int | None, int | None, int | None]
"""Central, low and high value of a year; without trials no low and high."""


class Bands:
    """The forecast's bands by path, item and year, between its outer percentiles."""

    def __init__(self, runs: Runs) -> None:
        scenario = runs.inputs.scenario
        self.years = list(scenario.years)
        self.low, self.high = (f"p{p}" for p in (scenario.percentiles[0], scenario.percentiles[-1]))
        self.trials = scenario.trials
        self.drawn = scenario.trials > 0 and self.low != self.high
        self.values: dict[tuple[str, str, int], Band] = {
            (row["path"], row["item"], row["year"]): (
                row["central"], row[self.low] if self.drawn else None,
                row[self.high] if self.drawn else None,
            )
            for row in runs.forecast.bands().iter_rows(named=True)
        }  # fmt: skip

    def line(self, name: str, path: str, item: str, style: str, *, divisor: int = 1) -> Line:
        """An item over the years as a line with its band."""
        found = [self.values[path, item, year] for year in self.years]
        central, low, high = (
            tuple(None if one[place] is None else one[place] // divisor for one in found)  # type: ignore[operator]
            for place in range(3)
        )
        if not self.drawn:
            return Line(name, central, style=style)
        return Line(name, central, low, high, style)

    def source(self, item: str, *paths: str) -> Source:
        """Where the line comes from."""
        columns = ("central", *((self.low, self.high) if self.drawn else ()))
        rows = (("path", "+".join(paths)), ("item", item))
        return Source("forecast", "years.csv", columns, rows)

    def note(self) -> tuple[str, ...]:
        """What the grey band is."""
        if not self.drawn:
            return (_("The scenario asks for no trials, so that there is no band."),)
        said = _(
            "The grey band goes from the {low}th to the {high}th percentile of {trials} trials; "
            "the line is the path of the stated assumptions, its people drawn once: it may lie "
            "at an edge of the band or beyond."
        ).format(low=self.low[1:], high=self.high[1:], trials=self.trials)
        outside = min(int(self.low[1:]), 100 - int(self.high[1:])) * self.trials
        if outside < _LEAST_OUTSIDE * 100:
            said += _("With so few trials the edges of the band are rough.")
        return (said,)
