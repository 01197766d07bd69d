"""How receipts and arrears are handled (収納の定め): what the ordinance or practice chooses.

For a tax the law says most of it; for a premium (保険料) the ordinance does. So nothing here has a
default that differs from the law: what a tax leaves out is taken from the law, and what a premium
leaves out is asked for when it is needed (:mod:`kokuho.ledger.rules`).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from kokuho.ordinance.values import Yen

_CONFIG = ConfigDict(frozen=True, extra="forbid")

ComponentName = Literal["principal", "interest", "fee"]
"""本税(料), 延滞金, 督促手数料."""

WaivedFor = Literal[
    "collection_disaster", "collection_hardship", "sale_by_office", "sale_on_request", "suspension"
]
"""徴収の猶予(災害・病気など; 事業の休廃止など)、換価の猶予(職権、申請)、執行の停止."""


class InterestChoices(BaseModel):
    """Delinquency interest (延滞金): what the ordinance decides about it."""

    model_config = _CONFIG

    first_band_months: Annotated[int, Field(strict=True, ge=0, le=12)] = Field(
        description="Months of the lower rate, from the day after the due date; 0: none"
    )
    starts: Literal["due_date", "reminder"] = Field(
        default="due_date",
        description="Interest and its first band begin on the day after the due date, or on a day "
        "that follows from the reminder (督促状) of each instalment; without one, never",
    )
    half_relief: Literal["special_rate", "half"] = Field(
        default="special_rate",
        description="A deferral that waives half: what is above the deferral rate of the year "
        "(地方税法附則3条の2第3項), or half of what follows the first band (15条の9第1項)",
    )
    waived: dict[WaivedFor, Literal["full", "half", "none"]] = Field(
        default_factory=dict,
        description="How much interest is waived for the days of a deferral or a suspension; what "
        "is left out: by law for a tax (15条の9第1項), by a decision each time for a premium",
    )


class AllocationChoices(BaseModel):
    """What a payment pays first (充当の順序)."""

    model_config = _CONFIG

    order: tuple[ComponentName, ...] = Field(
        description="principal, interest and fee in the order in which a payment pays them"
    )
    across: Literal["by_demand", "by_component"] = Field(
        default="by_demand",
        description="A payment over several instalments pays all of the oldest first, or the first "
        "component of all of them first",
    )
    excess: Literal["overpaid", "next_due"] = Field(
        default="overpaid",
        description="What a payment for a named instalment has too much is an overpayment "
        "(過誤納), or pays the oldest other instalment",
    )

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if sorted(self.order) != ["fee", "interest", "principal"]:
            raise PydanticCustomError(
                "allocation_order", "the order names principal, interest and fee once each", {}
            )
        return self


class Collection(BaseModel):
    """Receipts and arrears of one fiscal year: interest, reminder fee, order of allocation."""

    model_config = _CONFIG

    interest: InterestChoices | None = Field(default=None, description="延滞金")
    reminder_fee: Yen | None = Field(
        default=None, description="督促手数料: yen for each reminder; 0: none is charged"
    )
    reminder_days: Annotated[int, Field(strict=True, ge=1, le=60)] | None = Field(
        default=None, description="督促状を発する日: days after the due date (条例・規則)"
    )
    demand_days: Annotated[int, Field(strict=True, ge=1, le=3650)] | None = Field(
        default=None,
        description="催告書を送る日: days after the due date, of what was reminded of "
        "(取扱要領など); no law sets it",
    )
    demand_again_days: Annotated[int, Field(strict=True, ge=1, le=3650)] | None = Field(
        default=None,
        description="催告書を再び送る日: days after the letter before; left out: each demand is "
        "called for once",
    )
    allocation: AllocationChoices | None = Field(default=None, description="充当の順序")
