"""The commands of statistics, from an office's database to a file of many insurers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kokuho.base.calendar import today
from kokuho.base.errors import InputError
from kokuho.cli import app
from kokuho.office.register.insurers import only
from kokuho.statistics import read_measures
from kokuho.statistics.published import read_log
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_insurer
from tests.office.statistics.town import claims_file, collect, open_town

RUNNER = CliRunner()


def kokuho(*words: str, code: int = 0) -> str:
    done = RUNNER.invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done.stdout


def measured(out: Path, *more: str) -> str:
    return kokuho("statistics", "measure", "--insurer", INSURER, "--out", str(out), *more)


def test_claims_are_imported_and_measured_and_small_cells_are_kept_back(
    sqlite: Store, tmp_path: Path
) -> None:
    open_town()
    collect(tmp_path)
    said = kokuho("import", "claims", str(claims_file(tmp_path)), "--on", "2026-06-01", "--json")
    assert json.loads(said)["recorded"] == 6
    out = tmp_path / "measures.json"
    text = measured(out)
    assert "外国人被保険者数\t令和7年度\tx" in text
    file = read_measures(out)
    assert file.insurer_code == INSURER
    told = [one for one in file.measures if one.unit == "count" and not one.suppressed]
    assert all(one.value == 0 or (one.value or 0) >= 10 for one in told)
    assert kokuho("statistics", "verify", str(out)).endswith("指摘 0 件\n")


def test_the_full_file_stays_inside_and_says_everything(sqlite: Store, tmp_path: Path) -> None:
    open_town()
    out = tmp_path / "full.json"
    said: Any = json.loads(measured(out, "--full", "--json"))
    assert said[INSURER]["suppressed"] == 0
    assert "秘匿の基準より少ないか" in kokuho("statistics", "verify", str(out))
    assert [one.kind for one in read_log(tmp_path)] == ["measures-full"]


def test_typed_figures_are_in_the_file_and_bad_rows_are_named(
    sqlite: Store, tmp_path: Path
) -> None:
    open_town()
    account = tmp_path / "account.csv"
    account.write_text(
        "fiscal_year,side,item,amount\n2025,revenue,premium_tax,500\n2025,revenue,x,many\n", "utf-8"
    )
    out = tmp_path / "measures.json"
    words = ["statistics", "measure", "--insurer", INSURER, "--out", str(out)]
    kokuho(*words, "--account", str(account), code=1)
    assert read_measures(out).by_id()["account_revenue[year=2025,item=premium_tax]"].value == 500
    log = read_log(tmp_path)[-1]
    assert "account.csv" in {one.name for one in log.sources}
    done = RUNNER.invoke(app, [*words, "--whereabouts-unknown", "2025:everything:1"])
    assert done.exit_code != 0


def test_files_of_insurers_become_one_and_what_is_missing_is_said(
    sqlite: Store, tmp_path: Path
) -> None:
    open_town()
    city = tmp_path / "city.json"
    measured(city, "--full", "--as-of", str(today()))
    expected = tmp_path / "list.csv"
    expected.write_text(f"保険者コード,保険者名\n{INSURER},架空市\n990099,隣の架空市\n", "utf-8")
    out = tmp_path / "all.json"
    text = kokuho(
        "statistics", "combine", str(city), "--out", str(out), "--code", "99",
        "--as-of", str(today()), "--expected", str(expected), "--each", str(tmp_path / "each"),
        code=1,
    )  # fmt: skip
    assert "990099\t隣の架空市\t未提出" in text
    file = read_measures(out)
    assert file.by_id()["insurers"].numerator == 1
    # a sum of one insurer is that insurer
    assert file.by_id()["foreign_insured[year=2025]"].suppressed
    assert (
        read_measures(tmp_path / "each" / f"{INSURER}.json")
        .by_id()["foreign_insured[year=2025]"]
        .suppressed
    )
    coverage = json.loads((tmp_path / "all.coverage.json").read_text("utf-8"))
    assert coverage["states"] == {"missing": 1, "taken": 1}
    assert [one.kind for one in read_log(tmp_path)] == ["measures-full", "combined", "measures"]
    assert "公表 3 件" in kokuho("statistics", "log", str(tmp_path))


def test_the_national_series_and_the_definitions_need_no_database(tmp_path: Path) -> None:
    text = kokuho("statistics", "verify", code=1)
    assert "national_foreign_share[year=2023]" in text
    found = json.loads(kokuho("statistics", "verify", "--json", code=1))["findings"]
    assert [one["code"] for one in found] == ["ratio-impossible"]
    page = tmp_path / "measures.md"
    kokuho("statistics", "definitions", "--out", str(page))
    assert "### `foreign_share`" in page.read_text("utf-8")
    assert json.loads(kokuho("statistics", "definitions", "--schema"))["title"] == "MeasureFile"


@pytest.mark.slow
def test_publish_takes_the_only_insurer_of_an_embedded_database_and_guesses_among_no_two(
    sqlite: Store, tmp_path: Path
) -> None:
    open_town()
    out = tmp_path / "site"
    kokuho("statistics", "publish", "--out", str(out))
    assert (out / "data" / INSURER / "measures.json").exists()
    assert "foreign_insured" in (out / "insured.html").read_text("utf-8")
    add_insurer(OTHER, "隣の架空市")
    done = RUNNER.invoke(app, ["statistics", "publish", "--out", str(tmp_path / "other")])
    assert isinstance(done.exception, InputError)
    assert "--insurer" in str(done.exception)
    assert not (tmp_path / "other").exists()


def test_the_only_insurer_is_told_where_a_file_is_the_whole_database(store: Store) -> None:
    assert only() is None
    add_insurer(INSURER, "架空市")
    # row-level security shows no insurer to who names none
    assert only() == (INSURER if store.vendor == "sqlite" else None)


def test_one_office_of_several_insurers_makes_a_file_for_each(
    sqlite: Store, tmp_path: Path
) -> None:
    open_town()
    add_insurer(OTHER, "隣の架空市")
    kokuho("import", "claims", str(claims_file(tmp_path)), "--on", "2026-06-01")
    out = tmp_path / "all"
    words = ["statistics", "measure", "--full", "--out", str(out)]
    kokuho(*words, "--insurer", INSURER, "--insurer", OTHER)
    mine, other = (read_measures(out / f"{code}.json") for code in (INSURER, OTHER))
    assert mine.by_id()["insured[year=2025]"].value == 5
    assert other.measures == ()  # it has no register yet, and sees nothing of the other's
    assert [one.name for one in read_log(out)] == [f"{INSURER}.json", f"{OTHER}.json"]
