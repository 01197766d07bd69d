"""Opening cases and recording steps: always by a user, who has the right, and kept for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db.models import Max
from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.bureau import KINDS, Step, check, scheme
from kokuho.office.accounts import rights
from kokuho.office.accounts.rights import entitled
from kokuho.office.accounts.users import User
from kokuho.office.bureau.candidates import acquired_before, acquisitions, candidates, foreigners
from kokuho.office.bureau.case import Case, StepRow
from kokuho.office.register.models import BenefitEvent, Insurer, Resident
from kokuho.office.register.recordings import begin
from kokuho.office.store.recording import record as store
from kokuho.office.tenancy import seeing

_ = translator("bureau")


def open_case(insurer: str, event: int, user: User) -> int:
    """Open an interview for an application that :func:`candidates` lists; the case's number.

    Raises:
        LinkageError: it is not listed (any more), or the user has no right.
    """
    entitled(user, insurer, rights.BUREAU_NOTICE)
    with seeing([insurer], writing=True):
        _lock(insurer)
        listed = candidates(insurer, timezone.localdate())
        found = next((one for one in listed if one.event == event), None)
        if found is None:
            raise LinkageError(_("this application opens no interview, or has one already"))
        return _opened(
            insurer, user, resident_id=found.resident, trigger=found.kind,
            event_day=found.applied_on, care_from=found.care_from, reference=found.reference,
            acquired_on=found.acquired_on,
        )  # fmt: skip


def open_by_hand(
    insurer: str, person: str, trigger: str, day: date, reason: str, user: User
) -> int:
    """Open an interview because a person suspects (特に疑われる場合); the case's number.

    Raises:
        LinkageError: the trigger is an application, no reason is given, the day is none within a
            year of acquisition of an insured foreign national, or the user has no right.
    """
    entitled(user, insurer, rights.BUREAU_NOTICE)
    rule = scheme().on(day)
    if rule.trigger(trigger).by != "person":
        raise LinkageError(_("{code} opens an interview by its application").format(code=trigger))
    if not reason.strip():
        raise LinkageError(_("say what the suspicion rests on"))
    today = timezone.localdate()
    if day > today:
        raise LinkageError(_("{day} is in the future").format(day=day))
    with seeing([insurer], writing=True):
        _lock(insurer)
        resident = resident_of(insurer, person)
        since = None
        if resident.pk in foreigners({resident.pk}):
            days = acquisitions({resident.pk}).get(resident.pk, [])
            since = acquired_before(days, day)
        if since is None or not rule.within(since, day):
            raise LinkageError(
                _("the scheme is for insured foreign nationals within {months} months of "
                  "acquisition").format(months=rule.months)
            )  # fmt: skip
        again = Case.objects.filter(
            insurer_id=insurer, resident=resident, trigger=trigger, event_day=day
        )
        if again.exists():
            raise LinkageError(_("a case of that day is open already"))
        return _opened(
            insurer, user, resident_id=resident.pk, trigger=trigger, event_day=day,
            acquired_on=since, text=reason.strip(),
        )  # fmt: skip


def note_application(
    insurer: str, person: str, kind: str, applied_on: date, care_from: date | None,
    reference: str, user: User,
) -> None:  # fmt: skip
    """Put an application for a benefit into the register, as a file of benefits does.

    Raises:
        LinkageError: no such kind or person, a day to come, or the user has no right.
    """
    entitled(user, insurer, rights.BUREAU_NOTICE)
    today = timezone.localdate()
    if kind not in scheme().on(today).benefits:
        raise LinkageError(_("choose which benefit was applied for"))
    if applied_on > today or (care_from is not None and care_from > today):
        raise LinkageError(_("{day} is in the future").format(day=applied_on))
    with seeing([insurer], writing=True):
        resident = resident_of(insurer, person)
        when = begin(insurer, actor=user.username, reason="給付の申請の記録")
        fact = BenefitEvent(
            resident=resident, valid_from=applied_on, valid_to=_next(applied_on), kind=kind,
            care_from=care_from, reference=reference,
        )  # fmt: skip
        store(when, [fact])


def take(insurer: str, number: int, step: Step, user: User) -> Step:
    """Record a step of a case as the user's; its number is given here.

    Raises:
        LinkageError: there is no such case, the step does not fit, or the user has no right.
    """
    entitled(user, insurer, rights.BUREAU_NOTICE)
    kind = KINDS.get(step.kind)
    if kind is not None and kind.decides:
        entitled(user, insurer, rights.BUREAU_DECIDE)
    with seeing([insurer], writing=True):
        _lock(insurer)
        case = case_of(insurer, number)
        earlier = steps_of(case)
        if step.kind == "correction":
            _may_take_back(step, earlier, user, insurer)
        rule = scheme().on(case.event_day)
        made = replace(step, number=len(earlier) + 1, actor=user.username)
        check(rule, made, earlier, timezone.localdate())
        StepRow.objects.create(
            insurer_id=insurer, case=case, number=made.number, kind=made.kind, day=made.day,
            actor=made.actor, code=made.code, text=made.text.strip(),
            answers=[[one.code, one.value.strip(), one.how] for one in made.answers],
            since=made.since, amount=made.amount, to=made.to.strip(), papers=list(made.papers),
            refers=made.refers, at=timezone.now(),
        )  # fmt: skip
    return made


def _may_take_back(step: Step, earlier: tuple[Step, ...], user: User, insurer: str) -> None:
    """A decision is taken back only by who may decide."""
    gone = next((one for one in earlier if one.number == step.refers), None)
    if gone is not None and KINDS[gone.kind].decides:
        entitled(user, insurer, rights.BUREAU_DECIDE)


def case_of(insurer: str, number: int) -> Case:
    """A case by its number, inside ``seeing``.

    Raises:
        LinkageError: there is none.
    """
    found: Case | None = Case.objects.filter(insurer_id=insurer, number=number).first()
    if found is None:
        raise LinkageError(_("there is no case {number}").format(number=number))
    return found


def steps_of(case: Case) -> tuple[Step, ...]:
    """All steps of a case, oldest first."""
    return tuple(row.step() for row in StepRow.objects.filter(case=case).order_by("number"))


def resident_of(insurer: str, person: str) -> Resident:
    """A resident by address number, inside ``seeing``.

    Raises:
        LinkageError: the register does not know them.
    """
    found: Resident | None = Resident.objects.filter(
        insurer_id=insurer, address_number=person
    ).first()
    if found is None:
        raise LinkageError(_("the register knows nobody by {person}").format(person=person))
    return found


def _opened(insurer: str, user: User, **facts: object) -> int:
    rows = Case.objects.filter(insurer_id=insurer)
    number = int(rows.aggregate(last=Max("number"))["last"] or 0) + 1
    Case.objects.create(
        insurer_id=insurer, number=number, actor=user.username, at=timezone.now(), **facts
    )
    return number


def _lock(insurer: str) -> None:
    """Let one transaction at a time number the cases and steps of an insurer."""
    Insurer.objects.select_for_update(no_key=True).get(code=insurer)


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
