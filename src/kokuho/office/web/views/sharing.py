"""Lists of arrears for others: the settings in force, and one list with its approvals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kokuho.base.calendar import era_date
from kokuho.base.errors import LinkageError
from kokuho.linkage.sharing import column_title
from kokuho.office.accounts import rights
from kokuho.office.accounts.looks import Seen
from kokuho.office.sharing import making
from kokuho.office.sharing.lists import ArrearsList
from kokuho.office.sharing.output import FORMS
from kokuho.office.sharing.stated import Stated
from kokuho.office.web.looking import Visit, looking

_AMOUNTS = ("overdue", "months_overdue")
_DAYS = ("oldest_due", "stay_until", "last_contact")
_KINDS = {".csv": "text/csv; charset=utf-8",
          ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip


@require_http_methods(["GET", "POST"])
@looking
def sharing(visit: Visit) -> HttpResponse:
    """What is set, what waits for approval, and the lists: nobody's name."""
    insurer, makes, approves = _held(visit)
    given = visit.request.POST
    if visit.request.method == "POST" and not visit.refused:
        visit.act = lambda: _do(visit, insurer)
        return HttpResponse()
    why_not = ""
    held = None
    try:
        held, _settings = making.in_force(insurer)
    except LinkageError as error:
        why_not = str(error)
    context: dict[str, Any] = {
        "insurer": visit.insurers[insurer],
        "held": held,
        "why_not": why_not,
        "proposed": [
            (one, [event.actor for event in one.events.filter(kind="approved")])
            for one in Stated.objects.filter(insurer_id=insurer).order_by("-number")[:10]
            if not one.events.filter(kind="stopped").exists() and one != held
        ],
        "lists": [
            making.preview(insurer, one.number)
            for one in ArrearsList.objects.filter(insurer_id=insurer).order_by("-number")[:50]
        ],
        "makes": makes,
        "approves": approves,
        "given": given,
    }
    status = 400 if visit.refused else 200
    return render(visit.request, "office/sharing.html", context, status=status)


def _do(visit: Visit, insurer: str) -> HttpResponse:
    given, user = visit.request.POST, visit.user
    if "make" in given:
        number = making.make(insurer, user)
        return redirect("sharing_list", insurer=insurer, number=number)
    if "stop" in given:
        making.stop(insurer, given.get("text", ""), user)
    else:
        asked = given.get("approve", "")
        making.approve_settings(insurer, int(asked) if asked.isdecimal() else 0, user)
    return redirect(f"{reverse('sharing')}?insurer={insurer}")


@require_http_methods(["GET", "POST"])
@looking
def sharing_list(visit: Visit, insurer: str, number: int) -> HttpResponse:
    """One list as it was made: its rows, its approvals, and where it was written to."""
    insurer, makes, approves = _held(visit, insurer)
    if visit.request.method == "POST" and not visit.refused:
        visit.act = lambda: _act(visit, insurer, number)
        return HttpResponse()
    try:
        found = making.preview(insurer, number)
    except LinkageError as error:
        raise Http404 from error
    purpose = found.settings.purpose
    visit.show(*(Seen(insurer, who, house, purpose=purpose) for who, house in found.residents))
    context = {
        "insurer": visit.insurers[insurer],
        "found": found,
        "columns": [(column_title(name), name in _AMOUNTS) for name in found.settings.columns],
        "rows": [[(_shown(name, row[name]), name in _AMOUNTS) for name in found.settings.columns]
                 for row in found.rows],
        "makes": makes,
        "approves": approves and found.actor != visit.user.username
        and visit.user.username not in found.approved_by,
        "given": visit.request.POST,
        "forms": list(FORMS),
    }  # fmt: skip
    status = 400 if visit.refused else 200
    return render(visit.request, "office/sharing_list.html", context, status=status)


def _shown(name: str, value: Any) -> str:
    """A value as the page shows it: amounts with commas, days in the Japanese calendar."""
    if value is None:
        return ""
    if name in _DAYS:
        return era_date(date.fromisoformat(value))
    return f"{value:,}" if name in _AMOUNTS else str(value)


def _act(visit: Visit, insurer: str, number: int) -> HttpResponse:
    given, user = visit.request.POST, visit.user
    if "write" in given:
        form = given.get("form", "")
        if form not in FORMS:
            raise Http404
        content = making.write(
            insurer, number, given.get("recipient", ""), given.get("purpose", ""), user,
            FORMS[form],
        )  # fmt: skip
        answer = HttpResponse(content, content_type=_KINDS[form])
        answer["Content-Disposition"] = f'attachment; filename="list-{number}{form}"'
        return answer
    if "reject" in given:
        making.reject(insurer, number, given.get("text", ""), user)
    else:
        making.approve(insurer, number, user)
    return redirect("sharing_list", insurer=insurer, number=number)


def _held(visit: Visit, asked: str = "") -> tuple[str, bool, bool]:
    """The insurer, and whether the user makes or approves its lists.

    Raises:
        PermissionDenied: they do neither.
    """
    held = rights.held(visit.user)
    none: frozenset[str] = frozenset()
    makes = held.get(rights.SHARING_MAKE, none)
    approves = held.get(rights.SHARING_APPROVE, none)
    codes = (makes | approves) & set(visit.insurers)
    asked = asked or visit.request.GET.get("insurer", "")
    if not codes or (asked and asked not in codes):
        raise PermissionDenied
    insurer = asked or min(codes)
    return insurer, insurer in makes, insurer in approves
