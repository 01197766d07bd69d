"""Overpayments and refunds (過誤納、充当、還付): the list, and the pages to act on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from kokuho.base.errors import KokuhoError
from kokuho.office.accounts import rights
from kokuho.office.accounts.looks import Seen
from kokuho.office.billing.departures import said
from kokuho.office.household.people import names
from kokuho.office.ledger import refund_list as store
from kokuho.office.ledger import refunding
from kokuho.office.ledger.refund_list import STATES, TO_DO, Line
from kokuho.office.ledger.standing import household_books
from kokuho.office.register.models import Household, Resident
from kokuho.office.web.homes import homes_of
from kokuho.office.web.looking import Visit, looking
from kokuho.office.web.refund_form import CAUSES, ActForm, AskForm

A_PAGE = 50
"""Lines on one page of the list."""

ACTS = {
    "order": "支出を命令する(承認の1人目)",
    "audit": "審査して承認する(承認の2人目)",
    "pay": "支払を台帳に記帳する",
    "withdraw": "伺いを取り下げる",
}
"""What can be done with a refund, as the form says it."""


@require_safe
@looking
def refunds(visit: Visit) -> HttpResponse:
    """The list of one insurer, by state; of one household if its row is asked for."""
    asked = visit.request.GET
    insurer = asked.get("insurer", "")
    if insurer not in visit.insurers:
        insurer = min(visit.insurers, default="")
    why_not = ""
    lines: list[Line] = []
    try:
        lines = store.lines(insurer, timezone.localdate()) if insurer else []
    except KokuhoError as error:
        why_not = str(error)
    state = asked.get("state", "") if asked.get("state", "") in STATES else ""
    pk = asked.get("household", "")
    house = Household.objects.filter(insurer_id=insurer, pk=pk).first() if pk.isdecimal() else None
    if house is not None:
        lines = [line for line in lines if line.claim.household_id == house.household_number]
    chosen = [line for line in lines if line.state in ((state,) if state else TO_DO)]
    page = Paginator(chosen, A_PAGE).get_page(asked.get("page"))
    homes = homes_of(insurer, {line.claim.household_id for line in page.object_list})
    visit.show(*(seen for home in homes.values() for seen in home.seen()))
    context = {
        "insurer": visit.insurers.get(insurer),
        "counts": store.counts(lines),
        "to_do": sum(line.state in TO_DO for line in lines),
        "yen": sum(line.amount for line in lines if line.state in TO_DO),
        "state": state,
        "house": house,
        "rows": [(line, homes.get(line.claim.household_id)) for line in page.object_list],
        "page": page,
        "why_not": why_not,
        "may_ask": insurer in rights.allowed(visit.user, rights.REFUND_ASK),
    }
    return render(visit.request, "office/refunds.html", context)


@require_http_methods(["GET", "POST"])
@looking
def refund_ask(visit: Visit, insurer: str, pk: int, component: str) -> HttpResponse:
    """One overpayment: the form that asks for its refund, and what is to be confirmed."""
    line = _found(visit, insurer, lambda day: store.open_one(insurer, pk, component, day))
    form = AskForm(visit, line.amount)
    may = insurer in rights.allowed(visit.user, rights.REFUND_ASK)
    if visit.request.method == "POST" and may and not form.editing and form.check():
        if form.sure and not visit.refused:
            visit.act = lambda: redirect("refund", insurer=insurer, pk=_ask(insurer, line, form))
            return HttpResponse()
        form.confirming = not form.say(visit.refused)
    context = {"form": form, "causes": CAUSES, "may": may}
    return _rendered(visit, "office/refund_ask.html", insurer, line, context)


def _ask(insurer: str, line: Line, form: AskForm) -> int:
    assert form.day is not None
    return refunding.ask(
        insurer,
        line.claim.demand_id,
        form.amount,
        cause=form.choice,
        component=line.component,
        happened_on=form.happened,
        objected_on=form.objected,
        claimed_on=form.claimed,
        reason=form.reason,
        asked_by=form.visit.user.username,
        asked_on=form.day,
    )


@require_http_methods(["GET", "POST"])
@looking
def refund(visit: Visit, insurer: str, pk: int) -> HttpResponse:
    """One refund: who asked for and approved it, and what the user may do with it now."""
    line = _found(visit, insurer, lambda day: store.one(insurer, pk, day))
    form = ActForm(visit)
    acts = _acts(visit, insurer, line)
    if visit.request.method == "POST" and not form.editing and form.check(acts):
        if form.sure and not visit.refused:
            visit.act = lambda: _act(insurer, pk, form)
            return HttpResponse()
        form.confirming = not form.say(visit.refused)
    assert line.request is not None
    context: dict[str, Any] = {
        "form": form,
        "acts": acts,
        "act": ACTS.get(form.choice, ""),
        "cause": CAUSES[line.request.cause],
        "approvals": line.request.approvals.order_by("pk"),
    }
    if form.confirming and form.day and form.choice == "order":
        context["interest"] = store.interest_if(insurer, line.request, form.day)
    elif line.interest is not None:
        context["interest"] = line.interest
    return _rendered(visit, "office/refund.html", insurer, line, context)


def _act(insurer: str, pk: int, form: ActForm) -> HttpResponse:
    user, day = form.visit.user, form.day
    assert day is not None
    if form.choice in rights.REFUND_ROLES:
        refunding.approve(insurer, pk, user, day)
    elif form.choice == "pay":
        refunding.pay(insurer, pk, posted_on=day, actor=user.username)
    else:
        refunding.withdraw(insurer, pk, reason=form.reason, by=user.username, on=day)
    return redirect("refund", insurer=insurer, pk=pk)


def _acts(visit: Visit, insurer: str, line: Line) -> dict[str, str]:
    """What this user may do with a refund in its state."""
    assert line.request is not None
    role = rights.refund_role(visit.user, insurer)
    hands = {line.request.asked_by, *(one.by for one in line.request.approvals.all())}
    fresh = visit.user.username not in hands
    asks = insurer in rights.allowed(visit.user, rights.REFUND_ASK)
    open_now = {
        "order": line.state == "asked" and role == "order" and fresh,
        "audit": line.state == "ordered" and role == "audit" and fresh,
        "pay": line.state == "approved" and asks,
        "withdraw": line.state in TO_DO and asks,
    }
    return {act: text for act, text in ACTS.items() if open_now[act]}


def _found(visit: Visit, insurer: str, find: Callable[[Any], Line | None]) -> Line:
    line = None
    if insurer in visit.insurers:
        try:
            line = find(timezone.localdate())
        except KokuhoError as error:
            raise Http404 from error
    if line is None:
        raise Http404
    return line


def _rendered(
    visit: Visit, template: str, insurer: str, line: Line, context: dict[str, Any]
) -> HttpResponse:
    number = line.claim.household_id
    home = homes_of(insurer, {number}).get(number)
    if home is not None:
        visit.show(*home.seen())
    debtor = Resident.objects.filter(insurer_id=insurer, address_number=line.claim.debtor).first()
    if debtor is not None:
        visit.show(Seen(insurer, debtor.pk, home.household.pk if home else None))
    context |= {
        "insurer": visit.insurers[insurer],
        "line": line,
        "home": home,
        "debtor": names({debtor.pk}).get(debtor.pk) if debtor else None,
        "account": said([debtor.pk]).get(debtor.pk) if debtor else None,
    }
    try:
        context["due"] = household_books(insurer, number, timezone.localdate()).due
    except KokuhoError as error:
        context["due_why_not"] = str(error)
    form = context["form"]
    return render(visit.request, template, context, status=400 if form.mistakes else 200)
