"""Worked cases: households with published answers, and whether our levy gives them.

The form of a case file is the one of ``docs/cases.md``; an unknown key is refused and named. Every
case is levied by the kernel that levies a city.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kokuho.base.calendar import last_day
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.base.money import PPM
from kokuho.law import Band, LawYear, for_fiscal_year
from kokuho.levy.frames import household_frame, person_frame
from kokuho.levy.kernel import Levy, levy
from kokuho.ordinance import Exemption, Insurer, OrdinanceYear, Part, Rounding

_ = translator("levy")

INSURER = "case"
MONTHS_OF_YEAR = 12
_Yen = Annotated[int, Field(strict=True)]
_Fraction = Annotated[str, Field(pattern=r"^(0(\.\d{1,6})?|1(\.0+)?)$")]
_CONFIG = ConfigDict(frozen=True, extra="forbid")


class CaseIncome(BaseModel):
    """Incomes of the year before, as a municipality states them: revenue, or income after it."""

    model_config = _CONFIG
    salary_revenue: _Yen | None = None
    salary_income: _Yen | None = None
    pension_revenue: _Yen | None = None
    pension_income: _Yen | None = None
    other_income: _Yen = 0


class CaseMember(BaseModel):
    """One member; ``age`` is on 1 April of the fiscal year."""

    model_config = _CONFIG
    age: Annotated[int, Field(strict=True, ge=0, le=120)]
    income: CaseIncome = CaseIncome()
    total_income: _Yen | None = None
    asset_tax: _Yen = 0
    months: Annotated[int, Field(strict=True, ge=0, le=12)] = MONTHS_OF_YEAR
    head: bool = False
    per_capita_exemption: _Fraction | None = None


class CaseHousehold(BaseModel):
    """The household of a case."""

    model_config = _CONFIG
    head_insured: bool = True
    members: tuple[CaseMember, ...] = Field(min_length=1)


class CaseRounding(BaseModel):
    """The rounding of a case, in the words of the case form."""

    model_config = _CONFIG
    part: Literal[1, 10, 100]
    person: Literal[1, 10, 100] = 1
    income_component: Literal["per_person", "per_household"] | None = None


class CaseExemptions(BaseModel):
    """Municipal cuts of the per-capita amount, each the fraction that is cut."""

    model_config = _CONFIG
    preschool_per_capita: _Fraction | None = None
    under_18_per_capita: _Fraction | None = None


class CaseOrdinance(BaseModel):
    """The ordinance of a case."""

    model_config = _CONFIG
    fiscal_year: int
    parts: dict[Literal["medical", "support", "care", "child"], Part]
    rounding: CaseRounding
    forced_reduction: Literal[0, 2, 5, 7] | None = None
    exemptions: CaseExemptions = CaseExemptions()


class Expected(BaseModel):
    """What was printed: reduction in tenths, parts and total in yen; absent what was not."""

    model_config = _CONFIG
    reduction: Literal[0, 2, 5, 7] | None = None
    medical: _Yen | None = None
    support: _Yen | None = None
    care: _Yen | None = None
    child: _Yen | None = None
    medical_support_care: _Yen | None = None
    total: _Yen | None = None


class Case(BaseModel):
    """One worked case: ordinance, household, published answer, source."""

    model_config = _CONFIG
    id: str
    ordinance: CaseOrdinance
    household: CaseHousehold
    expected: Expected
    partial: bool = False
    note: str | None = None
    source: str | None = None


class CaseFile(BaseModel):
    """A file of cases of one municipality."""

    model_config = _CONFIG
    municipality: str
    provenance: str | None = None
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Outcome:
    """Whether one case matched; ``differences`` are by part: (expected, got)."""

    case: Case
    municipality: str
    differences: dict[str, tuple[int, int | None]] = field(default_factory=dict)

    @property
    def matched(self) -> bool:
        """Whether every printed figure was met to the yen."""
        return not self.differences


def read_file(path: Path) -> CaseFile:
    """Read one case file.

    Raises:
        InputError: not JSON, or a key or value that the form does not have, with its place.
    """
    try:
        return CaseFile.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(
            _("{file}: not a readable case file ({reason}).").format(file=path, reason=error)
        ) from None
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()
        )
        raise InputError(
            _("{file}: not of the case form: {problems}").format(file=path, problems=problems)
        ) from None


def find_files(places: Iterable[Path]) -> list[Path]:
    """The case files in folders (and files that are named themselves), sorted.

    Raises:
        InputError: a place does not exist, or there is no case file at all.
    """
    found: list[Path] = []
    for place in places:
        if not place.exists():
            raise InputError(_("There is no {place}.").format(place=place))
        found += sorted(place.rglob("*.json")) if place.is_dir() else [place]
    if not found:
        raise InputError(_("No case file (*.json) was found."))
    return found


def birth_date_for(age: int, fiscal_year: int) -> date:
    """A birth date that has this age on 1 April and meets no boundary inside the year.

    The cases give ages alone, and their answers count full years. Born on 2 April, a person reaches
    the next age on 1 April of the next year; 6 and 18 are already past their school-year boundary;
    from 65 (but 74) the person was as old on 1 January too.
    """
    if age in (6, 18):
        return date(fiscal_year - age, 4, 1)
    if age >= 65 and age != 74:
        return date(fiscal_year - age - 1, 7, 1)
    return date(fiscal_year - age, 4, 2)


def ordinance_of(case: Case) -> OrdinanceYear:
    """The case's ordinance in our own form."""
    stated = case.ordinance
    rounding: dict[str, Any] = {"part": stated.rounding.part, "person": stated.rounding.person}
    if stated.rounding.income_component:
        rounding["income_component"] = stated.rounding.income_component
    cuts = stated.exemptions.model_dump(exclude_none=True)
    return OrdinanceYear(
        fiscal_year=stated.fiscal_year,
        insurer=Insurer(
            code=INSURER, name="case", prefecture="case", municipality_code="990001", kind="tax"
        ),
        parts=dict(stated.parts),
        rounding=Rounding(**rounding),
        exemptions=tuple(Exemption.model_validate({"kind": k, "cut": v}) for k, v in cuts.items()),
    )


