"""What happens in some households of a fictional city and is told later: deaths, new heads, 減免.

Only households of two insured adults who stay all year have a new head, so that each row can be
made without knowing what else happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokuho.sample.people import Person, relationship

Draw = Callable[[str, str, int], int]
"""A number by chance for a household and a purpose, below a limit."""

_SHARES = 10_000
_DEATHS, _HANDED_ON, _EXEMPTED = 150, 150, 40
_GROWN = 20  # years
_HALF = "0.5"


@dataclass(frozen=True)
class NewHead:
    """A household in which the head died, or handed the household on, on the day before ``on``."""

    former: Person
    now: Person
    on: date
    died: bool

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows of ``households.csv`` that tell of it."""
        former, now = self.former, self.now
        yield self._row(former, former.came, self.on, head=True, what="世帯主")
        yield self._row(now, self.on, None, head=True, what="世帯主")
        if not self.died:
            what = relationship({**former.row, "head": False}, now.row)
            yield self._row(former, self.on, None, head=False, what=what)

    def _row(
        self, person: Person, since: date, until: date | None, *, head: bool, what: str
    ) -> dict[str, Any]:
        return {
            "insurer_code": person.row["insurer_code"],
            "household_id": person.row["household_id"],
            "person_id": person.row["person_id"],
            "since": since,
            "until": until,
            "head": "yes" if head else "no",
            "relationship": what,
        }


def new_heads(
    people: Sequence[Person],
    houses: Mapping[str, Mapping[str, Any]],
    fiscal_year: int,
    draw: Draw,
) -> list[NewHead]:
    """The households that have a new head, between May and July."""
    by_home: dict[str, list[Person]] = {}
    for person in people:
        by_home.setdefault(person.row["household_id"], []).append(person)
    found = []
    for home, members in by_home.items():
        chance = draw(home, "new-head", _SHARES)
        if chance >= _DEATHS + _HANDED_ON or not _two_who_stay(members, fiscal_year):
            continue
        if houses[home]["same_household_elders"]:
            continue  # elders of the former head would count under another
        former, now = sorted(members, key=lambda person: not person.row["head"])
        on = date(
            fiscal_year, 5 + draw(home, "new-head-month", 3), 2 + draw(home, "new-head-day", 26)
        )
        found.append(NewHead(former, now, on, died=chance < _DEATHS))
    return found


def exemptions(
    houses: Mapping[str, Mapping[str, Any]], fiscal_year: int, draw: Draw
) -> Iterator[dict[str, Any]]:
    """The rows of ``decisions.csv`` of households that are exempted from half (減免)."""
    for home, house in houses.items():
        if draw(home, "exempted", _SHARES) < _EXEMPTED:
            yield {
                "insurer_code": house["insurer_code"],
                "kind": "exemption",
                "household_id": home,
                "since": date(fiscal_year, 6, 1),
                "share": _HALF,
                "decided_on": date(fiscal_year, 7, 1),
                "reference": f"架決{draw(home, 'paper', _SHARES)}",
            }


def _two_who_stay(members: Sequence[Person], fiscal_year: int) -> bool:
    return len(members) == 2 and all(
        person.row["insured"]
        and person.lost is None
        and person.row["joined_on"] is None
        and person.row["birth_date"].year <= fiscal_year - _GROWN
        for person in members
    )
