"""Whom the events of a rehearsal concern."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from kokuho.linkage.messages.record import CollectionRecord
from kokuho.rehearsal.city import City, Demand
from kokuho.rehearsal.plan import Plan
from kokuho.rehearsal.truth import Truth


@dataclass
class Cast:
    """Whom the events concern: households to which nothing else happens, each for one purpose.

    Attributes:
        paying, deferring, correcting: demands with arrears, one a household in the last two.
        protecting: persons, one of a household.
        truth: what is true of all of them.
        keys: of the records of each demand, by its place.
    """

    paying: list[Demand]
    deferring: list[Demand]
    correcting: list[Demand]
    protecting: list[tuple[str, str]]
    truth: Truth
    keys: dict[str, list[str]]

    @classmethod
    def of(cls, plan: Plan, city: City, records: list[CollectionRecord]) -> Cast:
        """Chosen by the seed from the records of the first load."""
        demands = {one.place: one for one in city.demands(records)}
        houses: dict[str, set[str]] = {}
        persons: dict[str, set[str]] = {}
        keys: dict[str, list[str]] = {}
        for one in records:
            place = one.key.partition("/")[2]
            houses.setdefault(one.person, set()).add(one.household)
            persons.setdefault(one.household, set()).add(one.person)
            keys.setdefault(place, []).append(one.key)
        apart = city.reassessed() | {one.household for one in records if one.by_hand}
        apart |= {one.household for one in records if one.deferral != "none"}
        quiet = {
            house for house, who in persons.items()
            if house not in apart and all(len(houses[one]) == 1 for one in who)
        }  # fmt: skip
        places: dict[str, list[str]] = {}
        for one in records:
            if one.household in quiet:
                places.setdefault(one.person, []).append(one.key.partition("/")[2])
        truth = Truth(
            {place: one for place, one in demands.items() if one.household in quiet},
            {person: tuple(own) for person, own in places.items()},
        )
        owing = sorted({one.household for one in truth.demands.values() if one.overdue > 0})
        shares: list[list[str]] = [[], [], [], []]
        for turn, house in enumerate(plan.shuffled("cast", owing)):
            shares[max(turn % 10 - 6, 0)].append(house)
        owed: dict[str, list[Demand]] = {}
        for demand in truth.demands.values():
            if demand.overdue > 0:
                owed.setdefault(demand.household, []).append(demand)
        first = [
            sorted(owed[house], key=lambda one: one.place)
            for house in chain.from_iterable(shares[:3])
        ]
        by_house = {own[0].household: own for own in first}
        return cls(
            [one for house in shares[0] for one in by_house[house]],
            [by_house[house][0] for house in shares[1]],
            [by_house[house][0] for house in shares[2]],
            [(sorted(persons[house])[0], house) for house in shares[3]],
            truth,
            keys,
        )
