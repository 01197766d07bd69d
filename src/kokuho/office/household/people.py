"""Names of people for a list: as they are called today."""

from __future__ import annotations

from collections.abc import Collection

from kokuho.office.register.models import Identity
from kokuho.office.store.slices import slices


def names(residents: Collection[int]) -> dict[int, Identity]:
    """The last name known of each resident, by row number."""
    found: dict[int, Identity] = {}
    for some in slices(residents):
        rows = Identity.objects.known().filter(resident_id__in=some)
        for row in rows.order_by("valid_from"):
            found[row.resident_id] = row
    return found
