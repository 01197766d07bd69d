"""Search: one box for numbers, names in any script and birth dates.

What was searched for holds names, so it stands in no address: it is posted, kept in the session
and shown again by the page itself, so that the way back from a household leads to the list.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kokuho.office.accounts.looks import Seen
from kokuho.office.search import finding
from kokuho.office.web.looking import Visit, looking

LONGEST = 100  # characters of a search
_KEPT = "searched_for"


@require_http_methods(["GET", "POST"])
@looking
def search(visit: Visit) -> HttpResponse:
    """The box, and what the last search of the session finds now."""
    request = visit.request
    if request.method == "POST":
        request.session[_KEPT] = request.POST.get("q", "").strip()[:LONGEST]
        return redirect("search")
    text = request.session.get(_KEPT, "")
    result = finding.search(text, timezone.localdate()) if text else None
    if result:
        visit.show(
            *(
                Seen(one.insurer, one.resident_id, one.household.pk if one.household else None)
                for one in result.found
            )
        )
    return render(request, "office/search.html", {"q": text, "result": result})
