"""Decisions about prepayment (前納の判断): made by a person, with reason and day, kept for good.

The facts decide first (:mod:`kokuho.office.billing.standings`); a person decides where they do
not, finds a special circumstance (特別の事情), or that a notice goes out without a declaration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from django.db import models, transaction

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.billing import Decision, Ruling
from kokuho.office.billing.schedules import year_days
from kokuho.office.register import recordings
from kokuho.office.register.households import HouseholdVersion
from kokuho.office.register.models import Household, Recording
from kokuho.office.store.recording import record
from kokuho.ordinance import OrdinanceYear

_ = translator("office_billing")

KINDS: Mapping[str, tuple[str, ...]] = {
    "ruling": ("subject", "not_subject"),
    "excused": (),
    "undeclared": ("notify",),
}
"""What is decided, and the answers to it; those to ``excused`` are codes of the ordinance."""

WITHDRAWN = "withdrawn"
"""The answer that takes a decision back."""


class PrepaymentDecision(HouseholdVersion):
    """A person's decision about the prepayment of one household in one fiscal year.

    Attributes:
        kind: one of :data:`KINDS`: whether it is subject where the facts do not say (``ruling``), a
            special circumstance (``excused``), notifying without a declaration (``undeclared``).
        answer: one of the kind's answers, a code of the ordinance, or :data:`WITHDRAWN`.
        reason, person, decided_on: why, who, when.
    """

    subject = ("household", "kind")

    fiscal_year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    answer = models.CharField(max_length=40)
    reason = models.TextField()
    person = models.TextField()
    decided_on = models.DateField()


class DecidedMeanwhileError(InputError):
    """Somebody else decided after the page was opened; nothing was recorded."""

    def __init__(self, by: PrepaymentDecision) -> None:
        self.by = by
        super().__init__(
            _("{person} has decided meanwhile; look at it and decide again.").format(
                person=by.person
            )
        )


@dataclass(frozen=True)
class Decided:
    """What stands of the decisions about a household; none where there is none."""

    ruling: Ruling | None = None
    excused: Decision | None = None
    undeclared: Decision | None = None
    rows: tuple[PrepaymentDecision, ...] = field(default=(), compare=False)

    @property
    def last(self) -> int:
        """The number of the last decision; 0 for none. It tells whether somebody decided since."""
        return max((row.pk for row in self.rows), default=0)


def of_year(
    fiscal_year: int, households: Iterable[int], known: datetime | date | None = None
) -> dict[int, Decided]:
    """What stands of the decisions about households, by row number."""
    rows = PrepaymentDecision.objects.known(known).filter(
        fiscal_year=fiscal_year, household__in=list(households)
    )
    by_household: dict[int, list[PrepaymentDecision]] = {}
    for row in rows.order_by("pk"):
        by_household.setdefault(row.household_id, []).append(row)
    return {household: _decided(rows) for household, rows in by_household.items()}


def _decided(rows: Iterable[PrepaymentDecision]) -> Decided:
    standing = {row.kind: row for row in rows}
    made = {
        kind: Decision(row.reason, row.person, row.decided_on, row.answer)
        for kind, row in standing.items()
        if row.answer != WITHDRAWN
    }
    ruling = None
    if (ruled := made.get("ruling")) is not None:
        status = standing["ruling"].answer
        own = Decision(ruled.reason, ruled.person, ruled.day)
        ruling = Ruling(cast("object", status), own)  # type: ignore[arg-type]
    return Decided(ruling, made.get("excused"), made.get("undeclared"), tuple(standing.values()))


def history(household: Household, fiscal_year: int) -> list[PrepaymentDecision]:
    """All decisions about a household that ever were, the last first, withdrawals included."""
    rows = PrepaymentDecision.objects.filter(household=household, fiscal_year=fiscal_year)
    return list(rows.order_by("-recorded_at", "-pk"))


def decide(
    household: Household,
    year: OrdinanceYear,
    *,
    kind: str,
    answer: str,
    reason: str,
    person: str,
    decided_on: date,
    seen: int | None = None,
) -> Recording:
    """Record a decision, inside ``seeing(…, writing=True)``.

    Args:
        household: the household.
        year: the ordinance of the levy year.
        kind, answer: see :class:`PrepaymentDecision`.
        reason: why; not empty.
        person: who decides.
        decided_on: the day of the decision.
        seen: :attr:`Decided.last` as the person saw it; none where nobody looked before.

    Raises:
        InputError: an answer that there is not, no reason, nothing to withdraw.
        DecidedMeanwhileError: somebody decided since ``seen``.
    """
    if not reason.strip() or not person.strip():
        raise InputError(_("A decision needs its reason, and the person who makes it."))
    with transaction.atomic():  # a decision that is refused leaves no recording either
        moment = recordings.begin(
            household.insurer_id, actor=person, reason=_("prepayment decision")
        )
        # recordings of an insurer wait for one another: nobody decides between look and word
        before = of_year(year.fiscal_year, [household.pk]).get(household.pk, Decided())
        if seen is not None and before.last != seen:
            raise DecidedMeanwhileError(max(before.rows, key=lambda row: row.pk))
        _check(kind, answer, before, year)
        said = PrepaymentDecision(
            household=household,
            fiscal_year=year.fiscal_year,
            kind=kind,
            answer=answer,
            reason=reason.strip(),
            person=person,
            decided_on=decided_on,
            **year_days(year.fiscal_year),
        )
        record(moment, [said])
    return moment


def answers(kind: str, year: OrdinanceYear) -> tuple[str, ...]:
    """The answers that a kind of decision may have by the ordinance of the year."""
    if kind == "excused":
        return tuple(item.code for item in year.prepayment.special_circumstances or ())
    return KINDS[kind]


def _check(kind: str, answer: str, before: Decided, year: OrdinanceYear) -> None:
    if kind not in KINDS:
        raise InputError(
            _("{kind} is no decision; there are {kinds}.").format(kind=kind, kinds=", ".join(KINDS))
        )
    if answer == WITHDRAWN:
        if getattr(before, kind) is None:
            raise InputError(_("There is no such decision to withdraw."))
    elif answer not in (known := answers(kind, year)):
        raise InputError(
            _("{answer} is no answer here; there are: {answers}.").format(
                answer=answer or "-", answers=", ".join(known) or _("none")
            )
        )
