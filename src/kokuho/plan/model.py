"""The fiscal soundness plan (赤字削減・解消計画, 国保財政健全化計画) as data.

The format of the files is described in ``docs/plan.md``. All amounts are whole thousands of yen
(千円) as the official form prints them, exact; an amount that is not known is ``None``, never 0.
Two bases stand apart and are never one series: the deficit of the occurrence year (a settlement)
and the deficit that a changed plan sets out from (an estimate of the budget).

Source of the fields: the form of 東京都 (国保財政健全化計画書), made after 保国発0129第2号 of
29 January 2018 (国民健康保険保険者の赤字削減・解消計画の策定等について).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator, model_validator
from pydantic_core import PydanticCustomError

from kokuho.base.calendar import parse_date

FIRST_YEAR, LAST_YEAR = 1989, 2100
Year = Annotated[StrictInt, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
"""A fiscal year: the western year in which it starts (2026 = 令和8年度)."""

Thousand = Annotated[StrictInt, Field(ge=0, le=10**10)]
"""An amount in thousands of yen (千円)."""

Text = Annotated[str, Field(min_length=1, pattern=r"\S")]
"""Some text; spaces alone are none."""


def _percent(value: Any) -> Any:
    if isinstance(value, float):
        raise PydanticCustomError("rate_as_float", 'a rate is text in quotes, such as "6.25"')
    return Decimal(str(value)) if isinstance(value, int) else value


Percent = Annotated[Decimal, Field(ge=0, decimal_places=4)]
"""A rate in percent (率), exact; in files as text: ``"6.25"``."""


class Part(BaseModel):
    """Base of everything in a plan: it does not change, and knows every key that it may have."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Insurer(Part):
    """Who makes the plan; ``number`` as printed (it may be a prefecture's own list number)."""

    prefecture: Text | None
    number: Text | None
    name: Text | None


class Document(Part):
    """The paper: heading, whether it changes an earlier plan (変更計画), draft (案), addressee.

    ``submitted_on`` is ISO, with ``00`` for a day or month left open; ``signatory`` is an office
    (小金井市長), never a person's name.
    """

    title: Text | None = None
    kind: Literal["initial", "change"] = "initial"
    draft: bool = False
    submitted_on: Text | None = None
    addressee: Text | None = None
    signatory: Text | None = None
    source: Text | None = None

    @field_validator("submitted_on")
    @classmethod
    def _day(cls, value: str | None) -> str | None:
        return str(parse_date(value)) if value else None


class Period(Part):
    """From the first year to the last one; ``reason`` says why it is longer than six years."""

    first_year: Year
    last_year: Year
    reason: Text | None = None

    @model_validator(mode="after")
    def _order(self) -> Period:
        if self.last_year < self.first_year:
            raise PydanticCustomError("period_backwards", "the last year is before the first one")
        return self

    @property
    def years(self) -> range:
        """Every fiscal year of the plan."""
        return range(self.first_year, self.last_year + 1)

    def __len__(self) -> int:
        return len(self.years)


class Advance(Part):
    """繰上充用金 of two years, where its new increase is to be followed back to them."""

    this_year: Thousand
    year_before: Thousand


class Occurrence(Part):
    """赤字の発生状況: the deficit of the occurrence year, from its settlement (決算).

    ``form5_subtotal`` is the subtotal of 決算補填等目的の法定外一般会計繰入額 in form 5 (様式5) of
    国民健康保険事業の実施状況報告, which 法定外繰入金 must equal (※1).
    """

    year: Year | None
    basis: Literal["settlement"]
    other_transfer: Thousand | None
    advance_increase: Thousand | None
    total: Thousand | None
    surplus: Thousand | None = None
    after_surplus: Thousand | None = None
    form5_subtotal: Thousand | None = None
    advance: Advance | None = None


class CurrentDeficit(Part):
    """予算推計ベースの当年度の赤字額: what a changed plan sets out from, and from which year on."""

    year: Year | None
    basis: Literal["budget_estimate"]
    amount: Thousand | None
    reduced_from: Year | None


class Policy(Part):
    """基本方針: the year in which no deficit is left, and the means in words."""

    target_year: Year | None
    means: Text | None = None


class Item(Part):
    """One line under a measure, with its days where they are known."""

    text: Text
    starts_on: date | None = None
    ends_on: date | None = None


class Measure(Part):
    """具体的な取組: ``amount`` is what it yields in a year; ``yearly`` where years differ."""

    name: Text | None
    amount: Thousand | None = None
    yearly: dict[Year, Thousand] = {}
    starts_on: date | None = None
    ends_on: date | None = None
    items: tuple[Item, ...] = ()


