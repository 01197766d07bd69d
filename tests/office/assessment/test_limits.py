"""Until when a year may be assessed: the days that municipalities state, and those of the law."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.office.assessment.limits import first_due, limit
from tests.office.assessment.town import ordinance

DECIDED = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("name", "due", "last"),
    [
        # 足立区: first due date 2022-06-30, nothing from 2024-07-01 on
        ("limit.premium", date(2022, 6, 30), date(2024, 6, 30)),
        # 岐阜市: 6月30日, 翌日から2年
        ("limit.premium", date(2021, 6, 30), date(2023, 6, 30)),
        ("limit.tax", date(2022, 7, 31), date(2025, 7, 31)),
        ("limit.tax_decrease", date(2022, 7, 31), date(2027, 7, 31)),
        ("limit.tax_fraud", date(2022, 7, 31), date(2029, 7, 31)),
        # the day after is 29 February or follows it
        ("limit.premium", date(2024, 2, 28), date(2026, 2, 28)),
        ("limit.premium", date(2024, 2, 29), date(2026, 2, 28)),
        ("limit.premium", date(2022, 2, 28), date(2024, 2, 29)),
    ],
)
def test_a_limit_ends_on_the_day_that_answers_to_the_due_date(
    name: str, due: date, last: date
) -> None:
    assert limit(name, due, DECIDED).last == last


def test_a_limit_without_months_has_no_end() -> None:
    found = limit("limit.premium_adjusted", date(2019, 7, 31), DECIDED)
    assert (found.last, found.article) == (None, "国民健康保険法110条の2第2項")


def test_the_first_due_date_is_the_ordinances_on_a_day_on_which_offices_are_open() -> None:
    assert first_due(ordinance().year(2026)) == date(2026, 7, 31)
    assert first_due(ordinance().year(2022)) == date(2022, 8, 1)  # 31 July was a Sunday


def test_without_terms_there_is_no_first_due_date() -> None:
    assert first_due(ordinance().year(2026).model_copy(update={"terms": ()})) is None
