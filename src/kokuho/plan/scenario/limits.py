"""What a council sets for the rates: limits, the objective, and how rates are printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from kokuho.ordinance import PART_NAMES
from kokuho.ordinance.values import Rate
from kokuho.plan.model import Part, Text, Year
from kokuho.plan.scenario.assumptions import PartKey
from kokuho.plan.scenario.values import Ratio, Share, Stated

Amount = Annotated[StrictInt, Field(ge=0, le=10_000_000)]
Step = Annotated[StrictInt, Field(gt=0, le=10_000)]


class RateSet(Part):
    """The rates of one part as an ordinance states them; what is left out stays as it was."""

    income_rate: Rate | None = None
    asset_rate: Rate | None = None
    per_capita: Amount | None = None
    per_capita_adult: Amount | None = None
    per_household: Amount | None = None
    cap: Amount | None = None


class Rise(Part):
    """The largest rise of a household's levy from one year's rates to the next, people unchanged.

    In yen, and in percent of the levy before for households that pay ``percent_from`` yen or more:
    below it the rounding of each part to 100 yen is a large percentage by itself.
    """

    yen: Annotated[StrictInt, Field(gt=0)] | None = None
    percent: Share | None = None
    percent_from: Annotated[StrictInt, Field(gt=0)] = 50_000


class BenefitShare(Part):
    """応益割合: the share of 均等割 and 平等割 in the levy before reduction and cap."""

    low: Share = Decimal(0)
    high: Share = Decimal(1)

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.high < self.low:
            raise PydanticCustomError("share_backwards", "high is below low")
        return self


class Standard(Stated):
    """市町村標準保険料率, an input: no rate is above it (ceiling), or the last ones are it (goal).

    ``to_compare`` only shows it.
    """

    use: Literal["ceiling", "goal", "to_compare"]
    year: Year
    parts: dict[PartKey, RateSet]


class Protected(Part):
    """A model household and the largest yearly rise of its levy, in yen."""

    household: Text
    yen: Annotated[StrictInt, Field(ge=0)]


class PartSteps(Part):
    """How fine the rates of a part are printed."""

    income_rate: Rate = Decimal("0.0001")
    amount: Step = 100


class Steps(PartSteps):
    """How fine rates are printed: 0.01 % and 100 yen unless said otherwise, for all or by part."""

    parts: dict[PartKey, PartSteps] = Field(default_factory=dict)

    def of(self, part: str) -> PartSteps:
        """The steps of one part."""
        return self.parts.get(part, self)


class PartCover(Part):
    """What a part brings in, as a share of its own 納付金 (区分ごとの納付金に対する割合).

    At most ``high`` in every year looked at, at least ``low`` in the target year. A part that
    brings in more already under the rates of the base year may go on doing so, no more.
    """

    low: Annotated[Ratio, Field(ge=0)] | None = None
    high: Annotated[Ratio, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.low is not None and self.high is not None and self.high < self.low:
            raise PydanticCustomError("share_backwards", "high is below low")
        return self


def _own_contribution() -> dict[str, PartCover]:
    """Unless a scenario says otherwise: each part but the medical one pays for itself at most.

    後期高齢者支援金等課税額, 介護納付金課税額 and 子ども・子育て支援納付金課税額 are levied for the
    納付金 of their own part (地方税法703条の4, 国民健康保険法施行令29条の7); what else the account
    needs is of the medical part.
    """
    return {part: PartCover(high=Decimal(1)) for part in PART_NAMES if part != "medical"}


class Limits(Part):
    """What `kokuho plan solve` keeps to.

    ``objective``: the largest burden jump is measured in percent or in yen. ``follow_plan`` keeps
    the deficit of every year at or below what the plan leaves for it, not only the target year's.
    ``parts`` names the parts whose rates may change; those of the others stay. ``part_cover`` ties
    what a part brings in to its own 納付金.
    """

    target_year: Year
    first_revision: Year
    every: Literal[1, 2] = 1
    objective: Literal["percent", "yen"] = "percent"
    rise: Rise = Rise()
    benefit_share: BenefitShare | None = None
    protect: tuple[Protected, ...] = ()
    may_fall: StrictBool = False
    follow_plan: StrictBool = False
    parts: tuple[PartKey, ...] = PART_NAMES
    steps: Steps = Steps()
    part_cover: dict[PartKey, PartCover] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.target_year < self.first_revision:
            raise PydanticCustomError(
                "target_before_revision", "the target year is before the first revision"
            )
        return self

    def covers(self) -> dict[str, PartCover]:
        """What ties each part to its 納付金: as stated, else the default of the part."""
        return {**_own_contribution(), **self.part_cover}

    def revisions(self) -> tuple[int, ...]:
        """The years in which rates may change, up to the target year."""
        return tuple(range(self.first_revision, self.target_year + 1, self.every))