def _joined(months: int, fiscal_year: int) -> date | None:
    if months == MONTHS_OF_YEAR:
        return None
    month = 4 + MONTHS_OF_YEAR - months
    year = fiscal_year + (month - 1) // 12
    return last_day(year, (month - 1) % 12 + 1).replace(day=1)


def _person(case: Case, number: int, law: LawYear) -> dict[str, Any]:
    household, year = case.household, case.ordinance.fiscal_year
    member = household.members[number]
    heads = [i for i, m in enumerate(household.members) if m.head] or [0]
    if len(heads) > 1:
        raise InputError(_("{case}: more than one head.").format(case=case.id))
    is_head = number == heads[0]
    incomes = member.income.model_dump()
    cut = Fraction(member.per_capita_exemption or 0) * PPM
    return incomes | {
        "insurer_code": INSURER,
        "household_id": case.id,
        "person_id": f"{number + 1:02d}",
        "head": is_head,
        "insured": member.months > 0 and (household.head_insured or not is_head),
        "birth_date": birth_date_for(member.age, year),
        "joined_on": _joined(member.months, year),
        "asset_tax": member.asset_tax,
        "adjustment_deduction": _adjustment(member.income, law, member.age >= law.ages.elder),
        "per_capita_exemption": int(cut),
    }


def _adjustment(income: CaseIncome, law: LawYear, elder: bool) -> int:
    """所得金額調整控除 for salary and pension together; the case form has no field for it.

    It is taken off only where both were given as revenue: stated incomes are after it.
    """
    if income.salary_revenue is None or income.pension_revenue is None:
        return 0
    limit = law.adjustment_pension_limit

    def after(revenue: int, bands: Iterable[Band]) -> int:
        band = next(b for b in bands if b.upto is None or revenue <= b.upto)
        return max(0, revenue // band.step * band.step * band.percent // 100 - band.subtract)

    salary = after(income.salary_revenue, law.salary_bands)
    pension = after(income.pension_revenue, law.pension_bands[elder, 0])
    if not salary or not pension:
        return 0
    return max(0, min(salary, limit) + min(pension, limit) - limit)


def levy_case(case: Case) -> Levy:
    """Levy the household of one case, every step kept."""
    law = for_fiscal_year(case.ordinance.fiscal_year)
    people = [_person(case, i, law) for i in range(len(case.household.members))]
    households = [
        {
            "insurer_code": INSURER,
            "household_id": case.id,
            "forced_reduction": case.ordinance.forced_reduction,
        }
    ]
    return levy(person_frame(people), household_frame(households), [ordinance_of(case)])


def check(case: Case, municipality: str = "") -> Outcome:
    """Compare our levy of a case with what was printed."""
    row = levy_case(case).households.row(0, named=True)
    got: dict[str, int | None] = dict(row)
    got["medical_support_care"] = sum(row[part] or 0 for part in ("medical", "support", "care"))
    differences = {
        name: (value, got[name])
        for name, value in case.expected.model_dump(exclude_none=True).items()
        if value != (got[name] or 0)
    }
    return Outcome(case, municipality, differences)


def find_case(path: Path, case_id: str) -> Case:
    """One case of a file by its id.

    Raises:
        InputError: the file has no such case; the ids that it has are named.
    """
    file = read_file(path)
    for case in file.cases:
        if case.id == case_id:
            return case
    raise InputError(
        _("{file} has no case {id}; it has: {ids}").format(
            file=path, id=case_id, ids=", ".join(case.id for case in file.cases)
        )
    )


def is_case_file(path: Path) -> bool:
    """Whether a file is named as case files are."""
    return path.suffix == ".json"
