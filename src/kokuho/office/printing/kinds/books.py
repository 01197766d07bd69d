"""What the papers of the ledger share: what is owed, claims as they are now, row numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Sum

from kokuho.forms.papers import Overdue
from kokuho.office.ledger.models import Claim, Entry
from kokuho.office.register.models import Household, Resident
from kokuho.office.store.slices import slices


def _receivables(insurer: str, on: date) -> Any:
    """The entries of the receivable account that count on a day."""
    return Entry.objects.filter(
        insurer_id=insurer, account="receivable", posted_on__lte=on, value_on__lte=on
    )


def owed(insurer: str, demands: Iterable[str], on: date) -> dict[str, int]:
    """What is owed of demands on a day, interest that is fixed and fees included, yen."""
    found: dict[str, int] = {}
    for some in slices(demands):
        rows = _receivables(insurer, on).filter(demand_id__in=some)
        found |= dict(rows.values_list("demand_id").annotate(yen=Sum("amount")))
    return found


def owed_by_component(insurer: str, demands: Iterable[str], on: date) -> dict[tuple[str, str], int]:
    """What is owed of demands on a day by component (``principal``, ``interest``, ``fee``)."""
    found: dict[tuple[str, str], int] = {}
    for some in slices(demands):
        rows = _receivables(insurer, on).filter(demand_id__in=some)
        sums = rows.values_list("demand_id", "component").annotate(yen=Sum("amount"))
        found |= {(demand, component): yen for demand, component, yen in sums}
    return found


def receivable(insurer: str, demands: Iterable[str], on: date) -> int:
    """The balance of the receivable account for demands, straight from all of its entries.

    A demand that is named twice counts twice.
    """
    rows = _receivables(insurer, on)
    sums = dict(rows.values_list("demand_id").annotate(yen=Sum("amount")))
    return sum(sums.get(demand, 0) for demand in demands)


def overdue(claim: Claim, owed: Mapping[tuple[str, str], int], running: int = 0) -> Overdue:
    """A demand as papers list it; ``running`` is interest that is in no entry yet."""

    def of(component: str) -> int:
        return owed.get((claim.demand_id, component), 0)

    return Overdue(
        claim.year_meant, claim.term, claim.due, of("principal"), of("interest") + running,
        of("fee"),
    )  # fmt: skip


def rows_of(insurer: str, owing: Iterable[Claim]) -> tuple[dict[str, int], dict[str, int]]:
    """The row numbers of the households and debtors of claims, by their own numbers."""
    listed = list(owing)
    houses: dict[str, int] = {}
    for some in slices(one.household_id for one in listed):
        rows = Household.objects.filter(insurer_id=insurer, household_number__in=some)
        houses |= dict(rows.values_list("household_number", "pk"))
    people = {number: one.pk for number, one in payers(insurer, (o.debtor for o in listed)).items()}
    return houses, people


def payers(insurer: str, numbers: Iterable[str]) -> dict[str, Resident]:
    """Residents by address number."""
    found: dict[str, Resident] = {}
    for some in slices(numbers):
        rows = Resident.objects.filter(insurer_id=insurer, address_number__in=some)
        found |= {row.address_number: row for row in rows}
    return found
