"""The explanation gives the levy's own numbers."""

import json
import re
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from kokuho.levy.case_form import Case
from kokuho.levy.cases import levy_case
from kokuho.levy.explain import Explanation, explain, text
from kokuho.levy.explain_case import explain_case
from kokuho.levy.lines import Line
from tests.levy.conftest import all_cases
from tests.levy.test_hand_worked import HOUSEHOLDS, ORDINANCES, levied

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
    case = next(case for case in all_cases() if case.id == "koganei-2026-3")
    explanation = explain_case(case, "小金井市", made_on=TODAY)
    assert any("未確認" in note for note in explanation.notes)
    assert "小金井市 令和8年度 国民健康保険税 賦課の説明" in text(explanation)
    assert f"{case.expected.total:,}円" in text(explanation)


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


def _by_hand(household: dict[str, Any]) -> Explanation:
    ordinance = ORDINANCES[household["ordinance"]].year(
        household["fiscal_year"], allow_unconfirmed=True
    )
    return explain(levied(household), household["id"], ordinance, made_on=TODAY)


def _value(formula: str) -> Fraction:
    """What a formula of a part says: words in brackets left out, the last arrow's right side."""
    bare = formula
    while (less := re.sub(r"\([^()]*[ぁ-んァ-ヶ一-龠々][^()]*\)", "", bare)) != bare:
        bare = less
    terms = bare.split("限度額")[-1].split(" + ")
    bare = " + ".join(term.split("→")[-1] for term in terms)
    bare = re.sub(r"\b\w+: ", "", bare).replace("×", "*").replace(",", "")
    bare = re.sub(r"([\d.]+)%", r"(\1/100)", bare)
    bare = re.sub(r"\d+(?:\.\d+)?", lambda number: f"Fraction('{number[0]}')", bare)
    return Fraction(eval(bare, {"Fraction": Fraction}))


_PARTS = ("medical", "support", "care", "child")


def _formulas(explanation: Explanation) -> list[Line]:
    return [line for line in explanation.lines if line.section in (*_PARTS, "total")]


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.id)
def test_the_formula_of_a_part_gives_its_result_for_published_cases(case: Case) -> None:
    unit = max(case.ordinance.rounding.part, case.ordinance.rounding.person or 1)
    for line in _formulas(explain_case(case, "例", made_on=TODAY)):
        assert 0 <= _value(line.formula) - line.value < unit + 1, line


@pytest.mark.parametrize("household", HOUSEHOLDS, ids=lambda household: household["id"])
def test_the_formula_of_a_part_gives_its_result_for_households_worked_by_hand(
    household: dict[str, Any],
) -> None:
    rounding = (
        ORDINANCES[household["ordinance"]]
        .year(household["fiscal_year"], allow_unconfirmed=True)
        .rounding
    )
    for line in _formulas(_by_hand(household)):
        # a yen of each step that is cut, twelve where the year is divided first
        of_the_whole = line.step in _PARTS or line.step == "total"
        unit = max(rounding.part, rounding.total) if of_the_whole else 12
        assert -12 < _value(line.formula) - line.value < unit + 1, line


def test_a_cut_that_does_not_reach_a_child_is_not_named_there() -> None:
    case = next(case for case in all_cases() if case.id == "akishima-2026-1")
    ordinance = case.ordinance.model_dump() | {"exemptions": {"preschool_per_capita": "1"}}
    lines = explain_case(
        Case.model_validate(case.model_dump() | {"ordinance": ordinance}), "例", made_on=TODAY
    ).lines
    ages = [member.age for member in case.household.members]
    for line in lines:
        if line.step == "medical_per_capita" and line.person:
            named = "条例による" in line.formula
            assert named == (ages[int(line.person) - 1] < 6)


def test_an_earner_is_named_with_what_made_one_and_its_own_threshold() -> None:
    pensioner = next(case for case in all_cases() if case.id == "koganei-2026-1")
    [line] = [
        line
        for line in explain_case(pensioner, "小金井市", made_on=TODAY).lines
        if line.step == "earner"
    ]
    assert line.formula == "年金収入 2,000,000 > 1,250,000"
    assert line.certainty != "unverified"


def test_a_cap_by_months_and_what_it_cuts_stand_in_the_formula() -> None:
    case = next(case for case in all_cases() if case.id == "koganei-2026-3")
    member = {
        "age": 45,
        "head": True,
        "months": 6,
        "income": {"other_income": 30_000_000},
    }
    changed = Case.model_validate(case.model_dump() | {"household": {"members": [member]}})
    [line] = [
        line
        for line in explain_case(changed, "小金井市", made_on=TODAY).lines
        if line.step == "medical"
    ]
    assert line.value == 335_000
    assert line.formula.endswith("> 限度額 670,000 × 6/12(100円未満切捨て)")
