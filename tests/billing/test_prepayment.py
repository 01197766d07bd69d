"""Who is asked to prepay: the head's registration on 1 January, and nothing else."""

from __future__ import annotations

import inspect
from dataclasses import fields
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import BillingError
from kokuho.billing import (
    Decision,
    Head,
    Ruling,
    Stretch,
    both_amounts,
    examine,
    head_of,
    prepaid,
    to_demands,
    work_list,
)
from kokuho.levy.months import month_index, months_from
from kokuho.ordinance import OrdinanceYear
from tests.billing.conftest import PREPAYING, an_ordinance, few
from tests.billing.newcomers import amount, household
from tests.billing.test_instalments import PREPAYMENT

CLERK = Decision("戸籍の附票で確認", "係長", date(2026, 9, 24))


def adopting(fiscal_year: int = 2026, **settings: Any) -> OrdinanceYear:
    rules = PREPAYMENT | {"reference_date": date(fiscal_year, 1, 1)} | settings
    return an_ordinance(fiscal_year=fiscal_year, prepayment=rules)


def arrived(day: date, reference: date) -> Head:
    """A head who was never registered in Japan before ``day``; the papers show it."""
    return head_of("h", [Stretch("架空市", day)], reference, complete=True, evidence="前住所 国外")


# docs of the scheme: arrival, FY2026, months of FY2026, FY2027 by the date alone
TABLE = [
    (date(2025, 12, 20), "not_subject", 12, "not_subject"),
    (date(2026, 2, 5), "subject", 12, "not_subject"),
    (date(2026, 4, 10), "subject", 12, "not_subject"),
    (date(2026, 9, 20), "subject", 7, "not_subject"),
    (date(2027, 2, 5), "subject", 2, "second"),
]


@pytest.mark.parametrize(("day", "first", "months", "_second"), TABLE)
def test_the_levy_of_2026_asks_whom_the_table_says(
    day: date, first: str, months: int, _second: str
) -> None:
    assert examine([arrived(day, date(2026, 1, 1))], adopting()).status == first
    assert months_from(month_index(day, 2026)).bit_count() == months


@pytest.mark.parametrize(("day", "_first", "_months", "second"), TABLE)
@pytest.mark.parametrize("switch", ["subject", "not_subject"])
def test_the_levy_of_2027_asks_whom_the_table_says_and_the_second_year_is_a_switch(
    day: date, _first: str, _months: int, second: str, switch: str
) -> None:
    year = adopting(2027, second_year=switch)
    expected = switch if second == "second" else second
    found = examine([arrived(day, date(2027, 1, 1))], year)
    assert found.status == expected
    codes = [one.code for one in found.grounds]
    assert (f"second_year_{switch}" in codes) == (second == "second")


def test_an_arrival_before_the_scheme_began_is_no_second_year() -> None:
    # arrived in February 2026: the levy of FY2025 knew no prepayment
    head = arrived(date(2026, 2, 5), date(2026, 1, 1))
    assert examine([head], adopting(second_year="not_subject")).status == "subject"


@pytest.mark.parametrize(
    ("day", "status"), [(date(2027, 3, 31), "not_subject"), (date(2027, 4, 1), "subject")]
)
def test_who_arrives_from_1_april_on_is_in_the_first_year(day: date, status: str) -> None:
    year = adopting(2027, second_year="not_subject")
    assert examine([arrived(day, date(2027, 1, 1))], year).status == status


def test_a_second_year_without_the_day_of_arrival_is_undecided_unless_it_does_not_matter() -> None:
    head = Head("h", "no")
    found = examine([head], adopting(2027))
    assert found.status == "undecided"
    assert [one.code for one in found.grounds] == ["not_registered", "arrival_unknown"]
    assert examine([head], adopting(2027, second_year="subject")).status == "subject"
    assert examine([head], adopting()).status == "subject"


def test_a_japanese_head_who_returns_is_subject() -> None:
    # registered in another city until 2019, abroad since, back in June
    history = [
        Stretch("架空別市", date(2010, 4, 1), date(2019, 8, 31)),
        Stretch("架空市", date(2026, 6, 3)),
    ]
    head = head_of("h", history, date(2026, 1, 1), complete=True, evidence="戸籍の附票")
    assert examine([head], adopting()).prepays
    assert head.arrived == date(2026, 6, 3)


