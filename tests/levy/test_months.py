"""Months by the tables that 栄町, 北栄町, 北広島市, 大津町, つがる市, 熊谷市, 品川区 publish.

Sources stand beside each row; docs/levy.md §1 has the definitions.
"""

from datetime import date
from typing import Any

import polars as pl
import pytest

from kokuho.law import for_fiscal_year
from kokuho.levy.frames import person_frame
from kokuho.levy.incomes import month_steps
from kokuho.levy.steps import apply

SAKAE = "https://www.town.sakae.chiba.jp/page/page003100.html"
YEAR = 2026


def months(fiscal_year: int = YEAR, **person: Any) -> dict[str, Any]:
    row = {"birth_date": date(1990, 5, 10), "person_id": "1"} | person
    frame = person_frame([row])
    done = apply(frame.lazy(), month_steps(for_fiscal_year(fiscal_year))).collect()
    return done.row(0, named=True)


def count(mask: int) -> int:
    return mask.bit_count()


@pytest.mark.parametrize(
    ("birthday", "expected"),
    [((5, 1), 12), ((5, 2), 11), ((7, 2), 9), ((8, 1), 9), ((2, 1), 3)],
)
def test_care_begins_in_the_month_of_the_day_before_the_40th_birthday(
    birthday: tuple[int, int], expected: int
) -> None:
    month, day = birthday
    born = date(YEAR - 40 + (month < 4), month, day)
    assert count(months(birth_date=born)["care_mask"]) == expected, SAKAE


def test_oyama_town_counts_july_first_from_june_and_july_tenth_from_july() -> None:
    first, tenth = date(YEAR - 40, 7, 1), date(YEAR - 40, 7, 10)
    assert count(months(birth_date=first)["care_mask"]) == 10
    assert count(months(birth_date=tenth)["care_mask"]) == 9


def test_65_reached_in_september_leaves_five_months_of_care() -> None:
    # 北栄町 http://www.e-hokuei.net/1706.htm: April to August
    assert count(months(birth_date=date(YEAR - 65, 9, 20))["care_mask"]) == 5


def test_born_on_the_first_care_ends_two_months_before_the_birth_month() -> None:
    # 熊谷市 https://www.city.kumagaya.lg.jp/faq/2/22/nendo4065kaigo.html
    assert count(months(birth_date=date(YEAR - 65, 9, 1))["care_mask"]) == 4
    assert count(months(birth_date=date(YEAR - 65, 9, 2))["care_mask"]) == 5


@pytest.mark.parametrize(
    ("joined", "expected", "source"),
    [
        (date(2026, 6, 15), 10, "北広島市 6月"),
        (date(2026, 5, 7), 11, "大津町 5/7"),
        (date(2026, 9, 10), 7, "鹿島市 9/10"),
        (date(2027, 3, 31), 1, "つがる市 3/31"),
        (date(2027, 1, 5), 3, "銚子市 1月"),
    ],
)
def test_months_run_from_the_month_of_joining(joined: date, expected: int, source: str) -> None:
    assert count(months(joined_on=joined)["insured_mask"]) == expected, source


def test_months_end_before_the_month_of_leaving() -> None:
    # 北広島市: lost in July, April to June
    assert count(months(left_on=date(2026, 7, 15))["insured_mask"]) == 3


def test_leaving_on_the_last_day_of_a_month_counts_that_month() -> None:
    # 和気町 https://www.town.wake.lg.jp/shitsumon/kurashi_shitsumon/zeikinnitsuite/1507.html
    assert count(months(left_on=date(2026, 7, 31))["insured_mask"]) == 4
    assert count(months(left_on=date(2026, 7, 30))["insured_mask"]) == 3


def test_joining_and_leaving_in_one_month_is_no_month() -> None:
    assert months(joined_on=date(2026, 7, 2), left_on=date(2026, 7, 20))["insured_mask"] == 0


@pytest.mark.parametrize(("day", "expected"), [(1, 2), (10, 2), (30, 2)])
def test_75_leaves_before_the_month_of_the_birthday_itself(day: int, expected: int) -> None:
    assert count(months(birth_date=date(YEAR - 75, 6, day))["insured_mask"]) == expected


def test_born_on_29_february_75_is_reached_on_1_march() -> None:
    assert count(months(birth_date=date(1952, 2, 29))["insured_mask"]) == 11


def test_a_birth_in_november_2023_exempts_january_2024_alone() -> None:
    # 品川区 https://www.city.shinagawa.tokyo.jp/ct/other/20231122101648_2.txt
    row = months(2023, maternity_from=date(2023, 10, 1), maternity_months=4)
    assert row["maternity_mask"] == 1 << 9


def test_maternity_months_are_split_over_fiscal_years() -> None:
    first = months(2025, maternity_from=date(2026, 2, 1), maternity_months=4)
    second = months(2026, maternity_from=date(2026, 2, 1), maternity_months=4)
    assert (count(first["maternity_mask"]), count(second["maternity_mask"])) == (2, 2)


def test_unemployment_counts_to_the_end_of_the_next_fiscal_year() -> None:
    started = date(2025, 9, 1)
    assert count(months(2025, involuntary_unemployment_from=started)["involuntary_mask"]) == 7
    assert count(months(2026, involuntary_unemployment_from=started)["involuntary_mask"]) == 12
    later = months(2026, involuntary_unemployment_from=date(2025, 3, 31))
    assert later["involuntary_mask"] == 0


def test_former_dependants_keep_the_half_for_two_years_and_the_rest_for_good() -> None:
    row = months(2026, former_dependant_from=date(2024, 8, 10))
    assert count(row["former_half_mask"]) == 4
    assert count(row["former_mask"]) == 12


@pytest.mark.parametrize(
    ("born", "preschool", "child"),
    [
        (date(2020, 4, 1), False, True),
        (date(2020, 4, 2), True, True),
        (date(2008, 4, 1), False, False),
        (date(2008, 4, 2), False, True),
    ],
)
def test_school_years_begin_with_births_of_2_april(
    born: date, preschool: bool, child: bool
) -> None:
    row = months(birth_date=born)
    assert (row["preschool"], row["child"]) == (preschool, child)


def test_masks_are_sixteen_bit_and_never_empty_cells() -> None:
    frame = apply(
        person_frame([{"birth_date": date(1990, 1, 1), "person_id": "1"}]).lazy(),
        month_steps(for_fiscal_year(YEAR)),
    ).collect()
    for name in ("insured_mask", "care_mask", "maternity_mask", "involuntary_mask"):
        assert frame.schema[name] == pl.Int16
        assert frame[name].null_count() == 0
