"""Published municipal answers, to the yen; sources stand in each case file of examples/cases."""

import json
from pathlib import Path

import pytest

from kokuho.base.errors import InputError
from kokuho.law import for_fiscal_year
from kokuho.levy.cases import Case, birth_date_for, check, find_files, levy_case, read_file
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
