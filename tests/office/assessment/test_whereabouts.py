"""Months of persons and heads, by hand: no month is counted twice, none is lost."""

from __future__ import annotations

from datetime import date

from kokuho.levy.months import ALL_MONTHS
from kokuho.office.assessment.whereabouts import (
    Stretch,
    joined_up,
    payer_periods,
    presence,
    stays,
)

YEAR = 2026
LONG_AGO = date(2020, 4, 1)
A, B = 1, 2


def months(*names: int) -> int:
    """A mask of calendar months."""
    return sum(1 << (month - 4) % 12 for month in names)


def stretch(what: int, first: date = LONG_AGO, end: date | None = None) -> Stretch:
    return Stretch(what, first, end)


def test_all_year_in_one_household() -> None:
    found = stays(YEAR, [stretch(0)], [stretch(A)])
    assert {key: stay.mask for key, stay in found.items()} == {A: ALL_MONTHS}


def test_a_month_belongs_to_the_household_of_its_last_day() -> None:
    moved = date(2026, 7, 31)
    found = stays(YEAR, [stretch(0)], [stretch(A, end=moved), stretch(B, moved)])
    assert found[A].mask == months(4, 5, 6)
    assert found[B].mask == ALL_MONTHS & ~months(4, 5, 6)


def test_whoever_is_lost_on_the_last_day_belongs_to_the_household_of_the_day_before() -> None:
    day = date(2026, 7, 31)
    found = stays(YEAR, [stretch(0, end=day)], [stretch(A, end=day), stretch(B, day)])
    assert {key: stay.mask for key, stay in found.items()} == {A: months(4, 5, 6, 7)}


def test_insured_months_in_no_household_are_told_apart() -> None:
    found = stays(YEAR, [stretch(0)], [stretch(A, end=date(2026, 8, 10))])
    assert found[A].mask == months(4, 5, 6, 7, 8)  # in August the last one
    assert found[None].mask == months(9, 10, 11, 12, 1, 2, 3)


def test_the_first_day_of_a_version_is_no_join() -> None:
    """A new number of the enrolment, another relationship: nothing that a levy minds."""
    day = date(2026, 7, 10)
    both = joined_up([stretch(A, day), stretch(A, end=day)])
    assert both == [stretch(A)]
    [period] = payer_periods(YEAR, [stretch(1, end=day), stretch(1, day)])
    stay = stays(YEAR, [stretch(0, end=day), stretch(0, day)], [stretch(A)])[A]
    here = presence(YEAR, stay, period)
    assert here is not None
    assert (here.mask, here.joined_on, here.left_on, here.absent) == (ALL_MONTHS, None, None, 0)


def test_another_head_pays_from_the_month_of_becoming_it() -> None:
    day = date(2026, 7, 31)
    first, second = payer_periods(YEAR, [stretch(1, end=day), stretch(2, day)])
    assert (first.payer, first.mask) == (1, months(4, 5, 6))
    assert (second.payer, second.since) == (2, day)
    assert first.mask | second.mask == ALL_MONTHS
    assert first.days(YEAR) == (date(2026, 4, 1), date(2026, 7, 1))
    assert second.days(YEAR) == (date(2026, 7, 1), date(2027, 4, 1))


def test_a_head_between_two_month_ends_pays_for_nothing() -> None:
    heads = [
        stretch(1, end=date(2026, 7, 5)),
        stretch(2, date(2026, 7, 5), date(2026, 7, 20)),
        stretch(3, date(2026, 7, 20)),
    ]
    assert [period.payer for period in payer_periods(YEAR, heads)] == [1, 3]


def test_a_household_that_ends_in_a_month_has_its_last_head_in_it() -> None:
    [period] = payer_periods(YEAR, [stretch(1, end=date(2026, 7, 31))])
    assert period.mask == months(4, 5, 6, 7)


def test_a_household_that_comes_again_is_paid_for_twice() -> None:
    first, second = payer_periods(
        YEAR, [stretch(1, end=date(2026, 6, 10)), stretch(1, date(2026, 10, 2))]
    )
    assert (first.mask, second.mask) == (months(4, 5, 6), months(10, 11, 12, 1, 2, 3))
    assert second.since == date(2026, 10, 2)


def test_months_away_between_two_enrolments_are_absent() -> None:
    spells = [
        Stretch(0, LONG_AGO, date(2026, 6, 5), "birth", "joined_employees"),
        Stretch(0, date(2026, 10, 20), date(2027, 2, 1), "left_employees", "moved_out"),
    ]
    [period] = payer_periods(YEAR, [stretch(1)])
    here = presence(YEAR, stays(YEAR, spells, [stretch(A)])[A], period)
    assert here is not None
    assert here.mask == months(4, 5, 10, 11, 12, 1)
    assert here.absent == months(6, 7, 8, 9)
    assert (here.joined_on, here.left_on) == (None, date(2027, 2, 1))
    assert (here.began, here.ended) == ("birth", "moved_out")


def test_whoever_comes_from_another_household_did_not_join_the_insurance() -> None:
    day = date(2026, 9, 12)
    stay = stays(
        YEAR, [Stretch(0, LONG_AGO, None, "birth")], [stretch(A, end=day), stretch(B, day)]
    )
    [period] = payer_periods(YEAR, [stretch(1)])
    here, there = presence(YEAR, stay[A], period), presence(YEAR, stay[B], period)
    assert here is not None
    assert there is not None
    assert (here.left_on, here.ended) == (day, "")
    assert (there.joined_on, there.began) == (day, "")


def test_a_new_head_is_judged_on_the_day_of_becoming_it() -> None:
    day = date(2026, 7, 10)
    _first, second = payer_periods(YEAR, [stretch(1, end=day), stretch(2, day)])
    here = presence(YEAR, stays(YEAR, [stretch(0)], [stretch(A)])[A], second)
    assert here is not None
    assert here.joined_on == day
