"""A prepayment that is paid at the counter, of the payer's own will (窓口での任意の前納)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kokuho.base.errors import KokuhoError
from kokuho.billing import Demand
from kokuho.office.accounts import rights
from kokuho.office.ledger import counter
from kokuho.office.register.models import Household
from kokuho.office.web.homes import homes_of
from kokuho.office.web.looking import Visit, looking
from kokuho.office.web.payer_forms import CounterForm


@require_http_methods(["GET", "POST"])
@looking
def prepayment_pay(visit: Visit, insurer: str, pk: int, year: int) -> HttpResponse:
    """What is owed of a prepayment, the form to take it, and what is to be confirmed."""
    house = Household.objects.filter(insurer_id=insurer, pk=pk).first()
    if house is None:
        raise Http404
    number = house.household_number
    demand: Demand | None = None
    why_not = ""
    try:
        _name, demand = counter.payable(insurer, number, year, timezone.localdate())
    except KokuhoError as error:
        why_not = str(error)
    form = CounterForm(visit, demand)
    may = insurer in rights.allowed(visit.user, rights.COUNTER)
    acting = visit.request.method == "POST" and may and not form.editing
    if acting and demand is not None and form.check():
        try:
            _look(insurer, demand, form)
        except KokuhoError as error:
            form.say(str(error))
        else:
            if form.sure and not visit.refused:
                visit.act = lambda: _take(insurer, house, year, form)
                return HttpResponse()
            form.confirming = not form.say(visit.refused)
    home = homes_of(insurer, {number})[number]
    visit.show(*home.seen())
    context = {
        "insurer": visit.insurers[insurer],
        "home": home,
        "year": year,
        "demand": demand,
        "why_not": why_not,
        "form": form,
        "may": may,
    }
    status = 400 if form.mistakes else 200
    return render(visit.request, "office/prepayment_pay.html", context, status=status)


def _look(insurer: str, demand: Demand, form: CounterForm) -> None:
    assert form.day is not None
    counter.look(
        insurer, demand, reference=form.reference, amount=form.amount, day=form.day,
        actor=form.visit.user.username,
    )  # fmt: skip


def _take(insurer: str, house: Household, year: int, form: CounterForm) -> HttpResponse:
    assert form.day is not None
    counter.receive(
        insurer, house.household_number, year, reference=form.reference, amount=form.amount,
        day=form.day, actor=form.visit.user.username,
    )  # fmt: skip
    page = reverse("household", kwargs={"insurer": insurer, "pk": house.pk})
    return redirect(f"{page}#bills")
