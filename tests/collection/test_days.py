"""The year that is not in the file."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import CollectionError
from kokuho.collection import nearest_year
from kokuho.collection.days import require_near


@pytest.mark.parametrize(
    ("month_day", "read_on", "day"),
    [
        ("1228", date(2027, 1, 6), date(2026, 12, 28)),  # read in the new year
        ("0104", date(2026, 12, 28), date(2027, 1, 4)),  # read ahead of it
        ("0630", date(2026, 7, 2), date(2026, 6, 30)),
        ("0229", date(2028, 3, 2), date(2028, 2, 29)),
        ("0229", date(2027, 3, 2), None),  # no such day
        ("0630", date(2026, 12, 28), None),  # half a year away: not told
    ],
)
def test_the_year_is_that_of_the_nearest_day(
    month_day: str, read_on: date, day: date | None
) -> None:
    assert nearest_year(month_day, read_on, 100) == day


@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)), st.integers(-180, 180), st.integers(1, 180))
def test_a_day_within_the_window_is_always_found_again(day: date, apart: int, window: int) -> None:
    read_on = date.fromordinal(day.toordinal() + apart)
    found = nearest_year(day.strftime("%m%d"), read_on, window)
    assert found == (day if abs(apart) <= window else None)


def test_a_debit_day_that_could_not_be_told_is_refused() -> None:
    made_on = date(2026, 12, 20)
    require_near(date(2027, 1, 4), made_on, 100)
    for day in (date(2026, 12, 19), date(2027, 3, 31)):
        with pytest.raises(CollectionError):
            require_near(day, made_on, 100)
