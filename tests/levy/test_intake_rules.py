"""What stops a household, each told at its line; and what is no fault."""

import ast
import gettext
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kokuho.base.calendar import birthday
from kokuho.base.messages import LOCALE_DIR
from kokuho.levy import intake_rules
from kokuho.levy.intake import Intake, read_households_and_persons

YEAR = 2026
GOOD = {
    "insurer_code": "990019",
    "household_id": "H1",
    "person_id": "1",
    "head": "yes",
    "insured": "yes",
    "birth_date": "1990-01-01",
}
NEIGHBOUR = GOOD | {"household_id": "H2"}


def intake(
    folder: Path,
    persons: list[dict[str, str]],
    households: list[dict[str, str]] | None = None,
    year: int = YEAR,
) -> Intake:
    houses = households or [
        {"insurer_code": "990019", "household_id": "H1"},
        {"insurer_code": "990019", "household_id": "H2"},
    ]
    for name, rows in (("persons", persons), ("households", houses)):
        header = list(dict.fromkeys(key for row in rows for key in row))
        lines = [header, *([row.get(key, "") for key in header] for row in rows)]
        text = "\n".join(",".join(cells) for cells in lines)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_households_and_persons(folder / "persons.csv", folder / "households.csv", year)


def told(found: Intake) -> list[tuple[str, int, str, str, str]]:
    return [(r.file, r.line, r.column, r.value, r.code) for r in found.refusals]


ONE_ROW = [
    ({"joined_on": "2026-08-01", "left_on": "2026-07-31"}, "left_on", "left_before_joined"),
    ({"joined_on": "2027-04-01"}, "joined_on", "outside_year"),
    ({"left_on": "2026-03-31"}, "left_on", "outside_year"),
    ({"birth_date": "2027-04-01", "joined_on": "2027-04-01", "insured": "no"}, "birth_date",
     "born_later"),
    ({"birth_date": "2026-06-10"}, "joined_on", "joined_before_birth"),
    ({"birth_date": "2026-06-10", "joined_on": "2026-06-09"}, "joined_on", "joined_before_birth"),
    ({"birth_date": "1951-04-01"}, "birth_date", "too_old"),
    ({"birth_date": "1889-12-31", "insured": "no"}, "birth_date", "date_impossible"),
    ({"salary_revenue": "3000000", "salary_income": "2020001"}, "salary_income",
     "income_disagrees"),
    ({"pension_revenue": "2000000", "pension_income": "1"}, "pension_income", "income_disagrees"),
    ({"family_worker_salary": "1"}, "family_worker_salary", "family_salary"),
    ({"family_worker_salary": "101", "salary_revenue": "100"}, "family_worker_salary",
     "family_salary"),
    ({"separate_transfer_deduction": "11", "separate_transfer_long": "10"},
     "separate_transfer_deduction", "deduction"),
    ({"maternity_from": "2026-05-01"}, "maternity_months", "maternity"),
    ({"maternity_months": "4"}, "maternity_months", "maternity"),
    ({"maternity_from": "2026-05-01", "maternity_months": "7"}, "maternity_months", "too_large"),
    ({"birth_date": "1951-05-05", "joined_on": "2026-05-05"}, "joined_on", "joined_too_old"),
    ({"birth_date": "1961-08-31", "involuntary_unemployment_from": "2026-08-31"},
     "involuntary_unemployment_from", "relief_age"),
    ({"birth_date": "1960-02-29", "involuntary_unemployment_from": "2025-03-01"},
     "involuntary_unemployment_from", "relief_age"),
    ({"birth_date": "1961-08-02", "former_dependant_from": "2026-07-31"},
     "former_dependant_from", "relief_age"),
    ({"birth_date": "平成99年1月1日", "joined_on": "平成99年1月1日", "insured": "no"},
     "birth_date", "born_later"),
    ({"salary_revenue": "3000000", "salary_income": "１円"}, "salary_income",
     "income_disagrees"),
    ({"business": "-1000000", "transfer_long": "3000000"}, "business", "set_off"),
    ({"business": "-1", "occasional": "2"}, "business", "set_off"),
    ({"business": "-3000000001"}, "business", "too_small"),
    ({"interest": "-1"}, "interest", "too_small"),
    ({"asset_tax": "-1"}, "asset_tax", "too_small"),
    ({"retirement": "3000000001"}, "retirement", "too_large"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "column", "code"), ONE_ROW)
