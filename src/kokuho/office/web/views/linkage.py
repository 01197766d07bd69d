"""The linkage: where batches stand, what two persons approve, freshness, a person's history.

The lists hold counts alone, nobody's name. The pages only read; an approval is done behind them
(``Visit.act``), after it was shown with its counts to be confirmed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from kokuho.base.errors import KokuhoError
from kokuho.base.messages import translator
from kokuho.linkage.link import configured
from kokuho.office.accounts.looks import Seen
from kokuho.office.accounts.rights import (
    LINKAGE_APPROVE,
    LINKAGE_HISTORY,
    LINKAGE_REGISTER,
    allowed,
)
from kokuho.office.household.people import names
from kokuho.office.linkage import approving, limits, status
from kokuho.office.linkage.fresh import freshness
from kokuho.office.linkage.stuck import WAITED, stuck
from kokuho.office.register.models import Resident
from kokuho.office.web.looking import Visit, looking

_ = translator("web")

A_PAGE = 20
"""Batches on one page of the list."""
ANY = (LINKAGE_REGISTER, LINKAGE_APPROVE, LINKAGE_HISTORY)


def may(visit: Visit, insurer: str, *rights: str) -> bool:
    """Whether the user has one of some rights for an insurer."""
    return any(insurer in allowed(visit.user, right) for right in rights)


@require_safe
@looking
def linkage(visit: Visit) -> HttpResponse:
    """Status, freshness, limits and batches of one insurer."""
    insurer = visit.insurer
    context: dict[str, Any] = {
        "insurer": visit.insurers.get(insurer),
        "may": may(visit, insurer, *ANY),
    }
    if not context["may"]:
        return render(visit.request, "office/linkage.html", context, status=403)
    before = visit.request.GET.get("before", "")
    listed = status.batches(insurer, A_PAGE + 1, int(before) if before.isdecimal() else None)
    try:
        arrivals = freshness(insurer, configured().freshness.limits())
        context["pressing"] = [
            one for one in arrivals if one.open and one.state in ("alarm", "late")
        ]
        context["open"] = sum(one.open for one in arrivals)
    except KokuhoError as error:
        context["why_no_freshness"] = str(error)
    context |= {
        "totals": status.totals(insurer),
        "held": status.held(insurer),
        "stuck": stuck(insurer, timezone.now() - WAITED),
        "limits": limits.in_force(insurer),
        "proposals": limits.proposed(insurer),
        "batches": listed[:A_PAGE],
        "older": listed[A_PAGE - 1].number if len(listed) > A_PAGE else None,
        "newest": not before,
    }
    return render(visit.request, "office/linkage.html", context)


@require_http_methods(["GET", "POST"])
@looking
def linkage_batch(visit: Visit, insurer: str, number: int) -> HttpResponse:
    """One batch: counts, reasons, what became of it; approve or reject it."""
    batch = status.batch(insurer, number) if insurer in visit.insurers else None
    if batch is None:
        raise Http404
    if not may(visit, insurer, *ANY):
        raise PermissionDenied
    form = Form(visit, batch.approved_by)
    form.take(
        insurer,
        lambda: approving.approve(insurer, number, visit.user, form.text),
        lambda: approving.reject(insurer, number, visit.user, form.text),
        lambda: redirect("linkage_batch", insurer=insurer, number=number),
    )
    waits = [one for one in status.held(insurer) if one.number == number]
    context = {
        "insurer": visit.insurers[insurer],
        "batch": batch,
        "counts": status.natures(insurer, number),
        "held": waits[0] if waits else None,
        "events": status.events(insurer, number),
        "refusals": status.refusals(insurer, number),
        "form": form,
    }
    return render(visit.request, "office/linkage_batch.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@looking
def linkage_limits(visit: Visit, insurer: str, number: int) -> HttpResponse:
    """Limits that somebody proposed, beside those that hold; approve them."""
    found = [one for one in limits.proposed(insurer) if one.number == number]
    if insurer not in visit.insurers or not found:
        raise Http404
    if not may(visit, insurer, *ANY):
        raise PermissionDenied
    form = Form(visit, found[0].approved_by)
    form.take(
        insurer,
        lambda: limits.approve(insurer, number, visit.user.username),
        None,
        lambda: redirect("linkage_limits", insurer=insurer, number=number),
    )
    context = {
        "insurer": visit.insurers[insurer],
        "proposal": found[0],
        "now": limits.in_force(insurer),
        "form": form,
    }
    return render(visit.request, "office/linkage_limits.html", context, status=form.status)


@require_safe
@looking
def linkage_person(visit: Visit, insurer: str, pk: int) -> HttpResponse:
    """Every version of a person's records: what, when, from which state, by whom."""
    person = Resident.objects.filter(insurer_id=insurer, pk=pk).first()
    if person is None:
        raise Http404
    if not may(visit, insurer, LINKAGE_HISTORY):
        raise PermissionDenied
    visit.show(Seen(insurer, person.pk))
    context = {
        "insurer": visit.insurers[insurer],
        "person": person,
        "name": names({person.pk}).get(person.pk),
        "lines": list(reversed(status.history(insurer, person.address_number))),
    }
    return render(visit.request, "office/linkage_person.html", context)


class Form:
    """An approval, or a rejection with its reason: chosen, confirmed with its counts, done.

    Attributes:
        may: whether the user has the right to approve.
        before: whether the user has approved before: it takes another person.
        confirming: whether the page asks to confirm.
    """

    def __init__(self, visit: Visit, approved_by: tuple[str, ...]) -> None:
        self.visit, self.given = visit, visit.request.POST
        self.choice = self.given.get("choice", "")
        self.text = self.given.get("text", "").strip()
        self.before = visit.user.username in approved_by
        self.approved = len(approved_by)
        self.confirming = False
        self.may = False
        self.mistakes: dict[str, str] = {}

    def take(
        self,
        insurer: str,
        approve: Callable[[], object],
        reject: Callable[[], object] | None,
        back: Callable[[], HttpResponse],
    ) -> None:
        """What was sent: checked, and done behind the page once it is confirmed."""
        self.may = may(self.visit, insurer, LINKAGE_APPROVE)
        if self.visit.refused:
            self.mistakes["choice"] = self.visit.refused
            return
        if self.visit.request.method != "POST" or "edit" in self.given:
            return
        if not self.may:
            raise PermissionDenied
        acts = {"approve": approve} | ({"reject": reject} if reject else {})
        act = acts.get(self.choice)
        if act is None:
            self.mistakes["choice"] = _("Choose what becomes of it.")
        if self.choice == "reject" and not self.text:
            self.mistakes["text"] = _("Write the reason.")
        if self.mistakes or act is None:
            return
        if "sure" not in self.given:
            self.confirming = True
            return

        def do() -> HttpResponse:
            act()
            return back()

        self.visit.act = do

    @property
    def status(self) -> int:
        """Of HTTP."""
        if self.visit.refused:
            return 409
        return 400 if self.mistakes else 200
