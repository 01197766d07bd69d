"""Worked cases: households with published answers, and whether our levy gives them.

Every case is levied by the kernel that levies a city; its form is :mod:`kokuho.levy.case_form`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from kokuho.base.calendar import last_day
from kokuho.base.errors import InputError, KokuhoError
from kokuho.base.messages import translator
from kokuho.base.money import PPM
from kokuho.law import Band, LawYear, for_fiscal_year
from kokuho.levy.case_form import MONTHS_OF_YEAR, Case, CaseIncome
from kokuho.levy.frames import household_frame, person_frame
from kokuho.levy.kernel import Levy, levy
from kokuho.ordinance import Exemption, Insurer, OrdinanceYear

_ = translator("levy")

INSURER = "case"


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
    cuts = stated.exemptions.model_dump(exclude_none=True)
    return OrdinanceYear(
        fiscal_year=stated.fiscal_year,
        insurer=Insurer(
            code=INSURER, name="case", prefecture="case", municipality_code="990001", kind="tax"
        ),
        parts=dict(stated.parts),
        rounding=stated.rounding.stated(),
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
        raise InputError(_("more than one head"))
    is_head = number == heads[0]
    incomes = member.incomes.model_dump()
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
        "adjustment_deduction": _adjustment(member.incomes, law, member.age >= law.ages.elder),
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
    """Levy the household of one case, every step kept.

    Raises:
        KokuhoError: the case cannot be levied: no law for its year or part, or two heads.
    """
    law = for_fiscal_year(case.ordinance.fiscal_year)
    if unknown := [part for part in case.ordinance.parts if part not in law.parts]:
        raise InputError(
            _("fiscal year {year} had no part {parts}").format(
                year=law.fiscal_year, parts=", ".join(unknown)
            )
        )
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
    """Compare our levy of a case with what was printed, the incomes of its members included.

    Raises:
        InputError: the case cannot be levied; its id and the reason are named.
    """
    try:
        levied = levy_case(case)
    except KokuhoError as error:
        raise InputError(
            _("{case} cannot be levied: {reason}").format(case=case.id, reason=error)
        ) from None
    row = levied.households.row(0, named=True)
    got: dict[str, int | None] = dict(row)
    got["medical_support_care"] = sum(row[part] or 0 for part in ("medical", "support", "care"))
    differences = {
        name: (value, got[name])
        for name, value in case.expected.model_dump(exclude_none=True).items()
        if value != (got[name] or 0)
    }
    for member, person in zip(
        case.household.members, levied.persons.iter_rows(named=True), strict=True
    ):
        stated, income = member.total_income, person["gross_income"]
        if stated is not None and max(0, stated) != income:
            differences[f"total_income of {person['person_id']}"] = (stated, income)
    return Outcome(case, municipality, differences)
