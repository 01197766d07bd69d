"""What an assumption is made of: exact numbers, years, and where it comes from.

Every assumption names its ``source`` or says ``assumption: true``: a plausible number without
either is refused. Rates are decimal strings and whole millionths inside, money is whole yen; a year
that is not stated is an error, never the value of another year.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.base.money import PPM
from kokuho.plan.model import Part, Text, Year

_ = translator("forecast")


def _ratio(value: Any) -> Any:
    if isinstance(value, bool | int | float):
        raise PydanticCustomError("ratio_as_number", 'a rate is text in quotes, such as "0.02"')
    return value


Ratio = Annotated[
    Decimal, BeforeValidator(_ratio), Field(ge=-1, le=10, max_digits=8, decimal_places=6)
]
"""A fraction of 1, below 0 for a fall, with at most six decimals, written as text."""

Share = Annotated[Ratio, Field(ge=0, le=1)]
"""A fraction from 0 to 1."""

Yen = Annotated[StrictInt, Field(ge=-(10**13), le=10**13)]
"""Whole yen; below 0 where an effect costs money."""

Age = Annotated[StrictInt, Field(ge=0, le=120)]


def ppm(value: Decimal) -> int:
    """A fraction in whole millionths."""
    return int(value * PPM)


class Stated(Part):
    """Base of every assumption: it names its source, or says that it is one."""

    source: Text | None = None
    assumption: StrictBool = False
    note: Text | None = None

    @model_validator(mode="after")
    def _says_where_from(self) -> Self:
        if (self.source is None) != self.assumption:
            raise PydanticCustomError(
                "not_stated", "either `source` or `assumption: true`, one of the two"
            )
        return self


class Spread(Part):
    """How far a value may lie from the stated one, either way, in the trials.

    Drawn from a triangle around the stated value: ``lasting`` once for all years of a trial,
    ``yearly`` anew in every year. For rates the difference of the rate itself, for money and
    persons a share of the stated amount.
    """

    yearly: Share = Decimal(0)
    lasting: Share = Decimal(0)


class Series(Stated):
    """A value for every year: ``value`` for all, ``years`` for single ones.

    ``plan`` gives single years under the plan alone, where its measures change them. The kind of
    the values is that of the subclass.
    """

    value: Any = None
    years: dict[Year, Any] = Field(default_factory=dict)
    plan: dict[Year, Any] = Field(default_factory=dict)
    spread: Spread = Spread()

    def stated(self, year: int, *, plan: bool = False) -> Any:
        """The value of a year.

        Raises:
            KeyError: the year is not stated.
        """
        if plan and year in self.plan:
            return self.plan[year]
        if year in self.years:
            return self.years[year]
        if self.value is None:
            raise KeyError(year)
        return self.value


class RateSeries(Series):
    """A rate for every year."""

    value: Ratio | None = None
    years: dict[Year, Ratio] = Field(default_factory=dict)
    plan: dict[Year, Ratio] = Field(default_factory=dict)


class YenSeries(Series):
    """An amount in yen for every year."""

    value: Yen | None = None
    years: dict[Year, Yen] = Field(default_factory=dict)
    plan: dict[Year, Yen] = Field(default_factory=dict)


class Band(Part):
    """A rate of the persons from one age to another, both included, on 1 April."""

    ages: tuple[Age, Age]
    rate: Share

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.ages[1] < self.ages[0]:
            raise PydanticCustomError("ages_backwards", "the last age is below the first one")
        return self


class BandedRates(Stated):
    """A rate by age; ages in no band have 0. ``times`` multiplies all of them in single years."""

    bands: tuple[Band, ...]
    times: dict[Year, Ratio] = Field(default_factory=dict)
    spread: Spread = Spread()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        ends = sorted(band.ages for band in self.bands)
        if any(one[1] >= other[0] for one, other in pairwise(ends)):
            raise PydanticCustomError("ages_twice", "an age lies in two bands")
        return self


class Line(YenSeries):
    """A line of the special account that is stated as it is, in yen."""

    name: Text


def need_years(series: Series, years: Iterable[int], place: str) -> None:
    """Every year must have its value.

    Raises:
        PlanError: a year is missing; place and year are named.
    """
    for year in years:
        try:
            series.stated(year)
        except KeyError:
            raise PlanError(
                _(
                    "{place}: no value for {year}. State it under `years`, or one `value` for "
                    "all years; another year's is never used."
                ).format(place=place, year=fiscal_year_name(year))
            ) from None
