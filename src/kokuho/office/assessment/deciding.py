"""Recording what the office decided for a person or a household (軽減・減免などの決定).

The kinds are those of ``register.codes``; the levy and the limits of time read them. Whoever
decides judges the application: here it is only written down, who did and since when it was known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.assessment.succession import find_resident
from kokuho.office.register import codes, recordings
from kokuho.office.register.decision_rules import NAMES, details, maternity_end, of_household
from kokuho.office.register.models import Household, HouseholdDecision, PersonDecision
from kokuho.office.store.recording import record, retract

_ = translator("assessment")

Decision = PersonDecision | HouseholdDecision


@dataclass(frozen=True)
class Decided:
    """What was decided.

    Attributes:
        kind: of ``codes.PERSON_DECISIONS`` or ``codes.HOUSEHOLD_DECISIONS``.
        number: address number of the person, or number of the household, as the kind asks for.
        since, until: from which day, to before which (none: without end).
        decided_on, reference: the day and the number of the decision on paper.
        months, share_ppm, amount, answer: see ``register.decision_rules``; a share in millionths,
            an amount in yen.
    """

    kind: str
    number: str
    since: date
    until: date | None = None
    decided_on: date | None = None
    reference: str = ""
    months: int | None = None
    share_ppm: int | None = None
    amount: int | None = None
    answer: str | None = None


def decide(insurer: str, decided: Decided, actor: str) -> bool:
    """Record a decision; false if it was known already as it is.

    Inside ``seeing(…, writing=True)``. A correction of one has the same first day.

    Raises:
        InputError: no such person or household, or not what the kind asks for.
    """
    _check(decided)
    moment = recordings.begin(insurer, actor=actor, reason=title(decided.kind))
    until = decided.until
    if decided.kind == "maternity" and until is None:
        until = maternity_end(decided.since, decided.months or 0)
    decision = _about(insurer, decided.kind, decided.number)(
        valid_from=decided.since,
        valid_to=until,
        decided_on=decided.decided_on,
        reference=decided.reference,
        **said_of(decided),
    )
    return bool(record(moment, [decision]))


def withdraw(insurer: str, kind: str, number: str, since: date, actor: str) -> None:
    """Take a decision back, as if it had not been made; that it was known stays on record.

    Raises:
        InputError: there is none of the kind from that day.
    """
    known = [one for one in decisions(insurer, kind, number) if one.valid_from == since]
    if not known:
        raise InputError(
            _("{number} has no decision “{kind}” from {since}.").format(
                number=number, kind=title(kind), since=since
            )
        )
    retract(recordings.begin(insurer, actor=actor, reason=f"{title(kind)} 取消し"), known)


def decisions(insurer: str, kind: str = "", number: str = "") -> list[Decision]:
    """The decisions that are known, of a kind and a person or household, or all; in order."""
    found: list[Decision] = []
    for model, name in (
        (PersonDecision, "resident__address_number"),
        (HouseholdDecision, "household__household_number"),
    ):
        wanted = ({"kind": kind} if kind else {}) | ({name: number} if number else {})
        rows: Any = model.objects.known().filter(insurer_id=insurer, **wanted)
        found += rows.order_by(name, "kind", "valid_from").select_related(name.split("__")[0])
    return found


def number_of(decision: Decision) -> str:
    """The address number, or the number of the household, that a decision is about."""
    if isinstance(decision, PersonDecision):
        return str(decision.resident.address_number)
    return str(decision.household.household_number)


def said_of(decision: Decided | Decision) -> dict[str, Any]:
    """What a decision says beside its days, as far as its kind says it."""
    said = {name: getattr(decision, name) for name in details(decision.kind).takes}
    return {name: value for name, value in said.items() if value not in (None, "")}


def title(kind: str) -> str:
    """The name of a kind of decision, in the language of the interface."""
    both = {**codes.PERSON_DECISIONS, **codes.HOUSEHOLD_DECISIONS}
    return codes.label(both, kind)


def _check(decided: Decided) -> None:
    known = details(decided.kind)
    for name in NAMES:
        given = getattr(decided, name) is not None
        if given and name not in known.takes:
            text = _("A decision “{kind}” takes no {detail}.")
        elif not given and name in known.needs:
            text = _("A decision “{kind}” needs {detail}.")
        else:
            continue
        raise InputError(text.format(kind=title(decided.kind), detail=_detail(name)))
    if decided.until is not None and decided.until <= decided.since:
        raise InputError(
            _("The decision ends on {until}, not after its first day {since}.").format(
                until=decided.until, since=decided.since
            )
        )


def _detail(name: str) -> str:
    return {
        "months": _("months"),
        "share_ppm": _("a share"),
        "amount": _("an amount"),
        "answer": _("an answer"),
    }[name]


def _about(insurer: str, kind: str, number: str) -> Any:
    """What makes a decision of a kind about whom it is for."""
    if not of_household(kind):
        resident = find_resident(insurer, number)
        return lambda **facts: PersonDecision(resident=resident, kind=kind, **facts)
    household = Household.objects.filter(insurer_id=insurer, household_number=number).first()
    if household is None:
        raise InputError(
            _("Insurer {insurer} has no household {number}.").format(insurer=insurer, number=number)
        )
    return lambda **facts: HouseholdDecision(household=household, kind=kind, **facts)
