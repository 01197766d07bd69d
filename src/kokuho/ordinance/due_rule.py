"""How a due date (納期限) follows from the day of a notice, where no term of the year fits."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Days = Annotated[int, Field(strict=True, ge=1, le=366)]


class DueRule(BaseModel):
    """A due date that follows from the day of the notice, before any shift for holidays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: Literal["end_of_notice_month", "end_of_following_month", "days_after_notice"] = Field(
        description="End of the notice's month, end of the month after it, or so many days after it"
    )
    days: Days | None = Field(default=None, description="Days, for days_after_notice alone")

    @model_validator(mode="after")
    def _days_belong_to_their_rule(self) -> Self:
        if (self.rule == "days_after_notice") != (self.days is not None):
            raise PydanticCustomError(
                "due_days", "`days` is stated exactly when the rule is days_after_notice", {}
            )
        return self
