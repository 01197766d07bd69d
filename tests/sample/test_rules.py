"""What every generated row must keep, whatever the shares are."""

from datetime import date

import polars as pl
import pytest
from city_measures import age_on_1_april, judged

from kokuho.levy.intake import read_households_and_persons
from kokuho.sample import generate, write_city
from kokuho.sample.incomes import PLAIN, REPORTED

FISCAL_YEAR = 2026
FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
AGE = age_on_1_april(FISCAL_YEAR)


@pytest.fixture(scope="module")
def city():
    return generate(60_000, seed=2026)


@pytest.fixture(scope="module")
def persons(city):
    return city[0]


@pytest.fixture(scope="module")
def insured(persons):
    return persons.filter("insured")


@pytest.fixture(scope="module")
def households(city):
    return city[1]


def none(frame: pl.DataFrame, which: pl.Expr) -> bool:
    return frame.filter(which).is_empty()


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_the_levy_takes_every_row(tmp_path, file_format):
    city = write_city(tmp_path, 20_000, 4, file_format=file_format)
    intake = read_households_and_persons(city.persons, city.households, FISCAL_YEAR)
    assert intake.refusals == []
    assert intake.persons.height == city.person_count
    assert intake.households.height == city.household_count


def test_every_household_has_one_head_and_someone_insured(persons):
    homes = persons.group_by("household_id").agg(pl.col("head", "insured").sum())
    assert (homes["head"] == 1).all()
    assert (homes["insured"] >= 1).all()


def test_the_insured_are_under_75_on_1_april(insured):
    assert insured.select(AGE.max()).item() == 74
    assert none(insured, (AGE < 0) & (pl.col("joined_on") != pl.col("birth_date")))


def test_newborns_join_on_the_day_of_birth(insured):
    newborns = insured.filter(pl.col("birth_date") > FIRST)
    assert newborns.height > 0
    assert (newborns["joined_on"] == newborns["birth_date"]).all()
    assert newborns["birth_date"].max() <= LAST


def test_nobody_leaves_before_joining_or_after_the_75th_birthday(insured):
    assert none(insured, pl.col("left_on") < pl.col("joined_on"))
    until = pl.col("birth_date").dt.offset_by("75y")
    assert none(insured, (pl.col("left_on") >= until) | (pl.col("joined_on") >= until))
    assert none(insured, ~pl.col("left_on").is_between(FIRST, LAST))


def test_uninsured_heads_have_no_enrolment(persons):
    columns = (
        "joined_on", "left_on", "involuntary_unemployment_from", "maternity_from",
        "maternity_months", "former_dependant_from",
    )  # fmt: skip
    heads = persons.filter(~pl.col("insured"))
    assert heads.select(pl.col(columns).null_count().sum()).row(0) == (heads.height,) * 6


def test_only_business_farming_and_real_estate_are_ever_negative(persons):
    losses = {"business", "farming", "real_estate"}
    for column in (*PLAIN, *REPORTED):
        low, high = persons[column].min(), persons[column].max()
        assert (low < 0) == (column in losses), column
        assert 0 < high <= 3_000_000_000, column


def test_income_beside_revenue_agrees_with_the_law(persons):
    without = persons.with_columns(
        salary_income=pl.lit(None, dtype=pl.Int64), pension_income=pl.lit(None, dtype=pl.Int64)
    )
    by_law = judged(without, FISCAL_YEAR).select(
        by_law_salary=pl.col("salary"), by_law_pension=pl.col("pension")
    )
    frame = pl.concat([persons, by_law], how="horizontal")
    salary = frame.filter(
        pl.col("salary_revenue").is_not_null() & pl.col("salary_income").is_not_null()
    )
    assert salary.height > 1000
    assert (
        (salary["salary_income"] - salary["adjustment_deduction"]).clip(0)
        == salary["by_law_salary"]
    ).all()
    pension = frame.filter(
        pl.col("pension_revenue").is_not_null() & pl.col("pension_income").is_not_null()
    )
    assert pension.height > 1000
    assert (pension["pension_income"] == pension["by_law_pension"]).all()


def test_some_rows_have_revenue_some_income_and_some_both(persons):
    for kind in ("salary", "pension"):
        revenue = pl.col(f"{kind}_revenue").is_not_null()
        income = pl.col(f"{kind}_income").is_not_null()
        counts = [persons.filter(which).height for which in (revenue & ~income, revenue & income)]
        assert counts[0] > counts[1] > persons.filter(income & ~revenue).height > 0


def test_a_family_workers_pay_stands_in_both_rows(persons):
    assert none(persons, pl.col("family_worker_salary") > pl.col("salary_revenue").fill_null(0))
    paid = persons.filter(pl.col("family_worker_salary") > 0)
    owners = persons.filter(pl.col("family_worker_deduction") > 0)
    assert paid.height > 100
    pairs = paid.join(owners, on="household_id", suffix="_owner", validate="1:1")
    assert pairs.height == paid.height
    assert (pairs["family_worker_salary"] == pairs["family_worker_deduction_owner"]).all()
    assert not pairs["head"].any()


def test_the_undeclared_have_no_known_income(persons):
    undeclared = persons.filter(pl.col("declared") == "undeclared")
    assert undeclared.height > 100
    assert undeclared.select(pl.sum_horizontal(pl.col(PLAIN).abs())).sum().item() == 0
    assert undeclared.select(pl.col(REPORTED).count()).row(0) == (0, 0, 0, 0)


