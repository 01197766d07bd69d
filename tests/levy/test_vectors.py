"""Many rates at a time give what the levy gives under each of them, household by household."""

from datetime import date

import polars as pl
import pytest

from kokuho.base.errors import LevyError
from kokuho.law import for_fiscal_year
from kokuho.levy.frames import household_frame, person_frame
from kokuho.levy.kernel import judge, levy
from kokuho.levy.method import Method
from kokuho.levy.vectors import by_household, totals, vector_of
from kokuho.ordinance import Insurer, OrdinanceYear, Part, Rounding

CODE = "990001"
ROUNDINGS = [
    Rounding(part=100),
    Rounding(part=100, income_component="per_person"),
    Rounding(part=100, person=100, income_component="per_person"),
]


def _ordinance(rounding: Rounding, number: int = 0) -> OrdinanceYear:
    rates = ("0.0674", "0.0801", "0.05"), ("0.0225", "0.03", "0"), ("0.02", "0.0199", "0.03")
    parts = {
        name: Part(
            income_rate=rates[i][number],
            asset_rate="0.1" if number == 1 else "0",
            per_capita=31_000 + 777 * number,
            per_household=20_001 * number,
            cap=670_000 - 400_000 * (number == 2),
        )
        for i, name in enumerate(("medical", "support", "care"))
    }
    parts["child"] = Part(income_rate="0.003", per_capita=1_855, per_capita_adult=89, cap=30_000)
    insurer = Insurer(
        code=CODE, name="架空市", prefecture="架空県", municipality_code=CODE, kind="tax"
    )
    return OrdinanceYear(fiscal_year=2026, insurer=insurer, parts=parts, rounding=rounding)


def _city(households: int = 60) -> tuple[pl.DataFrame, pl.DataFrame]:
    persons = [
        {
            "insurer_code": CODE,
            "household_id": f"{house:04d}",
            "person_id": f"{number:02d}",
            "head": number == 0,
            "birth_date": date(1950 + (house * 7 + number * 23) % 73, 1 + house % 12, 5),
            "joined_on": date(2026, 4 + house % 9, 3) if house % 5 == 0 else None,
            "salary_revenue": (house * 617_321 + number * 99_991) % 14_000_000,
            "business": (house * 31_337) % 900_000 - 200_000,
            "asset_tax": house * 1_234 % 90_000,
            "former_dependant_from": date(2025, 6, 1) if house % 9 == 0 else None,
        }
        for house in range(households)
        for number in range(1 + house % 4)
    ]
    houses = [
        {"insurer_code": CODE, "household_id": f"{house:04d}", "specific_from": date(2024, 5, 1)}
        for house in range(households)
    ]
    return person_frame(persons), household_frame(houses)


@pytest.mark.parametrize("rounding", ROUNDINGS, ids=["household", "person", "person_100"])
@pytest.mark.parametrize("rows", [1, 10**6], ids=["one vector a batch", "all in one batch"])
def test_each_vector_gives_what_the_levy_gives_under_its_rates(
    rounding: Rounding, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kokuho.levy.vectors.ROWS_AT_A_TIME", rows)
    persons, houses = _city()
    ordinances = [_ordinance(rounding, number) for number in range(3)]
    judged = judge(persons, houses, for_fiscal_year(2026), Method.of(ordinances[0]))
    vectors = [vector_of(ordinance) for ordinance in ordinances]
    sums = totals(judged, vectors)
    every = by_household(judged, vectors)
    columns = ["medical", "support", "care", "child", "total"]
    for number, ordinance in enumerate(ordinances):
        levied = levy(persons, houses, [ordinance]).households
        ours = every.filter(vector=number).sort("hh")
        for column in columns:
            assert ours[column].to_list() == levied[column].to_list()
        assert sums.row(number, named=True) == {
            "vector": number,
            **{column: levied[column].sum() for column in columns},
        }
    assert sums["total"].n_unique() == 3


def test_stage_1_without_its_steps_is_enough() -> None:
    persons, houses = _city(20)
    ordinance = _ordinance(ROUNDINGS[0])
    judged = judge(persons, houses, for_fiscal_year(2026), Method.of(ordinance), steps=False)
    levied = levy(persons, houses, [ordinance]).households["total"].sum()
    assert totals(judged, [vector_of(ordinance)])["total"].to_list() == [levied]


def test_a_vector_without_a_rate_is_refused_and_the_rate_named() -> None:
    persons, houses = _city(4)
    ordinance = _ordinance(ROUNDINGS[0])
    judged = judge(persons, houses, for_fiscal_year(2026), Method.of(ordinance))
    vector = vector_of(ordinance)
    del vector["rate_care_cap"]
    with pytest.raises(LevyError, match="rate_care_cap"):
        totals(judged, [vector])


def test_a_rate_as_a_float_is_refused() -> None:
    persons, houses = _city(4)
    ordinance = _ordinance(ROUNDINGS[0])
    judged = judge(persons, houses, for_fiscal_year(2026), Method.of(ordinance))
    vector = pl.DataFrame([vector_of(ordinance)]).with_columns(rate_medical_income=pl.lit(0.0674))
    with pytest.raises(LevyError, match="rate_medical_income"):
        totals(judged, vector)


def test_no_vectors_give_no_rows() -> None:
    persons, houses = _city(4)
    ordinance = _ordinance(ROUNDINGS[0])
    judged = judge(persons, houses, for_fiscal_year(2026), Method.of(ordinance))
    assert totals(judged, []).height == 0
