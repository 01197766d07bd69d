"""The suspense list (仮受), and the page on which a person lets one receipt go."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import KokuhoError
from kokuho.base.messages import translator
from kokuho.office.collection import suspense as store
from kokuho.office.collection.releases import ReleasedMeanwhileError, decide
from kokuho.office.collection.suspense import WHY, Held
from kokuho.office.ledger.standing import DemandLine, household_books
from kokuho.office.web.decision_form import DecisionForm
from kokuho.office.web.homes import Home, homes_of
from kokuho.office.web.looking import Visit, changing, looking

_ = translator("web")

A_PAGE = 50
"""Receipts on one page of the list."""


@require_safe
@looking
def suspense(visit: Visit) -> HttpResponse:
    """The list of one insurer, by reason."""
    asked = visit.request.GET
    insurer = asked.get("insurer", "")
    if insurer not in visit.insurers:
        insurer = min(visit.insurers, default="")
    lines = store.held(insurer) if insurer else []
    why = asked.get("why", "")
    chosen = [line for line in lines if why not in WHY or line.why == why]
    page = Paginator(chosen, A_PAGE).get_page(asked.get("page"))
    shown: Sequence[Held] = list(page.object_list)
    homes = homes_of(insurer, {line.household_id for line in shown if line.household_id})
    visit.show(*(seen for home in homes.values() for seen in home.seen()))
    context = {
        "insurer": visit.insurers.get(insurer),
        "counts": store.counts(lines),
        "all": len(lines),
        "yen": sum(line.amount for line in lines),
        "why": why if why in WHY else "",
        "rows": [(line, homes.get(line.household_id or "")) for line in shown],
        "page": page,
    }
    return render(visit.request, "office/suspense.html", context)


@require_http_methods(["GET", "POST"])
@changing
def suspense_release(visit: Visit, insurer: str, pk: int) -> HttpResponse:
    """One receipt: why it is held, what it may be for, and the form that lets it go."""
    line = store.one(insurer, pk) if insurer in visit.insurers else None
    if line is None:
        raise Http404
    form = Form(visit)
    if visit.request.method == "POST" and not form.finding and form.record(insurer, line):
        return redirect("suspense_release", insurer=insurer, pk=pk)
    line = store.one(insurer, pk) or line
    home, demands = _open_demands(insurer, form.household or line.household_id, form)
    if home is not None:
        visit.show(*home.seen())
    context = {
        "insurer": visit.insurers[insurer],
        "line": line,
        "home": home,
        "demands": demands,
        "form": form,
    }
    status = 409 if form.conflict else 400 if form.mistakes else 200
    return render(visit.request, "office/suspense_release.html", context, status=status)


def _open_demands(
    insurer: str, number: str | None, form: Form
) -> tuple[Home | None, list[tuple[DemandLine, str]]]:
    """The household that the money may be for, and what it owes: demand and what it is called."""
    if not number:
        return None, []
    home = homes_of(insurer, {number}).get(number)
    if home is None:
        form.mistakes["household"] = _("There is no such household.")
        return None, []
    books = household_books(insurer, number, timezone.localdate())
    return home, [
        (one, _called(one))
        for one in books.demands
        if one.owed + one.interest_owed + one.fee_owed > 0
    ]


def _called(one: DemandLine) -> str:
    return _("{year}, term {term}").format(year=fiscal_year_name(one.year_meant), term=one.term)


class Form(DecisionForm):
    """The form of a release, and whether somebody was first."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        given = visit.request.POST
        self.finding = "find" in given
        self.household = given.get("household", "").strip()
        self.conflict: ReleasedMeanwhileError | None = None

    def record(self, insurer: str, line: Held) -> bool:
        """Let the money go; whether it went. What is wrong is in ``mistakes``."""
        action, _slash, demand = self.choice.partition(":")
        day = self.decided_on()
        if action not in ("release", "return"):
            self.mistakes["choice"] = _("Choose what becomes of the money.")
        self.check_reason()
        if self.mistakes or day is None:
            return False
        try:
            decide(
                insurer,
                line.source,
                action=action,
                demand_id=demand or None,
                reason=self.reason,
                person=str(self.visit.user),
                decided_on=day,
            )
        except ReleasedMeanwhileError as error:
            self.conflict = error
            return False
        except KokuhoError as error:
            self.mistakes["choice"] = str(error)
            return False
        return True
