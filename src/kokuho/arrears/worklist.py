"""The work list (滞納整理の作業一覧), ordered by what a collector can still change.

What would be lost for good comes first, by its day; then what is to be done now; then next steps;
then those with whom all is settled and who only have to be waited for; at the end what cannot be
collected any more. Nationality and status of residence are no input: a card that runs out and a
departure are days on which somebody may become hard to reach, whoever they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from kokuho.arrears.acts import Act, end_of, in_force
from kokuho.arrears.household import Household, Windows
from kokuho.arrears.kinds import kind_title
from kokuho.arrears.prescription import LevyKind, Prescription, events_of, prescription
from kokuho.arrears.reminders import ReminderDue, returned_and_open, seizure_from
from kokuho.arrears.suspension import extinct_from, write_off_of
from kokuho.base.calendar import era_date
from kokuho.base.messages import translator

_ = translator("arrears")

GROUPS: Mapping[str, str] = {
    "losing": "would be lost",
    "now": "to be done now",
    "next": "next step",
    "waiting": "waiting",
    "lost": "to be written off",
}
Group = Literal["losing", "now", "next", "waiting", "lost"]
_ORDER = {name: place for place, name in enumerate(GROUPS)}

REASONS: Mapping[str, str] = {
    "prescription": "prescription near",
    "departure": "departure",
    "card": "residence card expires",
    "reminder": "reminder due",
    "promise": "payment of the agreement missed",
    "mail": "mail returned",
    "deferral": "deferral ends",
    "suspension": "suspension ends",
    "silence": "no contact",
    "seizure": "seizure possible",
    "agreed": "agreement kept",
    "held": "deferred or suspended",
    "write_off": "right gone",
}
"""Why a household stands in the list (一覧に載る理由)."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What the register says of the days of a household's head. Days alone, no status.

    ``leaves_on`` is the day of a departure that was announced or happened (転出・出国),
    ``card_expires_on`` that of the residence card or period of stay, whichever comes first.
    """

    leaves_on: date | None = None
    card_expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something can or must be done: a code of :data:`REASONS`, its day, and it in words."""

    code: str
    group: Group
    day: date | None
    text: str


@dataclass(frozen=True)
class Item:
    """A household in the work list; ``owed`` is everything overdue, in yen."""

    household: Household
    owed: int
    oldest: date
    reasons: tuple[Reason, ...]

    @property
    def first(self) -> Reason:
        """The reason that decides its place."""
        return self.reasons[0]


def group_title(group: str) -> str:
    """A group for people."""
    return _(GROUPS[group])


def reason_title(reason: str) -> str:
    """A reason for people."""
    return _(REASONS[reason])


def work_list(
    listed: Sequence[Household],
    reminders: Sequence[ReminderDue],
    payments: Mapping[str, Sequence[tuple[date, int]]],
    whereabouts: Mapping[str, Whereabouts],
    kind: LevyKind,
    on: date,
    windows: Windows | None = None,
) -> tuple[Item, ...]:
    """The households with arrears that have a reason to be in the list, in its order.

    Args:
        listed: of :func:`kokuho.arrears.household.households`.
        reminders: of :func:`kokuho.arrears.reminders.reminders_due`.
        payments: of :func:`kokuho.arrears.payments.part_payments`.
        whereabouts: by household, where there is something to say.
        kind: tax or premium.
        on: the day.
        windows: how far ahead to look.
    """
    windows = windows or Windows()
    due: dict[str, list[ReminderDue]] = {}
    for one in reminders:
        due.setdefault(one.household, []).append(one)
    items = []
    for house in listed:
        late = house.due
        if not late.height:
            continue
        look = _Look(house, kind, on, windows, payments)
        where = whereabouts.get(house.number, Whereabouts())
        reasons = list(look.rights())
        if look.gone != {name for name, _day in look.demands}:
            # where everything is gone there is no next step
            reasons += [*look.whereabouts(where), *look.acts(due.get(house.number, ()))]
        reasons.sort(key=_place)
        if reasons:
            owed = int(late.select(pl.sum_horizontal("principal", "interest", "fee")).sum().item())
            oldest = late["due"].min()
            assert isinstance(oldest, date)
            items.append(Item(house, owed, oldest, tuple(reasons)))
    return tuple(
        sorted(items, key=lambda one: (*_place(one.first), -one.owed, one.household.number))
    )


def _place(reason: Reason) -> tuple[int, date]:
    return _ORDER[reason.group], reason.day or date.max


def prescription_of(
    demand: str,
    due: date,
    kind: LevyKind,
    acts: Sequence[Act],
    payments: Mapping[str, Sequence[tuple[date, int]]],
) -> Prescription:
    """The prescription of one demand of a household, with every event that moved it."""
    return prescription(due, kind, events_of(demand, kind, acts, payments.get(demand, ())))