def test_a_head_who_was_registered_elsewhere_in_japan_is_not_subject() -> None:
    history = [
        Stretch("架空別市", date(2015, 4, 1), date(2026, 5, 20)),
        Stretch("架空市", date(2026, 5, 20)),
    ]
    found = examine([head_of("h", history, date(2026, 1, 1), complete=True)], adopting())
    assert found.status == "not_subject"
    assert "架空別市" in found.grounds[0].text


def test_a_newcomer_in_a_household_whose_head_lives_here_long_is_not_asked() -> None:
    # the test sees the head alone: whoever else is in the household is no input
    head = head_of("h", [Stretch("架空市", date(2001, 4, 1))], date(2026, 1, 1), complete=False)
    assert examine([head], adopting()).status == "not_subject"


def test_a_head_who_is_new_makes_the_household_subject_insured_or_not() -> None:
    assert examine([arrived(date(2026, 5, 1), date(2026, 1, 1))], adopting()).prepays
    assert not any("insured" in field.name for field in fields(Head))


def test_an_unknown_history_is_undecided_and_says_what_is_not_known() -> None:
    head = head_of("h", [Stretch("架空市", date(2026, 5, 1))], date(2026, 1, 1), complete=False)
    found = examine([head], adopting())
    assert found.status == "undecided"
    assert not found.prepays
    assert found.grounds[0].text == (
        "it is not known whether the head h was registered in Japan on 2026-01-01 (not known)"
    )


@pytest.mark.parametrize(
    ("last", "answer"), [(date(2025, 12, 31), "no"), (date(2026, 1, 1), "yes"), (None, "yes")]
)
def test_a_stretch_covers_its_first_and_its_last_day(last: date | None, answer: str) -> None:
    stretch = Stretch("架空市", date(2020, 1, 1), last)
    assert head_of("h", [stretch], date(2026, 1, 1), complete=True).registered == answer


def test_the_first_day_of_january_itself_counts_as_registered() -> None:
    head = head_of("h", [Stretch("架空市", date(2026, 1, 1))], date(2026, 1, 1), complete=True)
    assert head.registered == "yes"
    head = head_of("h", [Stretch("架空市", date(2026, 1, 2))], date(2026, 1, 1), complete=True)
    assert head.registered == "no"


def test_a_change_of_head_is_decided_by_a_person_only_where_the_heads_differ() -> None:
    new, old = Head("a", "no"), Head("b", "yes")
    assert examine([new, Head("c", "no")], adopting()).status == "subject"
    found = examine([old, new], adopting())
    assert found.status == "undecided"
    assert found.grounds[-1].code == "head_changed"


def test_a_ruling_settles_what_is_undecided_and_says_who_and_why() -> None:
    found = examine([Head("h", "unknown")], adopting(), ruling=Ruling("not_subject", CLERK))
    assert found.status == "not_subject"
    assert found.grounds[-1].text == "decided by 係長 on 2026-09-24: 戸籍の附票で確認"


def test_a_ruling_against_known_facts_is_refused() -> None:
    with pytest.raises(BillingError, match="A ruling is for a household"):
        examine([Head("h", "yes")], adopting(), ruling=Ruling("subject", CLERK))


def test_a_decision_has_a_reason_and_a_person() -> None:
    with pytest.raises(ValueError, match="a reason and the person"):
        Decision("", "係長", date(2026, 9, 24))


SPECIAL = [{"code": "large_household", "text": "架空の定め"}]


def test_a_special_circumstance_of_the_ordinance_excuses() -> None:
    year = adopting(special_circumstances=SPECIAL)
    excused = Decision("6人世帯で年額が高い", "課長", date(2026, 6, 1), code="large_household")
    found = examine([Head("h", "no")], year, excused=excused)
    assert (found.status, found.prepays) == ("subject", False)
    assert found.excused == excused
    assert found.grounds[-1].text == (
        "special circumstance large_household (架空の定め): 6人世帯で年額が高い; "
        "decided by 課長 on 2026-06-01"
    )


@pytest.mark.parametrize("registered", ["yes", "unknown"])
def test_a_special_circumstance_excuses_nobody_who_is_not_asked(registered: Any) -> None:
    decision = Decision("世帯の人数が多い", "係長", date(2026, 9, 24), "large_household")
    year = adopting(special_circumstances=SPECIAL)
    found = examine([Head("h", registered)], year, excused=decision)
    assert (found.excused, found.prepays) == (None, False)


