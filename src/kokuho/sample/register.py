"""The people of a fictional city as a register knows them: the files of ``kokuho import``.

Names, addresses and numbers are made up so that nobody can take them for real: the families are
called 架空, 見本, SAMPLE. Two folders come out: what the office knew at the beginning of the fiscal
year, and (``later``) what it heard of afterwards: losses told late, incomes corrected, deaths of
heads, households with another head, exemptions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.calendar import birthday, first_day_of_year, last_day_of_year
from kokuho.law import for_fiscal_year
from kokuho.sample.chance import SHARES, word
from kokuho.sample.events import NewHead, exemptions, new_heads
from kokuho.sample.incomes import PLAIN, REPORTED
from kokuho.sample.people import Person, relationship
from kokuho.sample.structure import read
from kokuho.tables import write_csv

_INCOMES = (*REPORTED, *PLAIN)
_FOR_GOOD = ("永住者", "特別永住者")
_YEARS_OF_STAY = (1, 3, 5)
_ANSWERS = {True: "yes", False: "no", None: None}
_PROTECTED = 40  # shares of 10,000, as all below
_CORRECTED = 300
_EMPLOYED_AT_LOSS = 7500
_TOLD_LATE = 6000
_DECISIONS = {
    "involuntary_unemployment": "involuntary_unemployment_from",
    "maternity": "maternity_from",
    "former_dependant": "former_dependant_from",
}
"""Kinds of decisions, and the columns of the persons file that they make."""


@dataclass(frozen=True)
class WrittenRegister:
    """The files, in the order in which they are imported; ``later`` comes after all of ``first``.

    Each is a kind of ``kokuho import`` and its path.
    """

    first: Sequence[tuple[str, Path]]
    later: Sequence[tuple[str, Path]]


def write_register(
    out: Path,
    persons: pl.DataFrame,
    households: pl.DataFrame,
    seed: int,
    fiscal_year: int,
    until: date = date.max,
) -> WrittenRegister:
    """Write the register of a city that :func:`kokuho.sample.generate` made.

    Args:
        out: the folder that the files go into.
        persons, households, seed, fiscal_year: of the city.
        until: nobody comes, joins, moves or dies after this day: a register knows no later fact.
            Losses at the age of 75 stay, since they are known beforehand.

    Raises:
        TableError: the folder does not take the files.
    """
    city = _City(persons, households, seed, fiscal_year, until)
    first = {
        "residents": city.residents(),
        "households": city.memberships(),
        "enrolments": city.enrolments(),
        "incomes": city.incomes(),
        "decisions": city.decisions(),
    }
    later = {
        "residents": city.deaths(),
        "households": (row for new in city.new_heads for row in new.rows()),
        "enrolments": city.losses(),
        "incomes": city.corrections(),
        "decisions": city.exemptions(),
    }
    return WrittenRegister(_written(out, first), _written(out / "later", later))


def _written(folder: Path, files: Mapping[str, Iterable[dict[str, Any]]]) -> list[tuple[str, Path]]:
    paths = []
    for kind, rows in files.items():
        frame = pl.DataFrame(list(rows), infer_schema_length=None)
        if frame.is_empty():
            continue
        path = folder / f"{kind}.csv"
        write_csv(frame, path)
        paths.append((kind, path))
    return paths


class _City:
    def __init__(
        self,
        persons: pl.DataFrame,
        households: pl.DataFrame,
        seed: int,
        fiscal_year: int,
        until: date,
    ) -> None:
        self.seed, self.fiscal_year, self.until = seed, fiscal_year, until
        self.first, self.last = first_day_of_year(fiscal_year), last_day_of_year(fiscal_year)
        self.leave_at = for_fiscal_year(fiscal_year).ages.leave_at
        self.names = read("names.yaml")
        self.houses = {row["household_id"]: row for row in households.to_dicts()}
        self.rows = persons.to_dicts()

    def draw(self, who: str, purpose: str, below: int = SHARES) -> int:
        """A number by chance, an exact function of seed, person (or household) and purpose."""
        return word(f"{self.seed}/{who}/{purpose}") % below

    def happens(self, who: str, purpose: str, share: int) -> bool:
        return self.draw(who, purpose) < share

    @cached_property
    def people(self) -> list[Person]:
        """Everybody who has come, with a name and the days on which they came and went."""
        heads = {row["household_id"]: row for row in self.rows if row["head"]}
        sizes: dict[str, int] = {}
        for row in self.rows:
            sizes[row["household_id"]] = sizes.get(row["household_id"], 0) + 1
        people = [
            self._person(row, heads[row["household_id"]], sizes[row["household_id"]])
            for row in self.rows
        ]
        come = [person for person in people if person.came <= self.until]
        homes = {person.row["household_id"] for person in come if person.row["head"]}
        return [person for person in come if person.row["household_id"] in homes]

    @cached_property
    def homes(self) -> dict[str, dict[str, Any]]:
        """The households of everybody who has come."""
        known = {person.row["household_id"] for person in self.people}
        return {home: house for home, house in self.houses.items() if home in known}

    @cached_property
    def new_heads(self) -> list[NewHead]:
        """The households that have another head, as is told later."""
        made = new_heads(self.people, self.houses, self.fiscal_year, self.draw)
        return [new for new in made if new.on <= self.until]

    def exemptions(self) -> list[dict[str, Any]]:
        """The rows of ``decisions.csv`` that are told later."""
        made = exemptions(self.homes, self.fiscal_year, self.draw)
        return [row for row in made if row["decided_on"] <= self.until]

    def _person(self, row: dict[str, Any], head: dict[str, Any], size: int) -> Person:
        who, home = row["person_id"], row["household_id"]
        registered = self.houses[home]["head_registered_on_1_january"]
        abroad = registered == "no"
        came = self._came(row, home, abroad)
        reason, acquired = self._acquired(row, came, abroad)
        lost, loss = self._lost(row, who, size)
        return Person(
            row=row,
            names=self._names(row, head),
            relationship=relationship(row, head),
            came=came,
            from_abroad=None if registered == "unknown" else abroad,
            acquired=acquired,
            acquisition=reason,
            lost=lost,
            loss=loss,
        )

    def _came(self, row: dict[str, Any], home: str, abroad: bool) -> date:
        """Since when a person lives here: years ago, at birth, or on the day of joining."""
        joined: date | None = row["joined_on"]
        born: date = row["birth_date"]
        if joined and (abroad or joined == born):
            return joined
        if self.houses[home]["head_registered_on_1_january"] == "unknown":
            # the register knows of nothing before the first day of the year
            return max(self.first, born)
        years = 1 + self.draw(home, "years", 25)
        month = 1 + self.draw(home, "month", 12)
        settled = date(self.fiscal_year - years, month, 1 + self.draw(home, "day", 28))
        came = max(settled, born)
        return min(came, joined) if joined else came

    def _acquired(self, row: dict[str, Any], came: date, abroad: bool) -> tuple[str, date]:
        joined = row["joined_on"]
        if joined is None:
            return ("birth" if came == row["birth_date"] else "moved_in"), came
        if joined == row["birth_date"]:
            return "birth", joined
        if joined == came:
            return ("from_abroad" if abroad else "moved_in"), joined
        return "left_employees", joined

    def _lost(self, row: dict[str, Any], who: str, size: int) -> tuple[date | None, str]:
        """The day of loss within the year, if there is one, and why."""
        if not row["insured"]:
            return None, ""
        left: date | None = row["left_on"]
        if left is not None and left > self.until:
            return None, ""
        if left is not None:
            moving = (size == 1 or not row["head"]) and not self.happens(
                who, "loss", _EMPLOYED_AT_LOSS
            )
            # nobody is insured for no day: a register takes no such enrolment
            joined: date | None = row["joined_on"]
            lost = left + timedelta(days=1) if left == joined else left
            return lost, "moved_out" if moving else "joined_employees"
        leaves = birthday(row["birth_date"], self.leave_at)
        return (leaves, "aged_75") if leaves <= self.last else (None, "")

    def _names(self, row: dict[str, Any], head: dict[str, Any]) -> dict[str, str]:
        """A name as the register has it: kanji and kana, or Latin with what stands beside it."""
        who, home, sex = row["person_id"], row["household_id"], row["sex"]
        japanese = row["nationality"] == "JPN"
        shared = home if row["nationality"] == head["nationality"] else who
        families, given = self.names["families"], self.names["given"][sex]
        family = families[self.draw(shared, "family", len(families))]
        first = given[self.draw(who, "given", len(given))]
        local = {"kanji": f"{family[0]}　{first[0]}", "kana": f"{family[1]}　{first[1]}"}
        if japanese:
            return local
        latin = self.names["latin"]
        family_latin = latin["families"][self.draw(shared, "latin", len(latin["families"]))]
        by_origin = latin["given"].get(row["nationality"], latin["given"]["other"])[sex]
        given_latin = by_origin[self.draw(who, "latin-given", len(by_origin))]
        names = {
            "latin": f"{family_latin[0]} {given_latin[0]}",
            "kana": f"{family_latin[1]} {given_latin[1]}",
        }
        if row["nationality"] in ("CHN", "KOR", "TWN"):
            kanji = self.names["kanji_given"][sex]
            names["kanji"] = f"{family[0]}　{kanji[self.draw(who, 'kanji', len(kanji))]}"
        if row["residence_status"] in _FOR_GOOD and self.happens(who, "common", 5000):
            names |= {"common_name": local["kanji"], "common_name_kana": local["kana"]}
        return names

    def residents(self) -> Iterator[dict[str, Any]]:
        """The rows of ``residents.csv``."""
        for person in self.people:
            yield self._resident(person)

    def deaths(self) -> Iterator[dict[str, Any]]:
        """The rows of those who died, with the day after."""
        for new in self.new_heads:
            if new.died:
                yield self._resident(new.former) | {"until": new.on, "ended_by": "death"}

    def _resident(self, person: Person) -> dict[str, Any]:
        row, who = person.row, person.row["person_id"]
        home = row["household_id"]
        moved = person.loss == "moved_out"
        return {
            "insurer_code": row["insurer_code"],
            "person_id": who,
            "since": person.came,
            "until": person.lost if moved else None,
            "kanji": person.names.get("kanji"),
            "kana": person.names.get("kana"),
            "latin": person.names.get("latin"),
            "common_name": person.names.get("common_name"),
            "common_name_kana": person.names.get("common_name_kana"),
            "birth_date": row["birth_date"],
            "sex": row["sex"],
            "nationality": row["nationality"],
            "postal_code": f"000-00{self.draw(home, 'town', len(self.names['towns'])):02d}",
            "address": self._address(home),
            "became_resident_on": None if person.from_abroad is None else person.came,
            "former_address": self._former(person, home),
            "from_abroad": _ANSWERS[person.from_abroad],
            "ended_by": "moved_out" if moved else None,
            "later_address": self._elsewhere(who, "later") if moved else None,
            **self._stay(row, person.came),
            "preferred_language": self.houses[home]["preferred_language"],
            "protected": "yes" if self.happens(who, "protected", _PROTECTED) else "no",
        }

    def _address(self, home: str) -> str:
        towns = self.names["towns"]
        town = towns[self.draw(home, "town", len(towns))]
        block, number = 1 + self.draw(home, "block", 20), 1 + self.draw(home, "number", 30)
        room = f"　見本荘{101 + self.draw(home, 'room', 8)}" if self.draw(home, "flat", 3) else ""
        return f"架空市{town}{1 + self.draw(home, 'chome', 5)}丁目{block}番{number}号{room}"

    def _former(self, person: Person, home: str) -> str | None:
        if person.from_abroad is None or person.came == person.row["birth_date"]:
            return None
        return self.names["abroad"] if person.from_abroad else self._elsewhere(home, "former")

    def _elsewhere(self, who: str, purpose: str) -> str:
        places = self.names["elsewhere"]
        return f"{places[self.draw(who, purpose, len(places))]}{1 + self.draw(who, 'lot', 99)}番地"

    def _stay(self, row: Mapping[str, Any], came: date) -> dict[str, Any]:
        """Status and period of residence and the card; nothing for Japanese."""
        who, status = row["person_id"], row["residence_status"]
        stay: dict[str, Any] = dict.fromkeys(
            ("stay_kind", "residence_status", "designation", "period_from", "period_to",
             "card_number", "card_kind", "card_expires_on")
        )  # fmt: skip
        if not status:
            return stay
        special = status == "特別永住者"
        stay |= {
            "stay_kind": "special_permanent" if special else "mid_to_long_term",
            "residence_status": status,
            "card_number": f"XX{self.draw(who, 'card', 10**8):08d}XX",
            "card_kind": "special_permanent_certificate" if special else "residence_card",
        }
        if status == "特定活動":
            stay["designation"] = "other"
        if status not in _FOR_GOOD:
            years = _YEARS_OF_STAY[self.draw(who, "period", len(_YEARS_OF_STAY))]
            begins = max(came, self.first)
            elapsed = self.draw(who, "elapsed", years)
            first = date(begins.year - elapsed, begins.month, min(begins.day, 28))
            last = date(first.year + years, first.month, first.day)
            stay |= {"period_from": max(first, came), "period_to": last, "card_expires_on": last}
        return stay

    def memberships(self) -> Iterator[dict[str, Any]]:
        """The rows of ``households.csv``; those of the elders stand with the head."""
        for person in self.people:
            row = person.row
            house = self.houses[row["household_id"]]
            elders = {
                name: house[name] if row["head"] else None
                for name in ("same_household_elders", "elders_income", "elders_earners",
                             "specific_from")
            }  # fmt: skip
            yield {
                "insurer_code": row["insurer_code"],
                "household_id": row["household_id"],
                "person_id": row["person_id"],
                "since": person.came,
                "until": person.lost if person.loss == "moved_out" else None,
                "head": "yes" if row["head"] else "no",
                "relationship": person.relationship,
                **elders,
            }

    def _told_late(self, person: Person) -> bool:
        late = self.happens(person.row["person_id"], "told-late", _TOLD_LATE)
        return person.loss == "joined_employees" and late

    def enrolments(self) -> Iterator[dict[str, Any]]:
        """The rows of ``enrolments.csv``; losses that are told late are not in it yet."""
        for person in self.people:
            if person.row["insured"] and person.acquired <= self.until:
                yield self._enrolment(person, known=not self._told_late(person))

    def losses(self) -> Iterator[dict[str, Any]]:
        """What is told late: people who joined employees' insurance, and who died."""
        for person in self.people:
            if person.row["insured"] and self._told_late(person):
                yield self._enrolment(person, known=True)
        for new in self.new_heads:
            if new.died:
                yield self._enrolment(new.former, known=True) | {
                    "lost_on": new.on,
                    "loss_reason": "death",
                }

    def _enrolment(self, person: Person, *, known: bool) -> dict[str, Any]:
        row = person.row
        return {
            "insurer_code": row["insurer_code"],
            "person_id": row["person_id"],
            "acquired_on": person.acquired,
            "acquisition_reason": person.acquisition,
            "acquisition_reported_on": person.acquired,
            "lost_on": person.lost if known else None,
            "loss_reason": person.loss if known and person.lost else None,
            "symbol": "架国",
            "number": row["household_id"],
            "branch": row["person_id"][-2:],
        }

    def incomes(self) -> Iterator[dict[str, Any]]:
        """The rows of ``incomes.csv``."""
        for person in self.people:
            yield self._income(person.row)

    def decisions(self) -> Iterator[dict[str, Any]]:
        """The rows of ``decisions.csv``: the reliefs of the persons file, and who came after
        1 January."""
        for home, house in self.homes.items():
            if house["head_registered_on_1_january"] == "no":
                yield {
                    "insurer_code": house["insurer_code"],
                    "kind": "head_registered",
                    "household_id": home,
                    "since": self.first,
                    "answer": "no",
                }
        for person in self.people:
            row = person.row
            for kind, column in _DECISIONS.items():
                if row[column] and row[column] <= self.until:
                    yield {
                        "insurer_code": row["insurer_code"],
                        "kind": kind,
                        "person_id": row["person_id"],
                        "since": row[column],
                        "months": row["maternity_months"] if kind == "maternity" else None,
                        "decided_on": max(self.first, row[column]),
                    }

    def corrections(self) -> Iterator[dict[str, Any]]:
        """Incomes that turned out to be higher: another employer's report came in."""
        for person in self.people:
            row = person.row
            if row["salary_revenue"] and self.happens(row["person_id"], "correct", _CORRECTED):
                more = 100_000 + 10_000 * self.draw(row["person_id"], "more", 40)
                revenue = row["salary_revenue"] + more
                yield self._income({**row, "salary_revenue": revenue, "salary_income": None})

    def _income(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "insurer_code": row["insurer_code"],
            "person_id": row["person_id"],
            "fiscal_year": self.fiscal_year,
            "declared": row["declared"],
            **{name: row[name] for name in _INCOMES},
        }
