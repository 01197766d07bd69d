"""Households by their number with their heads of today, as work lists show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from kokuho.office.accounts.looks import Seen
from kokuho.office.household.people import names
from kokuho.office.register.models import Headship, Household, Identity


@dataclass(frozen=True)
class Home:
    """A household with its head today."""

    household: Household
    head: int | None
    name: Identity | None

    def seen(self) -> list[Seen]:
        """Whom the page shows."""
        if self.head is None:
            return []
        return [Seen(self.household.insurer_id, self.head, self.household.pk)]


def homes_of(insurer: str, numbers: Collection[str]) -> dict[str, Home]:
    """The households with these numbers (世帯番号), by number."""
    found = list(Household.objects.filter(insurer_id=insurer, household_number__in=numbers))
    heads = dict(
        Headship.objects.as_of(timezone.localdate())
        .filter(household__in=found)
        .values_list("household_id", "head_id")
    )
    people = names(set(heads.values()))
    return {
        one.household_number: Home(one, heads.get(one.pk), people.get(heads.get(one.pk, 0)))
        for one in found
    }
