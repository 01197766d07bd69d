"""Due dates of terms, and of what is fixed out of term."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import BillingError
from kokuho.billing import due_by_rule, terms
from kokuho.law import is_closed
from kokuho.ordinance import DueRule, OrdinanceYear, find
from tests.billing.conftest import an_ordinance, few

NOTICES = st.dates(date(2026, 4, 1), date(2027, 12, 31))


def test_the_eight_terms_of_koganei_in_fy2026() -> None:
    # https://www.city.koganei.lg.jp/kurashi/427/kokuhozei/hokenzei_fuka.html (12月は25日)
    assert [(term.number, term.due) for term in terms(find("koganei").year(2026))] == [
        (1, date(2026, 7, 31)),
        (2, date(2026, 8, 31)),
        (3, date(2026, 9, 30)),
        (4, date(2026, 11, 2)),
        (5, date(2026, 11, 30)),
        (6, date(2026, 12, 25)),
        (7, date(2027, 2, 1)),
        (8, date(2027, 3, 1)),
    ]


@pytest.mark.parametrize(
    "months",
    [
        (7, 8, 9, 10, 11, 12, 1, 2),
        (7, 8, 9, 10, 11, 12, 1, 2, 3),
        (6, 7, 8, 9, 10, 11, 12, 1, 2, 3),
        (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3),
    ],
)
def test_eight_nine_ten_and_twelve_terms_fall_due_in_their_order(months: tuple[int, ...]) -> None:
    found = terms(an_ordinance(months=months))
    assert [term.number for term in found] == list(range(1, len(months) + 1))
    assert [term.day.month for term in found] == list(months)
    assert not any(is_closed(term.due) for term in found)


def test_the_day_of_the_ordinance_is_kept_beside_the_shifted_one() -> None:
    fourth = terms(find("koganei").year(2026))[3]
    assert (fourth.day, fourth.due) == (date(2026, 10, 31), date(2026, 11, 2))


def test_a_fixed_day_and_a_full_date_are_shifted_too() -> None:
    year = an_ordinance()
    stated = [{"number": 1, "due": date(2026, 6, 28)}, {"number": 2, "due": date(2026, 9, 22)}]
    year = OrdinanceYear.model_validate(year.model_dump() | {"terms": stated})
    assert [term.due for term in terms(year)] == [date(2026, 6, 29), date(2026, 9, 24)]


def test_the_municipalitys_own_closed_days_are_skipped() -> None:
    year = an_ordinance(closed_days=["07-31"])
    assert terms(year)[1].due == date(2026, 8, 3)


def test_an_ordinance_without_terms_is_refused_by_the_settings_name() -> None:
    with pytest.raises(BillingError, match=r"fiscal_years\.2026\.terms is not stated"):
        terms(find("昭島市").year(2026))


def test_a_term_without_a_day_is_refused_by_name() -> None:
    year = an_ordinance(months=(7, 8))
    stated = [{"number": 1, "due": date(2026, 7, 31)}, {"number": 2}]
    year = OrdinanceYear.model_validate(year.model_dump() | {"terms": stated})
    with pytest.raises(BillingError, match=r"terms\[1\]\.due is not stated"):
        terms(year)


def test_two_terms_that_meet_on_one_day_are_refused() -> None:
    year = an_ordinance(months=(7, 8))
    days = (date(2026, 9, 19), date(2026, 9, 21))  # Saturday, and the holiday two days after
    stated = [{"number": n, "due": day} for n, day in enumerate(days, 1)]
    year = OrdinanceYear.model_validate(year.model_dump() | {"terms": stated})
    with pytest.raises(BillingError, match="terms 1 and 2 both fall due on 2026-09-24"):
        terms(year)


@pytest.mark.parametrize(
    ("rule", "notice", "due"),
    [
        ({"rule": "end_of_notice_month"}, date(2026, 9, 15), date(2026, 9, 30)),
        ({"rule": "end_of_following_month"}, date(2026, 9, 15), date(2026, 11, 2)),
        ({"rule": "end_of_following_month"}, date(2026, 12, 3), date(2027, 2, 1)),
        ({"rule": "days_after_notice", "days": 20}, date(2026, 9, 1), date(2026, 9, 24)),
    ],
)
def test_a_due_date_follows_from_the_notice(rule: dict, notice: date, due: date) -> None:
    year = an_ordinance()
    assert due_by_rule(DueRule.model_validate(rule), notice, year, 10) == due


def test_a_notice_that_leaves_too_few_days_is_refused_with_the_last_day() -> None:
    rule = DueRule(rule="end_of_notice_month")
    with pytest.raises(BillingError, match=r"leaves 5 days.*minimum notice is 10.*by 2026-09-20"):
        due_by_rule(rule, date(2026, 9, 25), an_ordinance(), 10)


@few
@given(NOTICES, st.integers(10, 60))
def test_a_due_date_by_rule_is_an_open_day_after_the_notice(notice: date, days: int) -> None:
    rule = DueRule(rule="days_after_notice", days=days)
    due = due_by_rule(rule, notice, an_ordinance(), 10)
    assert not is_closed(due)
    assert due - notice >= timedelta(days=days)
