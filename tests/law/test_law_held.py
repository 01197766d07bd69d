"""Assumed law: the law of one year held for a later one, for forecasts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from kokuho.base.errors import LawError
from kokuho.cli.levy import app as levy_app
from kokuho.law import for_fiscal_year, held
from kokuho.levy import Method, Rates, assess, judge, levy
from kokuho.levy.explain import explain
from kokuho.ordinance import OrdinanceYear, load
from kokuho.sample import generate, ordinance_text, write_city


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def test_held_law_has_the_numbers_of_its_year_and_says_so() -> None:
    law = held(2026, 2029)
    assert law.fiscal_year == 2029
    assert law.held_from == 2026
    assert replace(law, fiscal_year=2026, held_from=None) == for_fiscal_year(2026)


def test_law_that_is_known_is_held_from_nothing() -> None:
    assert for_fiscal_year(2026).held_from is None


def test_law_is_not_held_in_place_of_law_that_is_known() -> None:
    with pytest.raises(LawError, match="the law of 令和8年度 is known"):
        held(2025, 2026)


def test_law_is_held_forwards_only() -> None:
    with pytest.raises(LawError, match="for a later year, not for 令和7年度"):
        held(2026, 2025)


def test_law_that_is_not_known_cannot_be_held() -> None:
    with pytest.raises(LawError, match="there is no law for fiscal year 2027"):
        held(2027, 2028)


def test_the_law_of_a_year_stays_unknown_after_it_was_assumed() -> None:
    held(2026, 2027)
    with pytest.raises(LawError, match="there is no law for fiscal year 2027"):
        for_fiscal_year(2027)


def _of_2027(tmp_path: Path) -> Path:
    """The fictional ordinance as if it had rates for 2027 already."""
    file = tmp_path / "ordinance.yaml"
    text = ordinance_text(2026)
    first, _, of_2026 = text.partition("\n  2026:\n")
    file.write_text(f"{first}\n  2026:\n{of_2026}  2027:\n{of_2026}", encoding="utf-8")
    return file


def test_a_levy_run_refuses_a_year_whose_law_is_not_known(tmp_path: Path) -> None:
    write_city(tmp_path, 20, 1)
    files = [str(tmp_path / f"{name}.csv") for name in ("persons", "households")]
    out = tmp_path / "levy.csv"
    result = CliRunner().invoke(
        levy_app,
        ["run", "--ordinance", str(_of_2027(tmp_path)), "--persons", files[0],
         "--households", files[1], "--fiscal-year", "2027", "--out", str(out)],
    )  # fmt: skip
    assert result.exit_code != 0
    assert "there is no law for fiscal year 2027" in str(result.exception)
    assert not out.exists()


def test_the_levy_itself_refuses_it_whatever_the_ordinance_says(tmp_path: Path) -> None:
    ordinance = _year(tmp_path).model_copy(update={"fiscal_year": 2027})
    persons, households = generate(20, 1, 2026, "992011")
    with pytest.raises(LawError, match="there is no law for fiscal year 2027"):
        levy(persons, households, [ordinance])


def test_what_assumed_law_gives_is_not_explained(tmp_path: Path) -> None:
    ordinance = _year(tmp_path).model_copy(update={"fiscal_year": 2027})
    persons, households = generate(20, 1, 2026, "992011")
    people = persons.filter((pl.col("birth_date") > date(1953, 4, 1)) & pl.col("left_on").is_null())
    houses = households.join(people.select("household_id").unique(), on="household_id", how="semi")
    made = assess(
        judge(people, houses.sort("household_id"), held(2026, 2027), Method.of(ordinance)),
        Rates([ordinance]),
    )
    with pytest.raises(LawError, match="2027"):
        explain(made, made.households["household_id"][0], ordinance, made_on=date(2026, 12, 1))


def _year(tmp_path: Path) -> OrdinanceYear:
    file = tmp_path / "own.yaml"
    file.write_text(ordinance_text(2026), encoding="utf-8")
    return load(file).year(2026)
