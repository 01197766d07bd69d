"""Collection records (収納情報) from what ledger, arrears and register say; in no layout's form.

Money is the principal of the levy (本税・本料); interest on arrears and fees are no part of it.
Amounts stand apart so that none can be read as another: what is owed and due, what is owed and not
due yet, what has arrived and is not posted. A claim that has lapsed is owed by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kokuho.arrears import Act, Followup, in_force
from kokuho.base.calendar import first_day_of_year, last_day_of_year
from kokuho.linkage.messages.record import CollectionRecord
from kokuho.linkage.policy import PersonRule


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandState:
    """Where one demand (期別) stands in the ledger; yen of principal.

    Attributes:
        demand: its number in the books.
        household, debtor: numbers.
        assessed: what is assessed now.
        paid: what was received for it, also what was given back later.
        refunded: of it, what was paid back or put to another demand (還付・充当).
        owed: what is still owed.
        last_paid_on: day of the last payment that stands.
        lapsed_on: first day on which the claim was gone (時効・納付義務の消滅).
    """

    demand: str
    household: str
    debtor: str
    year_levied: int
    year_meant: int
    channel: str
    term: int
    due: date
    assessed: int
    paid: int
    refunded: int
    owed: int
    last_paid_on: date | None = None
    lapsed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Insured:
    """A person insured in a household from a day to before another (資格)."""

    person: str
    valid_from: date
    valid_to: date | None = None

    def on(self, day: date) -> bool:
        """Whether insured on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def within(self, first: date, last: date) -> bool:
        """Whether insured on a day of a time, both ends included."""
        return self.valid_from <= last and (self.valid_to is None or first < self.valid_to)


@dataclass(frozen=True, slots=True)
class HouseholdState:
    """What is known of a household beside its demands.

    Attributes:
        acts: its standing acts (:func:`kokuho.arrears.standing`) up to the day.
        agreements: those in force, with their follow-up.
        insured: who was insured in it, through time.
        protected: whether one of it is under 支援措置: its records are answered by hand alone.
        reported: money that arrived and is posted nowhere yet, by the demand that it names; under
            the empty name what names the household alone.
    """

    acts: tuple[Act, ...] = ()
    agreements: tuple[Followup, ...] = ()
    insured: tuple[Insured, ...] = ()
    protected: bool = False
    reported: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Books:
    """Whose books, and as of when.

    Attributes:
        municipality: code, six digits.
        kind: ``tax`` or ``premium``.
        as_of: the moment, with its zone.
        day: the day of it where the office is.
        protected: persons under 支援措置.
        foreign: persons without Japanese nationality, as it was last known.
    """

    municipality: str
    kind: str
    as_of: datetime
    day: date
    protected: frozenset[str] = frozenset()
    foreign: frozenset[str] = frozenset()


def records_of(
    demands: Iterable[DemandState],
    households: Mapping[str, HouseholdState],
    books: Books,
    rule: PersonRule,
) -> Iterator[CollectionRecord]:
    """The records of all demands, by household, one for each person whom the rule names.

    Args:
        demands: of any households.
        households: what is known of them; nothing for one that is left out.
        books: whose they are, and as of when.
        rule: which persons have a record.
    """
    by_household: dict[str, list[DemandState]] = {}
    for demand in demands:
        by_household.setdefault(demand.household, []).append(demand)
    for number, own in sorted(by_household.items()):
        house = households.get(number, HouseholdState())
        arrived = spread(own, house.reported)
        for demand in sorted(own, key=_order):
            base = _record(demand, house, arrived.get(demand.demand, 0), books, rule)
            for person, role in persons(demand, house, books, rule):
                by_hand = house.protected or bool({person, demand.debtor} & books.protected)
                yield CollectionRecord(**base, person=person, role=role, by_hand=by_hand)


def _order(demand: DemandState) -> tuple[date, int, int, str]:
    return demand.due, demand.year_meant, demand.term, demand.demand


