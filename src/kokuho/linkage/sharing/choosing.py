"""Whom a list names, what it shows of them, and whether it still holds when it is given away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kokuho.linkage.sharing.settings import Criteria, Settings

KEPT_OUT = ("deferred", "agreed_kept", "not_due", "suspended")
"""States that a list names only where the settings ask for them by name."""

Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class Household:
    """A household with arrears, as the books say it.

    Attributes:
        resident, house: row numbers of the head and of the household.
        foreign: whether the head is a foreign national.
        status, kind: the head's status of residence, and their class (在留資格、区分).
        acts: kinds of acts that stand of the household.
        state: one of :data:`kokuho.arrears.STATES`.
        overdue: yen of principal whose due date has passed.
        months: full months since the oldest due date.
        arrived: yen that have arrived and are posted to no demand yet.
        protected: whether anybody in the household is under 支援措置.
        shown: the value of each column.
    """

    resident: int
    house: int
    foreign: bool
    status: str
    kind: str
    acts: frozenset[str]
    state: str
    overdue: int
    months: int
    arrived: int
    protected: bool
    shown: Mapping[str, Value]


def meets(criteria: Criteria, one: Household) -> bool:
    """Whether the settings ask for a household at all."""
    return (
        (criteria.heads == "all" or one.foreign)
        and one.overdue > 0
        and one.months >= (criteria.months_overdue or 0)
        and one.overdue >= (criteria.least_overdue or 0)
        and (one.state in criteria.states if criteria.states else one.state not in KEPT_OUT)
        and one.acts >= set(criteria.acts)
        and not (one.foreign and one.status in criteria.excluded_statuses)
        and not (one.foreign and one.kind in criteria.excluded_kinds)
    )


def left_out(one: Household) -> str:
    """Why a household that meets the criteria is not named; empty: it is.

    Money that has arrived may be for the very arrears: a list with stale arrears is worse than one
    that is made again tomorrow.
    """
    if one.protected:
        return "protected"
    return "arrived" if one.arrived > 0 else ""


def rows(settings: Settings, households: Sequence[Household]) -> list[Household]:
    """The households that a list names."""
    return [one for one in households if meets(settings.criteria, one) and not left_out(one)]


def columns_of(settings: Settings, one: Household) -> dict[str, Value]:
    """What a list shows of a household: the columns that are set, in their order, and no more."""
    return {name: one.shown[name] for name in settings.columns}


def stale(
    settings: Settings, listed: Sequence[tuple[int, int, str]], now: Sequence[Household]
) -> list[int]:
    """The heads of whom a list does not hold any more.

    Args:
        settings: of the list.
        listed: head, yen overdue and state as they were listed.
        now: the households as they are now.
    """
    still = {one.resident: one for one in rows(settings, now)}
    return [
        resident
        for resident, overdue, state in listed
        if (one := still.get(resident)) is None or one.overdue < overdue or one.state != state
    ]
