"""Prescription (消滅時効) of a demand: when the right to collect it ends, and what moved that day.

The tax is gone after five years from the day after its due date (地方税法18条1項, 18条の2第1項
1号), the premium after two (国民健康保険法110条1項); nobody need plead it, and it cannot be waived
(18条2項). Of what happens in between there are four effects:

========  =========================================================================================
renews    runs anew from the next day: acknowledgement by agreement, request or part payment
          (民法152条), the first reminder of a premium (国民健康保険法110条2項)
holds     is not complete while it lasts, then runs anew: the first reminder of a tax, for ten days
          (18条の2第1項2号), a demand for distribution (3号), a seizure (民法148条)
pauses    does not run while it lasts: 徴収の猶予, 換価の猶予 (18条の2第4項)
defers    is not complete for six months: a letter of demand, once (民法150条), and a seizure that
          was annulled (148条1項)
========  =========================================================================================

What happens after the right is gone has no effect. 滞納処分の停止 has none of these effects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from kokuho.arrears.acts import Act, end_of, standing
from kokuho.arrears.kinds import kind_title
from kokuho.base.calendar import era_date, months_after
from kokuho.base.messages import translator
from kokuho.law import parameter

_ = translator("arrears")

LevyKind = Literal["tax", "premium"]
Effect = Literal["renews", "holds", "pauses", "defers"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that moves the day on which a right ends.

    ``until`` is its last day for what holds or pauses; ``None`` while that is open.
    ``renews_after`` says whether the right runs anew when a hold ends; else it is deferred by some
    months more.
    """

    day: date
    effect: Effect
    what: str
    article: str
    until: date | None = None
    renews_after: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the explanation: what happened, and when the right would end after it.

    ``completes`` is the last day on which the right is there; ``None`` while it cannot end.
    """

    day: date
    says: str
    completes: date | None


@dataclass(frozen=True, slots=True)
class Prescription:
    """When the right to collect a demand ends: ``completes`` is its last day.

    ``None``: it cannot end while a seizure or a demand for distribution is open.
    """

    completes: date | None
    lines: tuple[Line, ...]

    def gone(self, on: date) -> bool:
        """Whether the right is gone on a day."""
        return self.completes is not None and self.completes < on


def prescription(
    due: date, kind: LevyKind, events: Iterable[Event] = (), *, first: date | None = None
) -> Prescription:
    """The day on which the right to collect a demand ends, from everything that moved it.

    Args:
        due: the due date (納期限).
        kind: tax or premium.
        events: in any order.
        first: the day from whose end it runs, if not the due date.

    Raises:
        LawError: the law of a day is not known.
    """
    clock = _Clock(due if first is None else first, kind)
    for action in sorted(_actions(events), key=lambda one: (one.day, one.order)):
        clock.take(action)
    return Prescription(clock.completes(), tuple(clock.lines))


@dataclass(frozen=True, slots=True)
class _Action:
    day: date
    order: int
    event: Event
    begins: bool


def _actions(events: Iterable[Event]) -> list[_Action]:
    made = []
    orders = {"renews": 0, "defers": 1, "holds": 2, "pauses": 3}
    for event in dict.fromkeys(events):
        made.append(_Action(event.day, orders[event.effect], event, begins=True))
        if event.effect in ("holds", "pauses") and event.until is not None:
            made.append(_Action(event.until, orders[event.effect] + 2, event, begins=False))
    return made


class _Clock:
    """The running period: ``last`` its natural last day, ``None`` while it is paused."""

    def __init__(self, anchor: date, kind: LevyKind) -> None:
        self.kind = kind
        self.start = self.anchor = anchor
        self.last: date | None = months_after(anchor, self._months(anchor))
        self.left: int | None = None  # days left while paused; None: all of it
        self.floors = {"demand": date.min, "annulled": date.min}
        self.holds, self.pauses = 0, 0
        self.counted: set[Event] = set()
        self.lines: list[Line] = []
        article = "地方税法18条1項・18条の2第1項1号" if kind == "tax" else "国民健康保険法110条1項"
        self._say(
            anchor,
            _("due date; runs from the next day for {months} months ({article})").format(
                months=self._months(anchor), article=article
            ),
        )

    def _months(self, day: date) -> int:
        return _law(f"prescription.{self.kind}", day)

    def completes(self) -> date | None:
        if self.holds or self.pauses:
            return None
        assert self.last is not None
        return max(self.last, *self.floors.values())

    def take(self, action: _Action) -> None:
        event = action.event
        if not action.begins:
            if event in self.counted:
                self._end(event)
            return
        ends = self.completes()
        if ends is not None and ends < event.day:
            self._say(event.day, _("{what}: no effect, the right was gone since {day}").format(
                what=event.what, day=era_date(ends + timedelta(days=1))))  # fmt: skip
            return
        self.counted.add(event)
        match event.effect:
            case "renews":
                self._renew(event.day)
                text = _("{what}: runs anew from the next day ({article})")
            case "holds":
                self.holds += 1
                text = _("{what}: not complete while it lasts ({article})")
            case "pauses":
                self._pause(event.day)
                text = _("{what}: does not run while it lasts ({article})")
            case "defers":
                text = self._defer(event)
        months = _law("prescription.demand_months", event.day)
        self._say(event.day, text.format(what=event.what, article=event.article, months=months))

    def _renew(self, day: date) -> None:
        # what was acknowledged before it was due runs from its due date all the same
        self.anchor = day = max(day, self.start)
        self.floors = dict.fromkeys(self.floors, date.min)
        if self.pauses:
            self.left = None
        else:
            self.last = months_after(day, self._months(day))

    def _pause(self, day: date) -> None:
        self.pauses += 1
        if self.pauses > 1:
            return
        assert self.last is not None
        begun = self.anchor + timedelta(days=1)
        self.left = None if day <= begun else max(0, (self.last - day).days + 1)
        self.last = None

    def _defer(self, event: Event) -> str:
        expired = self.last is not None and self.last < event.day
        if expired and not self.holds and self.floors["annulled"] < event.day:
            return _("{what}: a second one while the first defers has no effect ({article})")
        self.floors["demand"] = max(
            self.floors["demand"],
            months_after(event.day, _law("prescription.demand_months", event.day)),
        )
        return _("{what}: not complete for {months} months ({article})")

    def _end(self, event: Event) -> None:
        assert event.until is not None
        if event.effect == "pauses":
            self._resume(event)
            return
        self.holds -= 1
        months = _law("prescription.withdrawn_months", event.until)
        if event.renews_after:
            self._renew(event.until)
            text = _("end of: {what}; runs anew from the next day")
        else:
            self.floors["annulled"] = max(
                self.floors["annulled"], months_after(event.until, months)
            )
            text = _(
                "end of: {what}; it was annulled: not complete for {months} months, but not anew"
            )
        self._say(event.until, text.format(what=event.what, months=months))

    def _resume(self, event: Event) -> None:
        assert event.until is not None
        self.pauses -= 1
        if not self.pauses:
            if self.left is None:
                self._renew(event.until)
            else:
                self.last = event.until + timedelta(days=self.left)
        self._say(event.until, _("end of: {what}; runs on").format(what=event.what))

    def _say(self, day: date, text: str) -> None:
        self.lines.append(Line(day, text, self.completes()))


def _law(name: str, day: date) -> int:
    return cast("int", parameter(name).on(day).value)


def events_of(
    demand: str, kind: LevyKind, acts: Sequence[Act], payments: Iterable[tuple[date, int]] = ()
) -> tuple[Event, ...]:
    """What moved the prescription of a demand, from the acts of its household and its payments.

    Args:
        demand: its id.
        kind: tax or premium.
        acts: the household's acts.
        payments: day and yen of what the debtor paid of its principal, each leaving a rest.
    """
    stand = standing(acts)
    own = [act for act in stand if demand in act.demands]
    found = [
        Event(day, "renews", _("part payment of {yen} yen").format(yen=f"{yen:,}"),
              _article(kind, "152条"))
        for day, yen in payments
    ]  # fmt: skip
    reminded = False
    for act in own:
        title = kind_title(act.kind)
        match act.kind:
            case "reminder" if not reminded:
                reminded = True
                found.append(_reminder(act, kind, title))
            case "reminder" | "demand_letter":
                found.append(Event(act.day, "defers", title, _article(kind, "150条")))
            case "agreement" | "acknowledgement" | "deferral_asked":
                found.append(Event(act.day, "renews", title, _article(kind, "152条")))
            case "deferral":
                end = end_of(act, stand)
                last = min(act.until or act.day, end.day if end else date.max)
                article = "地方税法18条の2第4項" if kind == "tax" else "条例(未確認)"
                found.append(Event(act.day, "pauses", title, article, last))
            case "seizure":
                end = end_of(act, stand)
                found.append(Event(act.day, "holds", title, _article(kind, "148条"),
                    end.day if end else None,
                    renews_after=end is None or end.code != "annulled"))  # fmt: skip
            case "distribution":
                end = end_of(act, stand)
                article = "地方税法18条の2第1項3号" if kind == "tax" else "民法148条"
                found.append(Event(act.day, "holds", title, article, end.day if end else None))
            case _:
                pass
    return tuple(found)


def _reminder(act: Act, kind: LevyKind, title: str) -> Event:
    if kind == "premium":
        return Event(act.day, "renews", title, "国民健康保険法110条2項")
    days = _law("prescription.reminder_days_tax", act.day)
    return Event(act.day, "holds", title, "地方税法18条の2第1項2号", act.day + timedelta(days=days))


def _article(kind: LevyKind, civil: str) -> str:
    return f"地方税法18条3項・民法{civil}" if kind == "tax" else f"民法{civil}"
