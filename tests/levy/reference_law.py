"""The law's own numbers, typed in a second time for the slow reference of the levy.

Nothing here is read from ``kokuho.law``: a number that is wrong there must not be wrong here too.
Tables stand as the pages print them, row by row. A fiscal year is the one in which it starts; the
income is that of the calendar year before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Rule = Callable[[int], int]


def fixed(income: int) -> Rule:
    """A row that names the income itself."""
    return lambda revenue: income


def less(deduction: int) -> Rule:
    """A row ``A - deduction``."""
    return lambda revenue: revenue - deduction


def share(percent: int, minus: int) -> Rule:
    """A row ``A x percent - minus``, cut to whole yen."""
    return lambda revenue: revenue * percent // 100 - minus


def quartered(percent: int, minus: int) -> Rule:
    """A row ``B x percent - minus``, where B is a quarter of A, cut to 1,000 yen, times four."""
    return lambda revenue: (revenue // 4 // 1000 * 1000 * 4) * percent // 100 - minus


Table = tuple[tuple[int, Rule], ...]
"""Rows by the first yen of revenue from which they hold."""


def look_up(table: Table, revenue: int) -> int:
    """The income that the row of this revenue gives, not below 0."""
    rule = [rule for first, rule in table if first <= revenue][-1]
    return max(0, rule(revenue))


# Employment income, income years 2017-2019 (FY2018-2020).
# https://www.nta.go.jp/taxes/shiraberu/taxanswer/shotoku/1410.htm (平成29年分~令和元年分)
SALARY_2017: Table = (
    (0, fixed(0)),
    (651_000, less(650_000)),
    (1_619_000, fixed(969_000)),
    (1_620_000, fixed(970_000)),
    (1_622_000, fixed(972_000)),
    (1_624_000, fixed(974_000)),
    (1_628_000, quartered(60, 0)),
    (1_800_000, quartered(70, 180_000)),
    (3_600_000, quartered(80, 540_000)),
    (6_600_000, share(90, 1_200_000)),
    (10_000_000, less(2_200_000)),
)

# Income years 2020-2024 (FY2021-2025). 令和7年度以前:
# https://www.city.hikone.lg.jp/kakuka/somubu/6/syuruishikumi/kojinjyuminzei/shinkoku/28791.html
# https://www.city.kasugai.lg.jp/kurashi/zei/zei/shiminzei2/zeigakukeisansyouryaku/152419kojin.html
SALARY_2020: Table = (
    (0, fixed(0)),
    (551_000, less(550_000)),
    (1_619_000, fixed(1_069_000)),
    (1_620_000, fixed(1_070_000)),
    (1_622_000, fixed(1_072_000)),
    (1_624_000, fixed(1_074_000)),
    (1_628_000, quartered(60, -100_000)),
    (1_800_000, quartered(70, 80_000)),
    (3_600_000, quartered(80, 440_000)),
    (6_600_000, share(90, 1_100_000)),
    (8_500_000, less(1_950_000)),
)

# Income year 2025 (FY2026). 令和8年度以降: the page of 彦根市 above.
SALARY_2025: Table = (
    (0, fixed(0)),
    (651_000, less(650_000)),
    (1_900_000, quartered(70, 80_000)),
    (3_600_000, quartered(80, 440_000)),
    (6_600_000, share(90, 1_100_000)),
    (8_500_000, less(1_950_000)),
)


@dataclass(frozen=True)
class PensionTable:
    """Public pensions: one table for those under 65, one for the others."""

    under_65: Table
    elder_65: Table


# Income years 2017-2019, whatever the other income. https://kumakogen.or.jp/imfomation/shotokuzei
_PENSION_2017_UPPER: Table = (
    (4_100_000, share(85, 785_000)),
    (7_700_000, share(95, 1_555_000)),
)
PENSION_2017 = PensionTable(
    under_65=(
        (0, less(700_000)),
        (1_300_000, share(75, 375_000)),
        *_PENSION_2017_UPPER,
    ),
    elder_65=(
        (0, less(1_200_000)),
        (3_300_000, share(75, 375_000)),
        *_PENSION_2017_UPPER,
    ),
)


def _pension_2020(relief: int) -> PensionTable:
    """From income year 2020: every deduction of the first column, less ``relief``."""
    upper: Table = (
        (4_100_000, share(85, 685_000 - relief)),
        (7_700_000, share(95, 1_455_000 - relief)),
        (10_000_000, less(1_955_000 - relief)),
    )
    return PensionTable(
        under_65=(
            (0, less(600_000 - relief)),
            (1_300_000, share(75, 275_000 - relief)),
            *upper,
        ),
        elder_65=(
            (0, less(1_100_000 - relief)),
            (3_300_000, share(75, 275_000 - relief)),
            *upper,
        ),
    )


# Income years 2020-2025, by the income from all else: the page of 彦根市 above;
# https://wisewideweb.com/calculator-nenkinshotoku-2020/
PENSION_2020 = (
    (0, _pension_2020(0)),
    (10_000_001, _pension_2020(100_000)),
    (20_000_001, _pension_2020(200_000)),
)


@dataclass(frozen=True)
class Statute:
    """What the levy of one fiscal year takes from the law."""

    fiscal_year: int
    salary: Table
    pension: tuple[tuple[int, PensionTable], ...]  # by the first yen of other income
    basic_deduction: tuple[tuple[int, int], ...]  # by the first yen of 合計所得金額
    threshold: int  # 軽減判定: the amount that every household has
    per_head_5: int
    per_head_2: int
    earner_term: int  # for each earner after the first; 0 = no such term
    preschool_half: bool  # 未就学児の均等割の半額
    child_part: bool  # 子ども・子育て支援納付金分


# 基礎控除: 330,000 to FY2020; since then by income.
# https://www.town.hayama.lg.jp/soshiki/choumin/10/2/3/1649.html
_BASIC_2018 = ((0, 330_000),)
_BASIC_2021 = ((0, 430_000), (24_000_001, 290_000), (24_500_001, 150_000), (25_000_001, 0))


def _statute(fiscal_year: int, per_head_5: int, per_head_2: int) -> Statute:
    old = fiscal_year <= 2020
    later = SALARY_2020 if fiscal_year <= 2025 else SALARY_2025
    return Statute(
        fiscal_year=fiscal_year,
        salary=SALARY_2017 if old else later,
        pension=((0, PENSION_2017),) if old else PENSION_2020,
        basic_deduction=_BASIC_2018 if old else _BASIC_2021,
        # https://www.city.zentsuji.kagawa.jp/soshiki/6/kokuhokaisei.html (R3: 33万 -> 43万 + 10万)
        threshold=330_000 if old else 430_000,
        per_head_5=per_head_5,
        per_head_2=per_head_2,
        earner_term=0 if old else 100_000,
        # https://www.kumakogen.jp/soshiki/4/18221.html (from R4)
        preschool_half=fiscal_year >= 2022,
        # https://www.city.asaka.lg.jp/soshiki/25/kodomo-kosodade.html (from R8)
        child_part=fiscal_year >= 2026,
    )


LAW: dict[int, Statute] = {
    statute.fiscal_year: statute
    for statute in (
        # https://www.city.chikushino.fukuoka.jp/shiminseikatsubu/kokuho-nenkinka/kokuhozei-henkou.html
        _statute(2018, 275_000, 500_000),
        _statute(2019, 280_000, 510_000),
        # http://www.town.yoshioka.gunma.jp/kurashi/hoken/kokuho/kokuho_seidokaisei.html
        _statute(2020, 285_000, 520_000),
        # https://www.city.zentsuji.kagawa.jp/soshiki/6/kokuhokaisei.html
        _statute(2021, 285_000, 520_000),
        _statute(2022, 285_000, 520_000),  # no change found between R3 and R5
        # https://www.city.murakami.lg.jp/site/kokuhozei/kokuho-gengaku.html
        _statute(2023, 290_000, 535_000),
        _statute(2024, 295_000, 545_000),  # 長南町 広報 令和6年7月
        # https://www.city.narita.chiba.jp/kurashi/page100601.html
        _statute(2025, 305_000, 560_000),
        _statute(
            2026, 310_000, 570_000
        ),  # 国民健康保険法施行令 29条の7 (大阪市, さいたま市, 川口市)
    )
}
"""The years that the reference knows."""
