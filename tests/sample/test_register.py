"""The register of a fictional city: files that `kokuho import` takes, of people whom nobody is."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from kokuho.sample import write_city


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("city")
    write_city(out, 600, 3, register=True)
    return out


DAY = "2026-06-15"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_files(city: Path, tmp_path: Path) -> None:
    write_city(tmp_path, 600, 3, register=True)
    files = sorted((city / "register").rglob("*.csv"))
    assert len(files) == 10
    for file in files:
        assert file.read_bytes() == (tmp_path / file.relative_to(city)).read_bytes()


def test_everybody_of_the_city_is_in_it_once(city: Path) -> None:
    people = [row["person_id"] for row in rows(city / "persons.csv")]
    for kind in ("residents", "households", "incomes"):
        assert [row["person_id"] for row in rows(city / "register" / f"{kind}.csv")] == people


def test_who_is_head_no_more_is_followed_by_another_on_the_same_day(city: Path) -> None:
    told = rows(city / "register" / "later" / "households.csv")
    ended = {(row["household_id"], row["until"]) for row in told if row["until"]}
    begun = {(row["household_id"], row["since"]) for row in told if row["head"] == "yes"}
    assert ended
    assert ended <= begun
    dead = rows(city / "register" / "later" / "residents.csv")
    assert {row["ended_by"] for row in dead} == {"death"}
    lost = {row["person_id"]: row for row in rows(city / "register/later/enrolments.csv")}
    for row in dead:
        enrolment = lost[row["person_id"]]
        assert (enrolment["loss_reason"], enrolment["lost_on"]) == ("death", row["until"])


def test_names_have_forms_that_a_register_must_keep(city: Path) -> None:
    names = "".join(row["kanji"] for row in rows(city / "register" / "residents.csv"))
    assert any("\U000e0100" <= character <= "\U000e01ef" for character in names)
    assert "𠮷" in names
    latin = [row["latin"] for row in rows(city / "register" / "residents.csv") if row["latin"]]
    assert latin
    assert all(name.split()[0] in {"SAMPLE", "EXAMPLE", "FICTION", "SPECIMEN", "DEMO"}
               for name in latin)  # fmt: skip


def test_foreign_people_have_a_status_and_japanese_have_none(city: Path) -> None:
    for row in rows(city / "register" / "residents.csv"):
        assert (row["nationality"] == "JPN") == (row["residence_status"] == "")
        assert (row["card_number"] == "") == (row["residence_status"] == "")
        assert row["card_number"][:2] in ("", "XX")


def test_nothing_is_before_birth_and_each_loss_comes_after_its_acquisition(city: Path) -> None:
    born = {row["person_id"]: row["birth_date"] for row in rows(city / "register/residents.csv")}
    for row in rows(city / "register" / "residents.csv"):
        assert row["birth_date"] <= row["since"]
    for folder in ("register", "register/later"):
        for row in rows(city / folder / "enrolments.csv"):
            assert born[row["person_id"]] <= row["acquired_on"]
            assert not row["lost_on"] or row["acquired_on"] < row["lost_on"]


def test_a_register_of_a_day_knows_nothing_that_comes_after_it(city: Path, tmp_path: Path) -> None:
    write_city(tmp_path, 600, 3, register=True, known_on=date.fromisoformat(DAY))
    whole, known = city / "register", tmp_path / "register"
    for columns, file in (
        (("since", "until"), "residents.csv"),
        (("since", "until"), "households.csv"),
        (("acquired_on",), "enrolments.csv"),
        (("since", "decided_on"), "decisions.csv"),
        (("since", "until"), "later/households.csv"),
    ):
        assert max(row[name] for row in rows(whole / file) for name in columns) > DAY, file
        later = [row for row in rows(known / file) if any(row[name] > DAY for name in columns)]
        assert not later, file
    # the only death of the city comes later
    assert min(row["until"] for row in rows(whole / "later/residents.csv")) > DAY
    assert not (known / "later/residents.csv").exists()
    lost = [row for row in rows(known / "enrolments.csv") if row["lost_on"] > DAY]
    assert {row["loss_reason"] for row in lost} == {"aged_75"}
    people = {row["person_id"] for row in rows(known / "residents.csv")}
    for kind in ("households", "incomes"):
        assert {row["person_id"] for row in rows(known / f"{kind}.csv")} == people
