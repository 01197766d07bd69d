"""Slices, runs and rare steps: the same figures as plain sums, however the work is cut."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import LevyError
from kokuho.levy import levy
from kokuho.levy.few import for_few
from kokuho.levy.groups import Gathered, Runs
from kokuho.levy.slices import slices
from kokuho.ordinance import find
from kokuho.sample import generate

SIZES = st.lists(st.integers(1, 9), min_size=1, max_size=30)
WANTED = [Gathered("yen", pl.col("yen")), Gathered("mask", pl.col("mask"), union=True)]


def people(sizes: list[int]) -> pl.DataFrame:
    numbers = [number for number, size in enumerate(sizes) for _ in range(size)]
    yen = [(7 * row) % 11 - 3 for row in range(len(numbers))]
    masks = [1 << row % 12 for row in range(len(numbers))]
    return pl.DataFrame(
        {"hh": numbers, "yen": yen, "mask": masks},
        schema={"hh": pl.UInt32, "yen": pl.Int64, "mask": pl.Int16},
    )


@given(SIZES)
def test_a_run_is_summed_and_united_over_all_its_persons(sizes: list[int]) -> None:
    persons = people(sizes)
    got = Runs.of(persons["hh"]).gather(persons, WANTED)
    rows = persons.rows(named=True)
    for number in range(len(sizes)):
        ours = [row for row in rows if row["hh"] == number]
        united = 0
        for row in ours:
            united |= row["mask"]
        assert got.row(number) == (sum(row["yen"] for row in ours), united)


@pytest.mark.parametrize("row", [0, 1, 3])
def test_an_empty_figure_of_any_person_is_refused(row: int) -> None:
    persons = people([1, 3])
    yen = [None if at == row else value for at, value in enumerate(persons["yen"])]
    with pytest.raises(LevyError, match="yen"):
        Runs.of(persons["hh"]).gather(persons.with_columns(yen=pl.Series(yen)), WANTED)


@given(st.lists(st.tuples(st.integers(-5, 5) | st.none(), st.integers(0, 9)), max_size=20))
def test_a_step_for_few_rows_is_the_choice_between_both_sides(rows: list[Any]) -> None:
    frame = pl.DataFrame(rows, schema={"a": pl.Int64, "b": pl.Int64}, orient="row")
    some, value, other = pl.col("a") > 0, pl.col("a") * 100 + pl.col("b"), pl.col("b")
    choice = frame.select(pl.when(some).then(value).otherwise(other).alias("x"))
    assert frame.select(for_few(some, value, other).alias("x")).equals(choice)
    constant = frame.select(pl.when(some).then(value).otherwise(7).alias("x"))
    zero = pl.lit(7, dtype=pl.Int64)
    assert frame.select(for_few(some, value, zero).alias("x")).equals(constant)
    assert frame.equals(pl.DataFrame(rows, schema=frame.schema, orient="row"))


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_a_levy_in_slices_is_the_levy(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinance = find("小金井市").year(2026)
    code = ordinance.insurer.code
    persons, households = generate(persons=300, seed=5, fiscal_year=2026, insurer_code=code)
    whole = levy(persons, households, [ordinance])
    monkeypatch.setattr("kokuho.levy.kernel.size_of", lambda _households: size)
    cut = levy(persons, households, [ordinance])
    assert cut.households.equals(whole.households)
    assert cut.persons.equals(whole.persons)


@given(SIZES, st.integers(1, 12))
def test_slices_hold_every_person_with_its_household(sizes: list[int], size: int) -> None:
    numbers = [f"{number:03}" for number, count in enumerate(sizes) for _ in range(count)]
    households = pl.DataFrame({"household_id": sorted(set(numbers))})
    cut = list(slices(pl.DataFrame({"household_id": numbers}), households, ["household_id"], size))
    assert [h["household_id"].to_list() for _, h in cut] == [
        sorted({*p["household_id"]}) for p, _ in cut
    ]
    assert pl.concat([p for p, _ in cut])["household_id"].to_list() == numbers
