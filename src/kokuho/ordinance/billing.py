"""How a year's amount becomes instalments (期別): rounding, provisional terms, pensions.

What the law decides has no setting here. What a municipality decides has a documented default, or
none where nothing public says what is usual; the room ``billing`` then refuses to run as soon as
the setting is needed, and names it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kokuho.ordinance.due_rule import Days, DueRule
from kokuho.ordinance.values import Rate

_CONFIG = ConfigDict(frozen=True, extra="forbid")
TermNumber = Annotated[int, Field(strict=True, ge=1, le=24)]
_UNITS = (1, 10, 100, 1000)


def _unit(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int) or value not in _UNITS:
        raise PydanticCustomError("not_unit", "a unit is 1, 10, 100 or 1000 yen", {})
    return value


def _month_day(value: Any) -> Any:
    try:
        date.fromisoformat(f"2028-{value}")  # a leap year: 02-29 is a day
    except ValueError:
        raise PydanticCustomError("not_month_day", "not a day of the year", {}) from None
    return value


InstalmentUnit = Annotated[
    int, BeforeValidator(_unit), WithJsonSchema({"type": "integer", "enum": list(_UNITS)})
]
MonthDay = Annotated[
    str,
    BeforeValidator(_month_day),
    WithJsonSchema({"type": "string", "pattern": "^[01][0-9]-[0-3][0-9]$"}),
]
"""A day of every year, such as ``06-23``."""


class Provisional(BaseModel):
    """Terms that fall due before the year's incomes are known (仮算定, 地方税法706条の2)."""

    model_config = _CONFIG

    terms: TermNumber = Field(description="How many of the first terms are provisional")
    basis: Literal["previous_share", "previous_last_term"] = Field(
        default="previous_share",
        description="Each is the amount of the year before divided by the number of terms of this "
        "year, or the amount of the last term of the year before",
    )


class OutOfTerm(BaseModel):
    """Instalments of a levy that is fixed when no term is left (随時期)."""

    model_config = _CONFIG

    due: DueRule = Field(description="Due date of the first one")
    instalments: TermNumber = Field(
        default=1, description="Number of instalments; each falls due a month after the one before"
    )


class FirstPensionYear(BaseModel):
    """The year in which collection from a pension begins in October: the terms before it."""

    model_config = _CONFIG

    ordinary_terms: TermNumber = Field(description="How many of the first terms are collected")
    ordinary_share: Rate = Field(
        description="Fraction of the year's amount that these terms collect", examples=["0.5"]
    )

    @model_validator(mode="after")
    def _both_channels_have_a_part(self) -> Self:
        if not 0 < self.ordinary_share < 1:
            raise PydanticCustomError("share_whole", "a share lies between 0 and 1", {})
        return self


class PensionCollection(BaseModel):
    """Billing from pensions (特別徴収), as far as the law leaves it to the municipality."""

    model_config = _CONFIG

    year_of_75: Literal["ordinary", "pension"] = Field(
        default="ordinary",
        description="How the year is collected in which the head becomes 75",
    )
    first_year: FirstPensionYear | None = Field(
        default=None, description="Required as soon as a household begins in October"
    )
    increase: Literal["stop", "ordinary_terms"] | None = Field(
        default=None,
        description="An increase stops the collection from the pension, or is collected in the "
        "ordinary terms beside it; required as soon as there is one",
    )


class HouseholdExemption(BaseModel):
    """How an exemption on application (申請による減免) that grants a share becomes yen.

    None of it has a default: ordinances differ, and nothing public says what is usual.
    """

    model_config = _CONFIG

    share_of: Literal["annual", "not_yet_due"] = Field(
        description="The share is of the year's amount, or of the instalments that fall due on or "
        "after the first day of the exemption"
    )
    unit: InstalmentUnit = Field(description="The amount taken off is rounded to this unit")
    mode: Literal["floor", "half_up", "ceiling"] = Field(
        description="Rounded down, half up, or up (where what is left of it is cut)"
    )


class Billing(BaseModel):
    """The choices of one year on bills."""

    model_config = _CONFIG

    instalment_unit: InstalmentUnit | None = Field(
        default=None,
        description="Instalments are cut to this unit and the rest goes to the first; for a tax "
        "1,000 yen unless stated (地方税法20条の4の2第6項), for a premium required",
    )
    minimum_notice_days: Days | None = Field(
        default=None,
        description="Days between a notice and the first due date that it may use; 10 unless "
        "stated",
    )
    closed_days: tuple[MonthDay, ...] = Field(
        default=(),
        description="Further days of the year on which the municipality's offices are closed",
        examples=[["06-23"]],
    )
    provisional: Provisional | None = Field(default=None, description="仮算定; none unless stated")
    out_of_term: OutOfTerm | None = Field(
        default=None, description="随時期; required as soon as a levy is fixed after the terms"
    )
    pension: PensionCollection = Field(default=PensionCollection(), description="特別徴収")
    household_exemption: HouseholdExemption | None = Field(
        default=None,
        description="申請による減免: what a granted share is of; without it an exemption is taken "
        "off only where the decision states its yen",
    )
    payment_agent: Literal["allowed", "not_allowed"] | None = Field(
        default=None,
        description="Whether the municipality's own rules let somebody leaving name an agent for "
        "payment; premiums alone, a tax has its 納税管理人 by law (地方税法709条)",
    )
