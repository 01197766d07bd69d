"""Random histories of fictional people, applied to the register and replayed in plain Python.

An event becomes known on a day and changes facts from another day on, mostly an earlier one. The
replay knows nothing of versions: of each fact it keeps what was said, in order, and the last word
about a day counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

FIRST, LAST = date(2023, 4, 1), date(2026, 3, 31)
FOREVER = date.max


@dataclass(frozen=True)
class Said:
    """One fact that an event states: of a subject, for days, ``None``: nothing holds."""

    table: str
    subject: str
    valid_from: date
    valid_to: date
    value: tuple[Any, ...] | None


@dataclass(frozen=True)
class Event:
    """What became known on a day; ``kind`` and ``about`` are for reading a failure."""

    known: date
    kind: str
    about: str
    said: tuple[Said, ...]

    def subjects(self) -> set[tuple[str, str]]:
        return {(said.table, said.subject) for said in self.said}

    def moment(self, number: int) -> datetime:
        """Noon in Japan of the day, events in order."""
        return datetime.combine(self.known, time(3), UTC) + timedelta(microseconds=number)


class _Town:
    """Who lives where, as far as the generator of events minds; people may be told twice of."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.people: list[str] = []
        self.houses: list[str] = []

    def new(self, names: list[str], prefix: str) -> str:
        names.append(f"{prefix}{len(names) + 1}")
        return names[-1]

    def event(self, known: date) -> Event:
        kinds = (self.join, self.move, self.birth, self.death, self.income, self.head)
        if len(self.people) < 2:
            return self.join(known)
        return self.dice.choice(kinds)(known)

    def since(self, known: date) -> date:
        """A day from which the event counts: often long past, sometimes to come."""
        days = self.dice.choice([0, 0, 1, 14, 90, 400, -14])
        return max(known - timedelta(days), FIRST)

    def join(self, known: date) -> Event:
        since = self.since(known)
        person = self.new(self.people, "p")
        said = [
            Said("identity", person, date(1990, 1, 1), FOREVER, (f"架空 {person}",)),
            Said("residence", person, since, FOREVER, (f"架空町{self.dice.randrange(9)}番",)),
            Said("enrolment", person, since, FOREVER, ("moved_in", str(self.dice.randrange(99)))),
        ]
        if not self.houses or self.dice.random() < 0.5:
            house = self.new(self.houses, "h")
            said.append(Said("headship", house, since, FOREVER, (person,)))
        else:
            house = self.dice.choice(self.houses)
        said.append(Said("membership", person, since, FOREVER, (house, "")))
        return Event(known, "join", person, tuple(said))

    def birth(self, known: date) -> Event:
        born = self.since(known)
        child, house = self.new(self.people, "p"), self.dice.choice(self.houses)
        said = (
            Said("identity", child, born, FOREVER, (f"架空 {child}",)),
            Said("enrolment", child, born, FOREVER, ("birth", "")),
            Said("membership", child, born, FOREVER, (house, "子")),
        )
        return Event(known, "birth", child, said)

    def move(self, known: date) -> Event:
        """To another household, or away for good or for a while."""
        person, since = self.dice.choice(self.people), self.since(known)
        if self.dice.random() < 0.5:
            house = self.dice.choice(self.houses)
            said = [Said("membership", person, since, FOREVER, (house, "移動"))]
        else:
            until = self.dice.choice([FOREVER, since + timedelta(self.dice.randrange(1, 200))])
            said = [
                Said(table, person, since, until, None)
                for table in ("residence", "enrolment", "membership")
            ]
        return Event(known, "move", person, tuple(said))

    def death(self, known: date) -> Event:
        person, day = self.dice.choice(self.people), self.since(known)
        said = [
            Said(table, person, day, FOREVER, None)
            for table in ("residence", "enrolment", "membership")
        ]
        house, heir = self.dice.choice(self.houses), self.dice.choice(self.people)
        said.append(Said("headship", house, day, FOREVER, (heir,)))
        return Event(known, "death", person, tuple(said))

    def income(self, known: date) -> Event:
        person, year = self.dice.choice(self.people), self.dice.randrange(2023, 2026)
        days = date(year, 4, 1), date(year + 1, 4, 1)
        said = (
            Said("income", person, *days, (self.dice.randrange(0, 9) * 500_000,)),
            Said("declaration", person, *days, (self.dice.choice(["declared", "undeclared"]),)),
        )
        return Event(known, "income", person, said)

    def head(self, known: date) -> Event:
        house, person = self.dice.choice(self.houses), self.dice.choice(self.people)
        since = self.since(known)
        until = self.dice.choice([FOREVER, since + timedelta(self.dice.randrange(1, 300))])
        return Event(known, "head", house, (Said("headship", house, since, until, (person,)),))


def history(dice: Random, events: int) -> list[Event]:
    """Events of three years, in the order in which they became known."""
    town = _Town(dice)
    span = (LAST - FIRST).days
    days = sorted(FIRST + timedelta(dice.randrange(span)) for _ in range(events))
    return [town.event(day) for day in days]


def replay(
    events: Iterable[Event], valid: date, known: date
) -> dict[tuple[str, str], tuple[Any, ...]]:
    """What holds on a day, going through all that was said up to another, the last word last."""
    holds: dict[tuple[str, str], tuple[Any, ...]] = {}
    for event in events:
        for said in event.said:
            if event.known <= known and said.valid_from <= valid < said.valid_to:
                holds.pop((said.table, said.subject), None)
                if said.value is not None:
                    holds[said.table, said.subject] = said.value
    return holds


def interesting(events: Sequence[Event], dice: Random, number: int) -> list[tuple[date, date]]:
    """Days to ask for, valid and known: those on which something begins or ends, and around."""
    ends = {day for event in events for said in event.said
            for day in (said.valid_from, said.valid_to) if FIRST <= day <= LAST}  # fmt: skip
    knowns = {event.known for event in events}
    near = [timedelta(days) for days in (-1, 0, 0, 1)]
    return [
        (
            dice.choice(sorted(ends)) + dice.choice(near),
            dice.choice(sorted(knowns)) + dice.choice(near),
        )
        for _ in range(number)
    ]
