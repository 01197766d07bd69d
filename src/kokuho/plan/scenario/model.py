"""A scenario (将来推計と税率の前提): what a forecast and a search for rates start from.

The format is described in ``docs/forecast.md``. Nothing in it has a plausible default: what is not
stated is refused or is 0 by its meaning (no such line, no such limit).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from kokuho.plan.model import Part, Text, Year
from kokuho.plan.scenario.assumptions import Assumptions, PartKey
from kokuho.plan.scenario.calculation import Calculation
from kokuho.plan.scenario.limits import Limits, RateSet, Standard
from kokuho.plan.scenario.paper import Paper

Percentile = Annotated[StrictInt, Field(ge=1, le=99)]


class City(Part):
    """A fictional city in place of files, made anew each time: so many insured, a seed."""

    persons: Annotated[StrictInt, Field(ge=1, le=2_000_000)]
    seed: StrictInt


class Insured(Part):
    """The persons and households of the base year: two files of the levy, or a fictional city."""

    city: City | None = None
    persons: Text | None = None
    households: Text | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        files = self.persons is not None and self.households is not None
        any_file = self.persons is not None or self.households is not None
        if (self.city is not None) == any_file or files != any_file:
            raise PydanticCustomError(
                "insured", "either `city`, or `persons` and `households` together"
            )
        return self


class Held(Part):
    """Assumed law: the law of which year is held."""

    held_from: Year


class Scenario(Part):
    """One view of the future. Paths of files are relative to the scenario's own folder.

    ``base_year`` is the year of the persons file and of the ordinance's rates; the forecast goes to
    ``last_year``. ``rates`` are those of the plan: each year states what changes in it. ``trials``
    is the number of seeded trials behind the bands, whose ``percentiles`` are given.
    """

    format: Literal["kokuho-scenario/1"]
    title: Text
    fictional: StrictBool = False
    plan: Text | None = None
    ordinance: Text
    insured: Insured
    base_year: Year
    last_year: Year
    seed: StrictInt
    trials: Annotated[StrictInt, Field(ge=0, le=10_000)]
    percentiles: tuple[Percentile, ...] = (10, 50, 90)
    assumed_law: dict[Year, Held] = Field(default_factory=dict)
    assumptions: Assumptions
    standard: Standard | None = None
    rates: dict[Year, dict[PartKey, RateSet]] = Field(default_factory=dict)
    limits: Limits | None = None
    calculation: Calculation | None = None
    paper: Paper | None = None
    variants: dict[Text, dict[str, Any]] = Field(default_factory=dict)

    @property
    def years(self) -> range:
        """All years of the forecast, the base year first."""
        return range(self.base_year, self.last_year + 1)

    @property
    def future(self) -> range:
        """The years after the base year."""
        return range(self.base_year + 1, self.last_year + 1)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.last_year <= self.base_year:
            raise PydanticCustomError("no_future", "the last year is not after the base year")
        if any(year not in self.future for year in (*self.rates, *self.assumed_law)):
            raise PydanticCustomError(
                "outside_future", "rates and assumed law are for the years after the base year"
            )
        limits = self.limits
        if limits and not (
            limits.first_revision in self.future and limits.target_year in self.future
        ):
            raise PydanticCustomError(
                "limits_outside", "the first revision and the target lie after the base year"
            )
        if self.calculation and self.calculation.year not in self.years:
            raise PydanticCustomError("outside_years", "the year of the calculation is not covered")
        if list(self.percentiles) != sorted(set(self.percentiles)) or not self.percentiles:
            raise PydanticCustomError("percentiles", "percentiles ascend, each once")
        return self