def persons(
    demand: DemandState, house: HouseholdState, books: Books, rule: PersonRule
) -> list[tuple[str, str]]:
    """For whom a demand has a record, and in which role; the debtor once, as debtor."""
    found = {}
    if "insured" in rule.roles:
        first = last = books.day
        if rule.insured == "year_meant":
            first, last = first_day_of_year(demand.year_meant), last_day_of_year(demand.year_meant)
        found = {one.person: "insured" for one in house.insured if one.within(first, last)}
    if "debtor" in rule.roles:
        found[demand.debtor] = "debtor"
    if rule.only == "foreign_residents":
        found = {person: role for person, role in found.items() if person in books.foreign}
    return sorted(found.items())


def spread(demands: Sequence[DemandState], reported: Mapping[str, int]) -> dict[str, int]:
    """Which demands the money is for that has arrived: those that it names, then the oldest.

    Never more than is owed: what is over is shown when it is posted.
    """
    owed = {one.demand: _owed(one) for one in sorted(demands, key=_order)}
    arrived = {name: min(reported.get(name, 0), yen) for name, yen in owed.items()}
    rest = reported.get("", 0)
    for name, yen in owed.items():
        part = min(rest, yen - arrived[name])
        arrived[name] += part
        rest -= part
    return arrived


def _owed(demand: DemandState) -> int:
    return 0 if demand.lapsed_on else demand.owed


def _record(
    demand: DemandState,
    house: HouseholdState,
    reported: int,
    books: Books,
    rule: PersonRule,
) -> dict[str, Any]:
    overdue = demand.due < books.day
    deferral = _last(house, "deferral", demand, books.day)
    suspension = _last(house, "suspension", demand, books.day)
    own = [act for act in house.acts if demand.demand in act.demands]
    agreement, until = _agreement(demand, house, rule)
    return {
        "municipality": books.municipality,
        "debtor": demand.debtor,
        "household": demand.household,
        "kind": books.kind,
        "year_levied": demand.year_levied,
        "year_meant": demand.year_meant,
        "channel": demand.channel,
        "term": demand.term,
        "assessed": demand.assessed,
        "paid": demand.paid,
        "refunded": demand.refunded,
        "reported": reported,
        "overdue": _owed(demand) if overdue else 0,
        "later": 0 if overdue else _owed(demand),
        "due": demand.due,
        "last_paid_on": demand.last_paid_on,
        "reminded_on": _day_of(own, "reminder"),
        "deferral": "deferred" if deferral else "none",
        "deferred_until": deferral.until if deferral else None,
        "agreement": agreement,
        "agreed_until": until,
        "suspended_on": suspension.day if suspension else None,
        "prescribed_on": demand.lapsed_on,
        "consulted_on": _day_of(house.acts, "consultation"),
        "prepayment": demand.channel == "prepaid",
        "as_of": books.as_of,
    }


def _last(house: HouseholdState, kind: str, demand: DemandState, day: date) -> Act | None:
    """The last act of a kind in force that is about a demand."""
    held = [act for act in in_force(kind, house.acts, day) if demand.demand in act.demands]
    return max(held, key=lambda act: (act.day, act.number), default=None)


def _day_of(acts: Iterable[Act], kind: str) -> date | None:
    return max((act.day for act in acts if act.kind == kind), default=None)


_STATES = {"kept": "kept", "completed": "kept"}


def _agreement(
    demand: DemandState, house: HouseholdState, rule: PersonRule
) -> tuple[str, date | None]:
    """Whether an agreement holds for a demand, and its last day; one that was broken, if none."""
    own = [one for one in house.agreements if demand.demand in one.agreement.demands]
    running = [one for one in own if one.state != "ended"]
    if running:
        last = max(running, key=lambda one: (one.agreement.day, one.agreement.number))
        return _STATES.get(last.state, rule.missed_agreement), last.agreement.plan[-1].due
    if any(one.ended_by == "broken" for one in own):
        return "broken", None
    return "none", None
