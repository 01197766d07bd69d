"""One possible world: the assumptions' values in one trial, and its chance.

Trial 0 is the central path: every assumption has its stated value. In the others a value lies
within its spread. Each assumption and each kind of event has a stream of its own, a function of
seed, trial, its name and the year: changing one assumption moves only what depends on it, and
paths that are compared share every other draw (common random numbers).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kokuho.base.chance import draw, scalar, states
from kokuho.base.money import PPM
from kokuho.plan.scenario.values import BandedRates, RateSeries, Spread, YenSeries, ppm

_FINE = 2**30
CENTRAL = 0
"""The trial without any spread."""


@dataclass(frozen=True)
class World:
    """The values of one trial; ``seed`` is the scenario's."""

    seed: int
    trial: int = CENTRAL

    def rate(self, series: RateSeries, name: str, year: int, *, plan: bool = False) -> int:
        """A rate of a year in millionths."""
        return ppm(series.stated(year, plan=plan)) + self._shift(series.spread, name, year)

    def share(self, series: RateSeries, name: str, year: int, *, plan: bool = False) -> int:
        """The same for a rate that lies from 0 to 1."""
        return min(max(self.rate(series, name, year, plan=plan), 0), PPM)

    def yen(self, series: YenSeries, name: str, year: int, *, plan: bool = False) -> int:
        """An amount of a year in yen."""
        stated: int = series.stated(year, plan=plan)
        return stated + stated * self._shift(series.spread, name, year) // PPM

    def times(self, banded: BandedRates, name: str, year: int) -> int:
        """What multiplies the rates of all bands in a year, in millionths."""
        stated = ppm(banded.times[year]) if year in banded.times else PPM
        return max(stated + stated * self._shift(banded.spread, name, year) // PPM, 0)

    def by_age(self, banded: BandedRates, name: str, year: int, age: pl.Expr) -> pl.Expr:
        """The rate of a person by age, in millionths; at most all of them."""
        times = self.times(banded, name, year)
        table = [0] * 121
        for band in banded.bands:
            for one in range(band.ages[0], band.ages[1] + 1):
                table[one] = min(ppm(band.rate) * times // PPM, PPM)
        return pl.lit(pl.Series(table, dtype=pl.Int64)).gather(age.clip(0, 120))

    def state(self, key: str = "key") -> pl.Expr:
        """What the draws of a row are made from, by its key."""
        return states(pl.col(key), self.seed, f"trial {self.trial}")

    def drawn(self, name: str, year: int, below: int = PPM, *, state: str = "state") -> pl.Expr:
        """A whole number below a bound for each row, by its state, for one kind of event."""
        return draw(pl.col(state), f"{name}/{year}", below)

    def once(self, name: str, year: int, below: int = PPM) -> int:
        """A whole number below a bound, drawn once for the year."""
        return scalar(self._key(name), str(year), below)

    def _key(self, name: str) -> str:
        return f"{self.seed}/trial {self.trial}/{name}"

    def _shift(self, spread: Spread, name: str, year: int) -> int:
        """How far the value lies from the stated one, in millionths."""
        if self.trial == CENTRAL:
            return 0
        shift = 0
        if spread.yearly:
            shift += ppm(spread.yearly) * self._triangle(name, str(year)) // _FINE
        if spread.lasting:
            shift += ppm(spread.lasting) * self._triangle(name, "lasting") // _FINE
        return shift

    def _triangle(self, name: str, when: str) -> int:
        """From -2^30 to 2^30, most often about 0."""
        key = self._key(name)
        one, two = scalar(key, f"{when} 1", _FINE), scalar(key, f"{when} 2", _FINE)
        return one + two - _FINE
