"""Who leaves or left (転出・出国): what is still to be done for each payer."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kokuho.base.errors import KokuhoError
from kokuho.office.accounts.looks import Seen
from kokuho.office.billing.departures import Departing, departing
from kokuho.office.household.people import names
from kokuho.office.web.looking import Visit, looking

A_PAGE = 50
"""Payers on one page of the list."""


@require_safe
@looking
def departures(visit: Visit) -> HttpResponse:
    """The list of one insurer: who is to leave, then who has left with something to do."""
    asked = visit.request.GET
    insurer = asked.get("insurer", "")
    if insurer not in visit.insurers:
        insurer = min(visit.insurers, default="")
    today = timezone.localdate()
    found: list[Departing] = []
    why_not = ""
    try:
        found = departing(insurer, today) if insurer else []
    except KokuhoError as error:
        why_not = str(error)
    groups = {
        "coming": [one for one in found if one.leaves_on > today],
        "gone": [one for one in found if one.leaves_on <= today],
        "abroad": [one for one in found if one.how == "moved_abroad"],
    }
    group = asked.get("group", "")
    page = Paginator(groups.get(group, found), A_PAGE).get_page(asked.get("page"))
    people = names({one.payer.pk for one in page.object_list})
    visit.show(*(Seen(insurer, one.payer.pk, one.household.pk) for one in page.object_list))
    context = {
        "insurer": visit.insurers.get(insurer),
        "on": today,
        "total": len(found),
        "counts": {name: len(rows) for name, rows in groups.items()},
        "group": group if group in groups else "",
        "rows": page.object_list,
        "people": people,
        "page": page,
        "why_not": why_not,
    }
    return render(visit.request, "office/departures.html", context)
