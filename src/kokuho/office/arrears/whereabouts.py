"""The days of heads of households that the work list shows: departures, cards that run out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kokuho.arrears import Whereabouts
from kokuho.office.register.models import Headship, Residence, ResidenceCard, Stay

_LEFT = ("moved_out", "moved_abroad", "removed")


def heads_of(insurer: str, households: Iterable[str], on: date) -> dict[str, int]:
    """The head of each household on a day, or the last before it: row number of the resident."""
    wanted = set(households)
    rows = (
        Headship.objects.known()
        .filter(insurer_id=insurer, valid_from__lte=on)
        .order_by("valid_from")
        .values_list("household__household_number", "head_id")
    )
    return {number: head for number, head in rows.iterator(chunk_size=5000) if number in wanted}


def whereabouts(insurer: str, heads: dict[str, int], on: date) -> dict[str, Whereabouts]:
    """Departures and the end of cards or periods of stay of these heads, inside ``seeing``."""
    people = set(heads.values())
    left: dict[int, date] = {}
    homes = Residence.objects.known().filter(insurer_id=insurer).order_by("valid_from")
    rows = homes.values_list("resident_id", "valid_to", "ended_by").iterator(chunk_size=5000)
    for resident, valid_to, ended_by in rows:
        if resident in people:
            left.pop(resident, None)
            if valid_to is not None and ended_by in _LEFT:
                left[resident] = valid_to
    ends: dict[int, date] = {}
    for model, field in ((Stay, "period_to"), (ResidenceCard, "expires_on")):
        manager = model.objects.as_of(on)
        found = manager.filter(insurer_id=insurer, **{f"{field}__isnull": False})
        for resident, day in found.values_list("resident_id", field).iterator(chunk_size=5000):
            if resident in people:
                ends[resident] = min(day, ends.get(resident, day))
    return {
        house: Whereabouts(left.get(head), ends.get(head))
        for house, head in heads.items()
        if head in left or head in ends
    }
