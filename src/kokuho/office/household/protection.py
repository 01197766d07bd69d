"""支援措置: whose whereabouts are not shown.

What is known today counts, whatever past day a page is asked for: a protection that was recorded
this morning hides yesterday's address too.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from kokuho.office.register.models import Handling, Membership


def protected(today: date) -> frozenset[int]:
    """The residents who are protected today or from a later day on, by row number."""
    rows = (
        Handling.objects.known()
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), protected=True)
        .values_list("resident_id", flat=True)
    )
    return frozenset(rows)


def households_of(residents: Collection[int], today: date) -> frozenset[int]:
    """The households that these residents are in today, or will be: their address is the same."""
    rows = (
        Membership.objects.known()
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), resident_id__in=residents)
        .values_list("household_id", flat=True)
    )
    return frozenset(rows)
