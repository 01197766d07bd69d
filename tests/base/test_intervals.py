"""What a rounded number may stand for, against brute force."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.intervals import Interval


def half_up(value: Fraction, decimals: int) -> Fraction:
    scale = Fraction(10) ** decimals
    return Fraction((2 * value * scale + 1) // 2) / scale


values = st.fractions(min_value=0, max_value=10**6, max_denominator=1000)


@given(values, st.integers(-2, 3))
def test_a_number_lies_in_what_it_was_rounded_to_and_in_no_other(
    value: Fraction, decimals: int
) -> None:
    printed = half_up(value, decimals)
    step = 1 / Fraction(10) ** decimals
    assert value in Interval.rounded(printed, decimals)
    assert value not in Interval.rounded(printed + step, decimals)
    if printed > 0:
        assert value not in Interval.rounded(printed - step, decimals)


@given(values, st.fractions(min_value=1, max_value=10**6, max_denominator=1000), st.integers(0, 2))
def test_a_ratio_of_true_numbers_is_possible_after_all_are_rounded(
    part: Fraction, whole: Fraction, decimals: int
) -> None:
    above, below = (Interval.rounded(half_up(number, 0), 0) for number in (part, whole))
    printed = half_up(part / whole * 100, decimals)
    possible = (above / below).times(Fraction(100))
    assert Interval.rounded(printed, decimals).overlaps(possible)


def test_the_share_of_the_foreign_insured_in_fy2023_cannot_be_four_percent() -> None:
    # 97 of 2,378 (万人) printed as 4.0 %
    possible = (Interval.rounded(Fraction(97), 0) / Interval.rounded(Fraction(2_378), 0)).times(
        Fraction(100)
    )
    assert possible.text(2) == "4.06 to 4.10"
    assert not Interval.rounded(Fraction(4), 1).overlaps(possible)
    assert Interval.rounded(Fraction("4.1"), 1).overlaps(possible)


def test_numbers_that_were_not_rounded_leave_no_room() -> None:
    third = Interval.exactly(Fraction(1)) / Interval.exactly(Fraction(3))
    possible = third.times(Fraction(100))
    assert Interval.rounded(Fraction("33.3"), 1).overlaps(possible)
    assert not Interval.rounded(Fraction("33.4"), 1).overlaps(possible)
    assert possible.text(1) == "33.3"


def test_an_end_counts_only_where_it_is_reached() -> None:
    # exactly 12.5 % is printed 13, never 12
    eighth = (Interval.exactly(Fraction(1)) / Interval.exactly(Fraction(8))).times(Fraction(100))
    assert Interval.rounded(Fraction(13), 0).overlaps(eighth)
    assert not Interval.rounded(Fraction(12), 0).overlaps(eighth)
    # less than 0.5 over exactly 1 never reaches one half
    below = Interval.rounded(Fraction(0), 0) / Interval.exactly(Fraction(1))
    assert not Interval.exactly(Fraction(1, 2)).overlaps(below)


def test_sums_add_their_doubts() -> None:
    made = Interval.rounded(Fraction(3), 0) + Interval.exactly(Fraction(4))
    assert made == Interval(Fraction(13, 2), Fraction(15, 2))