class _Look:
    """What one household gives reason for."""

    def __init__(
        self,
        house: Household,
        kind: LevyKind,
        on: date,
        windows: Windows,
        payments: Mapping[str, Sequence[tuple[date, int]]],
    ) -> None:
        self.house, self.kind, self.on, self.windows = house, kind, on, windows
        self.payments = payments
        self.demands = list(house.due.select("demand_id", "due").iter_rows())
        self.gone: set[str] = set()

    def rights(self) -> Iterator[Reason]:
        """Rights that end, or have ended; of several the nearest."""
        near: list[date] = []
        gone: list[date] = []
        until = self.on + timedelta(days=self.windows.prescription_days)
        for demand, due in self.demands:
            # nothing makes it end sooner than it would by itself
            if prescription(due, self.kind).completes > until and not self._suspended(demand):  # type: ignore[operator]
                continue
            found = prescription_of(demand, due, self.kind, self.house.acts, self.payments)
            lost = write_off_of(demand, self.house.acts, found, self.on)
            if lost is not None:
                gone.append(lost.since)
                self.gone.add(demand)
            elif found.completes is not None and found.completes <= until:
                near.append(found.completes)
        if near:
            day = min(near)
            yield Reason(
                "prescription",
                "losing",
                day,
                _("{count} demands prescribe, the first at the end of {day}").format(
                    count=len(near), day=era_date(day)
                ),
            )
        if gone:
            yield Reason(
                "write_off",
                "lost",
                min(gone),
                _("of {count} demands the right is gone since {day}").format(
                    count=len(gone), day=era_date(min(gone))
                ),
            )

    def _suspended(self, demand: str) -> bool:
        return any(
            demand in act.demands and act.kind in ("suspension", "extinction")
            for act in self.house.acts
        )

    def whereabouts(self, where: Whereabouts) -> Iterator[Reason]:
        """Days on which somebody may become hard to reach."""
        if (day := where.leaves_on) is not None:
            if self.on <= day <= self.on + timedelta(days=self.windows.departure_days):
                yield Reason(
                    "departure",
                    "losing",
                    day,
                    _("leaves on {day}: settle, or ask for an agent and an account").format(
                        day=era_date(day)
                    ),
                )
            elif day < self.on:
                yield Reason(
                    "departure", "next", None, _("left on {day}").format(day=era_date(day))
                )
        day = where.card_expires_on
        if day is not None and day <= self.on + timedelta(days=self.windows.card_days):
            left = where.leaves_on is not None and where.leaves_on < self.on
            if not left:
                yield Reason(
                    "card",
                    "now",
                    day,
                    _("residence card or period of stay until {day}").format(day=era_date(day)),
                )

    def acts(self, reminders: Sequence[ReminderDue]) -> Iterator[Reason]:
        """What follows from what was done."""
        yield from self._reminders(reminders)
        yield from self._agreements()
        for act in returned_and_open(self.house.acts):
            yield Reason(
                "mail", "now", act.day, _("mail came back on {day}").format(day=era_date(act.day))
            )
        yield from self._lasting()
        yield from self._next()

    def _reminders(self, reminders: Sequence[ReminderDue]) -> Iterator[Reason]:
        if not reminders:
            return
        bound = [one.by for one in reminders if one.by is not None]
        day = min(bound or [one.since for one in reminders])
        text = _("a first reminder of {count} demands may be sent since {day}")
        if bound:
            text = _("a first reminder of {count} demands is due by {day}")
            if day < self.on:
                text = _("a first reminder of {count} demands was due by {day}")
        words = text.format(count=len(reminders), day=era_date(day))
        yield Reason("reminder", "now", day, words)

    def _agreements(self) -> Iterator[Reason]:
        for one in self.house.agreements:
            if one.missed:
                first = one.missed[0]
                yield Reason(
                    "promise",
                    "now",
                    first.due,
                    _("{count} payments of the agreement are missed, the first of {day}").format(
                        count=len(one.missed), day=era_date(first.due)
                    ),
                )
            elif one.next is not None:
                yield Reason(
                    "agreed",
                    "waiting",
                    one.next.due,
                    _("agreement kept; next payment {yen} yen by {day}").format(
                        yen=f"{one.next.amount:,}", day=era_date(one.next.due)
                    ),
                )

    def _lasting(self) -> Iterator[Reason]:
        soon = self.on + timedelta(days=self.windows.ending_days)
        for act in in_force("deferral", self.house.acts, self.on):
            assert act.until is not None
            near = act.until <= soon
            yield Reason(
                "deferral" if near else "held",
                "now" if near else "waiting",
                act.until,
                _("deferral until {day}").format(day=era_date(act.until)),
            )
        for act in in_force("suspension", self.house.acts, self.on):
            day = extinct_from(act) - timedelta(days=1)
            if day >= self.on:
                near = day <= soon
                yield Reason(
                    "suspension" if near else "held",
                    "now" if near else "waiting",
                    day,
                    _("execution suspended; extinct after {day} unless it is cancelled").format(
                        day=era_date(day)
                    ),
                )

    def _next(self) -> Iterator[Reason]:
        """A next step, where nothing is settled with the household."""
        if self.house.state not in ("unpaid", "reminded", "agreed_missed", "seized"):
            return
        acts = self.house.acts
        reminders = [act for act in acts if act.kind == "reminder"]
        names = {name for name, _due in self.demands}
        ripe = [
            day
            for act in reminders
            if names & set(act.demands) and (day := seizure_from(act)) <= self.on
        ]
        if ripe and self.house.state in ("reminded", "agreed_missed"):
            yield Reason(
                "seizure",
                "next",
                min(ripe),
                _("reminded and unpaid: property may be seized since {day}").format(
                    day=era_date(min(ripe))
                ),
            )
        touched = [act.day for act in (*self.house.contacts, *reminders)]
        touched += [act.day for act in acts if act.kind == "demand_letter"]
        last = max(touched, default=None)
        if last is not None and (self.on - last).days >= self.windows.silence_days:
            yield Reason(
                "silence", "next", last, _("nothing since {day}").format(day=era_date(last))
            )


def last_act(acts: Sequence[Act]) -> str:
    """The last act in words, for a list: ``令和8年10月1日 督促``."""
    if not acts:
        return ""
    act = max(acts, key=lambda one: (one.day, one.number))
    ended = end_of(act, acts)
    return f"{era_date(act.day)} {kind_title(act.kind)}" + (
        f"({kind_title(ended.kind)})" if ended else ""
    )
