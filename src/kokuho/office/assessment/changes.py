"""Changes of assessments (異動更正), mostly monthly, as a long job.

Every year that was assessed here is looked at anew, as far as the register has learned something of
it since: joins, losses, moves, incomes, heads, decisions. What is long past is changed too
(遡及), within the limits of the law.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.assessment import documents, yearly
from kokuho.office.assessment.assessing import assess, remember_homeless
from kokuho.office.assessment.decisions import Pending
from kokuho.office.jobs.runs import Progress, Run, work
from kokuho.office.register.models import (
    Declaration,
    Elders,
    Enrolment,
    Headship,
    Household,
    HouseholdDecision,
    Identity,
    Income,
    Membership,
    PersonDecision,
)
from kokuho.office.store.versions import end_of
from kokuho.office.tenancy import seeing
from kokuho.ordinance import Ordinance

_ = translator("assessment")

KIND = "assess_changes"
_OF_PERSONS: Sequence[Any] = (Identity, Membership, Enrolment, Income, Declaration, PersonDecision)
_OF_HOUSEHOLDS: Sequence[Any] = (Headship, Elders, HouseholdDecision)


def assess_changes(
    insurer: str,
    ordinances: Sequence[Ordinance] = (),
    *,
    as_of: date | None = None,
    decided_on: date | None = None,
    everything: bool = False,
    actor: str,
    progress: Progress | None = None,
) -> Run:
    """Assess anew what changed since the last run, or go on with a run that was begun.

    Args:
        ordinances: ordinances that changed; all households of their years are looked at.
        as_of: the register as it was known at the end of this day.
        decided_on: the day of the decisions; today if not given.
        everything: look at all households, also those that nothing became known of.

    Raises:
        InputError: no year of the insurer was assessed yet, another insurer's ordinance, or a day
            that is not over.
    """
    yearly.check_insurer(insurer)
    yearly.check_as_of(as_of)
    with seeing([insurer]):
        key = _key()
        if not _years():
            raise InputError(
                _("No year of insurer {code} is assessed yet; `kokuho assess run` comes first.")
                .format(code=insurer)
            )  # fmt: skip
        _check_order(as_of)

    def step(run: Run) -> bool:
        if not run.cursor:
            run.cursor = yearly.knowing(run, as_of, decided_on, "異動更正")
            run.cursor |= _plan(run, ordinances, everything)
            run.total = sum(_candidates(run, year).count() for year in run.cursor["years"])
            return True
        years = sorted(run.cursor["years"])
        year, after = run.cursor["at"] or (years[0], 0)
        some = list(_candidates(run, year).filter(pk__gt=after).order_by("pk")[: yearly.AT_ONCE])
        ordinance = run.cursor["years"][year]["ordinance"]
        if some:
            run.count(**assess(yearly.year_of(run, ordinance, fresh=False), some))
            run.cursor |= {"at": [year, some[-1].pk]}
            return True
        remember_homeless(yearly.year_of(run, ordinance, fresh=False))
        later = [other for other in years if other > year]
        run.cursor |= {"at": [later[0], 0] if later else None}
        return bool(later)

    return work(insurer, KIND, key, step, actor=actor, progress=progress)


def _key() -> str:
    """The run that is not done, or the next one."""
    runs = Run.objects.filter(kind=KIND)
    unfinished = runs.exclude(state=Run.State.DONE).first()
    return unfinished.key if unfinished else str(runs.count() + 1)


def _years() -> dict[str, Run]:
    """The years whose yearly run is done, and the run."""
    return {run.key: run for run in Run.objects.filter(kind=yearly.KIND, state=Run.State.DONE)}


def standing() -> dict[str, dict[str, Any]]:
    """By year that is assessed: its ordinance (a document), and what the last run knew."""
    years: dict[str, dict[str, Any]] = {
        year: {"ordinance": run.cursor["ordinance"], "since": run.cursor["known"]}
        for year, run in _years().items()
    }
    for run in Run.objects.filter(kind=KIND, state=Run.State.DONE).order_by("pk"):
        for year, done in run.cursor["years"].items():
            years[year]["ordinance"] = done["ordinance"]
            years[year]["since"] = max(years[year]["since"], run.cursor["known"], key=_moment)
    return years


def _plan(run: Run, ordinances: Sequence[Ordinance], everything: bool) -> dict[str, Any]:
    """By year: the ordinance, and since when the register is looked at (none: all of it)."""
    plan = standing()
    for year, entry in plan.items():
        given = [o for o in ordinances if int(year) in o.fiscal_years]
        if given:
            made = yearly.ordinance_year(given[-1], run.insurer_id, int(year))
            document = documents.keep(
                run.insurer_id, "ordinance", [documents.write_ordinance(made)]
            )[0]
            entry["ordinance"] = document.pk
        if given or everything:
            entry["since"] = None
    return {"years": plan, "at": None}


def _check_order(as_of: date | None) -> None:
    """Refuse to know less than the last run did."""
    if as_of is None:
        return
    last = max(_moment(entry["since"]) for entry in standing().values())
    if end_of(as_of) < last:
        raise InputError(
            _("The last run knew the register as of {last}; {given} is before that.").format(
                last=last, given=as_of
            )
        )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _candidates(run: Run, year: str) -> QuerySet[Household]:
    """The households of which something became known, and those that wait for a clerk."""
    since = run.cursor["years"][year]["since"]
    everybody: QuerySet[Household] = Household.objects.all()
    if since is None:
        return everybody
    news = _between(_moment(since), _moment(run.cursor["known"]))
    waiting = Pending.objects.filter(fiscal_year=int(year)).values("household")
    touched = Q(pk__in=waiting)
    for model in _OF_HOUSEHOLDS:
        touched |= Q(pk__in=_rows(model, news).values("household"))
    for model in _OF_PERSONS:
        people = _rows(model, news).values("resident")
        touched |= Q(pk__in=_rows(Membership).filter(resident__in=people).values("household"))
        touched |= Q(pk__in=_rows(Headship).filter(head__in=people).values("household"))
    return everybody.filter(touched)


def _between(since: datetime, known: datetime) -> Q:
    return Q(recorded_at__gt=since, recorded_at__lte=known) | Q(
        superseded_at__gt=since, superseded_at__lte=known
    )


def _rows(model: Any, condition: Q | None = None) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(condition or Q())
    return rows
