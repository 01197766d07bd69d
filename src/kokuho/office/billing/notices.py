"""What the notice of a decision says about paying: instalments, due dates, prepayment (納期)."""

from __future__ import annotations

from datetime import date
from typing import Any

from kokuho.base.calendar import era_date
from kokuho.billing import terms
from kokuho.office.assessment.decisions import LevyDecision
from kokuho.office.billing.schedules import Instalment, Schedule
from kokuho.office.billing.terms import term_name
from kokuho.ordinance import OrdinanceYear

_WORDS = {"tax": "税額", "premium": "保険料額"}
_CHANNELS = {
    "ordinary": "普通徴収",
    "pension": "特別徴収(年金からの引き落とし)",
    "prepaid": "前納",
}


def on_notice(decision: LevyDecision, year: OrdinanceYear, issued_on: date) -> dict[str, Any]:
    """``instalments`` and ``payment`` of a notice, inside ``seeing(…)``.

    The schedule is the first that was made from the assessment that the decision made; before it is
    billed there is none, and the notice says that the payment slips tell the due dates. Where the
    schedule took the place of another, each term has the amounts before and after. What was
    changed before its first bill is never billed; its notice says with which decision it was.
    """
    schedule = _schedule(decision)
    if schedule is None:
        later = _billed_with(decision)
        return {"instalments": [], "payment": [_as_of(later, year)] if later else []}
    former = None
    if decision.former is not None:
        former = _before(schedule)
    return {
        "instalments": _rows(schedule, former),
        "payment": _payment(schedule, year, issued_on),
    }


def _schedule(decision: LevyDecision) -> Schedule | None:
    rows = Schedule.objects.filter(
        household=decision.household,
        payer=decision.payer,
        fiscal_year=decision.fiscal_year,
        recorded_at__gte=decision.recording.recorded_at,
    ).exclude(made="provisional")
    schedule: Schedule
    for schedule in rows.order_by("recorded_at"):
        if decision.assessment_id is None or decision.assessment_id in schedule.assessments:
            return schedule
    return None


def _billed_with(decision: LevyDecision) -> LevyDecision | None:
    """The later decision about the same payer and year whose assessment was billed in its place."""
    rows = LevyDecision.objects.filter(
        household=decision.household,
        payer=decision.payer,
        fiscal_year=decision.fiscal_year,
        pk__gt=decision.pk,
    )
    return next((one for one in rows.order_by("pk") if _schedule(one) is not None), None)


def _as_of(later: LevyDecision, year: OrdinanceYear) -> str:
    return (
        f"この{_WORDS[year.insurer.kind]}は、期別の額を定める前に、{era_date(later.decided_on)}の決定"
        f"(第{later.pk}号)により改められました。各納期の納期限と納付額は、その決定の通知書による"
        "ものとし、この通知書により新たに納めていただくものはありません。"
    )


def _before(schedule: Schedule) -> Schedule | None:
    """The schedule in whose place this one came."""
    found: Schedule | None = Schedule.objects.filter(
        household=schedule.household_id,
        payer=schedule.payer_id,
        fiscal_year=schedule.fiscal_year,
        superseded_at=schedule.recorded_at,
    ).first()
    return found


def _rows(schedule: Schedule, former: Schedule | None) -> list[dict[str, Any]]:
    """The demands by due date; one that fell away has nothing after."""
    after = {_key(one): one for one in schedule.instalments.all()}
    before = {_key(one): one for one in former.instalments.all()} if former else {}
    either = before | after
    ordered = sorted(either.values(), key=lambda one: (one.due, one.channel, one.term))
    return [
        {
            "name": term_name(one, schedule),
            "due": era_date(one.due),
            "before": _amount(before.get(_key(one))) if former else None,
            "amount": _amount(after.get(_key(one))),
        }
        for one in ordered
    ]


def _key(one: Instalment) -> tuple[int, str, int]:
    return one.fiscal_year_levied, one.channel, one.term


def _amount(one: Instalment | None) -> int:
    return one.amount if one else 0


def _payment(schedule: Schedule, year: OrdinanceYear, issued_on: date) -> list[str]:
    """How it is paid, and for a prepayment what differs from the terms."""
    if not schedule.total:
        return []
    said = [f"徴収の方法: {_CHANNELS[schedule.channel]}"]
    if schedule.channel != "prepaid":
        return said
    open_terms = [term for term in terms(year) if term.due >= issued_on]
    instead = f"({len(open_terms)}回の納期)" if open_terms else ""
    return [
        *said,
        f"この{_WORDS[schedule.kind]}は、{year.prepayment.legal_text_reference}により、通常の"
        f"納期{instead}に代えて、上の納期限までに一括して納めていただくものです。年額は、期別に"
        "納める場合と同じです。",
        "窓口で早めに納めることもできますが、任意です。年度の途中で加入や脱退などがあったときは、"
        "計算し直し、納め過ぎとなった額は充当し、又は還付します。",
    ]
