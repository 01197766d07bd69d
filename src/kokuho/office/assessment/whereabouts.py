"""Who counts in which household, and who pays for it, month by month (月割・納付義務者).

A month of a person belongs to the household of its last day, a month of a household to the head of
its last day: so no month is levied twice and none is lost. Where nobody is on that day (the last
member left in the month), it is the last one of the month. That a head pays from the month of
becoming it, and the one before up to the month before it, is what 敦賀市 tells
(https://www.city.tsuruga.lg.jp/kurashi/zeikin/kenkouhokenzei/kokuminkenkohokenzei/nouzeigimusya.html).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kokuho.base.calendar import first_day_of_year, last_day, last_day_of_year
from kokuho.levy.months import (
    ALL_MONTHS,
    MONTHS,
    months_between,
    months_joined,
    months_left,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stretch:
    """Days on which something holds of a subject: from ``first`` to before ``end``.

    Attributes:
        what: what holds: a household's or a head's key; of an enrolment 0.
        began, ended: why (reasons of an enrolment).
        special: 住所地特例.
    """

    what: int
    first: date
    end: date | None
    began: str = ""
    ended: str = ""
    special: bool = False

    def covers(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return self.first <= day and (self.end is None or day < self.end)


def joined_up(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order; those that follow on one another and hold the same become one."""
    out: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda stretch: stretch.first):
        if out and out[-1].end == stretch.first and out[-1].what == stretch.what:
            out[-1] = replace(
                out[-1], end=stretch.end, ended=stretch.ended, special=stretch.special
            )
        else:
            out.append(stretch)
    return out


@dataclass(frozen=True)
class Stay:
    """The months of a fiscal year in which a person counts in one household, or in none (``None``).

    ``spells`` and ``members`` are, by month, the enrolment and the membership that say so.
    """

    mask: int
    spells: Mapping[int, Stretch]
    members: Mapping[int, Stretch]


def stays(
    fiscal_year: int, enrolments: Sequence[Stretch], memberships: Sequence[Stretch]
) -> dict[int | None, Stay]:
    """The months of one person by household; under ``None`` those in which they were in none."""
    spells = joined_up(enrolments)
    members = joined_up(memberships)
    masks: dict[int | None, int] = defaultdict(int)
    by_spell: dict[int | None, dict[int, Stretch]] = defaultdict(dict)
    by_member: dict[int | None, dict[int, Stretch]] = defaultdict(dict)
    for month in range(MONTHS):
        first, last = month_days(fiscal_year, month)
        spell = next((s for s in reversed(spells) if _months(s, fiscal_year) >> month & 1), None)
        if spell is None:
            continue
        # who is lost on the last day was insured up to the day before
        day = last if spell.covers(last) else last - _DAY
        member = _on_or_before(members, day, first)
        household = member.what if member else None
        masks[household] |= 1 << month
        by_spell[household][month] = spell
        if member:
            by_member[household][month] = member
    return {key: Stay(mask, by_spell[key], by_member[key]) for key, mask in masks.items()}


def month_days(fiscal_year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month, 0 for April."""
    year, number = fiscal_year + (month + 3) // 12, (month + 3) % 12 + 1
    return date(year, number, 1), last_day(year, number)


def _months(spell: Stretch, fiscal_year: int) -> int:
    left = ALL_MONTHS if spell.end is None else months_left(spell.end, fiscal_year)
    return months_joined(spell.first, fiscal_year) & left


def _on_or_before(stretches: Sequence[Stretch], day: date, first: date) -> Stretch | None:
    """The stretch of a day, or else the last one from ``first`` up to it."""
    for stretch in reversed(stretches):
        if stretch.first <= day and (stretch.end is None or stretch.end > first):
            return stretch
    return None


@dataclass(frozen=True)
class PayerPeriod:
    """Months of a fiscal year, one after the other, for which one head pays.

    Attributes:
        payer: the head.
        first_month, end_month: from April (0); the end is not included.
        since: the day on which the head became it, 1 April at the earliest.
        until: the day on which the head ceased to be it, if that is why the period ends.
    """

    payer: int
    first_month: int
    end_month: int
    since: date
    until: date | None

    @property
    def mask(self) -> int:
        """Its months as a mask."""
        return months_between(self.first_month, self.end_month)

    def days(self, fiscal_year: int) -> tuple[date, date]:
        """The first day of its first month, and the day after its last."""
        first, _last = month_days(fiscal_year, self.first_month)
        _first, last = month_days(fiscal_year, self.end_month - 1)
        return first, last + _DAY


def payer_periods(fiscal_year: int, headships: Sequence[Stretch]) -> list[PayerPeriod]:
    """Who pays for a household in which months of the year; months without a head are in none."""
    heads = joined_up(headships)
    periods: list[PayerPeriod] = []
    for month in range(MONTHS):
        first, last = month_days(fiscal_year, month)
        head = _on_or_before(heads, last, first)
        if head is None:
            continue
        until = head.end if head.covers(last) else None
        before = periods[-1] if periods else None
        if before and before.payer == head.what and before.end_month == month:
            periods[-1] = replace(before, end_month=month + 1, until=until)
        else:
            since = max(head.first, first_day_of_year(fiscal_year))
            periods.append(PayerPeriod(head.what, month, month + 1, since, until))
    return periods


@dataclass(frozen=True)
class Presence:
    """A person in one payer's period, as the persons file has it.

    ``absent`` holds the months between joining and leaving that do not count here. ``began`` and
    ``ended`` are reasons of the enrolment where it is what began or ended; a person who came from
    another household has none.
    """

    mask: int
    joined_on: date | None
    left_on: date | None
    absent: int
    began: str
    ended: str
    special: bool


def presence(fiscal_year: int, stay: Stay, period: PayerPeriod) -> Presence | None:
    """Whether and when a person counts in a household while one head pays for it."""
    mask = stay.mask & period.mask
    if not mask:
        return None
    first, last = (mask & -mask).bit_length() - 1, mask.bit_length() - 1
    begins, came = stay.spells[first], stay.members[first].first
    new_year = first_day_of_year(fiscal_year)
    joined = max(begins.first, came, period.since)
    joined_on = joined if joined > new_year else None
    came_insured = came > begins.first or period.since > max(begins.first, new_year)
    spell, member = stay.spells[last], stay.members[last]
    _first, last_of_month = month_days(fiscal_year, last)
    ends = [spell.end, member.end if member.covers(last_of_month) else None, period.until]
    left = min((end for end in ends if end), default=date.max)
    left_on = left if left <= last_day_of_year(fiscal_year) else None
    stay_mask = ALL_MONTHS if joined_on is None else months_joined(joined_on, fiscal_year)
    if left_on:
        stay_mask &= months_left(left_on, fiscal_year)
    assert stay_mask & mask == mask, (stay, period)
    return Presence(
        mask=mask,
        joined_on=joined_on,
        left_on=left_on,
        absent=stay_mask & ~mask,
        began="" if came_insured else begins.began,
        ended=spell.ended if spell.end == left_on else "",
        special=spell.special,
    )
