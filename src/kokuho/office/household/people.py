"""Names of people for a list: as they are called today."""

from __future__ import annotations

from collections.abc import Collection

from kokuho.office.register.models import Identity

_AT_ONCE = 500


def names(residents: Collection[int]) -> dict[int, Identity]:
    """The last name known of each resident, by row number."""
    found: dict[int, Identity] = {}
    ordered = sorted(residents)
    for start in range(0, len(ordered), _AT_ONCE):
        rows = Identity.objects.known().filter(resident_id__in=ordered[start : start + _AT_ONCE])
        for row in rows.order_by("valid_from"):
            found[row.resident_id] = row
    return found
