"""The explanation gives the levy's own numbers."""

import json
from datetime import date

import pytest

from kokuho.levy.case_form import Case
from kokuho.levy.cases import levy_case
from kokuho.levy.explain import text
from kokuho.levy.explain_case import explain_case
from tests.levy.conftest import all_cases

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.id)
def test_every_explained_number_is_a_column_of_the_levy(case: Case) -> None:
    explanation = explain_case(case, "例", made_on=TODAY)
    levied = levy_case(case)
    house = levied.households.row(0, named=True)
    people = {row["person_id"]: row for row in levied.persons.iter_rows(named=True)}
    assert explanation.total == house["total"]
    assert sum(part["amount"] for part in explanation.parts) == house["total"]
    for line in explanation.lines:
        column = (people[line.person] if line.person else house)[line.step]
        got = int(column).bit_count() if line.step.endswith("_mask") else int(column)
        assert line.value == got, line.step


@pytest.mark.parametrize("case", all_cases()[::7], ids=lambda case: case.id)
def test_every_line_names_a_rule_and_how_sure_it_is(case: Case) -> None:
    for line in explain_case(case, "例", made_on=TODAY).lines:
        assert line.rule
        assert line.certainty in {"confirmed", "read", "unverified", "ordinance", "assumed"}
        assert line.certainty_text


def test_the_components_of_a_part_add_up_to_its_gross() -> None:
    for case in all_cases():
        if (case.ordinance.rounding.person or 1) > 1:
            continue
        for part in explain_case(case, "例", made_on=TODAY).parts:
            components = ("income", "asset", "per_capita", "per_household")
            assert sum(part[name] for name in components) == part["gross"]


def test_the_unverified_threshold_of_earners_is_said_on_the_page() -> None:
    case = next(case for case in all_cases() if case.id == "koganei-2026-1")
    explanation = explain_case(case, "小金井市", made_on=TODAY)
    assert any("未確認" in note for note in explanation.notes)
    assert "小金井市 令和8年度 国民健康保険税 賦課の説明" in text(explanation)
    assert "90,400円" in text(explanation)


def test_the_json_form_is_plain_data() -> None:
    case = all_cases()[0]
    data = json.loads(json.dumps(explain_case(case, "例", made_on=TODAY).as_dict()))
    assert data["made_on"] == "令和8年11月24日"
    assert data["fiscal_year_name"] == "令和8年度"


def test_a_case_of_a_premium_is_explained_as_one_with_the_articles_of_premiums() -> None:
    case = next(case for case in all_cases() if case.id == "meguro-2026-3")
    explanation = explain_case(case, "目黒区", made_on=TODAY)
    assert "目黒区 令和8年度 国民健康保険料 賦課の説明" in text(explanation)
    rules = {line.step: line.rule for line in explanation.lines}
    assert "国民健康保険法施行令" in rules["reduction"]
    assert not any("保険税か保険料か" in note for note in explanation.notes)


def test_a_case_of_an_unknown_municipality_says_that_a_tax_was_assumed() -> None:
    explanation = explain_case(all_cases()[0], "例", made_on=TODAY)
    assert any("保険税か保険料か" in note for note in explanation.notes)
