"""Recording acts: checked against what is recorded of the household, then kept for good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Max
from django.utils import timezone

from kokuho.arrears import Act, check, waivers
from kokuho.office.arrears.act import ActRow
from kokuho.office.ledger.books import lock
from kokuho.office.ledger.models import Claim
from kokuho.office.ledger.reliefs import Days, bring
from kokuho.office.ledger.rules import ordinance_on
from kokuho.office.store.slices import slices
from kokuho.office.tenancy import seeing

MOVES_INTEREST = (
    "deferral", "deferral_ended", "suspension", "suspension_ended", "extinction", "withdrawal",
)  # fmt: skip
"""Acts after which the days are looked at for which interest is waived."""

ORIGIN = "滞納整理 記録"
"""How the sources of reliefs of interest begin that follow from acts."""

_AT_ONCE = 500  # acts in one statement


def acts_of(
    insurer: str, households: Iterable[str] | None = None, known: date | None = None
) -> dict[str, tuple[Act, ...]]:
    """The acts of households by their number, oldest first, inside ``seeing``.

    Args:
        insurer: the code of the insurer.
        households: numbers; all if left out.
        known: those recorded by this day (記録日); all if left out.
    """
    rows = ActRow.objects.filter(insurer_id=insurer).order_by("number")
    if known is not None:
        rows = rows.filter(recorded_on__lte=known)
    found: dict[str, list[Act]] = {}
    for some in [None] if households is None else slices(households):
        listed = rows if some is None else rows.filter(household_id__in=some)
        for row in listed.iterator(chunk_size=5000):
            found.setdefault(row.household_id, []).append(row.act())
    return {number: tuple(acts) for number, acts in found.items()}


def record(insurer: str, acts: Sequence[Act], *, today: date | None = None) -> tuple[Act, ...]:
    """Record acts in one transaction: all of them or none.

    Numbers are given here; an act may refer to one before it in the list by its place, counted
    down from -1.

    A deferral, a suspension and what ends them bring the ledger's relief of interest with them.

    Raises:
        ArrearsError: an act does not hold together with what is recorded of its household.
        LedgerError: the relief of interest that follows overlaps one that the ledger has.
    """
    with seeing([insurer], writing=True):
        return keep(insurer, acts, today=today or timezone.localdate())


def keep(
    insurer: str, acts: Sequence[Act], *, today: date, run: str = "", checked: bool = False
) -> tuple[Act, ...]:
    """:func:`record` inside ``seeing(…, writing=True)``; others who record wait until its end."""
    lock(insurer)
    last = ActRow.objects.filter(insurer_id=insurer).aggregate(last=Max("number"))["last"] or 0
    houses = {act.household for act in acts}
    earlier: dict[str, tuple[Act, ...]] = {} if checked else acts_of(insurer, houses)
    known: Mapping[str, set[str]] = {} if checked else demands_of(insurer, houses)
    kept: list[Act] = []
    for place, act in enumerate(acts, 1):
        refers = act.refers
        if refers is not None and refers < 0:
            refers = kept[refers].number
        numbered = replace(act, number=last + place, refers=refers)
        if not checked:
            house = act.household
            check(numbered, earlier.get(house, ()), known.get(house, ()), today)
            earlier[house] = (*earlier.get(house, ()), numbered)
        kept.append(numbered)
    now = timezone.now()
    ActRow.objects.bulk_create(
        [ActRow.of(insurer, act, recorded_on=today, recorded_at=now, run=run) for act in kept],
        batch_size=_AT_ONCE,
    )
    for act in kept:
        if act.kind in MOVES_INTEREST:
            _waive(insurer, act, today)
    return tuple(kept)


def _waive(insurer: str, act: Act, today: date) -> None:
    """Bring the ledger's reliefs of interest of the act's household to what its acts say now."""
    ordinance = ordinance_on(insurer, today)
    interest = ordinance.collection.interest
    acts = acts_of(insurer, [act.household]).get(act.household, ())
    chosen = {str(name): str(share) for name, share in interest.waived.items()} if interest else {}
    found = waivers(acts, ordinance.insurer.kind, chosen)
    bring(
        insurer, act.household,
        [Days(one.demand, one.first, one.last, one.share) for one in found],
        origin=ORIGIN, source=f"{ORIGIN} {act.number}", posted_on=today, actor=act.actor,
    )  # fmt: skip


def demands_of(insurer: str, households: Iterable[str]) -> dict[str, set[str]]:
    """The demands of households, by their number."""
    found: dict[str, set[str]] = {}
    for some in slices(households):
        rows = Claim.objects.filter(insurer_id=insurer, household_id__in=some)
        for house, demand in rows.values_list("household_id", "demand_id").distinct():
            found.setdefault(house, set()).add(demand)
    return found