def test_a_bad_row_is_told_at_its_cell_and_stops_its_household_alone(
    tmp_path: Path, cells: dict[str, str], column: str, code: str
) -> None:
    found = intake(tmp_path, [NEIGHBOUR, GOOD | cells])
    value = cells.get(column, "")
    assert told(found) == [
        ("persons.csv", 3, column, value, code),
        ("households.csv", 2, "household_id", "H1", "household_put_aside"),
    ]
    assert "persons.csv 3行目" in found.refusals[1].expected
    assert found.persons["household_id"].to_list() == ["H2"]
    assert found.households["household_id"].to_list() == ["H2"]


NO_FAULT = [
    {"joined_on": "2026-08-01", "left_on": "2026-08-01"},
    {"joined_on": "2027-03-31"},
    {"left_on": "2026-04-01"},
    {"insured": "no", "left_on": "2020-01-01", "birth_date": "1930-01-01"},
    {"birth_date": "2026-06-10", "joined_on": "2026-06-10"},
    {"birth_date": "1951-04-02"},
    {"birth_date": "1951-04-00"},
    {"salary_revenue": "3000000", "salary_income": "2020000"},
    {"salary_income": "2020001"},
    {"pension_revenue": "2000000", "pension_income": "1225000"},
    {"pension_revenue": "2000000", "pension_income": "1325000"},
    {"family_worker_salary": "100", "salary_revenue": "100"},
    {"declared": "undeclared", "business": "-3000000000"},
    {"maternity_from": "2026-05-01", "maternity_months": "6"},
    {"birth_date": "1951-05-05", "joined_on": "2026-05-04"},
    {"birth_date": "1961-08-31", "involuntary_unemployment_from": "2026-08-30"},
    {"birth_date": "1960-02-29", "involuntary_unemployment_from": "2025-02-28"},
    {"birth_date": "1961-08-02", "former_dependant_from": "2026-08-01"},
]


@pytest.mark.parametrize("cells", NO_FAULT)
def test_what_is_unusual_is_no_fault(tmp_path: Path, cells: dict[str, str]) -> None:
    found = intake(tmp_path, [NEIGHBOUR, GOOD | cells])
    assert told(found) == []
    assert found.persons["household_id"].to_list() == ["H1", "H2"]


def test_every_other_row_of_a_household_names_the_row_that_stops_it(tmp_path: Path) -> None:
    persons = [
        GOOD,
        GOOD | {"person_id": "2", "head": "no", "shares": "x"},
        GOOD | {"person_id": "3", "head": "no"},
        NEIGHBOUR,
    ]
    found = intake(tmp_path, persons)
    assert told(found) == [
        ("persons.csv", 2, "household_id", "H1", "household_put_aside"),
        ("persons.csv", 3, "shares", "x", "not_a_number"),
        ("persons.csv", 4, "household_id", "H1", "household_put_aside"),
        ("households.csv", 2, "household_id", "H1", "household_put_aside"),
    ]
    assert all("persons.csv 3行目" in found.refusals[n].expected for n in (0, 2, 3))


def test_the_household_of_a_line_that_is_no_row_is_put_aside(tmp_path: Path) -> None:
    persons = [GOOD, GOOD | {"person_id": "2", "head": "no", "shares": "1,234"}, NEIGHBOUR]
    found = intake(tmp_path, persons)
    assert [(r.line, r.code) for r in found.refusals] == [
        (2, "household_put_aside"),
        (3, "wrong_cell_count"),
        (2, "household_put_aside"),
    ]
    assert found.persons["household_id"].to_list() == ["H2"]


def test_a_household_whose_own_row_is_refused_is_not_said_to_be_missing(tmp_path: Path) -> None:
    houses = [
        {"insurer_code": "990019", "household_id": "H1", "elders_income": "x"},
        {"insurer_code": "990019", "household_id": "H2", "elders_income": ""},
    ]
    found = intake(tmp_path, [GOOD, NEIGHBOUR], houses)
    assert told(found) == [
        ("persons.csv", 2, "household_id", "H1", "household_put_aside"),
        ("households.csv", 2, "elders_income", "x", "not_a_number"),
    ]
    assert "households.csv 2行目" in found.refusals[0].expected


