"""The circular as data: who wrote what, the year after acquisition, what is a slot."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.base.errors import LinkageError
from kokuho.linkage.bureau import scheme

DAYS = st.dates(date(2019, 1, 7), date(2035, 12, 31))
RULE = scheme().on(date(2026, 4, 1))


def test_the_seven_items_and_five_triggers_are_those_of_the_circular_s_summary() -> None:
    """保国発0107第1号 as summarised at https://info.shaho.co.jp/iryou/hourei/201901/6898."""
    assert [item.title for item in RULE.items] == [
        "住所", "在留資格", "在留期間", "資格取得年月日", "資格取得事由", "就労状況", "就学状況",
    ]  # fmt: skip
    assert RULE.benefits == ("limit_certificate", "high_cost", "care_abroad", "childbirth")
    assert [one.code for one in RULE.triggers if one.by == "person"] == ["suspicion"]
    assert "保国発0107第1号" in scheme().source.text
    assert scheme().source.url


def test_forms_that_are_not_public_are_slots() -> None:
    assert {one.title: one.standing for one in RULE.forms} == {
        "連絡票": "not_public", "管理する様式": "not_public",
    }  # fmt: skip


def test_what_the_trial_asked_for_is_not_borrowed_from_the_circular_of_2019() -> None:
    assert scheme().on(date(2019, 1, 7)) is RULE
    with pytest.raises(LinkageError, match="公表されていません"):
        scheme().on(date(2018, 6, 1))


@pytest.mark.parametrize(
    ("acquired", "last"),
    [
        (date(2026, 4, 1), date(2027, 4, 1)),
        (date(2023, 3, 1), date(2024, 3, 1)),
        (date(2024, 2, 29), date(2025, 2, 28)),  # no 29 February: the last day (民法143条2項)
        (date(2023, 2, 28), date(2024, 2, 29)),  # the year begins on 1 March
    ],
)
def test_the_year_ends_as_the_civil_code_counts_it(acquired: date, last: date) -> None:
    assert RULE.within(acquired, acquired)
    assert RULE.within(acquired, last)
    assert not RULE.within(acquired, last + timedelta(days=1))
    assert not RULE.within(acquired, acquired - timedelta(days=1))


@settings(deadline=None)
@given(acquired=DAYS, after=st.integers(0, 364))
def test_every_day_of_the_first_year_is_within_it(acquired: date, after: int) -> None:
    assert RULE.within(acquired, acquired + timedelta(days=after))
    assert not RULE.within(acquired, acquired + timedelta(days=368 + after))


def test_an_unknown_trigger_is_refused_by_name() -> None:
    with pytest.raises(LinkageError, match="arrears"):
        RULE.trigger("arrears")
