"""The work list of arrears, and arrears of households headed by foreign nationals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kokuho.arrears import GROUPINGS, GROUPS, IN_TOUCH, REASONS, STATES, Item
from kokuho.base.errors import KokuhoError
from kokuho.base.messages import translator
from kokuho.office.accounts.looks import Seen
from kokuho.office.accounts.rights import FOREIGN_ARREARS, allowed
from kokuho.office.household.people import names
from kokuho.office.register.models import Household, Identity
from kokuho.office.web.looking import Visit, looking

if TYPE_CHECKING:
    from kokuho.office.arrears.foreign import Row as ForeignRow

_ = translator("arrears")

A_PAGE = 50
"""Households on one page of a list."""


@dataclass(frozen=True)
class Row:
    """A household of the work list with who heads it."""

    item: Item
    household: int
    head: Identity | None


@require_safe
@looking
def arrears(visit: Visit) -> HttpResponse:
    """The work list of one insurer, by what can still be changed."""
    asked = visit.request.GET
    insurer = visit.insurer
    group = asked.get("group", "") if asked.get("group") in GROUPS else ""
    reason = asked.get("reason", "") if asked.get("reason") in REASONS else ""
    context: dict[str, Any] = {
        "insurer": visit.insurers.get(insurer),
        "group": group,
        "reason": reason,
        "foreign": insurer in allowed(visit.user, FOREIGN_ARREARS),
    }
    if insurer:
        try:
            context |= _listed(visit, insurer, group, reason)
        except KokuhoError as error:
            context["why_not"] = str(error)
    return render(visit.request, "office/arrears.html", context)


def _listed(visit: Visit, insurer: str, group: str, reason: str) -> dict[str, Any]:
    from kokuho.office.arrears.standing import read

    found = read(insurer, timezone.localdate())
    items = found.work
    chosen = [
        item
        for item in items
        if (not group or item.first.group == group)
        and (not reason or any(one.code == reason for one in item.reasons))
    ]
    page = Paginator(chosen, A_PAGE).get_page(visit.request.GET.get("page"))
    shown: list[Item] = list(page.object_list)
    ids = _rows_of(insurer, [item.household.number for item in shown])
    heads = {
        number: found.heads[number]
        for item in shown
        if (number := item.household.number) in found.heads
    }
    people = names(set(heads.values()))
    visit.show(*(Seen(insurer, head, ids.get(number)) for number, head in heads.items()))
    return {
        "on": found.on,
        "rows": [
            Row(item, ids[number], people.get(heads.get(number, 0)))
            for item in shown
            if (number := item.household.number) in ids
        ],
        "groups": {name: sum(one.first.group == name for one in items) for name in GROUPS},
        "reasons": {
            name: count
            for name in REASONS
            if (count := sum(any(r.code == name for r in one.reasons) for one in items))
        },
        "total": len(items),
        "owed": sum(item.owed for item in items),
        "page": page,
    }


def _rows_of(insurer: str, numbers: list[str]) -> dict[str, int]:
    rows = Household.objects.filter(insurer_id=insurer, household_number__in=numbers)
    return dict(rows.values_list("household_number", "pk"))


@require_safe
@looking
def arrears_foreign(visit: Visit, insurer: str) -> HttpResponse:
    """Arrears of households headed by foreign nationals, for who holds the right."""
    from kokuho.office.arrears import foreign
    from kokuho.office.arrears.standing import read

    if insurer not in visit.insurers:
        raise Http404
    if insurer not in allowed(visit.user, FOREIGN_ARREARS):
        raise PermissionDenied
    today = timezone.localdate()
    asked = visit.request.GET
    state = asked.get("state", "") if asked.get("state") in STATES else ""
    grouping = asked.get("by", "") if asked.get("by") in GROUPINGS else "nationality"
    heads = foreign.foreign_heads(insurer, today)
    every = foreign.listed(read(insurer, today, heads), heads)
    rows = [row for row in every if not state or row.household.state == state]
    page = Paginator(rows, A_PAGE).get_page(asked.get("page"))
    shown = list(page.object_list)
    counted = foreign.counts(insurer, heads, today, grouping)
    whole = foreign.counts(insurer, heads, today, "foreign")
    seen = {
        person.resident: row.head.household
        for row in shown
        for person in (row.head.person, *row.members)
    }
    few = foreign.few(insurer, heads, today, grouping, counted)
    looked = {head.resident: head.household for head in few} | seen
    visit.show(*(Seen(insurer, resident, house) for resident, house in looked.items()))
    context = {
        "insurer": visit.insurers[insurer],
        "on": today,
        "state": state,
        "states": _by_state(every),
        "total": len(every),
        "yen": sum(row.overdue for row in every),
        "rows": shown,
        "people": names(seen.keys()),
        "page": page,
        "grouping": grouping,
        "groupings": {name: _(title) for name, title in GROUPINGS.items()},
        "all": list(whole.iter_rows(named=True)),
        "counts": list(counted.iter_rows(named=True)),
    }
    return render(visit.request, "office/arrears_foreign.html", context)


def _by_state(rows: Sequence[ForeignRow]) -> dict[str, tuple[int, int]]:
    """Households and yen by state; who is in touch stands there beside 未納, also where it is 0."""
    made = {}
    for name in STATES:
        own = [row.overdue for row in rows if row.household.state == name]
        if own or name in (*IN_TOUCH, "unpaid"):
            made[name] = len(own), sum(own)
    return made
