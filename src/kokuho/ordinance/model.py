"""One municipality's choices for the levy, by fiscal year (条例の設定).

The models hold what the file says and refuse what cannot be meant. What the law says about it
(national caps, the parts that a year has) is looked at in :mod:`kokuho.ordinance.rules`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import OrdinanceError
from kokuho.base.messages import translator
from kokuho.base.money import rate_numerator
from kokuho.ordinance.billing import Billing
from kokuho.ordinance.collection import Collection
from kokuho.ordinance.prepayment import Prepayment
from kokuho.ordinance.rounding import Months, Rounding
from kokuho.ordinance.values import PART_NAMES, Day, Due, PartName, Rate, Yen, due_date, part_labels

_ = translator("ordinance")

_CONFIG = ConfigDict(frozen=True, extra="forbid")
Kind = Literal["tax", "premium"]
"""国民健康保険税 or 国民健康保険料."""


class Insurer(BaseModel):
    """The municipality that levies (保険者)."""

    model_config = _CONFIG

    code: str = Field(
        pattern="^[0-9A-Za-z_-]{1,20}$",
        description="The insurer's own number, as persons and households files use it; where it is "
        "not known, the municipality code",
    )
    name: str = Field(min_length=1, description="Name of the municipality")
    prefecture: str = Field(min_length=1, description="Name of the prefecture")
    municipality_code: str = Field(
        pattern="^[0-9]{6}$",
        description="全国地方公共団体コード with its check digit; 99 in front: an invented one",
    )
    kind: Kind = Field(description="tax (国民健康保険税) or premium (国民健康保険料)")


class Part(BaseModel):
    """The rates and amounts of one part of the levy, for a whole year."""

    model_config = _CONFIG

    income_rate: Rate = Field(description="所得割: fraction of the income base")
    asset_rate: Rate = Field(
        default=Decimal(0), description="資産割: fraction of the property tax", examples=["0.23"]
    )
    per_capita: Yen = Field(description="均等割: yen for each person")
    per_household: Yen = Field(default=0, description="平等割: yen for each household")
    per_capita_adult: Yen = Field(
        default=0, description="18歳以上均等割: yen for each adult; child part only, required there"
    )
    cap: Yen = Field(description="賦課(課税)限度額: yen")

    @property
    def income_ppm(self) -> int:
        """The income rate in millionths."""
        return rate_numerator(self.income_rate)

    @property
    def asset_ppm(self) -> int:
        """The asset rate in millionths."""
        return rate_numerator(self.asset_rate)


class Exemption(BaseModel):
    """A cut of the per-capita amount that the municipality itself decided (条例による減免)."""

    model_config = _CONFIG

    kind: Literal["preschool_per_capita", "under_18_per_capita"] = Field(
        description="Preschoolers (in place of the statutory half), or the children who are none"
    )
    cut: Rate = Field(
        description="Fraction that is cut, after the statutory reduction", examples=["0.5"]
    )
    source: str | None = Field(default=None, min_length=1, description="Where the cut is stated")

    @property
    def fraction(self) -> Fraction:
        """The fraction that is cut."""
        return Fraction(self.cut)


class TermEntry(BaseModel):
    """An instalment (期別) as the file states it."""

    model_config = _CONFIG

    number: Annotated[int, Field(strict=True, ge=1, le=24)] = Field(description="期: 1, 2, 3, …")
    due: Due | None = Field(
        default=None,
        description="Due date (納期限) before any shift for weekends and holidays: MM-DD of the "
        "fiscal year, MM-end for the last day of the month, or a full date",
    )


class Term(BaseModel):
    """An instalment (期別) with its day, before any shift for weekends and holidays."""

    model_config = _CONFIG

    number: int
    due: date | None = None


PartKey = Annotated[str, Field(pattern=f"^({'|'.join(PART_NAMES)})$")]


def _in_legal_order(parts: dict[str, Part]) -> dict[str, Part]:
    return {name: parts[name] for name in PART_NAMES if name in parts}


class Choices(BaseModel):
    """What an ordinance decides for one fiscal year; the base of the two forms of a year."""

    model_config = _CONFIG

    parts: Annotated[dict[PartKey, Part], AfterValidator(_in_legal_order)] = Field(
        description="medical 基礎分, support 支援金分, care 介護分, child 子ども分 (from 2026)"
    )
    unconfirmed_parts: tuple[PartName, ...] = Field(
        default=(), description="Parts of this year whose rates were not found; left out above"
    )
    rounding: Rounding
    months: Months = Months()
    exemptions: tuple[Exemption, ...] = Field(
        default=(), description="The municipality's own cuts of the per-capita amount"
    )
    billing: Billing = Field(
        default=Billing(), description="期別: how the year's amount becomes instalments"
    )
    prepayment: Prepayment = Field(default=Prepayment(), description="前納; off by default")
    collection: Collection = Field(
        default=Collection(), description="収納: interest, reminder fee, order of allocation"
    )
    status: Literal["transcribed", "compared", "fictional"] = Field(
        default="transcribed",
        description="transcribed: copied, not yet compared with the ordinance; compared: compared "
        "with the ordinance; fictional: invented",
    )
    note: str | None = Field(default=None, min_length=1, description="What a reader should know")

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not self.parts:
            raise PydanticCustomError("no_parts", "a year needs at least one part", {})
        for name, part in self.parts.items():
            if name != "child" and part.per_capita_adult:
                raise PydanticCustomError(
                    "adult_outside_child",
                    "per_capita_adult belongs to the child part, not to {part}",
                    {"part": name},
                )
            if name in self.unconfirmed_parts:
                raise PydanticCustomError(
                    "confirmed_and_not",
                    "{part} has rates and is also named as unconfirmed",
                    {"part": name},
                )
        if self.months.order == "divide_first" and self.rounding.income_component != "per_person":
            raise PydanticCustomError(
                "needs_per_person",
                "{setting} needs rounding.income_component: per_person",
                {"setting": "months.order: divide_first"},
            )
        kinds = [exemption.kind for exemption in self.exemptions]
        if len(set(kinds)) < len(kinds):
            raise PydanticCustomError("exemption_twice", "one cut of each kind", {})
        return self

    @property
    def method(self) -> int:
        """方式: 4 with an asset rate anywhere, 3 with a per-household amount, else 2."""
        if any(part.asset_rate for part in self.parts.values()):
            return 4
        return 3 if any(part.per_household for part in self.parts.values()) else 2

    def exemption(self, kind: str) -> Fraction | None:
        """The fraction of the per-capita amount that the ordinance cuts, or None without a cut.

        It is cut after the statutory reduction; ``preschool_per_capita`` stands in place of the
        statutory half, ``under_18_per_capita`` is for the children who are no preschoolers.
        """
        return next((cut.fraction for cut in self.exemptions if cut.kind == kind), None)


class YearEntry(Choices):
    """One fiscal year as the file states it."""

    source: str = Field(
        min_length=1, description="Address of the page, or the ordinance's name and article"
    )
    retrieved: Day = Field(description="Day on which the figures were taken from the source")
    terms: tuple[TermEntry, ...] = Field(default=(), description="Instalments of a full year")


class OrdinanceYear(Choices):
    """One fiscal year of one insurer, ready to levy with.

    It can be built without a file (worked cases, a rate solver); then nothing is looked up in law.
    """

    fiscal_year: int
    insurer: Insurer
    source: str | None = None
    retrieved: date | None = None
    terms: tuple[Term, ...] = ()

    def part(self, name: str) -> Part:
        """One part of the levy.

        Raises:
            OrdinanceError: this year has no such part; no other year's is ever used.
        """
        found = self.parts.get(name)
        if found is None:
            raise OrdinanceError(
                _(
                    "{insurer} ({code}) states no {part} part for {year}. The rates of another "
                    "year or municipality are never used: add the part with its source."
                ).format(**_names(self.insurer, self.fiscal_year), part=part_labels([name]))
            )
        return found


class Ordinance(BaseModel):
    """One municipality's ordinance file: who it is, and its choices by fiscal year."""

    model_config = _CONFIG

    insurer: Insurer
    fiscal_years: dict[int, YearEntry] = Field(
        min_length=1, description="By the western year in which the fiscal year starts"
    )

    def year(self, fiscal_year: int, *, allow_unconfirmed: bool = False) -> OrdinanceYear:
        """The choices of one fiscal year (the western year in which it starts).

        Args:
            fiscal_year: 2026 is 令和8年度.
            allow_unconfirmed: give the year even if the rates of a part of it were not found, for
                work that says itself which parts it covers; a levy never does.

        Raises:
            OrdinanceError: the file has no such year, or a part of it is unconfirmed; the year or
                part is named with the years that are there. Another year is never borrowed.
        """
        entry = self.fiscal_years.get(fiscal_year)
        names = _names(self.insurer, fiscal_year)
        if entry is None:
            raise OrdinanceError(
                _(
                    "{insurer} ({code}) has no ordinance for {year}; the file has {years}. The "
                    "rates of another year are never used: add the year with its source."
                ).format(**names, years=", ".join(map(fiscal_year_name, sorted(self.fiscal_years))))
            )
        if entry.unconfirmed_parts and not allow_unconfirmed:
            raise OrdinanceError(
                _(
                    "{insurer} ({code}): the rates of {parts} for {year} are not confirmed, so "
                    "this year cannot be levied. Add them with their source and take the part "
                    "out of unconfirmed_parts. Years in the file: {years}."
                ).format(
                    **names,
                    parts=part_labels(entry.unconfirmed_parts),
                    years=", ".join(map(fiscal_year_name, sorted(self.fiscal_years))),
                )
            )
        stated: dict[str, Any] = {name: getattr(entry, name) for name in YearEntry.model_fields}
        stated["terms"] = tuple(
            Term(number=term.number, due=None if term.due is None else _day(term.due, fiscal_year))
            for term in entry.terms
        )
        return OrdinanceYear(fiscal_year=fiscal_year, insurer=self.insurer, **stated)


def _day(due: str | date, fiscal_year: int) -> date:
    try:
        return due_date(due, fiscal_year)
    except ValueError:
        raise OrdinanceError(
            _("{due} is no day of {year}.").format(due=due, year=fiscal_year_name(fiscal_year))
        ) from None


def _names(insurer: Insurer, fiscal_year: int) -> dict[str, str]:
    return {
        "insurer": insurer.name,
        "code": insurer.code,
        "year": fiscal_year_name(fiscal_year),
    }
