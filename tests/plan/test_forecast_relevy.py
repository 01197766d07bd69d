"""Levy and reliefs of the same re-levy: together they are the levy without any relief."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from kokuho.law import for_fiscal_year, held
from kokuho.levy import Method, judge, levy
from kokuho.levy.frames import household_frame, person_frame
from kokuho.levy.vectors import totals, vector_of
from kokuho.ordinance import Exemption, Insurer, OrdinanceYear, Part, Rounding
from kokuho.plan.forecast.relevy import RELIEFS, Relevy
from kokuho.sample import generate

CODE = "992011"


def ordinance(**told: Any) -> OrdinanceYear:
    """Round numbers, so that amounts can be seen by eye; parts are rounded to the yen."""
    parts = {
        name: Part(income_rate="0.1", per_capita=40_000, cap=1_000_000)
        for name in ("medical", "support", "care")
    }
    parts["child"] = Part(income_rate="0", per_capita=1_000, per_capita_adult=100, cap=1_000_000)
    insurer = Insurer(
        code=CODE, name="架空市", prefecture="架空県", municipality_code=CODE, kind="premium"
    )
    stated = {"parts": parts, "rounding": Rounding(part=1)} | told
    return OrdinanceYear(fiscal_year=2026, insurer=insurer, **stated)


def relevied(persons: list[dict[str, Any]], **told: Any) -> dict[str, int]:
    year = ordinance(**told)
    keys = {"insurer_code": CODE, "household_id": "1"}
    people = person_frame(
        [{**keys, "person_id": str(n), "head": n == 0, **one} for n, one in enumerate(persons)]
    )
    made = Relevy(people, household_frame([keys]), for_fiscal_year(2026), Method.of(year))
    return made.sums([vector_of(year)]).row(0, named=True)


ADULT = {"birth_date": date(1996, 5, 1)}


def test_without_any_relief_nothing_is_transferred() -> None:
    made = relevied([{**ADULT, "business": 5_430_000}])
    # 所得割 500,000 each of two parts, 均等割 40,000 each, child 1,000 + 100
    assert made["total"] == 2 * 540_000 + 1_100
    assert [made[relief] for relief in RELIEFS] == [0, 0, 0]


def test_the_reduction_comes_back_in_full() -> None:
    made = relevied([ADULT])
    # 7割軽減 of 40,000 + 40,000 + 1,000 + 100: what is left is cut to the yen
    assert made["total"] == 12_000 + 12_000 + 300 + 30
    assert made["reduction"] == 28_000 + 28_000 + 700 + 70
    assert (made["preschool"], made["maternity"]) == (0, 0)


def test_a_preschoolers_half_is_taken_of_what_the_reduction_leaves() -> None:
    made = relevied([ADULT, {"birth_date": date(2023, 5, 1)}])
    # the child pays half of 12,000 in two parts, and no child part; its 18歳未満 cut is no relief
    assert made["total"] == 12_000 * 2 + 330 + 6_000 * 2
    assert made["reduction"] == 28_000 * 4 + 770
    assert made["preschool"] == 6_000 * 2


def test_exempt_months_are_taken_of_what_the_other_reliefs_leave() -> None:
    mother = {**ADULT, "maternity_from": date(2026, 6, 1), "maternity_months": 4}
    made = relevied([mother])
    # four of twelve months of 12,000 + 12,000 + 300 + 30
    assert made["maternity"] == 4_000 + 4_000 + 100 + 10
    assert made["reduction"] == 28_000 * 2 + 770
    assert made["total"] == 24_330 - 8_110


def test_a_cut_of_the_ordinance_itself_is_no_transfer() -> None:
    own = (Exemption(kind="preschool_per_capita", cut="1"),)
    with_child = [ADULT, {"birth_date": date(2023, 5, 1)}]
    made, plain = relevied(with_child, exemptions=own), relevied(with_child)
    assert plain["total"] - made["total"] == 12_000
    assert [made[relief] for relief in RELIEFS] == [plain[relief] for relief in RELIEFS]


@pytest.fixture(scope="module")
def city() -> tuple[pl.DataFrame, pl.DataFrame]:
    persons, households = generate(600, 3, 2026, CODE)
    return persons.with_columns(per_capita_exemption=pl.lit(0, dtype=pl.Int64)), households


@pytest.mark.parametrize(
    "rounding",
    [Rounding(part=100), Rounding(part=100, person=100, income_component="per_person")],
    ids=["household", "person"],
)
def test_levy_and_reliefs_of_a_city_are_the_levy_without_reliefs(
    city: tuple[pl.DataFrame, pl.DataFrame], rounding: Rounding
) -> None:
    persons, households = city
    year = ordinance(rounding=rounding)
    method, law = Method.of(year), for_fiscal_year(2026)
    vector = vector_of(year)
    dearer = vector | {"rate_medical_per_capita": 60_000, "rate_support_income": 50_000}
    made = Relevy(persons, households, law, method).sums([vector, dearer])
    none = persons.with_columns(maternity_from=pl.lit(None, dtype=pl.Date))
    judged = judge(none, households, replace(law, preschool_cut=None), method)
    zero = judged.households.with_columns(reduction=pl.lit(0, dtype=pl.Int64))
    without = totals(replace(judged, households=zero), [vector, dearer])["total"]
    assert (
        made.select(pl.sum_horizontal("total", *RELIEFS))
        .to_series()
        .equals(without, check_names=False)
    )
    assert all((made[relief] > 0).all() for relief in RELIEFS)
    assert made["total"][0] == levy(persons, households, [year]).households["total"].sum()


def test_reliefs_by_part_add_up_where_the_total_is_not_rounded(
    city: tuple[pl.DataFrame, pl.DataFrame],
) -> None:
    year = ordinance()
    made = Relevy(*city, for_fiscal_year(2026), Method.of(year))
    vector = vector_of(year)
    row = made.sums([vector]).row(0, named=True)
    by_part = made.reliefs_by_part(vector)
    assert sum(by_part.values()) == sum(row[relief] for relief in RELIEFS)
    gross = totals(made.unrelieved(), [vector]).row(0, named=True)
    assert {part: gross[part] - row[part] for part in by_part} == by_part


def test_a_later_year_is_levied_under_assumed_law_at_that_years_ages() -> None:
    keys = {"insurer_code": CODE, "household_id": "1", "person_id": "1", "head": True}
    people = person_frame([{**keys, "birth_date": date(1987, 8, 15)}])
    houses = household_frame([{"insurer_code": CODE, "household_id": "1"}])
    year = ordinance()
    care = [
        Relevy(people, houses, law, Method.of(year)).sums([vector_of(year)])["care"][0]
        for law in (for_fiscal_year(2026), held(2026, 2027), held(2026, 2028))
    ]
    # 40 on 14 August 2027: none, then eight months, then all of 12,000 yen
    assert care == [0, 8_000, 12_000]
