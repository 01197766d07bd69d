"""The yearly assessment of an insurer (当初賦課), as a long job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from kokuho.base.calendar import (
    first_day_of_year,
    fiscal_year_name,
    last_day_of_year,
)
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.assessment import documents
from kokuho.office.assessment.assessing import Year, assess, remember_homeless
from kokuho.office.jobs.runs import Progress, Run, work
from kokuho.office.register import recordings
from kokuho.office.register.models import (
    Document,
    Headship,
    Household,
    Insurer,
    Membership,
)
from kokuho.office.store.versions import end_of
from kokuho.office.tenancy import seeing
from kokuho.ordinance import Ordinance, OrdinanceYear

_ = translator("assessment")

KIND = "assess"
AT_ONCE = 200
"""Households in one piece: one transaction, and what a kill can undo."""


@dataclass(frozen=True)
class Wish:
    """What was asked for when the run began; a run that goes on keeps to it.

    Attributes:
        as_of: the register as it was known at the end of this day; ``None``: as the run begins.
        decided_on: the day of the decisions; ``None``: today.
    """

    ordinance: OrdinanceYear | None
    as_of: date | None = None
    decided_on: date | None = None


def ordinance_year(ordinance: Ordinance, insurer: str, fiscal_year: int) -> OrdinanceYear:
    """One year of an insurer's own ordinance.

    Raises:
        InputError: the ordinance is another insurer's.
        OrdinanceError: it has no such year.
    """
    if ordinance.insurer.code != insurer:
        raise InputError(
            _("The ordinance is of insurer {other}, not of {insurer}.").format(
                other=ordinance.insurer.code, insurer=insurer
            )
        )
    return ordinance.year(fiscal_year)


def assess_year(
    insurer: str,
    fiscal_year: int,
    wish: Wish,
    *,
    actor: str,
    progress: Progress | None = None,
) -> Run:
    """Assess every household of an insurer for a fiscal year, or go on with it.

    Raises:
        InputError: no such insurer, no ordinance where the run begins, a day to come, or another
            day than the one that the run began with.
    """
    check_insurer(insurer)
    _check_wish(insurer, fiscal_year, wish)

    def step(run: Run) -> bool:
        if not run.cursor:
            run.cursor = _begin(run, fiscal_year, wish)
            run.total = _households(fiscal_year).count()
            return True
        after = run.cursor["after"]
        some = list(_households(fiscal_year).filter(pk__gt=after).order_by("pk")[:AT_ONCE])
        year = year_of(run, run.cursor["ordinance"], fresh=True)
        if not some:
            remember_homeless(year)
            return False
        run.count(**assess(year, some))
        run.cursor |= {"after": some[-1].pk}
        return True

    return work(insurer, KIND, str(fiscal_year), step, actor=actor, progress=progress)


def check_insurer(insurer: str) -> None:
    """Raise InputError unless the register has the insurer."""
    with seeing([insurer]):
        if not Insurer.objects.filter(code=insurer).exists():
            raise InputError(_("The register has no insurer {code}.").format(code=insurer))


def _check_wish(insurer: str, fiscal_year: int, wish: Wish) -> None:
    with seeing([insurer]):
        run = Run.objects.filter(kind=KIND, key=str(fiscal_year)).first()
    if run is None or not run.cursor:
        if wish.ordinance is None:
            raise InputError(
                _("{year} begins to be assessed; give its ordinance.").format(
                    year=fiscal_year_name(fiscal_year)
                )
            )
        check_as_of(wish.as_of)
        with seeing([insurer]):
            if not _households(fiscal_year).exists():
                # done once it would not begin again: nothing is more likely a missing import
                raise InputError(
                    _("The register has no household of {year}; import it first.").format(
                        year=fiscal_year_name(fiscal_year)
                    )
                )
    elif wish.as_of and wish.as_of.isoformat() != run.cursor["as_of"]:
        raise InputError(
            _("The run of {year} began as of {begun}, not {given}.").format(
                year=fiscal_year_name(fiscal_year),
                begun=run.cursor["as_of"] or run.cursor["known"],
                given=wish.as_of,
            )
        )


def check_as_of(as_of: date | None) -> None:
    """Raise InputError for a day that is not over yet."""
    if as_of and end_of(as_of) > timezone.now():
        raise InputError(
            _("{day} is not over; what will be known at its end is not known yet.").format(
                day=as_of
            )
        )


def _begin(run: Run, fiscal_year: int, wish: Wish) -> dict[str, Any]:
    assert wish.ordinance is not None
    document = documents.keep(
        run.insurer_id, "ordinance", [documents.write_ordinance(wish.ordinance)]
    )[0]
    return {
        **knowing(run, wish.as_of, wish.decided_on, f"{fiscal_year_name(fiscal_year)} 当初賦課"),
        "ordinance": document.pk,
        "after": 0,
    }


def knowing(run: Run, as_of: date | None, decided_on: date | None, reason: str) -> dict[str, Any]:
    """What the register knew when a run begins, for its cursor.

    A recording waits for whoever records at the same time; what comes later is not looked at.
    """
    moment = recordings.begin(run.insurer_id, actor=run.actor, reason=reason)
    known = end_of(as_of) if as_of else moment.recorded_at
    return {
        "known": known.isoformat(),
        "as_of": as_of.isoformat() if as_of else None,
        "decided_on": (decided_on or timezone.localdate()).isoformat(),
    }


def year_of(run: Run, ordinance: int, *, fresh: bool) -> Year:
    """What a run assesses a year with, from its cursor."""
    document = Document.objects.get(pk=ordinance)
    return Year(
        insurer=run.insurer_id,
        ordinance=documents.read_ordinance(document),
        ordinance_document=document,
        known=datetime.fromisoformat(run.cursor["known"]),
        decided_on=date.fromisoformat(run.cursor["decided_on"]),
        actor=run.actor,
        fresh=fresh,
    )


def _households(fiscal_year: int) -> QuerySet[Household]:
    """The households that somebody was ever said to be in, or to head, in the year."""
    of_year = Q(valid_to__isnull=True) | Q(valid_to__gt=first_day_of_year(fiscal_year))
    members = Membership.objects.filter(
        of_year, household=OuterRef("pk"), valid_from__lte=last_day_of_year(fiscal_year)
    )
    heads = Headship.objects.filter(
        of_year, household=OuterRef("pk"), valid_from__lte=last_day_of_year(fiscal_year)
    )
    found: QuerySet[Household] = Household.objects.filter(Exists(members) | Exists(heads))
    return found
