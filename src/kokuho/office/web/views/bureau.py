"""Notices to the regional immigration bureau: the work list, and the form of what comes by hand.

Nobody is shown before the user said what for; it is written down with each look.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kokuho.base.calendar import era_date
from kokuho.linkage.bureau import PURPOSES, STATES, scheme, title
from kokuho.office.accounts.looks import Seen
from kokuho.office.bureau import recording
from kokuho.office.bureau.candidates import candidates
from kokuho.office.bureau.reading import cases
from kokuho.office.household.people import names
from kokuho.office.web.bureau_form import insurer_held, purpose_of, required, set_purpose
from kokuho.office.web.looking import Visit, looking

A_PAGE = 50
"""Cases on one page of the list."""

OPEN = tuple(state for state in STATES if state != "done")


@require_http_methods(["GET", "POST"])
@looking
def bureau(visit: Visit) -> HttpResponse:
    """The applications that wait for an interview, and the cases by state."""
    insurer = insurer_held(visit)
    posted = visit.request.POST
    if visit.request.method == "POST" and "purpose" in posted:
        set_purpose(visit.request, posted["purpose"])
        return redirect(f"{reverse('bureau')}?insurer={insurer}")
    purpose = purpose_of(visit.request)
    context: dict[str, Any] = {"insurer": visit.insurers[insurer], "purpose": purpose}
    if not purpose or "ask" in visit.request.GET:
        context["purposes"] = {code: title(PURPOSES, code) for code in PURPOSES}
        return render(visit.request, "office/bureau_purpose.html", context)
    if visit.request.method == "POST" and not visit.refused:
        event = posted.get("open", "")
        visit.act = lambda: redirect(
            "bureau_case",
            insurer=insurer,
            number=recording.open_case(insurer, int(event) if event.isdecimal() else 0, visit.user),
        )
        return HttpResponse()
    context |= _listed(visit, insurer, purpose)
    status = 400 if visit.refused else 200
    return render(visit.request, "office/bureau.html", context, status=status)


def _listed(visit: Visit, insurer: str, purpose: str) -> dict[str, Any]:
    asked = visit.request.GET.get("state", "")
    waiting = candidates(insurer, timezone.localdate())
    lines = cases(insurer)
    chosen = [one for one in lines if (one.state == asked if asked in STATES else
                                       one.state in OPEN)]  # fmt: skip
    page = Paginator(chosen, A_PAGE).get_page(visit.request.GET.get("page"))
    people = {one.resident for one in waiting} | {one.case.resident_id for one in page.object_list}
    visit.show(*(Seen(insurer, one, purpose=purpose) for one in sorted(people)))
    rule = scheme().on(timezone.localdate())
    return {
        "waiting": waiting,
        "rows": list(page.object_list),
        "page": page,
        "people": names(people),
        "triggers": {one.code: one.title for one in rule.triggers},
        "state": asked if asked in STATES else "",
        "open": sum(one.state in OPEN for one in lines),
        "states": {name: sum(one.state == name for one in lines) for name in STATES},
    }


@require_http_methods(["GET", "POST"])
@looking
def bureau_new(visit: Visit, insurer: str) -> HttpResponse:
    """The form for an application that no file brought, or for a suspicion with its reason."""
    insurer = insurer_held(visit, insurer)
    rule = scheme().on(timezone.localdate())
    if visit.request.method == "POST" and not visit.refused:
        visit.act = lambda: _begin(visit, insurer)
        return HttpResponse()
    given = visit.request.POST
    context = {
        "insurer": visit.insurers[insurer],
        "triggers": rule.triggers,
        "given": given,
        "day": given.get("day") or era_date(timezone.localdate()),
    }
    status = 400 if visit.refused else 200
    return render(visit.request, "office/bureau_new.html", context, status=status)


def _begin(visit: Visit, insurer: str) -> HttpResponse:
    given = visit.request.POST
    person, trigger = given.get("person", "").strip(), given.get("trigger", "")
    day = required(given.get("day", ""))
    rule = scheme().on(day)
    if rule.trigger(trigger).by == "person":
        number = recording.open_by_hand(
            insurer, person, trigger, day, given.get("text", ""), visit.user
        )
        return redirect("bureau_case", insurer=insurer, number=number)
    care = given.get("care_from", "").strip()
    recording.note_application(
        insurer, person, trigger, day, required(care) if care else None,
        given.get("reference", "").strip(), visit.user,
    )  # fmt: skip
    return redirect(f"{reverse('bureau')}?insurer={insurer}")
