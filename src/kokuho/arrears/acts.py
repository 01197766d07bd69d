"""Acts (滞納整理の記録): what was done about a household's arrears, when, and of which demands.

Acts are only added. One that was wrong is withdrawn by another; one that lasts (an agreement, a
deferral, a seizure, a suspension) is ended by another. Whoever reads them asks :func:`standing`
first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from kokuho.arrears.kinds import KINDS, Kind, kind_title
from kokuho.base.calendar import era_date, months_after
from kokuho.base.errors import ArrearsError
from kokuho.base.messages import translator
from kokuho.law import parameter

_ = translator("arrears")


@dataclass(frozen=True, slots=True)
class Promise:
    """One payment of an instalment agreement (分納): until ``due``, ``amount`` yen."""

    due: date
    amount: int


@dataclass(frozen=True, slots=True)
class Act:
    """One act.

    Attributes:
        number: the office's number; later acts have higher ones.
        kind: one of :data:`kokuho.arrears.kinds.KINDS`.
        day: the day on which it was done or from which it counts.
        household: the number of the household.
        demands: the demands (調定の単位) that it is about.
        until: its last day, where it has one: of a deferral, of the term that a reminder sets.
        code: one of the codes of its kind.
        amount: yen, where the kind has an amount; of an agreement what its plan adds up to, where
            somebody confirmed that it is meant to be less than is owed.
        refers: the number of the act that it ends or withdraws.
        plan: the instalments of an agreement, in order of their due dates.
        text: words of the clerk.
        actor: who recorded it.
    """

    number: int
    kind: str
    day: date
    household: str
    demands: tuple[str, ...] = ()
    until: date | None = None
    code: str = ""
    amount: int | None = None
    refers: int | None = None
    plan: tuple[Promise, ...] = ()
    text: str = ""
    actor: str = ""


def standing(acts: Iterable[Act]) -> tuple[Act, ...]:
    """The acts that were not withdrawn, oldest first; withdrawals themselves are left out."""
    listed = list(acts)
    withdrawn = {act.refers for act in listed if act.kind == "withdrawal"}
    left = [act for act in listed if act.kind != "withdrawal" and act.number not in withdrawn]
    return tuple(sorted(left, key=lambda act: (act.day, act.number)))


def end_of(act: Act, acts: Iterable[Act]) -> Act | None:
    """The standing act that ended another, if there is one."""
    return next(
        (one for one in acts if one.refers == act.number and act.kind in KINDS[one.kind].ends), None
    )


def in_force(kind: str, acts: Sequence[Act], on: date) -> tuple[Act, ...]:
    """The standing acts of a kind that hold on a day: begun, not past their last day, not ended.

    The day of the act that ends it is its last day.
    """
    held = []
    for act in acts:
        if act.kind != kind or act.day > on or (act.until is not None and act.until < on):
            continue
        end = end_of(act, acts)
        if end is None or end.day >= on:
            held.append(act)
    return tuple(held)


def check(act: Act, earlier: Iterable[Act], known: Iterable[str], today: date) -> None:
    """Refuse an act that does not hold together with what is recorded of its household.

    Args:
        act: what is to be recorded.
        earlier: all acts of the household.
        known: the demands of the household.
        today: acts of a later day are not recorded; plans and last days may lie later.

    Raises:
        ArrearsError: which of its parts is wrong, and what was expected.
    """
    kind = KINDS.get(act.kind)
    if kind is None:
        raise ArrearsError(
            _("there is no kind {kind}; kinds are: {kinds}").format(
                kind=act.kind, kinds=", ".join(KINDS)
            )
        )
    if act.day > today:
        raise _wrong(act, _("its day {day} lies in the future").format(day=act.day))
    _check_needs(act, kind)
    if unknown := sorted(set(act.demands) - set(known)):
        raise _wrong(act, _("the household has no demand {demand}").format(demand=unknown[0]))
    _check_reference(act, kind, tuple(earlier))
    if act.until is not None and act.until < act.day:
        raise _wrong(act, _("it ends on {until}, before it begins").format(until=act.until))
    if act.kind == "deferral":
        _check_deferral(act, standing(earlier))
    if kind.plan:
        _check_plan(act)
        planned = sum(promise.amount for promise in act.plan)
        if act.amount is not None and act.amount != planned:
            raise _wrong(
                act,
                _("its amount confirms what the plan adds up to, {planned} yen").format(
                    planned=f"{planned:,}"
                ),
            )


def _check_needs(act: Act, kind: Kind) -> None:
    parts = {
        "demands": (kind.demands, bool(act.demands)),
        "until": (kind.until, act.until is not None),
        "amount": (kind.amount, act.amount is not None),
        "text": (kind.text, bool(act.text.strip())),
        "code": ("required" if kind.codes else "none", bool(act.code)),
        "plan": ("required" if kind.plan else "none", bool(act.plan)),
    }
    for name, (need, given) in parts.items():
        if need == "required" and not given:
            raise _wrong(act, _("it needs: {part}").format(part=_(name)))
        if need == "none" and given:
            raise _wrong(act, _("it takes no: {part}").format(part=_(name)))
    if kind.codes and act.code not in kind.codes:
        raise _wrong(
            act,
            _("{code} is not one of: {codes}").format(code=act.code, codes=", ".join(kind.codes)),
        )
    if act.amount is not None and act.amount <= 0:
        raise _wrong(act, _("an amount is above 0 yen"))


def _check_reference(act: Act, kind: Kind, earlier: Sequence[Act]) -> None:
    stand = standing(earlier)
    if act.kind == "withdrawal":
        if act.refers not in {one.number for one in stand}:
            raise _wrong(act, _("there is no record {number} that stands").format(
                number=act.refers))  # fmt: skip
        if ending := [one for one in stand if one.refers == act.refers]:
            raise _wrong(act, _("record {number} refers to it; withdraw that first").format(
                number=ending[0].number))  # fmt: skip
        return
    if not kind.ends:
        if act.refers is not None:
            raise _wrong(act, _("it refers to no other record"))
        return
    fitting = {one.number: one for one in stand if one.kind in kind.ends}
    target = fitting.get(act.refers or 0)
    if target is None or end_of(target, stand):
        kinds = ", ".join(kind_title(one) for one in kind.ends)
        raise _wrong(act, _("it ends a record of {kinds} that is in force; give its number").format(
            kinds=kinds))  # fmt: skip
    if act.day < target.day:
        raise _wrong(act, _("it lies before record {number}, which it ends").format(
            number=target.number))  # fmt: skip


_LONGEST = {
    "collection_disaster": ("collection_months", "collection_months_in_all"),
    "collection_hardship": ("collection_months", "collection_months_in_all"),
    "sale_by_office": ("sale_months", "sale_months_in_all"),
    "sale_on_request": ("sale_on_request_months", "sale_months_in_all"),
}


def _check_deferral(act: Act, stand: Sequence[Act]) -> None:
    """At most a year at a time, two years with what went before it (地方税法15条〜15条の6).

    A deferral of the same code that was in force on the day before is the one that is extended.
    """
    assert act.until is not None
    one, whole = (
        cast("int", parameter(f"deferral.{name}").on(act.day).value) for name in _LONGEST[act.code]
    )
    before = [
        other for other in stand
        if other.kind == "deferral" and other.code == act.code
        and set(other.demands) & set(act.demands)
    ]  # fmt: skip
    for other in before:
        end = end_of(other, stand)
        last = min(other.until or act.day, end.day if end else date.max)
        if other.day <= act.until and act.day <= last:
            raise _wrong(act, _("record {number} defers the same demand until {until}").format(
                number=other.number, until=last))  # fmt: skip
    first = min((other.day for other in before), default=act.day)
    limits = (_last_of(act.day, one), _last_of(first, whole))
    if act.until > min(limits):
        text = _("it may last until {day} at most ({one} months, {whole} in all)")
        raise _wrong(act, text.format(day=era_date(min(limits)), one=one, whole=whole))


def _last_of(first: date, months: int) -> date:
    """The last day of so many months that begin with ``first`` (民法140条ただし書・143条)."""
    return months_after(first - timedelta(days=1), months)


def _check_plan(act: Act) -> None:
    days = [one.due for one in act.plan]
    if days != sorted(set(days)) or days[0] < act.day:
        raise _wrong(act, _("its instalments have different days, in order, from {day} on").format(
            day=act.day))  # fmt: skip
    if any(one.amount <= 0 for one in act.plan):
        raise _wrong(act, _("an amount is above 0 yen"))


def _wrong(act: Act, what: str) -> ArrearsError:
    return ArrearsError(
        _("{kind} of household {household}: {what}").format(
            kind=kind_title(act.kind), household=act.household, what=what
        )
    )
