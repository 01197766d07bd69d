"""The same law and ordinance for the peers, written from docs/levy.md without our package.

小金井市, fiscal year 2026, as in src/kokuho/ordinance/data/koganei.yaml: no asset and no
per-household component, income per household, parts cut to 100 yen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

YEAR = 2026
ALL = 4095
EPOCH = date(1970, 1, 1)
EARLY, LATE = -(10**6), 10**6
"""What stands for an empty date: before or after everything, as the rule wants it."""
DAYS = {
    "birth_date": EARLY,
    "joined_on": EARLY,
    "left_on": LATE,
    "involuntary_unemployment_from": EARLY,
    "maternity_from": EARLY,
    "former_dependant_from": LATE,
    "specific_from": LATE,
}
EMPTY = -1
NULLABLE = ("salary_revenue", "salary_income", "pension_revenue", "pension_income")
ORDINARY = (
    "business",
    "farming",
    "real_estate",
    "interest",
    "dividend",
    "miscellaneous",
    "other_income",
    "transfer_short",
)
SEPARATE = (
    "separate_transfer_short",
    "separate_transfer_long",
    "shares",
    "listed_dividend",
    "futures",
    "forestry",
)
PARTS = {
    "medical": (67_400, 31_000, 670_000),
    "support": (22_500, 14_000, 260_000),
    "care": (20_000, 15_000, 170_000),
    "child": (3_000, 1_855, 30_000),
}
"""Rate in millionths, per capita, cap."""
CHILD_ADULT = 89

SALARY_UPTO = np.array([650_999, 1_899_999, 3_599_999, 6_599_999, 8_499_999])
SALARY_PERCENT = np.array([0, 100, 70, 80, 90, 100])
SALARY_SUBTRACT = np.array([0, 650_000, 80_000, 440_000, 1_100_000, 1_950_000])
PENSION_UPTO = np.array(
    [[1_299_999, 4_099_999, 7_699_999, 9_999_999], [3_299_999, 4_099_999, 7_699_999, 9_999_999]]
)
PENSION_PERCENT = np.array([100, 75, 85, 95, 100])
PENSION_SUBTRACT = np.array(
    [
        [600_000, 275_000, 685_000, 1_455_000, 1_955_000],
        [1_100_000, 275_000, 685_000, 1_455_000, 1_955_000],
    ]
)
"""For other income up to 10 million yen; 100,000 less above it, 200,000 less above 20 million."""


def number(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - EPOCH).days


def month_index(day: date) -> int:
    return (day.year - YEAR) * 12 + day.month - 4


def until(index: int) -> int:
    return (1 << min(max(index, 0), 12)) - 1


def onwards(index: int) -> int:
    return ALL - until(index)


def _table(first: date, last: date, rule: Callable[[date], int]) -> tuple[int, np.ndarray]:
    days = (last - first).days + 1
    masks = [rule(first + timedelta(n)) for n in range(days)]
    return (first - EPOCH).days, np.array(masks, dtype=np.int16)


def _birthday(born: date, age: int) -> date:
    leap = (born.month, born.day) == (2, 29)
    return date(born.year + age, 3, 1) if leap else date(born.year + age, born.month, born.day)


def _age(age: int, rule: Callable[[int], int], before: int) -> tuple[int, np.ndarray]:
    def of(born: date) -> int:
        if (born.month, born.day) == (2, 29) and (born.year + age) % 4 == 0:
            return rule(month_index(date(born.year + age, 2, 29) - timedelta(before)))
        return rule(month_index(_birthday(born, age) - timedelta(before)))

    return _table(date(YEAR - age, 3, 25), date(YEAR - age + 1, 4, 8), of)


def _span(start: int, length: int) -> Callable[[date], int]:
    def rule(day: date) -> int:
        first = month_index(day) + start
        return onwards(first) & until(first + length)

    return rule


def _involuntary(day: date) -> int:
    fiscal_year = day.year - (day.month < 4)
    return 0 if fiscal_year < YEAR - 1 else onwards(month_index(day))


_END = date(YEAR + 1, 4, 1)
JOINED = _table(date(YEAR, 4, 1), _END, lambda day: onwards(month_index(day)))
LEFT = _table(
    date(YEAR, 3, 31), date(YEAR + 1, 3, 31), lambda day: until(month_index(day + timedelta(1)))
)
BEFORE_75 = _age(75, until, 0)
FROM_40 = _age(40, onwards, 1)
BEFORE_65 = _age(65, until, 1)
INVOLUNTARY = _table(date(YEAR - 1, 3, 31), _END, _involuntary)
MATERNITY = [_table(date(YEAR - 1, 4, 1), _END, _span(0, n)) for n in range(7)]
FORMER = _table(date(YEAR, 4, 1), _END, lambda day: onwards(month_index(day)))
FORMER_HALF = _table(date(YEAR - 3, 4, 1), _END, _span(0, 24))
SPECIFIC_HALF = _table(date(YEAR - 6, 4, 1), _END, _span(0, 60))
SPECIFIC_QUARTERS = _table(date(YEAR - 9, 4, 1), _END, _span(60, 36))
COUNT = np.array([bin(mask).count("1") for mask in range(ALL + 1)], dtype=np.int64)

PRESCHOOL = number(YEAR - 6, 4, 2)
CHILD = number(YEAR - 18, 4, 2)
ELDER = number(YEAR - 65, 1, 1)
FIRST_DAY = number(YEAR, 4, 1)
NO_DAY = LATE


def look(table: tuple[int, np.ndarray], days: np.ndarray) -> np.ndarray:
    """The masks of days; days outside the table count as its first or last."""
    first, masks = table
    return masks[np.clip(days - first, 0, len(masks) - 1)]


def load(folder: Path) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The population as arrays: whole yen, days since 1970, no empty values."""
    persons = pl.read_parquet(folder / "persons.parquet")
    houses = pl.read_parquet(folder / "households.parquet")
    ids = houses["household_id"]
    rows = pl.DataFrame({"household_id": ids, "hh": np.arange(len(ids))})
    p = {
        "hh": persons.select("household_id").join(rows, on="household_id", how="left",
                                                  maintain_order="left")["hh"].to_numpy(),
        "undeclared": (persons["declared"] == "undeclared").to_numpy(),
    }  # fmt: skip
    for frame, out in ((persons, p), (houses, h := {})):
        for name in frame.columns:
            column = frame[name]
            if name in DAYS:
                out[name] = column.cast(pl.Int32).fill_null(DAYS[name]).to_numpy().copy()
            elif column.dtype == pl.Int64:
                empty = EMPTY if name in NULLABLE else 0
                out[name] = column.fill_null(empty).to_numpy().copy()
            elif column.dtype == pl.Boolean:
                out[name] = column.to_numpy().copy()
    return p, h
