"""The work list of prepayment, and the page on which a person decides about one household."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.billing import BothAmounts
from kokuho.office.accounts.looks import Seen
from kokuho.office.billing import decisions, worklist
from kokuho.office.billing.decisions import WITHDRAWN, DecidedMeanwhileError
from kokuho.office.billing.lists import answer_name, kind_name
from kokuho.office.billing.ordinances import assessed_years, ordinance_of
from kokuho.office.billing.worklist import STATES, TO_DO, Item, Work
from kokuho.office.household.people import names
from kokuho.office.register.models import Household, Identity
from kokuho.office.web.decision_form import DecisionForm
from kokuho.office.web.looking import Visit, changing, looking
from kokuho.ordinance import OrdinanceYear

_ = translator("web")

A_PAGE = 50
"""Households on one page of the list."""


@require_safe
@looking
def prepayment(visit: Visit) -> HttpResponse:
    """The work list of one insurer and year, by what is to be done."""
    asked = visit.request.GET
    insurer = visit.insurer
    years = assessed_years(insurer) if insurer else []
    year = next((year for year in years if str(year) == asked.get("year")), None)
    year = year or (years[0] if years else None)
    context: dict[str, Any] = {"insurer": visit.insurers.get(insurer), "years": years, "year": year}
    if insurer and year is not None:
        context |= _listed(visit, worklist.work(insurer, year), asked.get("state", ""))
    return render(visit.request, "office/prepayment.html", context)


def _listed(visit: Visit, work: Work, state: str) -> dict[str, Any]:
    chosen = work.of((state,) if state in STATES else TO_DO)
    page = Paginator(chosen, A_PAGE).get_page(visit.request.GET.get("page"))
    items: list[Item] = list(page.object_list)
    amounts = worklist.amounts(work.year, items)
    people = names({case.payer.pk for item in items for case in item.cases})
    visit.show(*(_seen(item, case.payer.pk) for item in items for case in item.cases))
    return {
        "work": work,
        "state": state if state in STATES else "",
        "to_do": sum(work.counts[name] for name in TO_DO),
        "rows": [Row(item, amounts.get(item.household.pk), people) for item in items],
        "page": page,
    }


@dataclass(frozen=True)
class Row:
    """One household of the list with what the page shows of it."""

    item: Item
    both: BothAmounts | None
    people: dict[int, Identity]


def _seen(item: Item, resident: int) -> Seen:
    return Seen(item.household.insurer_id, resident, item.household.pk)


@require_http_methods(["GET", "POST"])
@changing
def prepayment_decision(visit: Visit, insurer: str, pk: int, year: int) -> HttpResponse:
    """One household: its facts, both amounts, what was decided; and the form to decide."""
    found = Household.objects.filter(insurer_id=insurer, pk=pk).first()
    if found is None or year not in assessed_years(insurer):
        raise Http404
    item = worklist.one(found, year)
    if item is None:
        raise Http404
    ordinance = ordinance_of(insurer, year)
    form = Form(visit, ordinance)
    if visit.request.method == "POST" and form.record(found):
        return redirect("prepayment_decision", insurer=insurer, pk=pk, year=year)
    visit.show(*(_seen(item, case.payer.pk) for case in item.cases))
    context = {
        "insurer": visit.insurers[insurer],
        "year": year,
        "item": item,
        "both": worklist.amounts(ordinance, [item]).get(found.pk),
        "people": names({case.payer.pk for case in item.cases}),
        "ordinance": ordinance,
        "form": form,
        "choices": _choices(item, ordinance),
        "history": [
            (row, kind_name(row.kind), answer_name(row.answer, ordinance))
            for row in decisions.history(found, year)
        ],
    }
    status = 409 if form.conflict else 400 if form.mistakes else 200
    return render(visit.request, "office/prepayment_decision.html", context, status=status)


def _choices(item: Item, year: OrdinanceYear) -> list[tuple[str, str]]:
    """What can be decided now: value of the form and text."""
    decided = item.found.decided
    choices: list[tuple[str, str]] = []
    undecided = item.found.standing.status == "undecided"
    if undecided or decided.ruling is not None:
        choices += [(f"ruling/{answer}", _RULINGS[answer]) for answer in _RULINGS]
    if item.found.standing.status == "subject":
        choices += [
            (f"excused/{special.code}", f"特別の事情を認める: {special.text}")
            for special in year.prepayment.special_circumstances or ()
        ]
        if item.missing:
            choices.append(("undeclared/notify", "申告のないまま、いまの額で通知する"))
    standing = (("ruling", decided.ruling), ("excused", decided.excused),
                ("undeclared", decided.undeclared))  # fmt: skip
    choices += [
        (f"{kind}/{WITHDRAWN}", f"「{kind_name(kind)}」の判断を取り消す")
        for kind, made in standing
        if made is not None
    ]
    return choices


_RULINGS = {"subject": "対象とする", "not_subject": "対象としない"}


class Form(DecisionForm):
    """The form of a decision, and whether somebody was first."""

    def __init__(self, visit: Visit, year: OrdinanceYear) -> None:
        super().__init__(visit)
        self.year = year
        self.seen = visit.request.POST.get("seen", "")
        self.conflict: DecidedMeanwhileError | None = None

    def record(self, household: Household) -> bool:
        """Record the decision; whether it was. What is wrong is in ``mistakes``."""
        kind, _slash, answer = self.choice.partition("/")
        day = self.decided_on()
        if not answer:
            self.mistakes["choice"] = _("Choose what is decided.")
        self.check_reason()
        if self.mistakes or day is None:
            return False
        try:
            decisions.decide(
                household,
                self.year,
                kind=kind,
                answer=answer,
                reason=self.reason,
                person=str(self.visit.user),
                decided_on=day,
                seen=int(self.seen) if self.seen.isdecimal() else 0,
            )
        except DecidedMeanwhileError as error:
            self.conflict = error
            return False
        except InputError as error:
            self.mistakes["choice"] = str(error)
            return False
        return True
