"""Prepayment settings (前納) of one fiscal year: off unless the ordinance adopted it.

A municipality may, from fiscal year 2026 on, ask a household whose head was registered nowhere in
Japan on the reference date to pay the first year's levy ahead of the ordinary due dates. The model
ordinance's wording could not be read; so nothing here has a default but ``adopted: false``, and an
adopted prepayment must state every setting.

Source: 厚生労働省 部局長会議 (保険局) p.49, https://www.mhlw.go.jp/content/10200000/001646474.pdf,
as shown at https://www.wic-net.com/material/document/23427/49; amendment of the model ordinance of
2025-10-29, https://www.psrn.jp/topics/detail.php?id=39011.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from kokuho.ordinance.due_rule import Days, DueRule
from kokuho.ordinance.values import Day

FIRST_FISCAL_YEAR = 2026
"""The first levy year for which prepayment can be adopted (令和8年度)."""

REQUIRED = (
    "first_fiscal_year",
    "reference_date",
    "second_year",
    "due_date",
    "minimum_notice_days",
    "special_circumstances",
    "increase",
    "retroactive_years",
    "legal_text_reference",
)
"""Settings that an adopted prepayment must state; none of them has a default."""

FiscalYear = Annotated[int, Field(strict=True, ge=FIRST_FISCAL_YEAR, le=2199)]
_CONFIG = ConfigDict(frozen=True, extra="forbid")


class SpecialCircumstance(BaseModel):
    """A reason (特別の事情) for which the municipality asks for no prepayment."""

    model_config = _CONFIG

    code: str = Field(pattern="^[a-z][a-z0-9_]*$", description="The office's own code")
    text: str = Field(min_length=1, description="The reason as the ordinance or its rules word it")


class Prepayment(BaseModel):
    """The choices that an ordinance makes on prepayment; all of them, once it adopts it."""

    model_config = _CONFIG

    adopted: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Whether the ordinance adopted prepayment"
    )
    first_fiscal_year: FiscalYear | None = Field(
        default=None,
        description="The first fiscal year whose levy the ordinance asks to be prepaid",
    )
    reference_date: Day | None = Field(
        default=None,
        description="The day on which a head registered nowhere in Japan makes a household subject",
    )
    second_year: Literal["not_subject", "subject"] | None = Field(
        default=None,
        description="Whether an arrival of January to March that meets the test for two levy years "
        "is subject in the second one too",
    )
    due_date: DueRule | None = Field(
        default=None, description="The prepayment's own due date (前納の納期限)"
    )
    minimum_notice_days: Days | None = Field(
        default=None, description="Days that must lie between the notice and the due date"
    )
    special_circumstances: tuple[SpecialCircumstance, ...] | None = Field(
        default=None, description="Reasons for asking for no prepayment; an empty list says: none"
    )
    increase: Literal["prepayment", "ordinary_terms"] | None = Field(
        default=None, description="How an increase found later is collected"
    )
    retroactive_years: Literal["included", "not_included"] | None = Field(
        default=None, description="Whether months of an earlier fiscal year are prepaid too"
    )
    legal_text_reference: str | None = Field(
        default=None, min_length=1, description="The ordinance's article, by name and number"
    )

    @model_validator(mode="after")
    def _adopted_states_everything(self) -> Self:
        missing = [name for name in REQUIRED if getattr(self, name) is None]
        if self.adopted and missing:
            raise PydanticCustomError(
                "prepayment_missing",
                "an adopted prepayment states all of its settings; missing: {missing}",
                {"missing": ", ".join(missing)},
            )
        return self

    @model_validator(mode="after")
    def _due_date_leaves_time(self) -> Self:
        due, notice = self.due_date, self.minimum_notice_days
        if due is not None and due.days is not None and notice is not None and due.days < notice:
            raise PydanticCustomError(
                "due_before_notice",
                "the due date would come before the minimum notice of {notice} days",
                {"notice": notice},
            )
        return self


def require_all_when_adopted(schema: dict[str, Any]) -> None:
    """Tell the JSON Schema what the validator asks: an adopted prepayment states everything."""
    schema["if"] = {"properties": {"adopted": {"const": True}}, "required": ["adopted"]}
    stated = {name: {"not": {"type": "null"}} for name in REQUIRED}
    schema["then"] = {"properties": stated, "required": list(REQUIRED)}


Prepayment.model_config["json_schema_extra"] = require_all_when_adopted
