"""The levy of a household, explained: the newest assessment of the store, or made on the fly.

The explanation is the levy's own (:mod:`kokuho.levy.explain`); nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from kokuho.base.calendar import first_day_of_year, last_day_of_year
from kokuho.base.errors import KokuhoError, LevyError
from kokuho.base.messages import translator
from kokuho.levy.explain import Explanation, explain
from kokuho.levy.explain_sections import Section, sections
from kokuho.levy.frames import household_frame, person_frame
from kokuho.levy.kernel import levy
from kokuho.office.household.glance import View
from kokuho.office.register.models import (
    Assessment,
    Declaration,
    Document,
    Elders,
    Enrolment,
    Headship,
    Household,
    Identity,
    Income,
    Membership,
    PersonDecision,
)
from kokuho.ordinance import Ordinance, OrdinanceYear

_ = translator("web")


@dataclass(frozen=True)
class Levied:
    """What a household owes for a fiscal year, and why.

    Attributes:
        assessments: the assessments known then, one for each payer's days.
        explanation: none where it cannot be made; ``why_not`` then says why.
        names: the names of those whom the lines name by their numbers.
        agrees: whether the explanation comes to the total of the assessments; none without them.
    """

    fiscal_year: int
    assessments: Sequence[Assessment]
    explanation: Explanation | None
    sections: Sequence[Section]
    why_not: str
    agrees: bool | None
    names: Mapping[str, str] = field(default_factory=dict)


def levied(household: Household, view: View) -> Levied:
    """Explain a household's levy in the fiscal year of the view, inside of ``seeing``."""
    year = view.fiscal_year
    assessments = list(
        Assessment.objects.known(view.known).of_year(year).filter(household=household)
        .order_by("valid_from").select_related("payer")
    )  # fmt: skip
    try:
        explanation = _explain(household, view)
    except KokuhoError as error:
        return Levied(year, assessments, None, (), str(error), None)
    total = sum(assessment.total for assessment in assessments)
    agrees = total == explanation.total if assessments else None
    numbers = {line.person for line in explanation.lines if line.person}
    return Levied(
        year,
        assessments,
        explanation,
        sections(explanation),
        "",
        agrees,
        _names(household.insurer_id, numbers, view),
    )


def _names(insurer: str, numbers: Collection[str], view: View) -> dict[str, str]:
    """Names by address number."""
    rows = Identity.objects.known(view.known).filter(
        insurer_id=insurer, resident__address_number__in=numbers
    )
    return {
        row.resident.address_number: row.kanji or row.latin
        for row in rows.order_by("valid_from").select_related("resident")
    }


def _explain(household: Household, view: View) -> Explanation:
    ordinance = _ordinance(household.insurer_id, view.fiscal_year)
    number = household.household_number
    key = {"insurer_code": household.insurer_id, "household_id": number}
    persons = [{**key, **row} for row in _Rows(household, view).persons()]
    elders = Elders.objects.as_of(view.valid, view.known).filter(household=household).first()
    house: dict[str, Any] = dict(key)
    if elders:
        house |= {
            "same_household_elders": elders.count,
            "elders_income": elders.income,
            "elders_earners": elders.earners,
            "specific_from": elders.specific_from,
        }
    frame = person_frame(persons).sort("person_id")
    result = levy(frame, household_frame([house]), [ordinance])
    return explain(result, number, ordinance, made_on=view.today)


def _ordinance(insurer: str, fiscal_year: int) -> OrdinanceYear:
    """The newest ordinance of the insurer in the store that has the year."""
    documents = Document.objects.filter(insurer_id=insurer, kind="ordinance").order_by("-pk")
    for document in documents:
        ordinance = Ordinance.model_validate(yaml.safe_load(bytes(document.content)))
        if fiscal_year in ordinance.fiscal_years:
            return ordinance.year(fiscal_year)
    raise LevyError(_("There is no ordinance of this fiscal year in the store yet."))


