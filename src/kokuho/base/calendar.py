"""Fiscal years, eras and dates as Japanese offices write them (年度, 元号, 和暦).

A fiscal year is the western year in which it starts: 2026 is 令和8年度 (1 April 2026 to
31 March 2027). Months inside it are counted from 0 (April) to 11 (March).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ERAS: tuple[tuple[str, str, date], ...] = (
    ("令和", "R", date(2019, 5, 1)),
    ("平成", "H", date(1989, 1, 8)),
    ("昭和", "S", date(1926, 12, 25)),
    ("大正", "T", date(1912, 7, 30)),
    ("明治", "M", date(1868, 10, 23)),
)
"""Era name, its initial and its first day (元号を改める政令), newest first."""

_OFFICES = ZoneInfo("Asia/Tokyo")
"""Where the offices are (日本標準時)."""

_ERA_START_YEAR = {
    written: first.year for name, initial, first in ERAS for written in (name, name[0], initial)
}
_ERA_DATE = re.compile(
    r"(令和?|平成?|昭和?|大正?|明治?|[RHSTM])\s*(元|\d{1,2})[年./-]\s*(\d{1,2})[月./-]\s*(\d{1,2})日?"
)
_WESTERN_DATE = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class PartialDate:
    """A date of which day or month may be unknown (月日不詳): 0 stands for unknown."""

    year: int
    month: int
    day: int

    @property
    def complete(self) -> bool:
        """Whether year, month and day are all known."""
        return self.month > 0 and self.day > 0

    def earliest(self) -> date:
        """The first day that it may be."""
        return date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> date:
        """The last day that it may be."""
        if self.complete:
            return self.earliest()
        return last_day(self.year, self.month or 12)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


def today() -> date:
    """The day that it is where the offices are, whatever the machine's clock is set to."""
    return datetime.now(_OFFICES).date()


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def birthday(born: date, age: int) -> date:
    """The birthday on which somebody becomes ``age``; after 29 February it is 1 March.

    The age is reached at the end of the day before (年齢計算ニ関スル法律).
    """
    try:
        return born.replace(year=born.year + age)
    except ValueError:  # 29 February in a common year: the day after 28 February
        return date(born.year + age, 3, 1)


def months_after(day: date, months: int) -> date:
    """The day at whose end so many months from ``day`` have passed, ``day`` itself not counted.

    A month that has no such day ends with its last day (民法140条・143条): months after 28 February
    end on 31 March, 30 April, …, as they begin on 1 March.
    """
    begins = day + timedelta(days=1)
    index = begins.year * 12 + begins.month - 1 + months
    last = last_day(index // 12, index % 12 + 1)
    if begins.day > last.day:
        return last
    return last.replace(day=begins.day) - timedelta(days=1)


def first_day_of_year(fiscal_year: int) -> date:
    """1 April of the fiscal year (賦課期日)."""
    return date(fiscal_year, 4, 1)


def last_day_of_year(fiscal_year: int) -> date:
    """31 March at the end of the fiscal year."""
    return date(fiscal_year + 1, 3, 31)


def fiscal_year_of(day: date) -> int:
    """The fiscal year that a day lies in."""
    return day.year if day.month >= 4 else day.year - 1


def era_year(year: int, month: int = 4, day: int = 1) -> str:
    """A year as offices write it: ``令和8年``; the first year of an era is ``元年``."""
    on = date(year, month, day)
    for name, _, first in ERAS:
        if on >= first:
            number = year - first.year + 1
            return f"{name}{'元' if number == 1 else number}年"
    raise ValueError(f"before the first era that is known: {on}")


def fiscal_year_name(fiscal_year: int) -> str:
    """``令和8年度`` for 2026. FY2019 began on 1 April in 平成31年 and is called 令和元年度."""
    if fiscal_year == 2019:
        return "令和元年度"
    return era_year(fiscal_year) + "度"


def era_date(day: date) -> str:
    """A day in the Japanese calendar: ``令和8年4月1日``."""
    return f"{era_year(day.year, day.month, day.day)}{day.month}月{day.day}日"


def complete_date(text: str) -> date:
    """A date in any of the forms of :func:`parse_date`, with no part unknown.

    Raises:
        ValueError: not a date, or a part of it is unknown.
    """
    partial = parse_date(text)
    if not partial.complete:
        raise ValueError(f"a part of the date is unknown: {text!r}")
    return partial.earliest()


def parse_date(text: str) -> PartialDate:
    """Read a date in any form that offices use; unknown day or month may be ``00``.

    Accepted: ISO ``1986-04-02``, ``1986/4/2``, ``19860402``, ``1986年4月2日``, and the Japanese
    calendar ``昭和61年4月2日``, ``昭61.4.2``, ``S61.4.2``, ``令和元年5月1日``; full width and small
    letters too.

    Raises:
        ValueError: not a date in any of these forms, or a day that does not exist.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if found := _ERA_DATE.fullmatch(plain):
        era, number, month, day = found.groups()
        era_number = 1 if number == "元" else int(number)
        if era_number == 0:
            raise ValueError(f"not a date: {text!r}")
        year = _ERA_START_YEAR[era] + era_number - 1
    elif found := _WESTERN_DATE.fullmatch(plain) or _COMPACT_DATE.fullmatch(plain):
        year_text, month, day = found.groups()
        year = int(year_text)
    else:
        raise ValueError(f"not a date: {text!r}")
    partial = PartialDate(year, int(month), int(day))
    if partial.month == 0 and partial.day != 0:
        raise ValueError(f"a day without its month: {text!r}")
    try:
        partial.earliest()
    except ValueError:
        raise ValueError(f"no such day: {text!r}") from None
    return partial
