"""Direct debit offered at the counter (口座振替の勧奨): made to a household, and its answer."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kokuho.base.messages import translator
from kokuho.office.accounts import rights
from kokuho.office.collection import offers
from kokuho.office.collection.accounts import Account
from kokuho.office.collection.offers import ANSWERS, OCCASIONS, Offer
from kokuho.office.collection.wording import answer_name, occasion_name
from kokuho.office.register.models import Household
from kokuho.office.tenancy import seeing
from kokuho.office.web.decision_form import DecisionForm
from kokuho.office.web.homes import homes_of
from kokuho.office.web.looking import Visit, looking

_ = translator("web")


@require_http_methods(["GET", "POST"])
@looking
def debit_offer(visit: Visit, insurer: str, pk: int) -> HttpResponse:
    """The account of a household, the offers that were made to it, and the form to record one."""
    house = Household.objects.filter(insurer_id=insurer, pk=pk).first()
    if house is None:
        raise Http404
    form = Form(visit)
    may = insurer in rights.allowed(visit.user, rights.COUNTER)
    acting = visit.request.method == "POST" and may
    if acting and form.check() and not form.say(visit.refused):
        visit.act = lambda: _record(house, form)
        return HttpResponse()
    home = homes_of(insurer, {house.household_number})[house.household_number]
    visit.show(*home.seen())
    today = timezone.localdate()
    context = {
        "insurer": visit.insurers[insurer],
        "home": home,
        "account": Account.objects.as_of(today).filter(household=house).first(),
        "offers": Offer.objects.known().filter(household=house).order_by("-valid_from"),
        "form": form,
        "answers": {code: answer_name(code) for code in ANSWERS},
        "occasions": {code: occasion_name(code) for code in OCCASIONS},
        "may": may,
    }
    status = 400 if form.mistakes else 200
    return render(visit.request, "office/debit_offer.html", context, status=status)


def _record(house: Household, form: Form) -> HttpResponse:
    day = form.decided_on()
    assert day is not None
    with seeing([house.insurer_id], writing=True):
        offers.offer(
            house, on=day, occasion=form.occasion, answer=form.choice,
            person=form.visit.user.username, note=form.reason,
        )  # fmt: skip
    return redirect(reverse("debit_offer", kwargs={"insurer": house.insurer_id, "pk": house.pk}))


class Form(DecisionForm):
    """An answer, the occasion, the day; ``reason`` is a note that may be empty."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self.occasion = visit.request.POST.get("occasion", "enrolment")

    def say(self, refused: str) -> bool:
        """Say why it could not be recorded; whether there is something to say."""
        if refused:
            self.mistakes["choice"] = refused
        return bool(refused)

    def check(self) -> bool:
        """Whether all of it is there."""
        self.decided_on()
        if self.choice not in ANSWERS:
            self.mistakes["choice"] = _("Choose the answer.")
        if self.occasion not in OCCASIONS:
            self.mistakes["occasion"] = _("Choose one of the list.")
        return not self.mistakes
