import hashlib

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from kokuho.base.errors import InputError, LawError
from kokuho.base.numbers import is_municipality_code
from kokuho.sample import INSURER_CODE, PERSON_SCHEMA, blocks, fictional_code, generate


def joined(pieces):
    made = list(pieces)
    return pl.concat([p.persons for p in made]), pl.concat([p.households for p in made])


@pytest.mark.parametrize("wanted", [1, 2, 3, 4, 5, 6, 7, 997, 1000, 5003])
def test_a_city_has_exactly_the_insured_that_were_asked_for(wanted):
    persons, _households = generate(wanted, seed=11)
    assert persons["insured"].sum() == wanted


def test_uninsured_heads_come_on_top():
    persons, _households = generate(3000, seed=1)
    assert persons.filter(~pl.col("insured"))["head"].all()
    assert persons.height > 3000


def test_the_same_seed_gives_the_same_city():
    for one, other in zip(generate(2000, seed=5), generate(2000, seed=5), strict=True):
        assert_frame_equal(one, other)


def test_another_seed_insurer_or_household_number_gives_another_city():
    persons = generate(500, seed=5)[0]
    for other in (
        generate(500, seed=6)[0],
        generate(500, seed=5, insurer_code=fictional_code(7))[0],
        generate(500, seed=5, first_household=1001)[0],
    ):
        birth_dates = other["birth_date"].head(400)
        assert (birth_dates == persons["birth_date"].head(400)).sum() < 40


@pytest.mark.parametrize(("persons", "block"), [(25, 1), (300, 17), (1500, 640), (1500, 100_000)])
def test_the_size_of_the_pieces_changes_nothing(persons, block):
    whole = generate(persons, seed=8)
    for one, other in zip(whole, joined(blocks(persons, 8, block=block)), strict=True):
        assert_frame_equal(one, other)


def test_a_larger_city_begins_with_the_smaller_one():
    small_persons, small_homes = generate(1000, seed=3)
    persons, homes = generate(4000, seed=3)
    whole = small_homes.height - 1
    assert_frame_equal(homes.head(whole), small_homes.head(whole))
    last = small_homes["household_id"][-1]
    before = small_persons.filter(pl.col("household_id") != last)
    assert_frame_equal(persons.head(before.height), before)


def test_the_bytes_of_a_city_are_known():
    # Changes when the assumptions change, and only then: it is the same on every machine.
    persons, households = generate(1000, seed=1)
    text = persons.write_csv() + households.write_csv()
    assert hashlib.sha256(text.encode()).hexdigest() == DIGEST


DIGEST = "18d31ce857ae6700b3b94e4bf8663bad569ffb65604ae431f5bb01226f6a7826"


def test_households_start_at_the_number_that_was_asked_for():
    persons, households = generate(50, seed=1, first_household=700)
    assert households["household_id"][0] == "00000700"
    assert persons["person_id"][0] == "0000070001"


def test_the_columns_have_the_types_of_the_format():
    persons, _households = generate(100, seed=1)
    assert persons.schema == pl.Schema(PERSON_SCHEMA)


def test_ids_are_unique():
    persons, households = generate(20_000, seed=1)
    assert persons["person_id"].is_unique().all()
    assert households["household_id"].is_unique().all()
    assert set(persons["household_id"]) == set(households["household_id"])


def test_no_persons_are_refused():
    with pytest.raises(InputError):
        generate(0, seed=1)


def test_a_year_without_law_is_refused():
    with pytest.raises(LawError):
        generate(10, seed=1, fiscal_year=1999)


def test_more_households_than_ids_are_refused():
    with pytest.raises(InputError):
        generate(10, seed=1, first_household=10**8)


@pytest.mark.parametrize("fiscal_year", [2018, 2021, 2024, 2025, 2026])
def test_every_year_that_the_law_knows_can_be_made(fiscal_year):
    persons, _households = generate(2000, seed=1, fiscal_year=fiscal_year)
    newest = persons["birth_date"].max()
    assert newest.year in (fiscal_year, fiscal_year + 1)


def test_fictional_codes_are_right_but_of_no_prefecture():
    assert fictional_code(201) == INSURER_CODE
    for number in (1, 201, 999):
        assert is_municipality_code(fictional_code(number))
        assert fictional_code(number).startswith("99")
    with pytest.raises(ValueError, match="1 to 999"):
        fictional_code(1000)
