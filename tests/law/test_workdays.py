"""Days on which offices are closed, against the calendars that the Cabinet Office published.

国民の祝日, 内閣府 https://www8.cao.go.jp/chosei/shukujitsu/gaiyou.html; days of 2019 to 2021 were
moved by special laws (天皇の即位の日, オリンピック).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import LawError
from kokuho.law import holiday_name, is_closed, open_day, parameter
from kokuho.law.text import value_text

DAYS = st.dates(date(2018, 4, 1), date(2028, 3, 20))


@pytest.mark.parametrize(
    "day",
    [
        date(2019, 4, 30),  # between two holidays
        date(2019, 5, 1),  # enthronement
        date(2019, 10, 22),
        date(2020, 2, 24),  # substitute for the 23rd, a Sunday
        date(2020, 7, 23),  # 海の日, moved
        date(2021, 8, 9),  # substitute for the moved 山の日
        date(2026, 5, 6),  # substitute for the 3rd, a Sunday
        date(2026, 9, 22),  # between 敬老の日 and 秋分の日
        date(2027, 3, 22),  # substitute for 春分の日, a Sunday
    ],
)
def test_a_national_holiday_is_closed(day: date) -> None:
    assert day.weekday() < 5
    assert is_closed(day)
    assert holiday_name(day)


@pytest.mark.parametrize("day", [date(2020, 10, 12), date(2021, 7, 19), date(2026, 12, 25)])
def test_a_day_whose_holiday_was_moved_away_is_open(day: date) -> None:
    assert not is_closed(day)
    assert open_day(day) == day


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2026, 10, 31), date(2026, 11, 2)),  # Saturday
        (date(2027, 1, 31), date(2027, 2, 1)),  # Sunday
        # 米沢市: the end of December is 4 January, http://www.city.yonezawa.yamagata.jp/1282.htm
        (date(2026, 12, 31), date(2027, 1, 4)),
        (date(2020, 12, 31), date(2021, 1, 4)),
        (date(2021, 12, 31), date(2022, 1, 4)),
        (date(2022, 12, 29), date(2023, 1, 4)),
        (date(2026, 5, 2), date(2026, 5, 7)),
    ],
)
def test_a_due_date_moves_to_the_next_open_day(day: date, moved: date) -> None:
    assert open_day(day) == moved


def test_new_year_that_ends_on_a_weekend_moves_further() -> None:
    assert open_day(date(2019, 12, 31)) == date(2020, 1, 6)  # the 4th and 5th: weekend


def test_a_municipality_may_have_closed_days_of_its_own() -> None:
    assert open_day(date(2026, 6, 23)) == date(2026, 6, 23)
    assert open_day(date(2026, 6, 23), ("06-23",)) == date(2026, 6, 24)


def test_a_day_outside_the_known_law_is_refused() -> None:
    with pytest.raises(LawError):
        is_closed(date(2017, 1, 4))


@given(DAYS)
def test_an_open_day_is_open_and_no_open_day_was_passed_over(day: date) -> None:
    moved = open_day(day)
    assert not is_closed(moved)
    assert 0 <= (moved - day).days <= 10
    assert all(is_closed(day + timedelta(days=n)) for n in range((moved - day).days))


def test_an_ordinary_working_day_has_no_name() -> None:
    assert holiday_name(date(2026, 7, 31)) is None


def test_the_months_of_pensions_and_the_closed_days_are_shown_in_words() -> None:
    months = parameter("pension_collection.final_months").on(date(2026, 4, 1)).value
    assert value_text(months, "month_numbers") == "10月 12月 2月"
    closed = parameter("due.closed_days").on(date(2026, 4, 1)).value
    assert value_text(closed, "closed_days").startswith("土曜日 日曜日 国民の祝日・休日 12-29")
    assert value_text(10, "day_of_month") == "月の10日"
