"""The insured of towns that are counted by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.calendar import birthday
from kokuho.statistics import Figure
from kokuho.statistics.insured import PERSONS, Days, age_class, insured_figures

END, NEXT_DAY, SEPTEMBER = date(2026, 3, 31), date(2026, 4, 1), date(2025, 9, 30)


def people(*rows: tuple[str, str, str, str]) -> pl.DataFrame:
    """Persons: sex, birth date, nationality, status."""
    data = [
        ("990001", sex, date.fromisoformat(born), date.fromisoformat(born), country, status)
        for sex, born, country, status in rows
    ]
    return pl.DataFrame(data, schema=PERSONS, orient="row")


TOWN = people(
    ("M", "1950-05-01", "JPN", ""),  # 75 from 1 May 2025 on: to be checked
    ("F", "1990-04-01", "JPN", ""),  # 35 on 31 March 2026
    ("F", "1990-04-02", "JPN", ""),  # 35
    ("M", "2001-04-01", "VNM", "留学"),  # 24 on 31 March, 25 on 1 April
    ("F", "1996-01-01", "NPL", "家族滞在"),  # 30
    ("F", "1984-12-31", "CHN", "永住者"),  # 41
    ("", "2015-06-01", "", ""),  # nobody recorded a nationality
)


def found(**more: pl.DataFrame) -> dict[str, Figure]:
    persons = {
        ("insured", 2025): TOWN,
        ("foreign_insured", 2025): TOWN,
        ("japanese_insured", 2025): TOWN,
    }
    persons |= {(name, 2024): frame for name, frame in more.items()}
    return {one.id: one for one in insured_figures(persons)}


def test_the_insured_of_a_town_are_those_counted_by_hand() -> None:
    figures = found()
    values = {name: int(one.value or 0) for name, one in figures.items() if one.unit == "count"}
    assert values["insured[year=2025]"] == 7
    assert values["foreign_insured[year=2025]"] == 3
    assert values["japanese_insured[year=2025]"] == 3
    assert values["insured[year=2025,age=20-24,sex=M]"] == 1
    assert values["foreign_insured[year=2025,age=20-24,sex=M]"] == 0
    assert values["foreign_insured[year=2025,age=25-29,sex=M]"] == 1
    assert values["foreign_insured[year=2025,age=20-39]"] == 2
    assert values["foreign_insured[year=2025,age=20-39,sex=F]"] == 1
    assert values["insured[year=2025,age=75+]"] == 1
    assert values["insured[year=2025,sex=X]"] == 1
    assert values["foreign_insured[year=2025,nationality=NPL]"] == 1
    assert values["foreign_insured[year=2025,status=永住者]"] == 1
    assert "foreign_insured[year=2025,status=unknown]" not in values


def test_every_age_and_sex_has_a_cell_also_where_nobody_is() -> None:
    figures = found()
    assert figures["foreign_insured[year=2025,age=70-74,sex=F]"].value == 0
    assert "foreign_insured[year=2025,age=75+]" not in figures
    assert "foreign_insured[year=2025,sex=X]" not in figures


def test_classes_and_sexes_add_up_to_the_whole() -> None:
    values = {name: one.value for name, one in found().items()}
    for measure in ("insured", "foreign_insured", "japanese_insured"):
        whole = values[f"{measure}[year=2025]"]
        for name in ("age", "sex"):
            head = f"{measure}[year=2025,{name}="
            cells = [
                value or 0
                for key, value in values.items()
                if key.startswith(head) and key.count("=") == 2 and "20-39" not in key
            ]
            assert sum(cells) == whole


def test_shares_and_changes_are_of_the_days_that_the_national_table_names() -> None:
    figures = found(insured=TOWN.head(5), foreign_insured=TOWN.slice(3, 2))
    share = figures["foreign_share[year=2025]"]
    assert (share.numerator, share.denominator, share.value) == (3, 7, Decimal("42.9"))
    assert figures["insured_yoy[year=2025]"].value == Decimal("140.0")
    assert figures["foreign_insured_yoy[year=2025]"].value == Decimal("150.0")
    assert "insured_yoy[year=2024]" not in figures


def test_days_are_those_of_the_footnotes() -> None:
    assert Days(2023).by_measure() == {
        "insured": date(2024, 3, 31),
        "foreign_insured": date(2024, 4, 1),
        "japanese_insured": date(2023, 9, 30),
    }


def _class_on(born: tuple[date, date], day: date) -> str:
    frame = pl.DataFrame(
        {"birth_first": [born[0]], "birth_last": [born[1]]},
        schema={"birth_first": pl.Date, "birth_last": pl.Date},
    )
    return str(frame.select(age_class(day)).item())


@given(st.dates(date(1925, 1, 1), date(2026, 1, 1)), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_the_age_is_the_number_of_birthdays_that_have_come(born: date, day: date) -> None:
    age = sum(birthday(born, years) <= day for years in range(1, 120))
    low = age // 5 * 5
    assert _class_on((born, born), day) == ("75+" if age >= 75 else f"{low}-{low + 4}")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(1990, 1, 1), date(1990, 12, 31), "35-39"),  # 35 or 36
        (date(1986, 1, 1), date(1986, 12, 31), "unknown"),  # 39 or 40
    ],
)
def test_an_unknown_birthday_is_no_matter_unless_it_decides_the_class(
    first: date, last: date, expected: str
) -> None:
    assert _class_on((first, last), END) == expected
