"""How amounts are rounded and prorated: the settings that differ between ordinances.

Which municipality is known to use what, with sources, stands in ``docs/ordinance.md``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from kokuho.ordinance.values import PART_NAMES, PartName

_CONFIG = ConfigDict(frozen=True, extra="forbid")

Mode = Literal["floor", "half_up"]
"""切捨て or 四捨五入."""


def _strict_int(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        raise PydanticCustomError("not_unit", "a unit is a whole number of yen", {})
    return value


def _mode(value: Any) -> Any:
    modes = value.values() if isinstance(value, dict) else [value]
    if isinstance(value, dict) and (not value or not all(name in PART_NAMES for name in value)):
        raise PydanticCustomError("mode_invalid", "a mode for parts names parts of the levy", {})
    if any(mode not in ("floor", "half_up") for mode in modes):
        raise PydanticCustomError("mode_invalid", "a mode is floor or half_up", {})
    return value


Unit = Annotated[Literal[1, 10, 100], BeforeValidator(_strict_int)]
"""Amounts are cut to a multiple of so many yen."""

BaseUnit = Annotated[Literal[1, 1000], BeforeValidator(_strict_int)]


class Rounding(BaseModel):
    """Where an ordinance rounds, and to what (端数処理).

    ``income_component`` is ``per_household`` (the income component is computed once for the
    household) unless it is stated, or implied by ``person`` above 1.
    """

    model_config = _CONFIG

    base: BaseUnit = Field(default=1, description="Each person's income base is cut to this unit")
    income_component: Literal["per_person", "per_household"] = Field(
        default="per_household",
        description="所得割 is computed once for each person, or once for the household; "
        "per_person is implied where `person` is above 1",
    )
    income_mode: Annotated[
        Mode | dict[PartName, Mode],
        BeforeValidator(_mode),
        WithJsonSchema(
            {
                "anyOf": [
                    {"enum": ["floor", "half_up"]},
                    {
                        "type": "object",
                        "propertyNames": {"enum": list(PART_NAMES)},
                        "additionalProperties": {"enum": ["floor", "half_up"]},
                        "minProperties": 1,
                    },
                ],
                "default": "floor",
            }
        ),
    ] = Field(
        default="floor",
        description="所得割 is cut to the yen or rounded half up; for all parts, or by part (a "
        "part that is not named is cut)",
    )
    person: Unit = Field(default=1, description="Each person's share of a part is cut to this unit")
    part: Unit = Field(description="Each part is cut to this unit; 100 for a tax")
    total: Unit = Field(default=1, description="The sum of the parts is cut to this unit")
    reduction: Literal["reduced_unit", "reduction_amount"] = Field(
        default="reduced_unit",
        description="7/5/2割軽減: the reduced amount is cut to the yen, or the amount of the "
        "reduction is raised to reduction_unit",
    )
    reduction_unit: Unit = Field(default=1, description="For reduction_amount alone")

    @model_validator(mode="before")
    @classmethod
    def _a_share_of_a_person_needs_the_person(cls, data: Any) -> Any:
        if isinstance(data, dict) and "income_component" not in data:
            person = data.get("person", 1)
            if isinstance(person, int) and person > 1:
                return data | {"income_component": "per_person"}
        return data

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.income_component != "per_person":
            for setting, used in (
                (f"rounding.person: {self.person}", self.person > 1),
                ("rounding.income_mode: half_up", self._half_up),
            ):
                if used:
                    raise PydanticCustomError(
                        "needs_per_person",
                        "{setting} needs rounding.income_component: per_person",
                        {"setting": setting},
                    )
        if self.reduction_unit > 1 and self.reduction != "reduction_amount":
            raise PydanticCustomError(
                "unit_without_amount",
                "reduction_unit is for reduction: reduction_amount alone",
                {},
            )
        return self

    @property
    def _half_up(self) -> bool:
        mode = self.income_mode
        return "half_up" in (mode.values() if isinstance(mode, dict) else (mode,))


class Months(BaseModel):
    """How yearly amounts follow the months (月割)."""

    model_config = _CONFIG

    order: Literal["multiply_first", "divide_first"] = Field(
        default="multiply_first",
        description="年額 × months ÷ 12 cut once, or 年額 ÷ 12 cut and then × months",
    )
    cap: Literal["prorated", "annual"] = Field(
        default="prorated", description="Whether the cap follows the months of the part"
    )
