"""Bad input: every bad row is named, good households go on."""

from pathlib import Path

import polars as pl
import pytest

from kokuho.base.errors import TableError
from kokuho.levy.columns import page
from kokuho.levy.intake import Intake, read_households_and_persons
from kokuho.tables import CODES, Refusal, write_refusals

YEAR = 2026
HEADER = "insurer_code,household_id,person_id,head,insured,birth_date,declared"


def intake(
    folder: Path, persons: str, households: str | None = None, encoding: str = "utf-8"
) -> Intake:
    (folder / "persons.csv").write_bytes(persons.encode(encoding))
    rows = households or "insurer_code,household_id\n990019,H1\n990019,H2\n"
    (folder / "households.csv").write_text(rows, encoding="utf-8")
    return read_households_and_persons(folder / "persons.csv", folder / "households.csv", YEAR)


def one(found: Intake, code: str) -> Refusal:
    matching = [refusal for refusal in found.refusals if refusal.code == code]
    assert len(matching) == 1, found.refusals
    return matching[0]


GOOD_H2 = "990019,H2,9,yes,yes,1980-05-05,declared\n"


def test_good_rows_go_on_when_another_household_has_a_bad_one(tmp_path: Path) -> None:
    rows = "990019,H1,1,yes,yes,1990-13-01,declared\n990019,H1,2,no,yes,1992-01-01,declared\n"
    found = intake(tmp_path, f"{HEADER}\n{rows}{GOOD_H2}")
    assert found.persons["person_id"].to_list() == ["9"]
    assert found.households["household_id"].to_list() == ["H2"]
    refusal = one(found, "not_a_date")
    assert (refusal.file, refusal.line, refusal.column, refusal.value) == (
        "persons.csv",
        2,
        "birth_date",
        "1990-13-01",
    )
    aside = [r for r in found.refusals if r.code == "household_put_aside"]
    assert {(r.file, r.line) for r in aside} == {("persons.csv", 3), ("households.csv", 2)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_japanese_headers_and_cells_are_read_in_every_encoding(
    tmp_path: Path, encoding: str
) -> None:
    text = (
        "保険者コード,世帯番号,宛名番号,世帯主,被保険者,生年月日,申告の状態,給与収入,在留資格\n"
        '990019,H1,1,はい,有,昭和61年4月2日,申告済,"３，０００，０００円",留学\n'
        "990019,H2,9,○,1,S55.5.5,未申告,1 200 000,永住者\n"
    )
    found = intake(tmp_path, text, encoding=encoding)
    assert found.refusals == []
    first, second = found.persons.iter_rows(named=True)
    assert first["salary_revenue"] == 3_000_000
    assert str(first["birth_date"]) == "1986-04-02"
    assert first["residence_status"] == "留学"
    assert (second["declared"], second["salary_revenue"]) == ("undeclared", 1_200_000)
    assert first["head"] is True
    assert first["business"] == 0
    assert first["pension_revenue"] is None


CELLS = [
    ("business", "▲１，２００", None),
    ("business", "abc", "not_a_number"),
    ("salary_revenue", "-1", "too_small"),
    ("shares", "3000000001", "too_large"),
    ("head", "maybe", "not_yes_no"),
    ("declared", "perhaps", "not_a_choice"),
    ("per_capita_exemption", "1.5", "not_a_fraction"),
    ("birth_date", "", "empty"),
    ("left_on", "2026-02-30", "not_a_date"),
    ("birth_date", "2027-05-01", "born_later"),
    ("birth_date", "1950-01-01", "too_old"),
    ("joined_on", "2027-04-01", "outside_year"),
    ("family_worker_salary", "100", "family_salary"),
    ("maternity_months", "4", "maternity"),
    ("separate_transfer_deduction", "100", "deduction"),
]


@pytest.mark.parametrize(("column", "value", "code"), CELLS)
def test_a_bad_cell_is_refused_with_its_line_and_value(
    tmp_path: Path, column: str, value: str, code: str | None
) -> None:
    cells = {
        "insurer_code": "990019",
        "household_id": "H1",
        "person_id": "1",
        "head": "yes",
        "insured": "yes",
        "birth_date": "1990-01-01",
        "declared": "declared",
    } | {column: value}
    good = {
        **dict.fromkeys(cells, ""),
        **dict(zip(HEADER.split(","), GOOD_H2.strip().split(","), strict=True)),
    }
    text = "\n".join(
        [",".join(cells), ",".join(f'"{v}"' for v in cells.values()), ",".join(good.values())]
    )
    found = intake(tmp_path, text)
    if code is None:
        assert found.refusals == []
        assert found.persons["business"][0] == -1200
        return
    refusal = one(found, code)
    assert (refusal.line, refusal.column) == (2, column)
    assert found.households["household_id"].to_list() == ["H2"]


def test_income_must_be_what_the_table_gives_for_the_revenue(tmp_path: Path) -> None:
    text = (
        f"{HEADER},salary_revenue,salary_income\n"
        "990019,H1,1,yes,yes,1990-01-01,declared,3000000,2020000\n"
        "990019,H2,9,yes,yes,1990-01-01,declared,3000000,2020001\n"
    )
    refusal = one(intake(tmp_path, text), "income_disagrees")
    assert (refusal.line, refusal.column, refusal.value) == (3, "salary_income", "2020001")


def test_keys_that_stand_twice_are_refused_in_every_row(tmp_path: Path) -> None:
    row = "990019,H1,1,yes,yes,1990-01-01,declared\n"
    found = intake(tmp_path, f"{HEADER}\n{row}{row}{GOOD_H2}")
    assert [r.line for r in found.refusals if r.code == "duplicate"] == [2, 3]


def test_a_person_in_no_household_and_a_household_without_person_are_named(
    tmp_path: Path,
) -> None:
    found = intake(tmp_path, f"{HEADER}\n990019,H7,1,yes,yes,1990-01-01,declared\n{GOOD_H2}")
    assert one(found, "no_household").value == "H7"
    assert one(found, "no_person").line == 2


@pytest.mark.parametrize(("heads", "code"), [("no,no", "no_head"), ("yes,yes", "two_heads")])
def test_a_household_has_exactly_one_head(tmp_path: Path, heads: str, code: str) -> None:
    first, second = heads.split(",")
    text = (
        f"{HEADER}\n990019,H1,1,{first},yes,1990-01-01,declared\n"
        f"990019,H1,2,{second},yes,1990-01-01,declared\n{GOOD_H2}"
    )
    assert one(intake(tmp_path, text), code).file == "households.csv"


def test_leaving_before_joining_is_refused(tmp_path: Path) -> None:
    text = (
        f"{HEADER},joined_on,left_on\n"
        f"990019,H1,1,yes,yes,1990-01-01,declared,2026-08-01,2026-07-01\n"
        "990019,H2,9,yes,yes,1990-01-01,declared,,\n"
    )
    assert one(intake(tmp_path, text), "left_before_joined").line == 2


def test_an_unknown_birth_day_is_no_matter_unless_it_decides_the_levy(tmp_path: Path) -> None:
    text = (
        f"{HEADER}\n990019,H1,1,yes,yes,1970-00-00,declared\n"
        "990019,H2,9,yes,yes,1986-07-00,declared\n"
    )
    found = intake(tmp_path, text)
    assert one(found, "birth_date_open").line == 3
    assert found.persons["person_id"].to_list() == ["1"]


def test_a_household_with_absurd_incomes_in_all_is_refused(tmp_path: Path) -> None:
    text = (
        f"{HEADER},shares,futures\n"
        "990019,H1,1,yes,yes,1990-01-01,declared,2000000000,2000000000\n"
        "990019,H2,9,yes,yes,1990-01-01,declared,,\n"
    )
    assert one(intake(tmp_path, text), "household_too_rich").line == 2


def test_a_row_with_too_many_cells_is_refused_and_the_rest_read(tmp_path: Path) -> None:
    text = f"{HEADER}\n990019,H1,1,yes,yes,1990-01-01,declared,surplus\n{GOOD_H2}"
    found = intake(tmp_path, text)
    assert one(found, "wrong_cell_count").line == 2
    assert found.households["household_id"].to_list() == ["H2"]


def test_a_missing_required_column_is_named_with_its_japanese_name(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"birth_date.*生年月日"):
        intake(tmp_path, "insurer_code,household_id,person_id,head,insured\n")


def test_an_unknown_column_is_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="salary_revenue"):
        intake(tmp_path, f"{HEADER},salary_revenu\n")


