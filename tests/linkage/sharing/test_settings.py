"""Settings of shared arrears: empty and off, missing ones named, closed sets, no more columns."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kokuho.arrears import STATES
from kokuho.base.errors import LinkageError
from kokuho.linkage.sharing import (
    COLUMNS,
    KEPT_OUT,
    REQUIRED,
    Criteria,
    Household,
    Settings,
    columns_of,
    left_out,
    meets,
    missing,
    rows,
    settings_of,
    stale,
    template,
)

FICTIONAL: dict[str, Any] = {
    "legal_basis": "架空市個人情報の取扱いに関する条例(架空)第3条",
    "decided_on": date(2026, 10, 1),
    "purpose": "架空の目的",
    "recipients": ["架空市 納税課"],
    "criteria": {"heads": "all", "months_overdue": 12},
    "columns": ["household", "overdue"],
}


def text(**changes: Any) -> str:
    stated = {**FICTIONAL, **changes}
    return yaml.safe_dump({k: v for k, v in stated.items() if v is not ...}, allow_unicode=True)


def test_the_shipped_file_is_empty_and_each_missing_setting_is_named() -> None:
    assert missing(yaml.safe_load(template())) == [
        "legal_basis", "decided_on", "purpose", "recipients", "columns", "criteria.heads",
        "criteria.months_overdue / criteria.least_overdue",
    ]  # fmt: skip
    with pytest.raises(LinkageError) as error:
        settings_of(template())
    for name in (*REQUIRED[:4], "columns", "criteria.heads", "criteria.months_overdue"):
        assert name in str(error.value)
    for nothing in ("", "[]", "just text"):
        with pytest.raises(LinkageError, match="legal_basis"):
            settings_of(nothing)


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("empty", [..., None, "", " ", [], {}])
def test_without_any_one_of_them_nothing_is_set(name: str, empty: Any) -> None:
    with pytest.raises(LinkageError) as error:
        settings_of(text(**{name: empty}))
    listed = str(error.value).splitlines()[1:]
    assert listed
    assert all(name in line for line in listed)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"columns": ["household", "my_number"]}, "my_number"),
        ({"columns": ["overdue", "overdue"]}, "一度ずつ"),
        ({"criteria": {"heads": "some", "months_overdue": 12}}, "criteria.heads"),
        ({"criteria": {"heads": "all", "months_overdue": 0}}, "months_overdue"),
        ({"criteria": {"heads": "all", "months_overdue": 1, "country": "X"}}, "country"),
        ({"criteria": {"heads": "all", "months_overdue": 1, "states": ["bad"]}}, "bad"),
        ({"criteria": {"heads": "all", "months_overdue": 1, "acts": ["spying"]}}, "spying"),
        ({"criteria": {"heads": "all", "months_overdue": 1, "excluded_kinds": ["x"]}}, "kinds"),
        ({"recipients": [" "]}, "recipients"),
        ({"decided_on": "来年"}, "decided_on"),
        ({"shared_with_all": True}, "shared_with_all"),
    ],
)
def test_what_is_not_in_the_closed_sets_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(LinkageError, match=says):
        settings_of(text(**changes))


def household(**facts: Any) -> Household:
    base: dict[str, Any] = {
        "resident": 1, "house": 2, "foreign": True, "status": "留学", "state": "unpaid",
        "kind": "mid_to_long_term", "acts": frozenset({"seizure"}), "overdue": 30_000,
        "months": 14, "arrived": 0, "protected": False,
        "shown": dict.fromkeys(COLUMNS, "x"),
    }  # fmt: skip
    return Household(**{**base, **facts})


@pytest.mark.parametrize(
    ("criteria", "facts", "named"),
    [
        ({}, {}, True),
        ({}, {"months": 11}, False),
        ({"least_overdue": 30_001}, {}, False),
        ({"heads": "foreign"}, {"foreign": False}, False),
        ({"heads": "all"}, {"foreign": False}, True),
        ({"excluded_statuses": ("永住者", "留学")}, {}, False),
        ({"excluded_kinds": ("special_permanent",)}, {"kind": "special_permanent"}, False),
        ({"excluded_kinds": ("special_permanent",)}, {}, True),
        ({"acts": ("seizure",)}, {}, True),
        ({"acts": ("seizure", "suspension")}, {}, False),
        ({"states": ("seized",)}, {}, False),
        ({"states": ("seized",)}, {"state": "seized"}, True),
        ({}, {"state": "deferred"}, False),
        ({}, {"state": "agreed_kept"}, False),
        ({"states": ("deferred",)}, {"state": "deferred"}, True),
        ({}, {"overdue": 0}, False),
    ],
)
def test_a_list_names_whom_its_criteria_ask_for(
    criteria: dict[str, Any], facts: dict[str, Any], named: bool
) -> None:
    asked = Criteria.model_validate({"heads": "all", "months_overdue": 12, **criteria})
    assert meets(asked, household(**facts)) is named


def test_protected_people_and_those_whose_money_has_arrived_are_left_out() -> None:
    settings = settings_of(text())
    kept = household()
    others = [household(resident=2, protected=True), household(resident=3, arrived=1)]
    assert [left_out(one) for one in (kept, *others)] == ["", "protected", "arrived"]
    assert rows(settings, [kept, *others]) == [kept]


STATE = st.sampled_from(sorted(STATES))
HOUSEHOLDS = st.builds(
    household, resident=st.integers(1, 9), foreign=st.booleans(), state=STATE,
    overdue=st.integers(0, 100_000), months=st.integers(0, 60), arrived=st.integers(0, 2),
    protected=st.booleans(), status=st.sampled_from(["留学", "永住者", ""]),
)  # fmt: skip


@hypothesis_settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, unique=True), HOUSEHOLDS)
def test_a_list_never_shows_more_than_the_columns_that_are_set(
    columns: list[str], one: Household
) -> None:
    settings = settings_of(text(columns=columns))
    assert list(columns_of(settings, one)) == columns


@hypothesis_settings(deadline=None)
@given(st.lists(HOUSEHOLDS, unique_by=lambda one: one.resident), HOUSEHOLDS)
def test_whoever_paid_or_came_to_terms_after_the_list_was_made_is_stale(
    every: list[Household], now: Household
) -> None:
    settings: Settings = settings_of(text())
    listed = [(one.resident, one.overdue, one.state) for one in rows(settings, every)]
    assert stale(settings, listed, every) == []
    changed = [now if one.resident == now.resident else one for one in every]
    gone = stale(settings, listed, changed)
    for resident, overdue, _state in listed:
        after = next(one for one in changed if one.resident == resident)
        if after.arrived or after.protected or after.overdue < overdue or after.state in KEPT_OUT:
            assert resident in gone
