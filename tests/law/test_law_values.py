"""The values against the tables that offices publish, typed in here in the form of the source."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from kokuho.base.errors import LawError
from kokuho.law import (
    Band,
    for_fiscal_year,
    forget_extra,
    interest_rates,
    parameter,
    parameters,
    rule,
    value_text,
)

YEARS = range(2018, 2027)


@pytest.fixture(autouse=True)
def law_of_the_package_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")
    forget_extra()


def income(bands: tuple[Band, ...], revenue: int) -> int:
    band = next(row for row in bands if row.upto is None or revenue <= row.upto)
    return max(0, revenue // band.step * band.step * band.percent // 100 - band.subtract)


# 賦課限度額の推移, 万円 (厚生労働省 資料; 軽井沢町; 土庄町; 朝霞市)
CAPS = {
    2018: (58, 19, 16),
    2019: (61, 19, 16),
    2020: (63, 19, 17),
    2021: (63, 19, 17),
    2022: (65, 20, 17),
    2023: (65, 22, 17),
    2024: (65, 24, 17),
    2025: (66, 26, 17),
    2026: (67, 26, 17, 3),
}


@pytest.mark.parametrize("year", YEARS)
def test_the_caps_are_those_of_the_ministrys_history(year: int) -> None:
    law = for_fiscal_year(year)
    assert tuple(law.caps.values()) == tuple(man * 10_000 for man in CAPS[year])
    assert law.parts == tuple(law.caps)


def test_the_child_part_begins_with_fy2026() -> None:
    assert [year for year in YEARS if "child" in for_fiscal_year(year).parts] == [2026]


# 軽減判定: 基準額, 5割, 2割 の1人当たり額, 万円
JUDGEMENT = {
    2018: ("33", "27.5", "50"),
    2019: ("33", "28", "51"),
    2020: ("33", "28.5", "52"),
    2021: ("43", "28.5", "52"),
    2022: ("43", "28.5", "52"),
    2023: ("43", "29", "53.5"),
    2024: ("43", "29.5", "54.5"),
    2025: ("43", "30.5", "56"),
    2026: ("43", "31", "57"),
}


@pytest.mark.parametrize("year", YEARS)
def test_the_reduction_thresholds_are_those_of_the_notices(year: int) -> None:
    judged = for_fiscal_year(year).judgement
    printed = tuple(int(Decimal(man) * 10_000) for man in JUDGEMENT[year])
    assert (judged.basic, judged.per_head_5, judged.per_head_2) == printed
    assert judged.pension_deduction_65 == 150_000


@pytest.mark.parametrize("year", YEARS)
def test_the_earners_term_begins_with_fy2021(year: int) -> None:
    judged = for_fiscal_year(year).judgement
    earners = (
        judged.earner_term,
        judged.earner_salary_revenue,
        judged.earner_pension_revenue,
        judged.earner_pension_revenue_65,
    )
    assert earners == ((0,) * 4 if year < 2021 else (100_000, 550_000, 600_000, 1_250_000))


# 給与所得控除額 by the pages of 筑後市 (before, after) and 芝山町 (FY2026): up to, deduction
Deduction = Callable[[int], int]
UP_TO_2020: list[tuple[int, Deduction]] = [
    (1_625_000, lambda a: 650_000),
    (1_800_000, lambda a: a * 40 // 100),
    (3_600_000, lambda a: a * 30 // 100 + 180_000),
    (6_600_000, lambda a: a * 20 // 100 + 540_000),
    (10_000_000, lambda a: a * 10 // 100 + 1_200_000),
    (99_999_999, lambda a: 2_200_000),
]
FROM_2021: list[tuple[int, Deduction]] = [
    (1_625_000, lambda a: 550_000),
    (1_800_000, lambda a: a * 40 // 100 - 100_000),
    (3_600_000, lambda a: a * 30 // 100 + 80_000),
    (6_600_000, lambda a: a * 20 // 100 + 440_000),
    (8_500_000, lambda a: a * 10 // 100 + 1_100_000),
    (99_999_999, lambda a: 1_950_000),
]
IN_2026 = [(1_900_000, lambda a: 650_000), *FROM_2021[2:]]


@pytest.mark.parametrize("year", YEARS)
def test_salary_income_is_revenue_less_the_published_deduction(year: int) -> None:
    table = UP_TO_2020 if year <= 2020 else FROM_2021 if year <= 2025 else IN_2026
    bands = for_fiscal_year(year).salary_bands
    for revenue in range(0, 12_000_001, 4_000):  # where the 4,000-yen steps cut nothing
        if 1_616_000 < revenue < 1_632_000:
            continue  # the table of 別表第五 is its own there
        deduction = next(of for upto, of in table if revenue <= upto)
        assert income(bands, revenue) == max(0, revenue - deduction(revenue)), revenue


@pytest.mark.parametrize(
    ("year", "revenue", "expected"),
    [
        # 大村市 (令和2年度以前), with its worked example 6,598,250
        (2020, 650_999, 0),
        (2020, 651_000, 1_000),
        (2020, 1_618_999, 968_999),
        (2020, 1_619_999, 969_000),
        (2020, 1_621_999, 970_000),
        (2020, 1_623_999, 972_000),
        (2020, 1_627_999, 974_000),
        (2020, 1_628_000, 976_800),
        (2018, 5_000_000, 3_460_000),  # 戸田市
        (2020, 6_598_250, 4_736_800),
        (2020, 10_000_000, 7_800_000),
        # 春日井市 (令和3年度以降)
        (2021, 550_999, 0),
        (2025, 1_618_999, 1_068_999),
        (2025, 1_619_000, 1_069_000),
        (2025, 1_620_000, 1_070_000),
        (2025, 1_622_000, 1_072_000),
        (2025, 1_624_000, 1_074_000),
        (2025, 1_799_999, 1_796_000 * 6 // 10 + 100_000),
        (2025, 5_000_000, 3_560_000),  # 三鷹市
        (2025, 8_500_000, 6_550_000),
        # FY2026 (芝山町, 日野市)
        (2026, 650_999, 0),
        (2026, 1_300_000, 650_000),
        (2026, 1_899_999, 1_249_999),
        (2026, 1_900_000, 1_250_000),
        (2026, 3_500_000, 2_370_000),
        (2026, 10_000_000, 8_050_000),
    ],
)
def test_salary_income_at_the_edges_of_the_table(year: int, revenue: int, expected: int) -> None:
    assert income(for_fiscal_year(year).salary_bands, revenue) == expected


def pension_deduction(year: int, elder: bool, other: int, revenue: int) -> int:
    """公的年金等控除額 as 貝塚市 prints it (FY2021-), 速算表 before (最低 70万・120万)."""
    old = year <= 2020
    least = (1_200_000 if elder else 700_000) if old else (1_100_000 if elder else 600_000)
    extra = 100_000 if old else 0
    less = 0 if old else other * 100_000
    if revenue <= (3_300_000 if elder else 1_300_000):
        return least - less
    if revenue <= 4_100_000:
        return revenue * 25 // 100 + 275_000 + extra - less
    if revenue <= 7_700_000:
        return revenue * 15 // 100 + 685_000 + extra - less
    if revenue <= 10_000_000 or old:
        return revenue * 5 // 100 + 1_455_000 + extra - less
    return 1_955_000 - less


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("elder", [False, True])
def test_pension_income_is_revenue_less_the_published_deduction(year: int, elder: bool) -> None:
    law = for_fiscal_year(year)
    classes = [number for key, number in law.pension_bands if key is elder]
    assert classes == ([0] if year <= 2020 else [0, 1, 2])
    for other in classes:
        for revenue in range(0, 12_000_001, 20_000):
            expected = max(0, revenue - pension_deduction(year, elder, other, revenue))
            assert income(law.pension_bands[elder, other], revenue) == expected, (other, revenue)


def test_the_pension_classes_end_at_ten_and_twenty_million() -> None:
    assert for_fiscal_year(2020).pension_other_income == ()
    assert for_fiscal_year(2021).pension_other_income == (10_000_000, 20_000_000)


@pytest.mark.parametrize("year", YEARS)
def test_more_revenue_never_gives_less_income(year: int) -> None:
    law = for_fiscal_year(year)
    for bands in (law.salary_bands, *law.pension_bands.values()):
        edges = sorted({edge + by for row in bands if (edge := row.upto) for by in (0, 1)})
        incomes = [income(bands, revenue) for revenue in edges]
        assert all(before <= after for before, after in pairwise(incomes))


def test_the_basic_deduction_is_phased_out_from_fy2021() -> None:
    def deduction(year: int, gross: int) -> int:
        rows = for_fiscal_year(year).basic_deduction
        return next(row.amount for row in rows if row.upto is None or gross <= row.upto)

    assert deduction(2020, 30_000_000) == 330_000
    for year in (2021, 2026):
        assert deduction(year, 24_000_000) == 430_000
        assert deduction(year, 24_000_001) == 290_000
        assert deduction(year, 24_500_001) == 150_000
        assert deduction(year, 25_000_001) == 0


def test_the_income_adjustment_begins_with_fy2021() -> None:
    assert [for_fiscal_year(year).adjustment_pension_limit for year in (2020, 2021, 2026)] == [
        0,
        100_000,
        100_000,
    ]


def test_preschool_halving_begins_with_fy2022() -> None:
    assert for_fiscal_year(2021).preschool_cut is None
    assert for_fiscal_year(2022).preschool_cut == Fraction(1, 2)


def test_maternity_exemption_begins_in_the_middle_of_fy2023() -> None:
    assert for_fiscal_year(2022).maternity_first_month is None
    assert for_fiscal_year(2023).maternity_first_month == date(2024, 1, 1)
    assert rule("maternity.first_month", 2023).certainty == "read"


def test_former_dependants_had_no_limit_of_months_in_fy2018() -> None:
    # 池田町: 平成30年度まで当分の間, 平成31年度以降 2年間
    assert for_fiscal_year(2018).former_dependant_months is None
    assert for_fiscal_year(2019).former_dependant_months == 24
    assert for_fiscal_year(2026).former_dependant_cut == Fraction(1, 2)


@pytest.mark.parametrize("year", YEARS)
def test_what_did_not_change(year: int) -> None:
    law = for_fiscal_year(year)
    ages = law.ages
    assert (ages.care_from, ages.care_until, ages.leave_at) == (40, 65, 75)
    assert (ages.preschool, ages.child, ages.elder) == (6, 18, 65)
    assert law.reductions == (7, 5, 2)
    assert law.involuntary == Fraction(30, 100)
    assert (law.specific_half_months, law.specific_half) == (60, Fraction(1, 2))
    assert (law.specific_continuing_months, law.specific_continuing) == (36, Fraction(3, 4))


# 江東区, 豊川市, 日野市: 1か月以内, その後, 還付
INTEREST = {
    2018: ("2.6", "8.9", "1.6"),
    2019: ("2.6", "8.9", "1.6"),
    2020: ("2.6", "8.9", "1.6"),
    2021: ("2.5", "8.8", "1.0"),
    2022: ("2.4", "8.7", "0.9"),
    2023: ("2.4", "8.7", "0.9"),
    2024: ("2.4", "8.7", "0.9"),
    2025: ("2.4", "8.7", "0.9"),
    2026: ("2.8", "9.1", "1.3"),
}


@pytest.mark.parametrize("year", INTEREST)
def test_interest_rates_are_those_of_the_calendar_year(year: int) -> None:
    rates = interest_rates(year)
    printed = tuple(Decimal(percent) / 100 for percent in INTEREST[year])
    assert (rates.first, rates.after, rates.refund) == printed


@pytest.mark.parametrize("year", INTEREST)
def test_the_rates_of_a_year_stand_as_far_apart_as_the_law_says(
    year: int,
) -> None:
    """附則3条の2: average + 1 % + 7.3 %, average + 1 % + 1 %; since 2021 average + 0.5 % for both
    the days of a deferral and refunds, before that average + 1 %."""
    rates = interest_rates(year)
    assert rates.after - rates.first == Decimal("0.063")
    assert rates.deferral == rates.refund
    assert rates.first - rates.refund == Decimal("0.015" if year >= 2021 else "0.010")


def test_the_order_of_allocation_is_shown_in_words() -> None:
    entry = parameter("allocation.tax")
    assert value_text(entry.on(date(2026, 4, 1)).value, entry.unit) == "principal → interest"


@pytest.mark.parametrize("year", [2017, 2027])
def test_interest_of_an_unknown_year_is_refused(year: int) -> None:
    with pytest.raises(
        LawError, match=rf"special rates of interest of {year} .*interest\.first.*interest\.yaml"
    ):
        interest_rates(year)


@pytest.mark.parametrize("year", [2017, 2027])
def test_a_fiscal_year_outside_the_data_is_refused_and_not_borrowed(year: int) -> None:
    with pytest.raises(LawError, match=f"no law for fiscal year {year}"):
        for_fiscal_year(year)


def test_the_law_of_a_year_is_read_once() -> None:
    assert for_fiscal_year(2026) is for_fiscal_year(2026)


def test_the_earners_threshold_of_fy2026_is_marked_unverified_with_its_reason() -> None:
    found = rule("reduction.earner_salary_revenue", 2026)
    assert found.certainty == "unverified"
    assert "公表例がない" in found.note
    assert rule("reduction.earner_salary_revenue", 2025).certainty == "read"


def test_a_rule_names_the_articles_for_premiums_and_for_the_tax() -> None:
    found = rule("cap.medical", 2026)
    assert found.article_premium == "国民健康保険法施行令29条の7第2項"
    assert "地方税法703条の4" in found.article_tax
    assert found.article == f"{found.article_premium}(保険料)、{found.article_tax}(保険税)"
    assert rule("basic_deduction", 2026).article == "地方税法314条の2第2項"


def test_the_paragraph_of_the_reduction_moved_in_fy2026() -> None:
    assert rule("reduction.per_head_5", 2025).article_premium.endswith("第5項")
    assert rule("reduction.per_head_5", 2026).article_premium.endswith("第6項")


def test_a_rule_of_a_year_without_the_number_is_refused() -> None:
    with pytest.raises(LawError, match=r"cap\.child has no value on 2025-04-01"):
        rule("cap.child", 2025)


def test_every_value_has_an_article_a_source_with_an_address_and_a_certainty() -> None:
    for name in parameters():
        for dated in parameter(name).values:
            assert dated.article_premium, name
            assert dated.article_tax, name
            assert "https://" in dated.source or "http://" in dated.source, name
            if dated.certainty == "unverified":
                assert dated.note, name
