"""A fictional town that bills and asks for prepayment: its ordinance, and what was billed."""

from __future__ import annotations

from datetime import date
from typing import Any

from kokuho.office.assessment.yearly import Wish as AssessWish
from kokuho.office.assessment.yearly import assess_year
from kokuho.office.billing.runs import Wish, bill_changes, bill_year
from kokuho.office.billing.schedules import Schedule, demands
from kokuho.office.jobs.runs import Run
from kokuho.office.register.models import Household
from kokuho.office.tenancy import seeing
from kokuho.ordinance import Ordinance
from tests.office.assessment.town import CHILD, PARTS, Told, telling
from tests.office.conftest import INSURER

NOTICE = date(2026, 7, 15)
TERMS = [{"number": n, "due": f"{6 + n:02d}-end"} for n in range(1, 6)] + [
    {"number": 6, "due": "12-25"},
    {"number": 7, "due": "01-end"},
    {"number": 8, "due": "02-end"},
]
PREPAYMENT = {
    "adopted": True,
    "first_fiscal_year": 2026,
    "second_year": "not_subject",
    "due_date": {"rule": "end_of_following_month"},
    "minimum_notice_days": 10,
    "special_circumstances": [{"code": "large_household", "text": "架空の定め 世帯が大きい"}],
    "increase": "ordinary_terms",
    "retroactive_years": "not_included",
    "legal_text_reference": "架空市国民健康保険条例 第○条",
}


def ordinance(
    kind: str = "premium",
    code: str = INSURER,
    *,
    prepayment: dict[str, Any] | None = None,
    billing: dict[str, Any] | None = None,
    **parts: Any,
) -> Ordinance:
    """FY2025 to FY2028 with eight terms; prepayment as of FY2026, unless ``prepayment`` differs."""
    years = {}
    for year in range(2025, 2029):
        own = {"medical": PARTS["medical"] | parts, "support": PARTS["support"]}
        if year >= 2026:
            own["child"] = CHILD
        years[year] = {
            "source": "架空", "retrieved": date(2026, 4, 1), "status": "fictional",
            "parts": own,
            "rounding": {"income_component": "per_person", "part": 100},
            "terms": TERMS,
            "collection": {
                "interest": {"first_band_months": 3},
                "reminder_fee": 0,
                "allocation": {"order": ["principal", "interest", "fee"]},
            },
            "billing": {
                "instalment_unit": 100,
                "out_of_term": {"due": {"rule": "end_of_following_month"}},
                "pension": {
                    "first_year": {"ordinary_terms": 3, "ordinary_share": "0.5"},
                    "increase": "ordinary_terms",
                },
                **(billing or {}),
            },
        }  # fmt: skip
        if year >= 2026:
            chosen = {"reference_date": date(year, 1, 1), **PREPAYMENT, **(prepayment or {})}
            years[year]["prepayment"] = chosen if chosen["adopted"] else {"adopted": False}
    insurer = {
        "code": code, "name": "架空市", "prefecture": "架空県", "municipality_code": code,
        "kind": kind,
    }  # fmt: skip
    return Ordinance.model_validate({"insurer": insurer, "fiscal_years": years})


def arrive(told: Told, household: str, person: str, on: date, **home: Any) -> None:
    """A head without income who came to live here, from abroad unless ``home`` says otherwise."""
    told.resident(person, **home.pop("identity", {}))
    where = {"became_resident_on": on, "from_abroad": True, **home}
    told.living(person, on, **where)
    told.insured(person, on, acquisition_reason="from_abroad")
    told.member(person, household, on)
    told.head(household, person, on)


def declare(told: Told, person: str, *years: int) -> None:
    for year in years:
        told.income(person, year)


def assess(year: int = 2026, own: Ordinance | None = None, on: date = NOTICE) -> Run:
    chosen = own or ordinance()
    return assess_year(INSURER, year, AssessWish(chosen.year(year), decided_on=on), actor="試験")


def bill(year: int = 2026, notice: date = NOTICE) -> Run:
    return bill_year(INSURER, year, Wish(notice), actor="試験")


def bill_again(notice: date, stop: date | None = None) -> Run:
    return bill_changes(INSURER, Wish(notice, stop_pension_from=stop), actor="試験")


def household(number: str) -> Household:
    found: Household = Household.objects.get(household_number=number)
    return found


def billed(number: str, year: int = 2026) -> list[tuple[str, int, int, str]]:
    """Channel, term, amount and due date of a household's demands."""
    with seeing([INSURER]):
        frame = demands(INSURER, year)
    rows = frame.filter(household_id=number).iter_rows(named=True)
    return [(r["channel"], r["term"], r["amount"], r["due"].isoformat()) for r in rows]


def channel(number: str, year: int = 2026) -> str | None:
    """How a household pays; none where it is not billed."""
    with seeing([INSURER]):
        rows = Schedule.objects.known().filter(household__household_number=number, fiscal_year=year)
        found = rows.first()
        return found.channel if found else None


__all__ = ["telling"]
