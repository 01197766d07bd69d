"""Acts of arrears that papers are made of: reminders and letters of demand of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

from kokuho.arrears import Act
from kokuho.office.arrears.models import ActRow
from kokuho.office.ledger.models import Claim


def of_run(
    insurer: str, kind: Literal["reminder", "demand_letter"], run: str | None, household: str
) -> list[Act] | None:
    """The acts of a run that stand, in the order of their numbers; none: there was no such run."""
    rows = ActRow.objects.filter(insurer_id=insurer)
    own = rows.filter(kind=kind, run=run)
    if not run or not own.exists():
        return None
    if household:
        own = own.filter(household_id=household)
    return standing_of(insurer, own)


def standing_of(insurer: str, own: object) -> list[Act]:
    """The acts of a query that were not withdrawn, in the order of their numbers."""
    rows = ActRow.objects.filter(insurer_id=insurer, kind="withdrawal")
    withdrawn = set(rows.values_list("refers", flat=True))
    listed: Iterable[ActRow] = own.order_by("number")  # type: ignore[attr-defined]
    return [row.act() for row in listed if row.number not in withdrawn]


def numbered(insurer: str, numbers: Iterable[int]) -> dict[int, Act]:
    """Acts by their numbers."""
    rows = ActRow.objects.filter(insurer_id=insurer, number__in=list(numbers))
    return {row.number: row.act() for row in rows}


def by_debtor(act: Act, claims: Mapping[str, Claim]) -> dict[str, list[Claim]]:
    """The demands of an act by who owes them."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for demand in act.demands:
        found[claims[demand].debtor].append(claims[demand])
    return dict(found)