def test_a_household_whose_head_cannot_be_read_is_not_said_to_lack_one(tmp_path: Path) -> None:
    found = intake(tmp_path, [GOOD | {"head": "?"}, NEIGHBOUR])
    assert [r.code for r in found.refusals] == ["not_yes_no", "household_put_aside"]


def test_the_same_household_number_at_two_insurers_is_two_households(tmp_path: Path) -> None:
    houses = [
        {"insurer_code": "990019", "household_id": "H1"},
        {"insurer_code": "990027", "household_id": "H1"},
    ]
    persons = [GOOD | {"insurer_code": "990027", "shares": "x"}, GOOD | {"shares": ""}]
    found = intake(tmp_path, persons, houses)
    assert found.persons["insurer_code"].to_list() == ["990019"]
    assert found.households["insurer_code"].to_list() == ["990019"]


def test_duplicates_name_each_others_lines(tmp_path: Path) -> None:
    found = intake(tmp_path, [GOOD, NEIGHBOUR, GOOD | {"head": "no"}])
    duplicates = [r for r in found.refusals if r.code == "duplicate"]
    assert [(r.line, r.column, r.value) for r in duplicates] == [
        (2, "person_id", "1"),
        (4, "person_id", "1"),
    ]
    assert all("2, 4" in refusal.expected for refusal in duplicates)


def test_a_household_that_stands_twice_is_put_aside(tmp_path: Path) -> None:
    house = {"insurer_code": "990019", "household_id": "H1"}
    found = intake(tmp_path, [GOOD, NEIGHBOUR], [house, house | {"household_id": "H2"}, house])
    assert [(r.file, r.line, r.code) for r in found.refusals] == [
        ("persons.csv", 2, "household_put_aside"),
        ("households.csv", 2, "duplicate"),
        ("households.csv", 4, "duplicate"),
    ]
    assert found.households["household_id"].to_list() == ["H2"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"shares": "2000000000"}, {"futures": "1000000001"}),
        ({"salary_income": "2000000000"}, {"business": "1000000001"}),
        ({"asset_tax": "2000000000"}, {"asset_tax": "1000000001"}),
    ],
)
def test_a_household_beyond_what_is_exact_is_refused(
    tmp_path: Path, first: dict[str, str], second: dict[str, str]
) -> None:
    persons = [GOOD | first, GOOD | second | {"person_id": "2", "head": "no"}, NEIGHBOUR]
    found = intake(tmp_path, persons)
    assert [r.code for r in found.refusals if r.file == "households.csv"] == ["household_too_rich"]
    (column, largest), *_ = second.items()
    persons[1][column] = str(int(largest) - 1)
    assert told(intake(tmp_path, persons)) == []


ELDERS = [
    ("0", "100", "0", "elders"),
    ("1", "100", "2", "elders"),
    ("1", "100", "1", None),
    ("0", "0", "0", None),
]


@pytest.mark.parametrize(("count", "income", "earners", "code"), ELDERS)
def test_elders_must_be_as_many_as_their_figures_say(
    tmp_path: Path, count: str, income: str, earners: str, code: str | None
) -> None:
    house = {"insurer_code": "990019", "household_id": "H1"}
    elders = {
        "same_household_elders": count,
        "elders_income": income,
        "elders_earners": earners,
    }
    found = intake(tmp_path, [GOOD, NEIGHBOUR], [house | elders, house | {"household_id": "H2"}])
    wrong = [r for r in found.refusals if r.file == "households.csv"]
    assert [r.code for r in wrong] == ([code] if code else [])