@pytest.mark.parametrize("code", [None, "disaster"])
def test_a_code_that_the_ordinance_does_not_have_is_refused(code: str | None) -> None:
    year = adopting(special_circumstances=SPECIAL)
    excused = Decision("理由", "課長", date(2026, 6, 1), code=code)
    with pytest.raises(BillingError, match=r"its ordinance has: large_household"):
        examine([Head("h", "no")], year, excused=excused)


def test_where_it_is_not_adopted_nobody_is_asked() -> None:
    for year in (an_ordinance(), adopting(first_fiscal_year=2027)):
        found = examine([Head("h", "no")], year)
        assert (found.status, found.grounds[0].code) == ("not_subject", "not_adopted")


def test_nationality_and_status_of_residence_are_no_input() -> None:
    words = ("nation", "residence_status", "country", "visa")
    names = {field.name for kind in (Head, Stretch, Decision, Ruling) for field in fields(kind)}
    names |= set(inspect.signature(examine).parameters) | set(inspect.signature(head_of).parameters)
    assert not [name for name in names if any(word in name for word in words)]


@few
@given(
    st.sampled_from(["JPN", "CHN", "VNM", "BRA", None]),
    st.sampled_from(["留学", "技術・人文知識・国際業務", "永住者", None]),
)
def test_changing_them_changes_nothing_else(nationality: str | None, status: str | None) -> None:
    def everything(**more: str | None) -> Any:
        people, houses = household({"joined_on": date(2026, 9, 20)}, code="990019")
        people = people.with_columns(**{name: pl.lit(value) for name, value in more.items()})
        year = adopting()
        standing = examine([arrived(date(2026, 9, 20), date(2026, 1, 1))], year)
        [both] = both_amounts(people, houses, year)
        totals = amount(year, {"joined_on": date(2026, 9, 20)})
        return standing, both, to_demands(prepaid(totals, year, date(2026, 9, 25)))

    assert everything(nationality=nationality, residence_status=status) == everything()


def test_both_amounts_are_known_before_a_notice_goes_out() -> None:
    people, houses = household(
        {"joined_on": date(2026, 9, 20)},
        {"joined_on": date(2026, 9, 20), "declared": "undeclared"},
        code="990019",
    )
    [both] = both_amounts(people, houses, adopting())
    # two heads, 36,000 yen each, seven of twelve months; with declaration seven tenths less
    assert (both.declared, both.undeclared) == (12_600, 42_000)
    assert both.waiting == ("1-2",)
    assert both.amount == 42_000


def test_a_household_that_declared_is_shown_what_it_would_owe_without() -> None:
    [both] = both_amounts(*household({}, code="990019"), adopting())
    assert (both.amount, both.declared, both.undeclared) == (10_800, 10_800, 36_000)
    assert both.waiting == ()


def test_the_work_list_looks_into_the_undecided_first_then_asks_then_notifies() -> None:
    year = adopting()
    standings = {
        ("990019", "1"): examine([Head("1", "no")], year),
        ("990019", "2"): examine([Head("2", "unknown")], year),
        ("990019", "3"): examine([Head("3", "yes")], year),
        ("990019", "4"): examine([Head("4", "no")], year),
    }
    amounts = both_amounts(*household({"declared": "undeclared"}, code="990019"), year)
    items = work_list(standings, amounts)
    assert [(item.household[1], item.todo) for item in items] == [
        ("2", "look_into"),
        ("1", "ask_declaration"),
        ("4", "notify"),
    ]


def test_the_fictional_ordinance_of_the_examples_adopts_and_says_that_it_is_invented() -> None:
    year = PREPAYING.year(2026)
    assert year.status == "fictional"
    assert "架空" in PREPAYING.insurer.name
    head = arrived(date(2026, 9, 20), date(2026, 1, 1))
    assert examine([head], year).prepays
    [only] = to_demands(
        prepaid(amount(year, {"joined_on": date(2026, 9, 20)}), year, date(2026, 9, 25))
    )
    assert (only.channel, only.due) == ("prepaid", date(2026, 11, 2))
