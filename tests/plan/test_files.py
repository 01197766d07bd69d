"""Plan files: what is refused, and in which words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kokuho.base.errors import PlanError
from kokuho.plan import load_plan, plan_from_yaml, plan_to_yaml
from tests.plan.plans import plan

WHOLE = plan_to_yaml(plan([10_000] * 6))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def test_a_plan_is_written_and_read_back_the_same() -> None:
    made = plan(
        [10_000] * 6,
        per_person={
            "base_year": 2018,
            "base_yen": 39_410,
            "target_year": 2027,
            "target_yen": 19_705,
        },
        notes=[{"place": "causes", "why": "紙面と照合した"}],
        measures=[
            {
                "name": "確保",
                "yearly": {2026: 10_000},
                "starts_on": date(2026, 4, 1),
                "items": [{"text": "見直し", "ends_on": date(2027, 3, 31)}],
            }
        ],
        years=[
            {**entry.model_dump(), "rates": {"total": Decimal("16.67")}}
            for entry in plan([10_000] * 6).years
        ],
    )
    assert plan_from_yaml(plan_to_yaml(made), "plan.yaml") == made


def test_an_unknown_amount_stays_unknown() -> None:
    text = WHOLE.replace("{other_transfer: 10000", "{other_transfer: null", 1)
    assert plan_from_yaml(text, "plan.yaml").years[0].planned.total is None


WRONG = [
    ("year: 2026\n", "year: 2027\n", "years: each year once, the earlier one first"),
    ("other_transfer: 10000", "other_transfer: '10,000'", "a whole number without quotes"),
    ("other_transfer: 10000", "other_transfer: -1", "0 or more"),
    ("other_transfer: 10000", "other_transfer: 10000.5", "expected: a whole number"),
    ("unit: thousand_yen", "unit: yen", "unit: expected: 'thousand_yen'"),
    ("actual: unknown", "actual: none", "years.0.actual"),
    (
        "last_year: 2031}",
        "last_year: 2031, reason: ' \u3000'}",
        "period.reason: expected: some text",
    ),
    ("number: '99'", "number: 99", 'expected: text in quotes: "99"'),
    ("last_year: 2031}", "last_year: 2025}", "the last year is before the first one"),
    ("last_year: 2031}", "last_year: 2031, why: x}", "period.why: this key is not known"),
    ("target_year: 2031", "target_year: 3031", "policy.target_year: expected: 2100 or less"),
    ("format: kokuho-plan/1\n", "", "format: this key is missing"),
    ("policy:", "unit: thousand_yen\npolicy:", "the key unit stands twice"),
    ("year_totals: [10000, ", "year_totals: [", "one total for each year of the sheet"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG, ids=[said for _old, _new, said in WRONG])
def test_what_is_wrong_is_named_with_its_place(old: str, new: str, said: str) -> None:
    assert old in WHOLE
    with pytest.raises(PlanError) as error:
        plan_from_yaml(WHOLE.replace(old, new, 1), "plan.yaml")
    assert str(error.value).startswith("plan.yaml")
    assert said in str(error.value)


def test_a_rate_is_text() -> None:
    text = WHOLE.replace("    actual: unknown", "    rates: {total: 6.25}\n    actual: unknown", 1)
    with pytest.raises(PlanError, match="a rate is text in quotes"):
        plan_from_yaml(text, "plan.yaml")


def test_a_broken_file_names_its_line() -> None:
    with pytest.raises(PlanError, match=r"plan\.yaml, line 3: not readable as YAML"):
        plan_from_yaml("a: 1\nb: [1", "plan.yaml")


def test_a_file_that_is_not_there_a_folder_and_another_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="There is no file"):
        load_plan(tmp_path / "plan.yaml")
    with pytest.raises(PlanError, match="is a folder"):
        load_plan(tmp_path)
    other = tmp_path / "plan.xlsx"
    other.write_bytes(b"PK")
    with pytest.raises(PlanError, match="a plan file is YAML"):
        load_plan(other)


def test_an_empty_file_and_bytes_of_another_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"")
    with pytest.raises(PlanError, match="is empty"):
        load_plan(path)
    path.write_bytes("計画".encode("cp932"))
    with pytest.raises(PlanError, match="not UTF-8"):
        load_plan(path)
