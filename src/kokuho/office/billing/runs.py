"""Billing runs (期別調定の処理): the year's bills and their changes, as long jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from kokuho.base.calendar import fiscal_year_of
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.assessment import documents
from kokuho.office.assessment.yearly import check_insurer
from kokuho.office.billing.billing import Year, bill
from kokuho.office.billing.making import Notice
from kokuho.office.billing.ordinances import document_of, not_assessed
from kokuho.office.billing.schedules import Schedule
from kokuho.office.jobs.runs import Progress, Run, work
from kokuho.office.register.models import Assessment, Document, Household
from kokuho.office.tenancy import seeing
from kokuho.ordinance import OrdinanceYear

_ = translator("office_billing")

KIND, CHANGES = "bill", "bill_changes"
AT_ONCE = 300
"""Households in one piece: one transaction, and what a kill can undo."""


@dataclass(frozen=True)
class Wish:
    """What was asked for; a run that goes on keeps to it, unless it is said anew.

    Attributes:
        notice: the day of the notices; none: today.
        stop_pension_from: the first of the month from which a pension that stops pays nothing.
    """

    notice: date | None = None
    stop_pension_from: date | None = None


def bill_year(
    insurer: str,
    fiscal_year: int,
    wish: Wish,
    *,
    actor: str,
    progress: Progress | None = None,
) -> Run:
    """Bill every assessed household of a fiscal year that is not billed yet, or go on with it.

    Raises:
        InputError: no such insurer, or the year is not assessed.
        BillingError: a setting of the ordinance is missing, or the notice comes too late.
    """
    check_insurer(insurer)
    with seeing([insurer]):
        _document(insurer, fiscal_year)

    def step(run: Run) -> bool:
        if not run.cursor:
            run.cursor = _begin([str(fiscal_year)])
            run.total = _households(fiscal_year).count()
            return True
        _say_anew(run, wish)
        return _piece(run, str(fiscal_year), fresh=True)

    return work(insurer, KIND, str(fiscal_year), step, actor=actor, progress=progress)


def bill_changes(insurer: str, wish: Wish, *, actor: str, progress: Progress | None = None) -> Run:
    """Bill what changed: amounts, ways of paying, households that waited; of all billed years.

    Raises:
        InputError: no such insurer, or no year is billed yet.
        BillingError: a setting of the ordinance is missing, the notice comes too late, or a
            pension stops and nobody said from which month.
    """
    check_insurer(insurer)
    with seeing([insurer]):
        years = _billed_years()
        if not years:
            raise InputError(
                _("No year of insurer {code} is billed yet; `kokuho bill run` comes first.").format(
                    code=insurer
                )
            )
        key = _next_key()

    def step(run: Run) -> bool:
        if not run.cursor:
            run.cursor = _begin(years)
            run.total = sum(_households(int(year)).count() for year in years)
            return True
        _say_anew(run, wish)
        year = run.cursor["at"] or min(run.cursor["years"])
        if _piece(run, year, fresh=False):
            return True
        later = [other for other in sorted(run.cursor["years"]) if other > year]
        run.cursor |= {"at": later[0] if later else None, "after": 0}
        return bool(later)

    return work(insurer, CHANGES, key, step, actor=actor, progress=progress)


def _begin(years: Sequence[str]) -> dict[str, Any]:
    notice = timezone.localdate().isoformat()
    return {"notice": notice, "stop_pension_from": None, "years": years, "at": None, "after": 0}


def _say_anew(run: Run, wish: Wish) -> None:
    """What is said now holds for what is left: a run may have failed for want of it."""
    for name, day in (("notice", wish.notice), ("stop_pension_from", wish.stop_pension_from)):
        if day is not None:
            run.cursor[name] = day.isoformat()


def _piece(run: Run, key: str, *, fresh: bool) -> bool:
    """Bill the next households of a year; whether there were any."""
    after = run.cursor["after"]
    rows = _households(int(key)).filter(pk__gt=after).order_by("pk")
    some: Sequence[Household] = list(rows[:AT_ONCE])
    if not some:
        return False
    run.count(**bill(_year(run, int(key), fresh=fresh), some))
    run.cursor |= {"at": key, "after": some[-1].pk}
    return True


def _year(run: Run, fiscal_year: int, *, fresh: bool) -> Year:
    document = _document(run.insurer_id, fiscal_year)
    ordinance = documents.read_ordinance(document)
    day = date.fromisoformat(run.cursor["notice"])
    stop = run.cursor["stop_pension_from"]
    notice = Notice(day, _current(ordinance, day), date.fromisoformat(stop) if stop else None)
    return Year(run.insurer_id, ordinance, document, notice, run.actor, fresh)


def _document(insurer: str, fiscal_year: int) -> Document:
    """What keeps the ordinance that a year is assessed with.

    It is looked at for each piece: a run that failed for want of a setting goes on when the year
    was assessed with a better one.
    """
    document = document_of(insurer, fiscal_year)
    if document is None:
        raise not_assessed(fiscal_year)
    return document


def _current(ordinance: OrdinanceYear, day: date) -> OrdinanceYear:
    """The ordinance of the fiscal year of a notice; the year's own where that is not assessed."""
    year = fiscal_year_of(day)
    if year <= ordinance.fiscal_year:
        return ordinance
    document = document_of(ordinance.insurer.code, year)
    return ordinance if document is None else documents.read_ordinance(document)


def _households(fiscal_year: int) -> QuerySet[Household]:
    """The households that are assessed or billed for a year."""
    assessed = Assessment.objects.known().of_year(fiscal_year).filter(household=OuterRef("pk"))
    billed = Schedule.objects.known().filter(fiscal_year=fiscal_year, household=OuterRef("pk"))
    found: QuerySet[Household] = Household.objects.filter(Exists(assessed) | Exists(billed))
    return found


def _billed_years() -> list[str]:
    """The years whose yearly run is done."""
    done = Run.objects.filter(kind=KIND, state=Run.State.DONE)
    return sorted(done.values_list("key", flat=True))


def _next_key() -> str:
    """The run of changes that is not done, or the next one."""
    runs = Run.objects.filter(kind=CHANGES)
    unfinished = runs.exclude(state=Run.State.DONE).first()
    return unfinished.key if unfinished else str(runs.count() + 1)
