"""The assumptions of a scenario: people, incomes, collection, and the special account.

The special account (国保特別会計) is seen from the levy: 保険給付費 and the 普通交付金 that pays
for it are equal and left out; what the levy must pay is 納付金 and a few lines that a city states.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from kokuho.ordinance import PART_NAMES
from kokuho.plan.model import Part, Year
from kokuho.plan.scenario.values import (
    Age,
    BandedRates,
    Line,
    RateSeries,
    Share,
    Stated,
    Yen,
    YenSeries,
)

PartKey = Annotated[str, Field(pattern=f"^({'|'.join(PART_NAMES)})$")]


class HeadAges(Part):
    """The share of the newcomers' households whose head is of these ages on 1 April."""

    ages: tuple[Age, Age]
    share: Share


class Newcomers(RateSeries):
    """Persons who join in a year (社保離脱・転入など), per insured person on 1 April.

    They are copies of households of the persons file: of those that ``joined`` in the base year,
    every insured member of them, or of ``all``. ``heads`` says how their ages are mixed; without,
    every such household is as likely.
    """

    like: Literal["joined", "all"]
    heads: tuple[HeadAges, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.heads and sum(entry.share for entry in self.heads) != 1:
            raise PydanticCustomError("heads_not_whole", "the shares of the ages add up to 1")
        return self


class Population(Part):
    """How the insured come and go. Reaching 75 is not here: it follows from birth and law.

    ``employment`` (社保加入) and ``deaths`` by the person's age, ``moving_out`` (転出, the whole
    household) by the head's; ``coverage_expansion`` (社保適用拡大) of those with a salary beside
    ``employment``; ``births`` by the mother's age, with the maternity exemption (産前産後).
    """

    employment: BandedRates
    coverage_expansion: RateSeries
    moving_out: BandedRates
    deaths: BandedRates
    births: BandedRates
    newcomers: Newcomers


class Transition(Part):
    """Who reaches an age takes the incomes of somebody aged ``like`` in the persons file."""

    at: Age
    like: tuple[Age, Age]


class Transitions(Stated):
    """Ages at which incomes change their kind: the first job, the pension."""

    ages: tuple[Transition, ...]


class Incomes(Part):
    """Yearly growth of incomes by kind, and what happens to them with age."""

    salary: RateSeries
    pension: RateSeries
    other: RateSeries
    transitions: Transitions


class Amount(Stated):
    """One amount in yen."""

    yen: Yen


class Collection(Part):
    """収納率 of the year's levy and of what is carried over (滞納繰越分), and 不納欠損.

    ``balance`` is what was carried over into the base year.
    """

    current: RateSeries
    arrears: RateSeries
    written_off: RateSeries
    balance: Amount


class PerHead(Stated):
    """納付金 per insured person of one year, in yen (care: per person of 40 to 64)."""

    year: Year
    yen: Annotated[StrictInt, Field(ge=0)]


class Contribution(Part):
    """納付金 of one part: a total for each year, or an amount per head that grows."""

    total: YenSeries | None = None
    per_head: PerHead | None = None
    growth: RateSeries | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        grown = self.per_head is not None and self.growth is not None
        any_grown = self.per_head is not None or self.growth is not None
        if (self.total is not None) == any_grown or grown != any_grown:
            raise PydanticCustomError(
                "contribution", "either `total`, or `per_head` and `growth` together"
            )
        return self


class Statutory(Part):
    """法定繰入 beside what follows from the levy: 支援分 and the other lines. Never a deficit."""

    support: YenSeries
    lines: tuple[Line, ...] = ()


class Fund(Part):
    """財政調整基金: what there is at the start of the base year, what is drawn under the plan."""

    balance: Amount
    draws: YenSeries


class Assumptions(Part):
    """Everything that a forecast assumes.

    ``other_transfers`` are transfers outside the law that are no deficit (決算補填等目的以外);
    ``measures`` are effects of the plan's measures in yen, counted under the plan alone.
    """

    population: Population
    incomes: Incomes
    collection: Collection
    contribution: dict[PartKey, Contribution]
    expenditure: tuple[Line, ...] = ()
    revenue: tuple[Line, ...] = ()
    statutory: Statutory
    other_transfers: tuple[Line, ...] = ()
    fund: Fund | None = None
    measures: tuple[Line, ...] = ()