class _Rows:
    """The persons of a household in a fiscal year, as the levy takes them."""

    def __init__(self, household: Household, view: View) -> None:
        self.household, self.view = household, view
        self.first = first_day_of_year(view.fiscal_year)
        self.last = last_day_of_year(view.fiscal_year)

    def persons(self) -> list[dict[str, Any]]:
        """One row a person.

        Raises:
            LevyError: what the register says cannot be put in one row a person.
        """
        heads = self._of(Headship, household=self.household)
        if len(heads) > 1:
            raise LevyError(_("The head changed within the year: only an assessment run levies."))
        head = heads[0].head_id if heads else None
        stays: dict[int, Any] = {}
        for row in self._of(Membership, household=self.household):
            if row.resident_id in stays:
                raise LevyError(_("A member left and came back: only an assessment run levies."))
            stays[row.resident_id] = row
        rows = [self._person(resident, stays.get(resident), resident == head)
                for resident in dict.fromkeys([*stays, *([head] if head else [])])]  # fmt: skip
        rows = [row for row in rows if row["head"] or row["insured"]]
        if not any(row["insured"] for row in rows):
            raise LevyError(_("Nobody of the household is insured in this fiscal year."))
        return rows

    def _person(self, resident: int, stay: Membership | None, head: bool) -> dict[str, Any]:
        row: dict[str, Any] = {"head": head, **self._identity(resident)}
        spans = [] if stay is None else self._spans(resident, stay)
        if len(spans) > 1:
            raise LevyError(_("Somebody was insured twice: only an assessment run levies."))
        row["insured"] = bool(spans)
        for first, end in spans:
            row["joined_on"] = first if first > self.first else None
            row["left_on"] = end if end and end <= self.last else None
        april = {"valid": self.first, "known": self.view.known}
        income = Income.objects.as_of(**april).filter(resident_id=resident).first()
        if income:
            row |= {name: getattr(income, name) for name in Income.fact_names()}
        declaration = Declaration.objects.as_of(**april).filter(resident_id=resident).first()
        row["declared"] = declaration.state if declaration else "undeclared"
        return row | self._decided(resident)

    def _spans(self, resident: int, stay: Membership) -> list[tuple[date, date | None]]:
        """When the person is insured as a member of this household."""
        spans = []
        for row in self._of(Enrolment, resident_id=resident):
            first = max(row.valid_from, stay.valid_from)
            end = min((d for d in (row.valid_to, stay.valid_to) if d), default=None)
            if end is None or first < end:
                spans.append((first, end))
        return spans

    def _identity(self, resident: int) -> dict[str, Any]:
        rows = Identity.objects.known(self.view.known).filter(
            resident_id=resident, valid_from__lte=self.last
        )
        identity = rows.order_by("valid_from").select_related("resident").last()
        if identity is None or not identity.birth_date.complete:
            raise LevyError(_("The date of birth of a member is not known in full."))
        number = identity.resident.address_number
        return {"person_id": number, "birth_date": identity.birth_date.earliest()}

    def _decided(self, resident: int) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for decision in self._of(PersonDecision, resident_id=resident):
            match decision.kind:
                case "involuntary_unemployment":
                    row["involuntary_unemployment_from"] = decision.valid_from
                case "maternity":
                    row["maternity_from"] = decision.valid_from
                    row["maternity_months"] = decision.months or 0
                case "former_dependant":
                    row["former_dependant_from"] = decision.valid_from
                case "per_capita_exemption":
                    row["per_capita_exemption"] = decision.share_ppm or 0
        return row

    def _of(self, model: Any, **about: Any) -> list[Any]:
        """What is known and holds on a day of the year, in order of time."""
        rows = model.objects.known(self.view.known).filter(valid_from__lte=self.last, **about)
        return [
            row
            for row in rows.order_by("valid_from")
            if row.valid_to is None or row.valid_to > self.first
        ]
