"""What is true in a rehearsal, by its own account: what was paid, deferred or hidden, and when.

It is kept apart from the product's code on purpose: it knows what it did and nothing of the ledger.
The answers of the whole run are held against it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kokuho.rehearsal.city import Demand
from kokuho.rehearsal.examiner import Answered

REPORTED = timedelta(minutes=15)
"""Until a payment has to show (:class:`kokuho.linkage.freshness.Limits`)."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that changes what may be answered.

    Attributes:
        kind: ``paid``, ``deferred``, ``hidden`` (支援措置) or ``corrected``.
        household: whose.
        place: of which demand (:attr:`Demand.place`); empty for all of the household.
        yen: that were paid.
        begun: the earliest moment at which it may show.
        at: when it was there: the arrival of the file, the record of the act.
        full: by when it shows in full, not only as arrived.
    """

    kind: str
    household: str
    place: str
    yen: int
    begun: datetime
    at: datetime
    full: datetime


@dataclass(frozen=True)
class Truth:
    """The households that nothing else happens to, and what happened to them.

    Attributes:
        demands: by place, as they were at the first load.
        places: of each person's records.
    """

    demands: Mapping[str, Demand]
    places: Mapping[str, tuple[str, ...]]

    def judge(self, answers: Iterable[Answered], events: Iterable[Event]) -> Iterator[str]:
        """What is wrong with the answers of a run, one line each."""
        by_house: dict[str, list[Event]] = defaultdict(list)
        for one in events:
            by_house[one.household].append(one)
        for answer in answers:
            if answer.person in self.places:
                yield from self._person(answer, by_house)

    def _person(self, answer: Answered, by_house: Mapping[str, list[Event]]) -> Iterator[str]:
        places = self.places[answer.person]
        own = by_house.get(self.demands[places[0]].household, [])
        hidden = [one for one in own if one.kind == "hidden"]
        who = f"{answer.person} {answer.asked.isoformat(timespec='seconds')}"
        if any(one.at + REPORTED <= answer.asked for one in hidden) and answer.state != "by_hand":
            yield f"hidden: {who}: answered as {answer.state}"
        if answer.state == "by_hand":
            if not any(one.begun <= answer.received for one in hidden):
                yield f"by_hand: {who}: nobody asked for it"
            return
        by_term = {_term_of(fields): fields for fields in answer.records}
        for place in places:
            fields = by_term.get(place.split("/", 2)[2])
            if fields is None:
                yield f"missing: {who}: {place}"
            else:
                events = [one for one in own if one.place == place]
                for finding in _record(answer, fields, self.demands[place], events):
                    yield f"{finding}: {who}: {place}"


def _record(
    answer: Answered, fields: Mapping[str, Any], before: Demand, events: list[Event]
) -> Iterator[str]:
    unpaid = int(fields["overdue"]) + int(fields["later"]) - int(fields["reported"])
    paid = [one for one in events if one.kind == "paid"]
    corrected = [one for one in events if one.kind == "corrected"]
    late = sum(one.yen for one in paid if one.at + REPORTED <= answer.asked)
    if unpaid > before.owed - late:
        yield f"stale: {unpaid} yen shown as unpaid, at most {before.owed - late} are"
    soon = sum(one.yen for one in paid if one.begun <= answer.received)
    if unpaid < before.owed - soon and not any(one.begun <= answer.received for one in corrected):
        yield f"wrong: {unpaid} yen shown as unpaid, at least {before.owed - soon} are"
    full = sum(one.yen for one in paid if one.full <= answer.asked)
    if int(fields["paid"]) < before.paid + full:
        yield f"not_full: {fields['paid']} yen shown as paid, {before.paid + full} are"
    deferred = [one for one in events if one.kind == "deferred"]
    known = any(one.at + REPORTED <= answer.asked for one in deferred)
    if known and fields["deferral"] != "deferred":
        yield "not_deferred: shown without its deferral"


def _term_of(fields: Mapping[str, Any]) -> str:
    """A record's place without household and debtor, which are not answered."""
    names = ("kind", "year_levied", "year_meant", "channel", "term")
    return "/".join(str(fields[name]) for name in names)
