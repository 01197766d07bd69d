"""What the notice of a decision says (納税通知書・納入通知書・更正や変更の通知)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from kokuho.base.calendar import era_date, fiscal_year_name, fiscal_year_of
from kokuho.base.errors import InputError
from kokuho.base.messages import japanese, translator
from kokuho.law import kept, legal_text
from kokuho.levy import levy
from kokuho.levy.explain import explain
from kokuho.levy.explain_parts import PART_TITLES
from kokuho.levy.wording import REDUCTIONS, month_text
from kokuho.office.assessment import addressees, codes, documents
from kokuho.office.assessment.amounts import PARTS
from kokuho.office.assessment.decisions import LevyDecision
from kokuho.office.assessment.documents import Inputs
from kokuho.office.billing import notices as billed
from kokuho.office.register import codes as register_codes
from kokuho.office.register.models import Assessment
from kokuho.ordinance import Insurer, OrdinanceYear

_ = translator("assessment")

_LEVIES = {"tax": "国民健康保険税", "premium": "国民健康保険料"}
_TITLES = {
    ("tax", False): "国民健康保険税 納税通知書",
    ("tax", True): "国民健康保険税 更正(決定)通知書",
    ("premium", False): "国民健康保険料 納入通知書(決定通知書)",
    ("premium", True): "国民健康保険料 変更決定通知書",
}
"""By kind, and whether an assessment is changed."""

_PAYERS = {"tax": "納税義務者", "premium": "納付義務者"}
_MONTHS = {"tax": "納税義務のある月", "premium": "納付義務のある月"}
_REASONS: Mapping[str, Mapping[str, str]] = {
    "joined": register_codes.ACQUISITIONS,
    "left": register_codes.LOSSES,
}


def find(insurer: str, number: int) -> LevyDecision:
    """A decision by its number.

    Raises:
        InputError: there is none.
    """
    found: LevyDecision | None = (
        LevyDecision.objects.filter(insurer_id=insurer, pk=number)
        .select_related("household", "payer", "assessment", "former")
        .first()
    )
    if found is None:
        raise InputError(
            _("Insurer {insurer} has no decision {number}.").format(insurer=insurer, number=number)
        )
    return found


def notice(
    decision: LevyDecision, issued_on: date, *, authority: str = "", contact: str = ""
) -> dict[str, Any]:
    """The notice of a decision with its explanation, for ``kokuho.forms.notice``.

    Inside ``seeing(…)``.

    Args:
        decision: see :func:`find`.
        issued_on: the day on the paper; the instruction on remedies is that of this day.
        authority: who decides (市長); made from the insurer's name if not given.
        contact: where to ask.

    Raises:
        LawError: there is no instruction on remedies (教示) for the day; no notice without it.
        InputError: the payer has no known address, or died and nobody represents the heirs.
    """
    assessment = decision.assessment or decision.former
    assert assessment is not None
    ordinance = documents.read_ordinance(assessment.ordinance)
    kind = ordinance.insurer.kind
    names = names_of(ordinance.insurer, authority)
    texts = {
        name: legal_text(f"{name}.{kind}", issued_on).filled(names)
        for name in ("redress", "basis", "late", "heirs")
    }
    addressee = addressees.of_payer(decision.payer, issued_on)
    inputs = documents.read_inputs(assessment.inputs)
    mentioned = {inputs.payer, *(str(row["person_id"]) for row in inputs.persons)}
    mentioned |= {cause["person"] for cause in decision.causes if "person" in cause}
    people = addressees.names(decision.insurer_id, mentioned, issued_on)
    page = _Page(decision, ordinance, inputs, people)
    return {
        "title": _TITLES[kind, decision.former is not None],
        "number": str(decision.pk),
        "issued_on": era_date(issued_on),
        "issuer": names["authority"],
        "addressee": addressee.as_dict(),
        "opening": page.opening(),
        "facts": page.facts(),
        "parts": page.parts(),
        "note_to_amounts": page.note_to_amounts(),
        "causes": page.causes(),
        "persons": page.persons(),
        "owed": decision.after > 0,
        **billed.on_notice(decision, ordinance, issued_on),
        "heirs": texts["heirs"] if addressee.of_heirs else [],
        "basis": texts["basis"],
        "late": texts["late"] if decision.after else [],
        "redress": texts["redress"],
        "contact": contact,
        "explanation": page.explanation(issued_on),
    }


def names_of(insurer: Insurer, authority: str) -> dict[str, str]:
    """The names of those concerned, for the slots of the texts."""
    if not authority:
        if not insurer.name.endswith(("市", "町", "村", "区")):
            raise InputError(
                _("Say who decides for {insurer}; it cannot be told from the name.").format(
                    insurer=insurer.name
                )
            )
        authority = f"{insurer.name}長"
    board = f"{insurer.prefecture}国民健康保険審査会"
    return {"insurer": insurer.name, "authority": authority, "board": board}


class _Page:
    """The parts of the page that come from the decision."""

    def __init__(
        self,
        decision: LevyDecision,
        ordinance: OrdinanceYear,
        inputs: Inputs,
        people: Mapping[str, str],
    ) -> None:
        self.decision, self.ordinance, self.inputs = decision, ordinance, inputs
        self.people, self.kind = people, ordinance.insurer.kind
        self.after, self.before = decision.assessment, decision.former
        self.levied = self._levied()

    def _levied(self) -> Any:
        """The levy again with every step, persons by name; none where nothing is owed any more."""
        if self.after is None or not self.inputs.persons:
            return None
        persons, household = self.inputs.frames()
        named = persons.with_columns(pl.col("person_id").replace(self.people))
        with kept.hold(bytes(self.after.law.content)):
            return levy(named, household, [self.ordinance])

    def explanation(self, issued_on: date) -> dict[str, Any] | None:
        """The page after the notice."""
        if self.after is None or self.levied is None:
            return None
        with kept.hold(bytes(self.after.law.content)):
            made = explain(
                self.levied, self.inputs.household_number, self.ordinance, made_on=issued_on
            )
        return made.as_dict() | {"person_label": "氏名"}

    def opening(self) -> str:
        year = fiscal_year_name(self.decision.fiscal_year)
        if self.decision.fiscal_year < fiscal_year_of(self.decision.decided_on):
            year += "(過年度分)"
        if self.before is None:
            done = "決定しました"
        else:
            done = "更正(決定)しました" if self.kind == "tax" else "変更しました"
        return f"{year}の{_LEVIES[self.kind]}を、次のとおり{done}ので通知します。"

    def facts(self) -> list[dict[str, str]]:
        mask = 0
        if self.levied is not None:
            mask = int(self.levied.households["insured_union"][0])
        reduction = self.after.reduction if self.after else 0
        return [
            {"name": name, "value": value}
            for name, value in (
                ("年度", fiscal_year_name(self.decision.fiscal_year)),
                ("決定日", era_date(self.decision.decided_on)),
                (_PAYERS[self.kind], self.person(self.decision.payer.address_number)),
                ("世帯番号", self.inputs.household_number),
                (_MONTHS[self.kind], month_text(mask)),
                ("法定軽減", REDUCTIONS[reduction] if mask else "なし"),
            )
        ]

    def person(self, number: str) -> str:
        return self.people.get(number, number)

    def parts(self) -> list[dict[str, Any]]:
        rows = [
            self._row(PART_TITLES[part], part) for part in PARTS if part in self.ordinance.parts
        ]
        return [*rows, self._row("合計(年額)", "total")]

    def _row(self, title: str, part: str) -> dict[str, Any]:
        before = _amount(self.before, part)
        after = _amount(self.after, part) or 0
        difference = after - (before or 0)
        return {"title": title, "before": before, "after": after, "difference": difference}

    def note_to_amounts(self) -> str:
        if self.before is None or self.decision.after >= self.decision.before:
            return ""
        paid = "既に納付した額がこの額を超えるときは、別にお知らせします。"
        return paid if self.decision.after else f"この決定により納付する額はありません。{paid}"

    def causes(self) -> list[str]:
        return [self._cause(cause) for cause in self.decision.causes]

    def _cause(self, cause: Mapping[str, str]) -> str:
        what = japanese("assessment", codes.CAUSES[cause["cause"]])
        if reason := _REASONS.get(cause["cause"], {}).get(cause.get("reason", "")):
            what += f"({japanese('office', reason)})"
        return f"{self.person(cause['person'])}:{what}" if "person" in cause else what

    def persons(self) -> list[dict[str, str]]:
        if self.levied is None:
            return []
        rows = self.levied.persons.filter(pl.col("insured_mask") != 0)
        by_name = {name: number for number, name in self.people.items()}
        return [
            {
                "name": row["person_id"],
                "months": month_text(row["insured_mask"]),
                "note": "、".join(_notes(row, self.inputs.reasons[by_name[row["person_id"]]])),
            }
            for row in rows.iter_rows(named=True)
        ]


def _amount(assessment: Assessment | None, part: str) -> int | None:
    return None if assessment is None else getattr(assessment, part)


def _notes(row: Mapping[str, Any], reasons: Mapping[str, Any]) -> Sequence[str]:
    shown = []
    if row["care_mask"] and row["care_mask"] != row["insured_mask"]:
        shown.append(f"介護分 {month_text(row['care_mask'])}")
    elif row["care_mask"]:
        shown.append("介護分あり")
    if row["maternity_mask"] & row["insured_mask"]:
        shown.append(f"産前産後 {month_text(row['maternity_mask'] & row['insured_mask'])}")
    if reasons["special"]:
        shown.append("住所地特例")
    return shown
