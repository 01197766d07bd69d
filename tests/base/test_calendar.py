from datetime import UTC, date, datetime, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base import calendar
from kokuho.base.calendar import (
    PartialDate,
    era_date,
    fiscal_year_name,
    fiscal_year_of,
    last_day,
    months_after,
    parse_date,
)


@pytest.mark.parametrize(
    "text",
    [
        "1986-04-02",
        "1986/4/2",
        "19860402",
        "1986年4月2日",
        "昭和61年4月2日",
        "S61.4.2",
        "s61.4.2",
        "昭61.4.2",
        "Ｓ６１．４．２",
    ],
)
def test_a_date_is_read_in_every_form_that_offices_use(text: str) -> None:
    assert parse_date(text) == PartialDate(1986, 4, 2)


def test_the_first_year_of_an_era_is_read_and_written_as_gannen() -> None:
    assert parse_date("令和元年5月1日").earliest() == date(2019, 5, 1)
    assert era_date(date(2019, 5, 1)) == "令和元年5月1日"
    assert era_date(date(2019, 4, 30)) == "平成31年4月30日"


def test_an_unknown_day_or_month_is_kept_as_unknown() -> None:
    partial = parse_date("1950-03-00")
    assert not partial.complete
    assert (partial.earliest(), partial.latest()) == (date(1950, 3, 1), date(1950, 3, 31))
    assert parse_date("1950-00-00").latest() == date(1950, 12, 31)


@pytest.mark.parametrize(
    "text", ["", "1986-13-01", "2026-02-30", "昭和0年1月1日", "x", "1950-00-05"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|day"):
        parse_date(text)


def test_fiscal_years_are_named_in_the_japanese_calendar() -> None:
    names = [fiscal_year_name(year) for year in (2018, 2019, 2026, 2035)]
    assert names == ["平成30年度", "令和元年度", "令和8年度", "令和17年度"]


@given(st.dates(date(1868, 10, 23), date(2100, 12, 31)))
def test_a_day_survives_the_japanese_calendar(day: date) -> None:
    assert parse_date(era_date(day)).earliest() == day


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_lies_in_one_fiscal_year(day: date) -> None:
    year = fiscal_year_of(day)
    assert date(year, 4, 1) <= day <= date(year + 1, 3, 31)
    assert last_day(day.year, day.month) >= day


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        ("2024-05-10", 1, "2024-06-10"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-30", 1, "2023-02-28"),
        ("2024-02-29", 1, "2024-03-31"),
        ("2023-02-28", 1, "2023-03-31"),
        ("2024-04-30", 1, "2024-05-31"),
        ("2024-12-10", 3, "2025-03-10"),
        ("2022-02-28", 24, "2024-02-29"),
        ("2024-02-29", 24, "2026-02-28"),
    ],
)
def test_months_end_on_the_day_before_the_one_that_they_began_on(
    day: str, months: int, end: str
) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(end)


def test_today_is_the_day_of_the_offices_whatever_the_clock_of_the_machine_is_set_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Evening(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2026, 3, 31, 15, 30, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr(calendar, "datetime", Evening)
    assert calendar.today() == date(2026, 4, 1)
