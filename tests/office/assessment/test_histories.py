"""Random histories of three years: assessments do not depend on when things became known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kokuho.base.calendar import fiscal_year_of, last_day
from kokuho.law import for_fiscal_year
from kokuho.levy import levy
from kokuho.office.assessment import codes
from kokuho.office.assessment.changes import assess_changes
from kokuho.office.assessment.facts import read
from kokuho.office.assessment.frames import frames, gather, rounds
from kokuho.office.assessment.models import LevyDecision, Pending
from kokuho.office.assessment.replay import replay
from kokuho.office.assessment.yearly import Wish, assess_year
from kokuho.office.register.models import Assessment, Household
from kokuho.office.store.recording import record, retract
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import ordinance
from tests.office.conftest import Store
from tests.office.histories import FIRST, Event, history
from tests.office.histories import replay as plainly
from tests.office.people import moment
from tests.office.test_histories import HISTORIES, Register, independent

YEARS = (2023, 2024, 2025)
DECIDED = date(2025, 6, 1)  # early enough for all of the years, by the law of premiums
fast = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
seeds = st.integers(0, 2**32)


class Town(Register):
    """A register that is told everything now: what counts here is the order."""

    def tell(self, event: Event) -> None:
        with seeing([self.code], writing=True):
            when = moment(self.code)
            for said in event.said:
                (retract if said.value is None else record)(when, [self.fact(said)])


def run_years(register: Register, years: Iterable[int] = YEARS) -> None:
    own = ordinance(code=register.code)
    for year in years:
        assess_year(register.code, year, Wish(own.year(year), decided_on=DECIDED), actor="試験")


def run_changes(register: Register) -> None:
    assess_changes(register.code, decided_on=DECIDED, actor="試験")


def owed(register: Register) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """What is owed now: by household, payer and days; nil is as good as nothing.

    A household that waits for a clerk keeps the assessment that it had; it is left out.
    """
    aside = {(year, house) for year, house, _person, code in waiting(register) if stops(code)}
    with seeing([register.code]):
        rows = Assessment.objects.known().exclude(total=0).values_list(
            "household__household_number", "payer__address_number", "valid_from", "valid_to",
            "reduction", "medical", "support", "care", "total",
        )  # fmt: skip
        return {row[:4]: row[4:] for row in rows if (fiscal_year_of(row[2]), row[0]) not in aside}


def stops(code: str) -> bool:
    return code in codes.STOPS or code not in codes.LOOKS


def waiting(register: Register) -> set[tuple[Any, ...]]:
    with seeing([register.code]):
        return set(
            Pending.objects.values_list(
                "fiscal_year", "household__household_number", "person", "code"
            )
        )


def told(events: Sequence[Event]) -> Register:
    register = Town()
    for event in events:
        register.tell(event)
    return register


def compare_with_one_run(dice: Random, events: int) -> None:
    """Runs whenever, between the events, lead where one run of each year at the end leads."""
    known = history(dice, events)
    register = told(known[: events // 3])
    years = dice.sample(YEARS, 2)
    run_years(register, years)
    for event in known[events // 3 :]:
        register.tell(event)
        if dice.random() < 0.3:
            run_changes(register)
    run_years(register, set(YEARS) - set(years))
    run_changes(register)
    once = told(known)
    run_years(once)
    assert owed(register) == owed(once)
    assert waiting(register) == waiting(once)
    check_replays(register)
    check_decisions(register)
    before = owed(register), count(register)
    run_changes(register)
    assert (owed(register), count(register)) == before


def check_replays(register: Register) -> None:
    """Every assessment that ever was is made again to the yen."""
    with seeing([register.code]):
        for assessment in Assessment.objects.select_related(
            "household", "law", "ordinance", "inputs"
        ):
            assert replay(assessment).same


def check_decisions(register: Register) -> None:
    """The decisions add up to what is owed: none is lost, none is there twice."""
    with seeing([register.code]):
        sums: dict[tuple[int, int, int], int] = {}
        for one in LevyDecision.objects.select_related("former", "assessment"):
            key = one.fiscal_year, one.household_id, one.payer_id
            sums[key] = sums.get(key, 0) + one.after - one.before
        now: dict[tuple[int, int, int], int] = {}
        for one in Assessment.objects.known():
            key = fiscal_year_of(one.valid_from), one.household_id, one.payer_id
            now[key] = now.get(key, 0) + one.total
    assert {key: total for key, total in sums.items() if total} == {
        key: total for key, total in now.items() if total
    }


def count(register: Register) -> tuple[int, int]:
    with seeing([register.code]):
        return Assessment.objects.count(), LevyDecision.objects.count()


@pytest.mark.slow
@settings(fast, max_examples=max(2, HISTORIES // 6))
@given(seeds)
def test_runs_between_the_events_lead_where_one_run_at_the_end_leads(
    store: Store, seed: int
) -> None:
    compare_with_one_run(Random(seed), events=16)


@pytest.mark.slow
@settings(fast, max_examples=max(2, HISTORIES // 6))
@given(seeds)
def test_independent_events_lead_to_the_same_assessments_in_either_order(
    store: Store, seed: int
) -> None:
    dice = Random(seed)
    events = history(dice, 12)
    places = independent(events)
    if not places:
        return
    place = dice.choice(places)
    one, other = events[place], events[place + 1]
    swapped = [*events]
    swapped[place] = Event(one.known, other.kind, other.about, other.said)
    swapped[place + 1] = Event(other.known, one.kind, one.about, one.said)
    found = []
    for order in (events, swapped):
        register = told(order[: place + 1])
        run_years(register)
        register.tell(order[place + 1])
        run_changes(register)
        for event in order[place + 2 :]:
            register.tell(event)
        run_changes(register)
        found.append(owed(register))
    assert found[0] == found[1]


def plain_months(events: Sequence[Event], year: int) -> dict[tuple[str, str, str], set[int]]:
    """Who is insured in which household and under which head, asked of each month's last day."""
    found: dict[tuple[str, str, str], set[int]] = {}
    for month in range(12):
        day = last_day(year + (month + 3) // 12, (month + 3) % 12 + 1)
        holds = plainly(events, day, date.max)
        for table, person in holds:
            if table != "enrolment":
                continue
            house = holds.get(("membership", person), (None,))[0]
            head = holds.get(("headship", house), (None,))[0]
            if house and head:
                found.setdefault((house, head, person), set()).add(month)
    return found


def levied_months(
    register: Register, year: int
) -> tuple[dict[tuple[str, str, str], set[int]], set[str]]:
    """The same from the levy's own months, and the households that were put aside."""
    found: dict[tuple[str, str, str], set[int]] = {}
    with seeing([register.code]):
        facts = read(year, list(Household.objects.all()), None)
        gathered = gather(facts, register.code, for_fiscal_year(year))
        aside = {facts.households[household] for household in gathered.put_aside}
    own = ordinance(code=register.code).year(year)
    for units in rounds(gathered.units):
        people = levy(*frames(units), [own]).persons.filter(pl.col("insured_mask") > 0)
        payers = {unit.number: unit.payer_number for unit in units}
        for row in people.iter_rows(named=True):
            key = row["household_id"], payers[row["household_id"]], row["person_id"]
            months = {month for month in range(12) if row["insured_mask"] >> month & 1}
            found[key] = found.get(key, set()) | months
    return found, aside


@fast
@given(seeds, st.sampled_from(YEARS))
def test_months_are_those_that_a_plain_replay_gives(store: Store, seed: int, year: int) -> None:
    """But for the end of a month: whoever is lost on its last day is insured in it."""
    events = [event for event in history(Random(seed), 25) if not ends_a_month(event)]
    levied, aside = levied_months(told(events), year)
    wanted = plain_months(events, year)
    assert {key: months for key, months in wanted.items() if key[0] not in aside} == {
        key: months for key, months in levied.items() if key[0] not in aside
    }


def ends_a_month(event: Event) -> bool:
    return any(
        day != date.max and day == last_day(day.year, day.month) and day >= FIRST
        for said in event.said
        for day in (said.valid_from, said.valid_to)
    )
