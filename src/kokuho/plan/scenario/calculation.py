"""What the calculation of fitting rates (保険料適正算定) needs beside the assumptions."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from kokuho.plan.model import Part, Year
from kokuho.plan.scenario.assumptions import Amount, PartKey
from kokuho.plan.scenario.values import Share, Stated


class Shares(Part):
    """賦課割合 of a part: income (応能), per capita and per household (応益); together 1."""

    income: Share
    per_capita: Share
    per_household: Share = Decimal(0)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.income + self.per_capita + self.per_household != 1:
            raise PydanticCustomError("shares_not_whole", "the shares of a part add up to 1")
        return self


class CalculatedPart(Stated):
    """The shares of a part, and what its levy must bring in where the scenario does not say it."""

    shares: Shares
    required: Amount | None = None


class Calculation(Part):
    """Fitting rates of one year, part by part."""

    year: Year
    parts: dict[PartKey, CalculatedPart]