BIRTHS = [
    # a date of which any day gives the same months and classes
    ("1970-00-00", "yes", "yes", None),
    ("1990-05-00", "yes", "yes", None),
    # 40 in the year: the month in which the care part begins is open
    ("1986-07-00", "yes", "yes", "40"),
    # born on any day from 2 to 30 June: the month of reaching 40 is June; on the 1st it is May
    ("1986-06-00", "yes", "yes", "40"),
    # 75 in July, whatever the day; in an unknown month the last one insured is open
    ("1951-07-00", "yes", "yes", None),
    ("1951-00-00", "yes", "yes", "75"),
    # 2 April 2020 is the first day of a preschool child, 2 April 2008 of a child
    ("2020-04-00", "yes", "yes", "未就学児"),
    ("2008-04-00", "yes", "yes", "18"),
    # 65 on 1 January 2026: of the head, insured or not, and of who is insured; of nobody else
    ("1961-01-00", "yes", "no", "65"),
    ("1961-01-00", "no", "no", None),
    ("1986-07-00", "no", "no", None),
    ("1986-07-00", "yes", "no", None),
]


@pytest.mark.parametrize(("born", "head", "insured", "says"), BIRTHS)
def test_an_unknown_birth_day_is_refused_only_where_it_decides(
    tmp_path: Path, born: str, head: str, insured: str, says: str | None
) -> None:
    other = GOOD | {"person_id": "2", "head": "no" if head == "yes" else "yes"}
    person = GOOD | {"birth_date": born, "head": head, "insured": insured}
    found = intake(tmp_path, [person, other, NEIGHBOUR])
    if says is None:
        assert told(found) == []
        resolved = found.persons.filter(person_id="1", household_id="H1")["birth_date"]
        assert str(resolved.item()) == born.replace("-00", "-01")
        return
    assert told(found)[0] == ("persons.csv", 2, "birth_date", born, "birth_date_open")
    assert says in found.refusals[0].expected
    assert "みなし生年月日" in found.refusals[0].expected


def test_the_tables_of_the_fiscal_year_decide_whether_an_income_agrees(tmp_path: Path) -> None:
    # 1,000,000 yen of salary: 350,000 after the FY2026 table, 450,000 after that of FY2025
    person = GOOD | {"salary_revenue": "1000000", "salary_income": "350000"}
    assert told(intake(tmp_path, [person, NEIGHBOUR], year=2026)) == []
    assert told(intake(tmp_path, [person, NEIGHBOUR], year=2025))[0][4] == "income_disagrees"


def test_rows_come_out_sorted_whatever_their_order(tmp_path: Path) -> None:
    persons = [NEIGHBOUR, GOOD | {"person_id": "2", "head": "no"}, GOOD]
    houses = [
        {"insurer_code": "990019", "household_id": "H2"},
        {"insurer_code": "990019", "household_id": "H1"},
    ]
    found = intake(tmp_path, persons, houses)
    assert found.persons.select("household_id", "person_id").rows() == [
        ("H1", "1"),
        ("H1", "2"),
        ("H2", "1"),
    ]
    assert found.households["household_id"].to_list() == ["H1", "H2"]


def test_everything_is_english_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")
    found = intake(tmp_path, [GOOD | {"left_on": "2026-03-31"}, NEIGHBOUR])
    assert [refusal.message() for refusal in found.refusals] == [
        "persons.csv, line 2, left_on: '2026-03-31' was refused (not insured in the fiscal year at "
        "all); expected: a day from 2026-04-01 on",
        "households.csv, line 2, household_id: 'H1' was refused (put aside with a refused row of "
        "the same household); expected: line 2 of persons.csv mended, which stops this household",
    ]


def test_every_message_of_the_intake_has_its_japanese_words() -> None:
    japanese = gettext.translation("intake", LOCALE_DIR, languages=["ja"])
    folder = Path(intake_rules.__file__).parent
    messages = [
        node.args[0].value
        for path in (folder / "intake.py", folder / "intake_rules.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "_"
        and isinstance(node.args[0], ast.Constant)
    ]
    assert len(messages) > 20
    assert [m for m in messages if japanese.gettext(str(m)) == m] == []


@pytest.mark.parametrize("age", [15, 18, 39, 40, 65, 75])
def test_a_birthday_of_columns_is_that_of_single_dates_for_every_day(age: int) -> None:
    days = pl.date_range(date(1896, 1, 1), date(2030, 12, 31), eager=True).alias("born")
    found = days.to_frame().select(then=intake_rules._birthday("born", age))["then"]
    assert found.to_list() == [birthday(born, age) for born in days]
