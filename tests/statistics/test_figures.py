"""Ids, exact values, and files that this room and the plan read alike."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import StatisticsError
from kokuho.plan.measure_file import load_measure_file, percent
from kokuho.plan.measure_file import measure_json as plan_json
from kokuho.statistics import (
    Figure,
    count,
    figure_id,
    half_up,
    measure_file,
    measure_json,
    parse_id,
    ratio,
    read_measures,
    write_measures,
)

DAY = date(2026, 5, 31)


def _some() -> list[Figure]:
    return [
        count("foreign_insured[year=2025]", 12),
        Figure(id="foreign_insured[year=2025,sex=F]", unit="count", suppressed=True),
        ratio("collection_rate_official[year=2025,until=settlement,section=current]", 93, 100),
        count("account_balance[year=2025]", -7, "yen", "見込み"),
    ]


def test_dimensions_stand_in_the_order_of_the_definition() -> None:
    name = figure_id("foreign_insured", {"sex": "F", "age": "20-24", "year": 2025})
    assert name == "foreign_insured[year=2025,age=20-24,sex=F]"
    assert parse_id(name) == (
        "foreign_insured",
        (("year", "2025"), ("age", "20-24"), ("sex", "F")),
    )


@pytest.mark.parametrize(
    "name",
    [
        "foreign_insured[sex=F,year=2025]",
        "foreign_insured[year=2025,colour=red]",
        "foreign_insured[year=2025",
        "foreign_insured[]",
        "foreign_insured[year=]",
        "",
    ],
)
def test_what_is_no_id_of_a_figure_is_refused(name: str) -> None:
    with pytest.raises(StatisticsError):
        parse_id(name)


def test_a_code_that_would_break_the_id_is_refused() -> None:
    with pytest.raises(StatisticsError, match="a,b"):
        figure_id("foreign_insured", {"year": 2025, "nationality": "a,b"})


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**12), st.integers(0, 4))
def test_ratios_are_rounded_half_away_from_zero_exactly(
    above: int, below: int, places: int
) -> None:
    value = Fraction(half_up(above, below, places))
    exact = Fraction(above, below)
    error = abs(value - exact) * 10**places
    assert error <= Fraction(1, 2)
    if error == Fraction(1, 2):
        assert abs(value) > abs(exact)


def test_a_ratio_of_nothing_has_no_value() -> None:
    assert ratio("foreign_share[year=2025]", 0, 0).value is None


def test_the_plan_and_this_room_read_and_write_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "measures.json"
    file = measure_file("990001", DAY, _some())
    write_measures(path, file)
    theirs = load_measure_file(path)
    assert read_measures(path) == file
    assert plan_json(theirs) == measure_json(file) == path.read_text(encoding="utf-8")


def test_values_are_exact_text_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "measures.json"
    figure = Figure(id="foreign_share[year=2025]", value=Decimal("4.10"), unit="percent")
    write_measures(path, measure_file("990001", DAY, [figure]))
    assert json.loads(path.read_text(encoding="utf-8"))["measures"][0]["value"] == "4.10"


def test_every_point_of_a_wrong_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "measures.json"
    path.write_text('{"version": 2, "insurer_code": "990001", "as_of": "2026-05-31"}')
    with pytest.raises(StatisticsError) as error:
        read_measures(path)
    assert "version" in str(error.value)
    assert "measures" in str(error.value)


def test_a_suppressed_figure_tells_nothing() -> None:
    with pytest.raises(ValueError, match="suppressed"):
        Figure(id="foreign_insured", value=Decimal(3), unit="count", suppressed=True)


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="twice"):
        measure_file("990001", DAY, [count("insured", 1), count("insured", 1)])


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_the_plan_and_this_room_round_a_share_alike(above: int, below: int) -> None:
    assert percent("x", above, below).value == ratio("x", above, below).value
