"""Published municipal answers, to the yen; sources stand in each case file of examples/cases."""

import json
from pathlib import Path

import pytest

from kokuho.base.errors import InputError
from kokuho.law import for_fiscal_year
from kokuho.levy.case_form import Case, find_files, read_file
from kokuho.levy.cases import birth_date_for, check, levy_case
from tests.levy.conftest import all_cases


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.id)
def test_a_published_answer_is_met_to_the_yen(case: Case) -> None:
    assert check(case).differences == {}


def test_there_are_sixty_four_published_cases() -> None:
    assert len(all_cases()) == 64


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.id)
def test_the_income_that_a_page_states_follows_from_the_revenue(case: Case) -> None:
    persons = levy_case(case).persons
    for member, row in zip(case.household.members, persons.iter_rows(named=True), strict=True):
        assert row["gross_income"] == member.total_income


def test_a_wrong_answer_is_found_and_both_figures_are_given() -> None:
    case = all_cases()[0]
    wrong = case.model_copy(
        update={"expected": case.expected.model_copy(update={"total": case.expected.total + 100})}
    )
    outcome = check(wrong)
    assert not outcome.matched
    assert outcome.differences == {"total": (case.expected.total + 100, case.expected.total)}


def _write(folder: Path, change: dict[str, object]) -> Path:
    data = json.loads((find_files([Path("examples/cases")])[0]).read_text(encoding="utf-8"))
    data["cases"][0] |= change
    path = folder / "case.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_an_unknown_key_is_refused_and_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="colour"):
        read_file(_write(tmp_path, {"colour": "red"}))


def test_a_file_that_is_no_json_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"broken\.json"):
        read_file(tmp_path / "broken.json")


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        find_files([tmp_path])


@pytest.mark.parametrize("age", range(75))
def test_the_birth_date_of_an_age_meets_no_boundary_inside_the_year(age: int) -> None:
    case = all_cases()[0]
    year = case.ordinance.fiscal_year
    member = case.household.members[0].model_copy(update={"age": age})
    alone = case.household.model_copy(update={"members": (member,)})
    row = levy_case(case.model_copy(update={"household": alone})).persons.row(0, named=True)
    ages = for_fiscal_year(year).ages
    assert row["insured_mask"] == 4095
    assert row["care_mask"] == (4095 if ages.care_from <= age < ages.care_until else 0)
    assert row["preschool"] == (age < ages.preschool)
    assert row["child"] == (age < ages.child)
    assert row["elder_65"] == (age >= ages.elder)
    assert birth_date_for(age, year).year in (year - age, year - age - 1)


def _change(case: Case, **changes: object) -> Case:
    return Case.model_validate(case.model_dump() | changes)


def test_a_unit_of_one_yen_for_each_person_cuts_the_shares_of_persons() -> None:
    case = next(case for case in all_cases() if case.id == "meguro-2026-3")
    stated = case.model_dump()
    # two incomes whose shares of 所得割 have parts of a yen that make a whole one together
    stated["household"]["members"] = [
        {"age": 30, "head": True, "income": {"other_income": 1_234_567}},
        {"age": 31, "income": {"other_income": 765_433}},
    ]
    stated["ordinance"]["parts"] = {
        "medical": {"income_rate": "0.0607", "per_capita": 30000, "cap": 670000}
    }
    # 804,567 x 6.07% = 48,837.2 and 335,433 x 6.07% = 20,360.8
    for rounding, expected in (
        ({"part": 1}, 60_000 + 69_198),
        ({"part": 1, "person": 1}, 60_000 + 48_837 + 20_360),
        ({"part": 1, "income_component": "per_person"}, 60_000 + 48_837 + 20_360),
        ({"part": 1, "person": 100}, 78_800 + 50_300),
    ):
        stated["ordinance"]["rounding"] = rounding
        stated["expected"] = {"medical": expected}
        assert check(Case.model_validate(stated)).differences == {}, rounding


def test_a_total_income_that_does_not_follow_from_the_incomes_is_a_difference() -> None:
    case = all_cases()[0]
    members = [member.model_dump() for member in case.household.members]
    members[0]["total_income"] += 1
    changed = _change(case, household=case.household.model_dump() | {"members": members})
    stated = members[0]["total_income"]
    assert check(changed).differences == {"total_income of 01": (stated, stated - 1)}


def test_a_total_income_alone_is_the_income() -> None:
    case = next(case for case in all_cases() if case.household.members[0].total_income)
    members = [member.model_dump() | {"income": {}} for member in case.household.members]
    changed = _change(case, household=case.household.model_dump() | {"members": members})
    persons = levy_case(changed).persons
    assert persons["gross_income"].to_list() == [m["total_income"] for m in members]


def test_a_part_that_the_year_did_not_have_is_refused_by_name() -> None:
    case = next(case for case in all_cases() if "child" in case.ordinance.parts)
    ordinance = case.ordinance.model_dump() | {"fiscal_year": 2025}
    with pytest.raises(InputError, match=rf"{case.id}.*2025.*child"):
        check(_change(case, ordinance=ordinance))


def test_two_heads_are_refused_with_the_id_of_the_case() -> None:
    case = next(case for case in all_cases() if len(case.household.members) > 1)
    members = [member.model_dump() | {"head": True} for member in case.household.members]
    with pytest.raises(InputError, match=case.id):
        check(_change(case, household=case.household.model_dump() | {"members": members}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expected": {}}, "expected: "),
        ({"ordinance": None}, "ordinance: "),
        ({"household": {"members": [{"age": 130}]}}, "members.0.age: "),
        ({"household": {"members": [{"age": 30, "income": {"salary_revenue": -1}}]}}, "revenue: "),
    ],
)
def test_what_is_wrong_in_a_case_file_is_said_once_at_its_place(
    tmp_path: Path, change: dict[str, object], said: str
) -> None:
    with pytest.raises(InputError) as refused:
        read_file(_write(tmp_path, change))
    assert said in str(refused.value)
    assert str(refused.value).count("cases.0") == 1


def test_rounding_of_a_person_beside_a_component_of_the_household_is_refused(
    tmp_path: Path,
) -> None:
    ordinance = all_cases()[0].ordinance.model_dump()
    ordinance["rounding"] = {"part": 100, "person": 100, "income_component": "per_household"}
    ordinance["parts"] = {"medical": {"income_rate": "0.06", "per_capita": 1, "cap": 1}}
    with pytest.raises(InputError, match="per_household"):
        read_file(_write(tmp_path, {"ordinance": ordinance}))


def test_the_same_id_twice_in_a_file_is_refused(tmp_path: Path) -> None:
    path = _write(tmp_path, {})
    data = json.loads(path.read_text(encoding="utf-8"))
    data["cases"].append(data["cases"][0])
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError, match=data["cases"][0]["id"]):
        read_file(path)


def test_a_case_file_may_have_a_byte_order_mark(tmp_path: Path) -> None:
    path = _write(tmp_path, {})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_file(path).cases
