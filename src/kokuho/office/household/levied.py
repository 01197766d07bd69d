"""The levy of a household, explained: the assessments of the store, or made on the fly.

The explanation is the levy's own (:mod:`kokuho.levy.explain`), of what an assessment kept or of
what the register says now; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kokuho.base.errors import KokuhoError
from kokuho.base.messages import translator
from kokuho.law import for_fiscal_year, kept
from kokuho.levy import levy
from kokuho.levy.explain import Explanation, explain
from kokuho.levy.explain_sections import Section, sections
from kokuho.office.assessment import codes, documents, replay
from kokuho.office.assessment.facts import read
from kokuho.office.assessment.frames import Look, frames, gather
from kokuho.office.assessment.succession import Succession
from kokuho.office.household.glance import View
from kokuho.office.register.models import Assessment, Document, Household, Identity
from kokuho.office.store.versions import end_of
from kokuho.ordinance import OrdinanceYear

_ = translator("web")


@dataclass(frozen=True)
class Explained:
    """What one payer owes for the months of a fiscal year in which they head the household.

    ``assessment`` is none where the amount was made on the fly. ``payer`` is the row number of
    the head; ``sections`` are the explanation's lines under their headings.
    """

    payer: int
    assessment: Assessment | None
    explanation: Explanation
    sections: Sequence[Section]


@dataclass(frozen=True)
class Heirs:
    """A payer who died (row number) and by name who represents the heirs (相続人代表者)."""

    payer: int
    representative: str
    told_on: date


@dataclass(frozen=True)
class Levied:
    """The levy of a household in a fiscal year, as known then.

    Attributes:
        assessments: the assessments in force then, with the superseded ones before them.
        explained: one for each payer; empty where it cannot be made, ``why_not`` says why.
        names: the names of those whom the lines name by their address numbers.
        of_store: whether it is what was decided, and not made on the fly.
        heirs: who represents the heirs of payers who died, as known then.
    """

    fiscal_year: int
    assessments: Sequence[Assessment]
    explained: Sequence[Explained]
    why_not: Sequence[str]
    names: Mapping[str, str]
    of_store: bool
    heirs: Sequence[Heirs]


def levied(household: Household, view: View) -> Levied:
    """Explain a household's levy in the fiscal year of the view, inside of ``seeing``."""
    year = view.fiscal_year
    history = _history(household, view)
    standing = [one for one in history if _stands(one, view.known)]
    explained: list[Explained] = []
    why_not: list[str] = []
    try:
        if standing:
            explained = [_of_store(one, view.today) for one in standing if _has_persons(one)]
        else:
            explained, why_not = _on_the_fly(household, view)
    except KokuhoError as error:
        why_not = [str(error)]
    if not explained and not why_not:
        why_not = [_("Nobody of the household is insured in this fiscal year.")]
    numbers = {line.person for one in explained for line in one.explanation.lines if line.person}
    return Levied(
        fiscal_year=year,
        assessments=history,
        explained=explained,
        why_not=why_not,
        names=_names(household.insurer_id, numbers, view),
        of_store=bool(standing),
        heirs=_heirs({one.payer_id for one in history}, view),
    )


def _heirs(payers: Collection[int], view: View) -> list[Heirs]:
    found = Succession.objects.known(view.known).filter(resident_id__in=payers)
    rows = list(found.order_by("pk").select_related("representative"))
    numbers = {row.representative.address_number for row in rows if row.representative}
    names = _names(rows[0].insurer_id, numbers, view) if numbers else {}
    return [
        Heirs(
            row.resident_id,
            names.get(row.representative.address_number, row.representative.address_number)
            if row.representative
            else row.name,
            row.told_on,
        )
        for row in rows
    ]


def _history(household: Household, view: View) -> list[Assessment]:
    """The assessments that were recorded by then, those that were superseded since included."""
    rows = Assessment.objects.of_year(view.fiscal_year).filter(
        household=household, recorded_at__lte=end_of(view.known)
    )
    return list(
        rows.order_by("recorded_at", "valid_from").select_related("law", "ordinance", "inputs")
    )


def _stands(assessment: Assessment, known: date) -> bool:
    return assessment.superseded_at is None or assessment.superseded_at > end_of(known)


def _has_persons(assessment: Assessment) -> bool:
    return bool(documents.read_inputs(assessment.inputs).persons)


def _of_store(assessment: Assessment, today: date) -> Explained:
    """An assessment explained from what it kept, under the law that it kept."""
    number = documents.read_inputs(assessment.inputs).household_number
    with kept.hold(bytes(assessment.law.content)):
        result, ordinance = replay.steps(assessment)
        explanation = explain(result, number, ordinance, made_on=today)
    return Explained(assessment.payer_id, assessment, explanation, sections(explanation))


def _on_the_fly(household: Household, view: View) -> tuple[list[Explained], list[str]]:
    """What would be levied from the register; where it cannot be, what a clerk must look at."""
    ordinance = _ordinance(household.insurer_id, view.fiscal_year)
    if ordinance is None:
        return [], [_("There is no ordinance of this fiscal year in the store yet.")]
    facts = read(view.fiscal_year, [household], end_of(view.known))
    gathered = gather(facts, household.insurer_id, for_fiscal_year(view.fiscal_year))
    explained = []
    for unit in gathered.units:
        result = levy(*frames([unit]), [ordinance])
        explanation = explain(result, unit.number, ordinance, made_on=view.today)
        explained.append(Explained(unit.payer, None, explanation, sections(explanation)))
    return explained, [_look(look) for look in gathered.looks if not explained]


def _look(look: Look) -> str:
    what = "、".join(word for word in (look.person, look.title, look.value) if word)
    name = codes.look_name(look.code)
    return f"{name}({what})" if what else name


def _ordinance(insurer: str, fiscal_year: int) -> OrdinanceYear | None:
    """The newest ordinance of the insurer in the store for a fiscal year."""
    for document in Document.objects.filter(insurer_id=insurer, kind="ordinance").order_by("-pk"):
        ordinance = documents.read_ordinance(document)
        if ordinance.fiscal_year == fiscal_year:
            return ordinance
    return None


def _names(insurer: str, numbers: Collection[str], view: View) -> dict[str, str]:
    """Names by address number."""
    rows = Identity.objects.known(view.known).filter(
        insurer_id=insurer, resident__address_number__in=numbers
    )
    return {
        row.resident.address_number: row.kanji or row.latin
        for row in rows.order_by("valid_from").select_related("resident")
    }
