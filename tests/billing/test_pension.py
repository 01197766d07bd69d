"""Collection from pensions: who is subject, when it begins, what is withheld."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import BillingError
from kokuho.billing import (
    Decision,
    PensionFacts,
    expected_instalment,
    first_payment,
    judge,
    month_of,
    pension_yearly,
    to_demands,
)
from tests.billing.conftest import PUBLISHED, amounts_of, an_ordinance, few, yen

ON = date(2026, 4, 1)
SOUND = PensionFacts(
    head_insured=True,
    head_born=date(1956, 5, 1),
    insured_born=(date(1956, 5, 1), date(1958, 2, 2)),
    pension=180_000,
    payment=30_000,
    care_from_pension=True,
    care=5_000,
    instalment=10_000,
)


def withheld(april: int = 0, june: int = 0, august: int = 0) -> pl.DataFrame:
    columns = {"april": april, "june": june, "august": august}
    keys = amounts_of(0).select("insurer_code", "household_id")
    return keys.with_columns(**{name: pl.lit(amount) for name, amount in columns.items()})


def failing(facts: PensionFacts, **billing: Any) -> list[str]:
    found = judge(facts, an_ordinance(**billing), ON)
    return [one.code for one in found.grounds if one.holds is False]


def test_a_household_that_meets_every_ground_pays_from_the_pension() -> None:
    # the limits are met exactly: 180,000 yen, and half of a payment
    found = judge(SOUND, an_ordinance(), ON)
    assert found.status == "pension"
    assert all(one.holds for one in found.grounds)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"head_insured": False}, "head_insured"),
        ({"head_born": date(1961, 4, 3)}, "head_age"),
        ({"head_born": date(1951, 4, 1)}, "head_age"),
        ({"insured_born": (date(1956, 5, 1), date(1961, 4, 3))}, "members_age"),
        ({"pension": 179_999}, "minimum_pension"),
        ({"care_from_pension": False}, "care_from_pension"),
        ({"instalment": 10_001}, "half_of_pension"),
    ],
)
def test_one_ground_that_fails_makes_it_ordinary_collection(
    change: dict[str, Any], code: str
) -> None:
    # 国民健康保険法施行令29条の12・29条の13, as 郡上市 and 軽井沢町 list the conditions
    facts = replace(SOUND, **change)
    assert judge(facts, an_ordinance(), ON).status == "ordinary"
    assert code in failing(facts)


def test_65_is_reached_on_the_day_before_the_birthday() -> None:
    assert (
        failing(replace(SOUND, head_born=date(1961, 4, 2), insured_born=(date(1961, 4, 2),))) == []
    )


@pytest.mark.parametrize("unknown", ["pension", "payment", "care", "care_from_pension"])
def test_what_is_not_known_leaves_it_undecided(unknown: str) -> None:
    found = judge(replace(SOUND, **{unknown: None}), an_ordinance(), ON)
    assert found.status == "undecided"
    assert any(one.holds is None for one in found.grounds)


def test_what_is_not_known_does_not_matter_where_another_ground_fails() -> None:
    facts = replace(SOUND, pension=None, head_insured=False)
    assert judge(facts, an_ordinance(), ON).status == "ordinary"


def test_the_year_in_which_the_head_becomes_75_is_ordinary_unless_stated_otherwise() -> None:
    # 飯能市, 足立区, 鳥取市: 世帯主が年度途中で75歳になる場合は対象外
    facts = replace(SOUND, head_born=date(1952, 3, 31))
    assert failing(facts) == ["year_of_75"]
    assert failing(facts, pension={"year_of_75": "pension"}) == []
    assert failing(replace(SOUND, head_born=date(1952, 4, 1))) == []


def test_direct_debit_instead_is_a_decision_with_person_and_day() -> None:
    decided = Decision("口座振替の申出", "係長", date(2026, 3, 2))
    found = judge(replace(SOUND, ordinary_instead=decided), an_ordinance(), ON)
    assert found.status == "ordinary"
    assert found.grounds[-1].text == (
        "ordinary collection by decision of 係長 on 2026-03-02: 口座振替の申出"
    )


@pytest.mark.parametrize("case", PUBLISHED["pension"], ids=lambda case: case["id"])
def test_the_published_withholding_of_a_year_is_met(case: dict[str, Any]) -> None:
    year = an_ordinance(case["kind"])
    demands = pension_yearly(amounts_of(case["annual"]), withheld(*case["withheld"]), year)
    assert yen(demands) == case["expected"], case["source"]
    assert [month_of(one.term, year).month for one in to_demands(demands)] == [4, 6, 8, 10, 12, 2]


@pytest.mark.parametrize("case", PUBLISHED["first_pension_year"], ids=lambda case: case["id"])
def test_the_published_first_year_is_met(case: dict[str, Any]) -> None:
    first = {name: case[name] for name in ("ordinary_terms", "ordinary_share")}
    year = an_ordinance(case["kind"], case["terms"], pension={"first_year": first})
    demands = pension_yearly(amounts_of(case["annual"]), withheld(), year)
    assert yen(demands)[: len(case["expected"])] == case["expected"], case["source"]
    assert sum(yen(demands)) == case["annual"]
    assert {one.channel for one in to_demands(demands)[:3]} == {"ordinary"}


def test_a_first_year_needs_the_setting_and_names_it() -> None:
    with pytest.raises(BillingError, match=r"billing\.pension\.first_year is not stated"):
        pension_yearly(amounts_of(90_000), withheld(), an_ordinance())


def test_the_year_after_goes_on_with_what_was_withheld_in_february() -> None:
    # 瀬戸内市, second year: 120,000 yen; the six figures are ours, the rule is printed
    first = {"ordinary_terms": 3, "ordinary_share": "0.5"}
    months = (7, 8, 9, 10, 11, 12, 1, 2)
    year = an_ordinance("tax", months, pension={"first_year": first})
    february = yen(pension_yearly(amounts_of(90_000), withheld(), year))[-1]
    second = pension_yearly(amounts_of(120_000), withheld(*[february] * 3), year)
    assert yen(second) == [15_000] * 3 + [25_000] * 3


def test_the_payer_remits_by_the_tenth_of_the_month_after_on_an_open_day() -> None:
    # 地方税法718条の4
    demands = to_demands(pension_yearly(amounts_of(140_000), withheld(20_000), an_ordinance()))
    assert [demand.due for demand in demands] == [
        date(2026, 5, 11),
        date(2026, 11, 10),
        date(2027, 1, 12),
        date(2027, 3, 10),
    ]


def test_who_begins_in_june_goes_on_in_october() -> None:
    # 718条の8第1項2号: subject between 2 October and 1 December of the year before
    demands = pension_yearly(amounts_of(100_000), withheld(0, 20_000, 20_000), an_ordinance())
    assert [demand.term for demand in to_demands(demands)] == [2, 3, 4, 5, 6]
    assert yen(demands) == [20_000, 20_000, 20_000, 20_000, 20_000]


def test_less_than_was_withheld_lowers_the_latest_payment_first() -> None:
    demands = pension_yearly(amounts_of(45_000), withheld(20_000, 20_000, 20_000), an_ordinance())
    assert yen(demands) == [20_000, 20_000, 5_000]


@pytest.mark.parametrize(
    ("since", "first"),
    [
        # 地方税法706条3項・718条の6
        (date(2026, 4, 2), date(2026, 12, 1)),
        (date(2026, 6, 1), date(2026, 12, 1)),
        (date(2026, 6, 2), date(2027, 2, 1)),
        (date(2026, 8, 1), date(2027, 2, 1)),
        # 718条の8第1項1号から3号まで
        (date(2026, 8, 2), date(2027, 4, 1)),
        (date(2026, 10, 1), date(2027, 4, 1)),
        (date(2026, 10, 2), date(2027, 6, 1)),
        (date(2026, 12, 1), date(2027, 6, 1)),
        (date(2026, 12, 2), date(2027, 8, 1)),
        (date(2027, 1, 31), date(2027, 8, 1)),
        (date(2027, 2, 1), date(2027, 8, 1)),
        # 706条2項: subject on 1 April
        (date(2027, 2, 2), date(2027, 10, 1)),
        (date(2027, 4, 1), date(2027, 10, 1)),
    ],
)
def test_the_first_payment_follows_from_the_day_on_which_somebody_became_subject(
    since: date, first: date
) -> None:
    assert first_payment(since, an_ordinance("tax")) == first


def test_who_is_new_has_a_sixth_of_the_year_before_withheld_cut_to_100_yen() -> None:
    # 地方税法718条の8第2項
    assert expected_instalment(100_000, an_ordinance("tax")) == 16_600
    assert expected_instalment(599, an_ordinance("tax")) == 0


@few
@given(st.integers(0, 1_110_000), st.integers(0, 60_000))
def test_what_is_withheld_comes_to_the_amount(amount: int, each: int) -> None:
    year = an_ordinance(pension={"first_year": {"ordinary_terms": 4, "ordinary_share": "0.4"}})
    demands = pension_yearly(amounts_of(amount), withheld(each, each, each), year)
    assert sum(yen(demands)) == amount
