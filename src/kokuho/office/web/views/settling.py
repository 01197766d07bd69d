"""A payment that was cancelled after it was final (確報の後の速報取消): the form that decides."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kokuho.base.messages import translator
from kokuho.office.accounts import rights
from kokuho.office.collection.cancellations import Waiting, settle, waiting
from kokuho.office.ledger.standing import DemandLine, household_books
from kokuho.office.web.confirmed_form import ConfirmedForm
from kokuho.office.web.homes import homes_of
from kokuho.office.web.looking import Visit, looking

_ = translator("web")

CHOICES = {
    "reverse": "入金がない。赤伝で戻し、期別を未納にする",
    "suspend": "はっきりしない。赤伝で戻し、同じ額を仮受に置く",
    "keep": "入金がある。収納のままとする(台帳は変わらない)",
}
"""The answers of :data:`kokuho.office.collection.cancellations.ACTIONS`, as the form says them."""


@require_http_methods(["GET", "POST"])
@looking
def suspense_cancelled(visit: Visit, insurer: str, pk: int) -> HttpResponse:
    """One cancellation: what the two files say, where the money stands, and what is decided."""
    listed = waiting(insurer) if insurer in visit.insurers else []
    found = next((one for one in listed if one.cancelled.pk == pk), None)
    if found is None:
        raise Http404
    form = Form(visit)
    may = insurer in rights.allowed(visit.user, rights.CANCELLATION)
    if visit.request.method == "POST" and may and not form.editing and form.check():
        if form.sure and not visit.refused:
            visit.act = lambda: _settle(insurer, pk, form)
            return HttpResponse()
        form.confirming = not form.say(visit.refused)
    number = found.final.household_id
    home = homes_of(insurer, {number}).get(number) if number else None
    if home is not None:
        visit.show(*home.seen())
    context = {
        "insurer": visit.insurers[insurer],
        "one": found,
        "home": home,
        "demand": _demand(insurer, found),
        "form": form,
        "choices": CHOICES,
        "may": may,
    }
    status = 400 if form.mistakes else 200
    return render(visit.request, "office/suspense_cancelled.html", context, status=status)


def _demand(insurer: str, one: Waiting) -> DemandLine | None:
    """The demand that the payment was for, as its household owes it today."""
    if not one.final.household_id:
        return None
    books = household_books(insurer, one.final.household_id, timezone.localdate())
    return next((line for line in books.demands if line.demand_id == one.final.demand_id), None)


def _settle(insurer: str, number: int, form: Form) -> HttpResponse:
    assert form.day is not None
    settle(
        insurer, number, action=form.choice, reason=form.reason, person=str(form.visit.user),
        decided_on=form.day,
    )  # fmt: skip
    return redirect(f"{reverse('suspense')}?insurer={insurer}")


class Form(ConfirmedForm):
    """What is decided, why and when; confirmed before it is done."""

    @property
    def words(self) -> str:
        """The choice in words."""
        return CHOICES.get(self.choice, "")

    def check(self) -> bool:
        """Whether all of it is there."""
        self.day = self.decided_on()
        if self.choice not in CHOICES:
            self.mistakes["choice"] = _("Choose what becomes of the payment.")
        self.check_reason()
        return not self.mistakes
