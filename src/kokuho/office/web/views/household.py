"""One household, read-only: on a day, as known on a day."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kokuho.base.calendar import era_date
from kokuho.base.messages import translator
from kokuho.office.accounts.looks import Seen
from kokuho.office.accounts.rights import LINKAGE_HISTORY, allowed
from kokuho.office.household.dates import day_of
from kokuho.office.household.glance import Glance, View, glance
from kokuho.office.household.history import history
from kokuho.office.register.models import Household
from kokuho.office.web.looking import Visit, looking

_ = translator("web")


@require_safe
@looking
def household(visit: Visit, insurer: str, pk: int) -> HttpResponse:
    """The page of a household of one of the user's insurers."""
    # the levy's machinery is heavy; only the page that shows it waits for it
    from kokuho.office.arrears.page import part
    from kokuho.office.household.billed import billed
    from kokuho.office.household.levied import levied
    from kokuho.office.linkage.household import registered_of
    from kokuho.office.printing.page import papers

    found = Household.objects.filter(insurer_id=insurer, pk=pk).first()
    if found is None:
        raise Http404
    asked, mistakes = _asked(visit)
    seen = glance(found, asked)
    visit.show(*_looks(seen))
    context = {
        "insurer": visit.insurers[insurer],
        "glance": seen,
        "view": asked,
        "levied": levied(found, asked),
        "billed": billed(found, asked),
        "arrears": part(found, asked),
        "papers": papers(found, asked),
        "registered": registered_of(insurer, found.household_number),
        "may_see_history": insurer in allowed(visit.user, LINKAGE_HISTORY),
        "history": history(seen),
        "mistakes": mistakes,
        "valid_text": visit.request.GET.get("valid") or era_date(asked.valid),
        "known_text": visit.request.GET.get("known") or era_date(asked.known),
    }
    return render(visit.request, "office/household.html", context)


def _looks(seen: Glance) -> list[Seen]:
    """Everybody whose name the page shows."""
    household, view = seen.household, seen.view
    return [
        Seen(household.insurer_id, resident, household.pk, view.valid, view.known)
        for resident in sorted(seen.people)
    ]


def _asked(visit: Visit) -> tuple[View, dict[str, str]]:
    """The days asked for; one that cannot be read is today, and said to be a mistake."""
    today = timezone.localdate()
    mistakes: dict[str, str] = {}
    days: dict[str, date] = {}
    for name in ("valid", "known"):
        text = visit.request.GET.get(name, "").strip()
        try:
            days[name] = day_of(text) if text else today
        except ValueError:
            days[name] = today
            mistakes[name] = _("Not a date. Write it as R8.4.1 or 2026-04-01.")
    if days["known"] > today:
        days["known"] = today
        mistakes["known"] = _("A day in the future: what will be known then is not known yet.")
    return View(days["valid"], days["known"], today), mistakes