def test_the_special_deduction_is_no_more_than_the_gain(persons):
    gains = pl.col("separate_transfer_short") + pl.col("separate_transfer_long")
    assert none(persons, pl.col("separate_transfer_deduction") > gains)
    assert persons["separate_transfer_deduction"].max() == 30_000_000


def test_involuntary_unemployment_is_of_people_who_earned_and_are_under_65(insured):
    people = insured.filter(pl.col("involuntary_unemployment_from").is_not_null())
    assert people.height > 100
    known = people.filter(pl.col("declared") != "undeclared")
    assert none(known, pl.all_horizontal(pl.col("salary_revenue", "salary_income").is_null()))
    birthday = pl.col("birth_date").dt.offset_by("65y")
    assert none(people, pl.col("involuntary_unemployment_from") >= birthday)
    assert people["involuntary_unemployment_from"].min() >= date(2025, 4, 1)


def test_maternity_belongs_to_a_mother_and_surrounds_the_birth(persons):
    mothers = persons.filter(pl.col("maternity_from").is_not_null())
    assert (mothers["sex"] == "F").all()
    assert set(mothers["maternity_months"]) == {4, 6}
    born = persons.filter(pl.col("birth_date") > FIRST).select("household_id", born="birth_date")
    births = mothers.join(born, on="household_id", validate="1:1")
    assert births.height == mothers.height
    before = pl.when(pl.col("maternity_months") == 6).then(pl.lit("3mo")).otherwise(pl.lit("1mo"))
    month = pl.col("maternity_from").dt.offset_by(before)
    assert none(births, month != pl.col("born").dt.month_start())


def test_a_former_dependants_head_has_reached_75(persons):
    people = persons.filter(pl.col("former_dependant_from").is_not_null())
    assert none(people, ~AGE.is_between(65, 74))
    assert (people["joined_on"] == people["former_dependant_from"]).all()
    heads = persons.filter("head").select("household_id", born="birth_date")
    pairs = people.join(heads, on="household_id", validate="1:1")
    assert none(pairs, pl.col("born").dt.offset_by("75y") != pl.col("former_dependant_from"))


def test_a_specific_household_has_one_insured_and_an_elder(persons, households):
    specific = households.filter(pl.col("specific_from").is_not_null())
    insured = persons.group_by("household_id").agg(pl.col("insured").sum())
    joined = specific.join(insured, on="household_id", validate="1:1")
    assert (joined["insured"] == 1).all()
    assert (joined["same_household_elders"] == 1).all()
    assert none(specific, ~pl.col("specific_from").is_between(date(2018, 4, 1), FIRST))


def test_an_elder_who_is_the_head_has_the_income_in_the_persons_file(persons, households):
    heads = persons.filter("head").join(households, on="household_id", validate="1:1")
    elders = heads.filter(pl.col("same_household_elders") > 0)
    own = elders.filter(~pl.col("insured"))
    assert (own["elders_income"] == 0).all()
    assert own.select(AGE.min()).item() >= 75
    assert elders.filter("insured")["elders_income"].max() > 0
    assert ((elders["elders_income"] > 0) == (elders["elders_earners"] == 1)).all()


def test_japanese_people_have_no_residence_status_and_others_have_one(persons):
    japanese = pl.col("nationality") == "JPN"
    assert none(persons, japanese & pl.col("residence_status").is_not_null())
    assert none(persons, ~japanese & pl.col("residence_status").is_null())
    assert persons["nationality"].str.contains("^[A-Z]{3}$").all()


def test_students_are_adults_and_special_permanent_residents_korean(persons):
    students = persons.filter(pl.col("residence_status") == "留学")
    assert none(students, AGE < 18)
    special = persons.filter(pl.col("residence_status") == "特別永住者")
    assert set(special["nationality"]) == {"KOR"}


def test_who_was_not_registered_on_1_january_arrived_after_it(persons, households):
    heads = persons.filter("head").join(households, on="household_id", validate="1:1")
    arrived = heads.filter(pl.col("head_registered_on_1_january") == "no")
    assert none(arrived, ~pl.col("joined_on").is_between(date(2026, 1, 2), LAST))
    assert arrived.filter(pl.col("joined_on") < FIRST).height > 20
    assert 20 < arrived.filter(pl.col("nationality") == "JPN").height < arrived.height // 2
    unknown = households.filter(pl.col("head_registered_on_1_january") == "unknown")
    assert 0 < unknown.height < households.height // 100


def test_newcomers_have_no_income_in_japan(persons, households):
    heads = persons.filter("head").join(households, on="household_id", validate="1:1")
    newcomers = heads.filter(pl.col("head_registered_on_1_january") == "no")
    assert newcomers.height > 100
    assert newcomers.select(pl.col(REPORTED).count()).row(0) == (0, 0, 0, 0)
    assert newcomers["business"].abs().sum() == 0


def test_people_carry_no_names(persons, households):
    texts = {name for frame in (persons, households) for name, kind in frame.schema.items()
             if kind == pl.String}  # fmt: skip
    assert texts == {
        "insurer_code", "household_id", "person_id", "declared", "sex", "nationality",
        "residence_status", "head_registered_on_1_january", "preferred_language",
    }  # fmt: skip