class Amounts(Part):
    """The two reduction rows of a year: 法定外繰入 and 繰上充用金の新規増加分."""

    other_transfer: Thousand | None
    advance_increase: Thousand | None

    @property
    def total(self) -> int | None:
        """赤字削減予定額; unknown while one of the two is."""
        if self.other_transfer is None or self.advance_increase is None:
            return None
        return self.other_transfer + self.advance_increase


class Rates(Part):
    """率 as printed, in percent; ``None`` where the form is blank."""

    other_transfer: Percent | None = None
    advance_increase: Percent | None = None
    total: Percent | None = None

    _exact = field_validator("*", mode="before")(_percent)


class Actual(Amounts):
    """The deficit of a settled year (決算), in the same two parts; ``insured`` counts persons."""

    advance: Advance | None = None
    insured: Annotated[StrictInt, Field(gt=0)] | None = None
    source: Text


class PlanYear(Part):
    """A year: what is planned, what the settlement showed, and why they differ."""

    year: Year
    planned: Amounts
    rates: Rates | None = None
    actual: Actual | Literal["unknown"]
    reason: Text | None = None


class Rows(Part):
    """What the current plan and its earlier versions have in common: a period, rows of years."""

    period: Period
    years: tuple[PlanYear, ...]

    @field_validator("years")
    @classmethod
    def _ascending(cls, years: tuple[PlanYear, ...]) -> tuple[PlanYear, ...]:
        numbers = [entry.year for entry in years]
        if numbers != sorted(set(numbers)):
            raise PydanticCustomError("years_order", "each year once, the earlier one first")
        return years

    def year(self, fiscal_year: int) -> PlanYear | None:
        """The entry of a year, or None where there is none."""
        return next((entry for entry in self.years if entry.year == fiscal_year), None)


class Declared(Part):
    """The totals that a sheet of the form states; our own are always computed."""

    first_year: Year
    last_year: Year
    year_totals: tuple[Thousand | None, ...]
    other_transfer: Thousand | None
    advance_increase: Thousand | None
    total: Thousand | None
    rates: Rates | None = None

    @model_validator(mode="after")
    def _one_a_year(self) -> Declared:
        if len(self.year_totals) != self.last_year - self.first_year + 1:
            raise PydanticCustomError("year_totals", "one total for each year of the sheet")
        return self

    @property
    def years(self) -> range:
        """The fiscal years of the sheet, in the order of ``year_totals``."""
        return range(self.first_year, self.last_year + 1)


class PerPerson(Part):
    """A target per insured person, in yen, beside the form: some plans are set that way."""

    base_year: Year
    base_yen: Annotated[StrictInt, Field(gt=0)]
    target_year: Year
    target_yen: Annotated[StrictInt, Field(ge=0)]


class Earlier(Rows):
    """A version of the plan before it was changed; its rows are kept as they were."""

    label: Text
    decided_on: date | None = None
    reason: Text | None = None
    occurrence: Occurrence | None = None
    current_deficit: CurrentDeficit | None = None
    measures: tuple[Measure, ...] = ()


class Reading(Part):
    """What one sheet prints for an amount that every sheet repeats."""

    field: Text
    sheet: Annotated[StrictInt, Field(ge=1)]
    text: str
    amount: Thousand | None


class Correction(Part):
    """Where the plan does not follow the print, or nothing proves it; sheet 0 is no sheet."""

    sheet: Annotated[StrictInt, Field(ge=0)]
    field: Text
    printed: str
    taken: str
    status: Literal["repaired", "flagged"]
    why: Text


class Printed(Part):
    """What the paper printed, kept so that its own contradictions can be found again."""

    source: Text
    readings: tuple[Reading, ...] = ()
    corrections: tuple[Correction, ...] = ()


class Note(Part):
    """A remark of a person on one place of the plan."""

    place: Text
    printed: Text | None = None
    taken: Text | None = None
    why: Text


class Plan(Rows):
    """A plan, its results so far and its earlier versions.

    ``declared`` are the totals of the sheets as the form states them, ``declared_total`` that of
    the whole plan where a paper states one.
    """

    format: Literal["kokuho-plan/1"]
    unit: Literal["thousand_yen"]
    insurer: Insurer
    document: Document = Document()
    occurrence: Occurrence
    current_deficit: CurrentDeficit | None = None
    per_person: PerPerson | None = None
    causes: tuple[Text, ...] = ()
    policy: Policy
    measures: tuple[Measure, ...] = ()
    declared: tuple[Declared, ...] = ()
    declared_total: Thousand | None = None
    versions: tuple[Earlier, ...] = ()
    notes: tuple[Note, ...] = ()
    printed: Printed | None = None
