"""Households of which it is not known whether a pension pays (特別徴収の対象か決まらない世帯)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kokuho.base.errors import KokuhoError
from kokuho.office.accounts.looks import Seen
from kokuho.office.billing.ordinances import assessed_years
from kokuho.office.billing.undecided import Open, undecided_pensions
from kokuho.office.household.people import names
from kokuho.office.web.looking import Visit, looking

A_PAGE = 50
"""Households on one page of the list."""


@require_safe
@looking
def pensions(visit: Visit) -> HttpResponse:
    """The list of one insurer and year, each household with what is not known."""
    asked = visit.request.GET
    insurer = visit.insurer
    years = assessed_years(insurer) if insurer else []
    year = next((year for year in years if str(year) == asked.get("year")), None)
    year = year or (years[0] if years else None)
    found: list[Open] = []
    why_not = ""
    if insurer and year is not None:
        try:
            found = undecided_pensions(insurer, year, timezone.localdate())
        except KokuhoError as error:
            why_not = str(error)
    page = Paginator(found, A_PAGE).get_page(asked.get("page"))
    shown: list[Open] = list(page.object_list)
    visit.show(*(Seen(insurer, one.payer_pk, one.household_pk) for one in shown if insurer))
    context = {
        "insurer": visit.insurers.get(insurer),
        "years": years,
        "year": year,
        "total": len(found),
        "rows": shown,
        "people": names({one.payer_pk for one in shown}),
        "page": page,
        "why_not": why_not,
    }
    return render(visit.request, "office/pensions.html", context)