def test_bytes_of_no_known_encoding_are_refused_with_their_line(tmp_path: Path) -> None:
    good, bad = GOOD_H2.encode(), GOOD_H2.encode().replace(b"H2,9", b"H1,\x81")
    (tmp_path / "p.csv").write_bytes(HEADER.encode() + b"\n" + good + bad)
    (tmp_path / "h.csv").write_text("insurer_code,household_id\n990019,H1\n990019,H2\n")
    found = read_households_and_persons(tmp_path / "p.csv", tmp_path / "h.csv", YEAR)
    assert one(found, "undecodable").line == 3
    assert "0x81" in one(found, "undecodable").message()
    assert found.households["household_id"].to_list() == ["H2"]


def test_messages_are_english_when_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = intake(tmp_path, f"{HEADER}\n990019,H1,1,yes,yes,x,declared\n{GOOD_H2}")
    refusal = one(found, "not_a_date")
    assert "行目" in refusal.message()
    monkeypatch.setenv("KOKUHO_LANG", "en")
    assert "line 2" in refusal.message()
    assert "was refused (not a date)" in refusal.message()


def test_the_error_file_is_a_csv_that_excel_opens(tmp_path: Path) -> None:
    found = intake(tmp_path, f"{HEADER}\n990019,H1,1,yes,yes,x,declared\n{GOOD_H2}")
    write_refusals(tmp_path / "errors.csv", found.refusals)
    assert (tmp_path / "errors.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert pl.read_csv(tmp_path / "errors.csv").height == len(found.refusals)


def test_nothing_is_half_written_when_writing_fails(tmp_path: Path) -> None:
    target = tmp_path / "errors.csv"
    target.write_text("old", encoding="utf-8")
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(TableError):
        write_refusals(blocked / "errors.csv", [Refusal("f", 1, "c", "v", "empty", "e")])
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["errors.csv", "file"]


def test_a_parquet_file_gives_the_same_as_the_csv(tmp_path: Path) -> None:
    text = f"{HEADER},shares\n990019,H1,1,yes,yes,1990-01-01,declared,100\n{GOOD_H2.strip()},5\n"
    found = intake(tmp_path, text)
    found.persons.write_parquet(tmp_path / "p.parquet")
    found.households.write_parquet(tmp_path / "h.parquet")
    again = read_households_and_persons(tmp_path / "p.parquet", tmp_path / "h.parquet", YEAR)
    assert again.persons.equals(
        found.persons.with_columns(pl.col("per_capita_exemption").cast(pl.Int64))
    )


def test_every_code_of_a_refusal_has_its_japanese_words() -> None:
    for code in CODES:
        assert Refusal("f", 1, "c", "v", code, "e").message().isascii() is False


def test_the_format_page_is_made_from_the_columns() -> None:
    written = Path("docs/formats.md").read_text(encoding="utf-8")
    assert written == page()
