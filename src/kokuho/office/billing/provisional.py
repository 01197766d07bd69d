"""Provisional bills (仮算定, 仮徴収) of a year whose incomes are not known yet, as a long job.

Each is made from the year before and demanded of the head on the first day of the new year: in the
provisional terms of the ordinance (kokuho.billing.provisional), or of who pays from a pension
from April to August (:mod:`kokuho.office.billing.spring`). Who is to pay the new year ahead has no
terms, and so no provisional ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Sum
from django.utils import timezone

from kokuho.base.calendar import first_day_of_year, fiscal_year_name
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.billing import KEYS, provisional
from kokuho.billing.settings import provisional_terms
from kokuho.office.assessment import documents
from kokuho.office.assessment.yearly import check_insurer
from kokuho.office.billing import spring
from kokuho.office.billing.schedules import Instalment, Schedule, store, year_days
from kokuho.office.billing.standings import standings
from kokuho.office.jobs.runs import Progress, Run, work
from kokuho.office.register import recordings
from kokuho.office.register.models import Assessment, Document, Enrolment, Headship, Household
from kokuho.ordinance import OrdinanceYear

_ = translator("office_billing")

KIND = "bill_provisional"
AT_ONCE = 300


def bill_provisionally(
    insurer: str,
    ordinance: OrdinanceYear,
    notice: date | None = None,
    *,
    actor: str,
    progress: Progress | None = None,
) -> Run:
    """Bill the provisional terms of a year from the year before, or go on with it.

    Args:
        insurer: its code.
        ordinance: the ordinance of the new year; without provisional terms, only those who pay from
            a pension are billed.
        notice: the day of the notices; none: today.
        actor: who asks for it.
        progress: told after each piece.

    Raises:
        InputError: no such insurer, another insurer's ordinance, or the year is billed already.
        BillingError: the ordinance has no provisional terms, and nobody pays from a pension.
    """
    check_insurer(insurer)
    if ordinance.insurer.code != insurer:
        raise InputError(
            _("The ordinance is of insurer {other}, not of {insurer}.").format(
                other=ordinance.insurer.code, insurer=insurer
            )
        )

    def step(run: Run) -> bool:
        if not run.cursor:
            if ordinance.billing.provisional is None and not spring.anybody(ordinance.fiscal_year):
                provisional_terms(ordinance)  # says what is missing
            kept = documents.keep(insurer, "ordinance", [documents.write_ordinance(ordinance)])
            day = notice or timezone.localdate()
            run.cursor = {"ordinance": kept[0].pk, "notice": day.isoformat(), "after": 0}
            run.total = _households(ordinance.fiscal_year, 0).count()
            return True
        some = list(_households(ordinance.fiscal_year, run.cursor["after"])[:AT_ONCE])
        if not some:
            return False
        document = Document.objects.get(pk=run.cursor["ordinance"])
        day = date.fromisoformat(run.cursor["notice"])
        run.count(**_bill(run, documents.read_ordinance(document), document, day, some))
        run.cursor |= {"after": some[-1].pk}
        return True

    return work(insurer, KIND, str(ordinance.fiscal_year), step, actor=actor, progress=progress)


def _households(fiscal_year: int, after: int) -> Any:
    assessed = Assessment.objects.known().of_year(fiscal_year - 1).values("household")
    return Household.objects.filter(pk__in=assessed, pk__gt=after).order_by("pk")


def _bill(
    run: Run,
    year: OrdinanceYear,
    document: Document,
    day: date,
    households: Sequence[Household],
) -> dict[str, int]:
    """Bill some households; who has a schedule of the year already, or left, is passed over."""
    first = first_day_of_year(year.fiscal_year)
    keys = [household.pk for household in households]
    billed = Schedule.objects.known().filter(fiscal_year=year.fiscal_year, household__in=keys)
    done = set(billed.values_list("household_id", flat=True))
    insured = Enrolment.objects.as_of(first).values("resident")
    heads = {
        row.household_id: row
        for row in Headship.objects.as_of(first).filter(household__in=keys)
        if row.household_id not in done
    }
    still = set(
        Household.objects.filter(pk__in=list(heads), memberships__resident__in=insured).values_list(
            "pk", flat=True
        )
    )
    before = dict(
        Assessment.objects.known()
        .of_year(year.fiscal_year - 1)
        .filter(household__in=list(still))
        .values_list("household_id")
        .annotate(sum=Sum("total"))
    )
    from_pension = spring.withheld(year, [heads[household] for household in before])
    made = spring.demands(year, from_pension)
    if year.billing.provisional is not None:
        ahead = _ahead(year, [heads[household] for household in before])
        others = {key: yen for key, yen in before.items() if key not in {*from_pension, *ahead}}
        totals = _frame(year, list(others.items()), "total")
        terms = provisional(totals, year, last_terms=_last_terms(year, list(others)))
        made = pl.concat([made, terms])
    by_household: dict[str, list[dict[str, Any]]] = {}
    for row in made.iter_rows(named=True):
        by_household.setdefault(row["household_id"], []).append(row)
    counts = {"households": len(households)}
    if by_household:
        reason = f"{fiscal_year_name(year.fiscal_year)} 仮算定"
        moment = recordings.begin(run.insurer_id, actor=run.actor, reason=reason)
        store(
            moment,
            [
                (_schedule(year, document, day, heads[int(key)], rows), rows)
                for key, rows in by_household.items()
            ],
        )
        counts |= {"billed": len(by_household), "demands": made.height}
        counts |= {"increase": int(made["amount"].sum())}
    return counts


def _schedule(
    year: OrdinanceYear,
    document: Document,
    day: date,
    headship: Headship,
    rows: Sequence[dict[str, Any]],
) -> Schedule:
    return Schedule(
        household_id=headship.household_id,
        payer_id=headship.head_id,
        fiscal_year=year.fiscal_year,
        kind=year.insurer.kind,
        channel=rows[0]["channel"],
        made="provisional",
        noticed_on=day,
        total=sum(row["amount"] for row in rows),
        ordinance=document,
        **year_days(year.fiscal_year),
    )


def _ahead(year: OrdinanceYear, heads: Sequence[Headship]) -> set[int]:
    """The households that are to pay the year ahead, as far as it is known."""
    found = standings(year, {row.household_id: [row.head_id] for row in heads})
    return {household for household, one in found.items() if one.standing.prepays}


def _last_terms(year: OrdinanceYear, households: Sequence[int]) -> pl.DataFrame:
    """The demands of last year's last term in ordinary collection, by household."""
    rows = Instalment.objects.filter(
        schedule__in=Schedule.objects.known().filter(
            fiscal_year=year.fiscal_year - 1, household__in=list(households)
        ),
        channel="ordinary",
        reason__in=("levy", "settlement", "change"),
    ).values_list("schedule__household_id", "term", "amount")
    last = max((term for _household, term, _amount in rows), default=0)
    amounts = [(household, amount) for household, term, amount in rows if term == last]
    return _frame(year, amounts, "amount")


def _frame(year: OrdinanceYear, rows: Sequence[tuple[int, int]], name: str) -> pl.DataFrame:
    return pl.DataFrame(
        [(year.insurer.code, str(household), amount) for household, amount in rows],
        schema={**dict.fromkeys(KEYS, pl.String()), name: pl.Int64()},
        orient="row",
    )
