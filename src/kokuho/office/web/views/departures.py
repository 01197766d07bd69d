"""Who leaves or left (転出・出国): what is still to be done for each payer, and what they said."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from kokuho.base.calendar import fiscal_year_of
from kokuho.base.errors import KokuhoError
from kokuho.office.accounts import rights
from kokuho.office.accounts.looks import Seen
from kokuho.office.billing import departures as store
from kokuho.office.billing.leaving import LEAVING
from kokuho.office.billing.ordinances import ordinance_of
from kokuho.office.household.leavers import Leaver, leavers
from kokuho.office.household.people import names
from kokuho.office.register.models import Headship, Household, Residence, Resident
from kokuho.office.tenancy import seeing
from kokuho.office.web.looking import Visit, looking
from kokuho.office.web.payer_forms import ACCOUNTS, DepartureForm

A_PAGE = 50
"""Payers on one page of the list."""


@require_safe
@looking
def departures(visit: Visit) -> HttpResponse:
    """The list of one insurer: who is to leave, then who has left with something to do."""
    asked = visit.request.GET
    insurer = visit.insurer
    today = timezone.localdate()
    found: list[Leaver] = []
    why_not = ""
    try:
        found = leavers(insurer, today) if insurer else []
    except KokuhoError as error:
        why_not = str(error)
    groups = {
        "coming": [one for one in found if one.departing.leaves_on > today],
        "gone": [one for one in found if one.departing.leaves_on <= today],
        "abroad": [one for one in found if one.departing.how == "moved_abroad"],
    }
    group = asked.get("group", "")
    page = Paginator(groups.get(group, found), A_PAGE).get_page(asked.get("page"))
    shown = [one.departing for one in page.object_list]
    people = names({one.payer.pk for one in shown})
    visit.show(*(Seen(insurer, one.payer.pk, one.household.pk) for one in shown))
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


@require_http_methods(["GET", "POST"])
@looking
def departure(visit: Visit, insurer: str, pk: int, payer: int) -> HttpResponse:
    """What a payer who leaves said about refunds and papers, and the form to record it."""
    headed = Headship.objects.known().filter(household__insurer_id=insurer, household=pk)
    house = Household.objects.filter(insurer_id=insurer, pk=pk).first()
    resident = Resident.objects.filter(insurer_id=insurer, pk=payer).first()
    if house is None or resident is None or not headed.filter(head=resident).exists():
        raise Http404
    home = _last_home(resident)
    leaves_on = home.valid_to if home else None
    year = fiscal_year_of(leaves_on - timedelta(days=1) if leaves_on else timezone.localdate())
    form = DepartureForm(visit)
    may = insurer in rights.allowed(visit.user, rights.DEPARTURE)
    if visit.request.method == "POST" and may and not form.editing and form.check():
        if form.sure and not visit.refused:
            visit.act = lambda: _say(house, resident, year, form)
            return HttpResponse()
        form.confirming = not form.say(visit.refused)
    word = store.said([resident.pk]).get(resident.pk)
    visit.show(Seen(insurer, resident.pk, house.pk))
    context = {
        "insurer": visit.insurers[insurer],
        "house": house,
        "payer": names({resident.pk}).get(resident.pk),
        "leaves_on": leaves_on,
        "year": year,
        "said": word,
        "form": form,
        "accounts": ACCOUNTS,
        "may": may,
    }
    try:
        how = home.ended_by if home else "moved_abroad"
        context["tasks"] = store.to_ask(ordinance_of(insurer, year), how, word)
    except KokuhoError as error:
        context["why_not"] = str(error)
    status = 400 if form.mistakes else 200
    return render(visit.request, "office/departure.html", context, status=status)


def _last_home(resident: Resident) -> Residence | None:
    """The residence that ends or ended with a departure, as the register knows it."""
    home = Residence.objects.known().filter(resident=resident).order_by("valid_from").last()
    return home if home is not None and home.ended_by in LEAVING else None


def _say(house: Household, resident: Resident, year: int, form: DepartureForm) -> HttpResponse:
    assert form.day is not None
    with seeing([house.insurer_id], writing=True):
        store.ask(
            resident, year, account=form.account, account_text=form.account_text,
            agent=form.agent, agent_address=form.agent_address, asked_on=form.day,
            person=form.visit.user.username,
        )  # fmt: skip
    page = reverse("household", kwargs={"insurer": house.insurer_id, "pk": house.pk})
    return redirect(f"{page}#bills")
