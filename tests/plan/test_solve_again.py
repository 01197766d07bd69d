"""An earlier search is taken up again only where nothing that it rests on has changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from typer.testing import CliRunner

from kokuho.base.errors import PlanError
from kokuho.cli.plan import app
from kokuho.plan.paper import runs
from kokuho.plan.solve import solved_before
from tests.plan.scenarios import laid_over, read, scenario, written

MILD = {
    "assumptions": {"contribution": {"medical": {"per_head": {"yen": 72_000}}}},
    "limits": {"target_year": 2028, "first_revision": 2028},
    "variants": {"yen": {"limits": {"objective": "yen"}}},
}


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def command(*args: object) -> Any:
    return CliRunner().invoke(app, list(map(str, args)), catch_exceptions=False)


def city(folder: Path, changes: dict[str, Any] | None = None) -> Path:
    return written(folder, laid_over(laid_over(scenario(last_year=2028), MILD), changes or {}))


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a scenario and what `plan solve` found for it and its variant."""
    folder = tmp_path_factory.mktemp("searched")
    with pytest.MonkeyPatch.context() as english:
        english.setenv("KOKUHO_LANG", "en")
        assert command("solve", city(folder), "--out", folder / "out").exit_code == 0
    return folder


def no_search(*_args: object, **_told: object) -> None:
    raise AssertionError("searched again")


def test_a_paper_takes_the_rates_of_an_earlier_search_and_writes_the_same_solution(
    tmp_path: Path, searched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "solve", no_search)
    # the paper's own words may change, what was searched for not
    path = city(tmp_path, {"title": "別の題", "trials": 1})
    made = command("paper", path, "--out", tmp_path / "F.pdf", "--solved", searched / "out")
    assert made.exit_code == 0, made.output
    for name, before in (("solve-base", "out"), ("solve-yen", "out/variants/yen")):
        for file in ("rates.yaml", "impact.csv", "years.csv"):
            new = (tmp_path / "F.runs" / name / file).read_bytes()
            assert new == (searched / before / file).read_bytes()
    # and the runs of a paper serve the next one
    again = command("paper", path, "--out", tmp_path / "G.pdf", "--solved", tmp_path / "F.runs")
    assert again.exit_code == 0, again.output


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"limits": {"every": 2}}, "scenario"),
        ({"assumptions": {"incomes": {"salary": {"value": "0.02"}}}}, "scenario"),
        ({"seed": 8}, "scenario"),
    ],
)
def test_an_earlier_search_from_other_inputs_is_not_taken(
    tmp_path: Path, searched: Path, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(PlanError, match=f"found from other inputs; changed: {named}$"):
        solved_before(read(city(tmp_path, changes)), searched / "out")


def test_another_ordinance_is_named_and_rates_that_were_touched_are_noticed(
    tmp_path: Path, searched: Path
) -> None:
    path = city(tmp_path)
    ordinance = tmp_path / "ordinance.yaml"
    ordinance.write_text(ordinance.read_text("utf-8") + "\n# 書き足し\n", "utf-8")
    with pytest.raises(PlanError, match=r"changed: ordinance\.yaml$"):
        solved_before(read(path), searched / "out")
    touched = tmp_path / "touched"
    touched.mkdir()
    for name in ("solution.json", "rates.yaml"):
        (touched / name).write_bytes((searched / "out" / name).read_bytes())
    rates = yaml.safe_load((touched / "rates.yaml").read_text("utf-8"))
    rates["rates"][2028]["medical"]["per_capita"] -= 3_000
    (touched / "rates.yaml").write_text(yaml.safe_dump(rates), "utf-8")
    with pytest.raises(PlanError, match="come to another deficit"):
        solved_before(read(city(tmp_path / "same")), touched)
    (touched / "solution.json").write_text("{}", "utf-8")
    with pytest.raises(PlanError, match="cannot be used as an earlier search"):
        solved_before(read(city(tmp_path / "same")), touched)


def test_a_paper_searches_anew_and_says_why_where_the_folder_does_not_fit(
    tmp_path: Path, searched: Path
) -> None:
    path = city(tmp_path, {"limits": {"objective": "yen"}, "trials": 0, "variants": {}})
    path.write_text(path.read_text("utf-8").replace("variants:", "variants: {}\nx:").split("x:")[0])
    made = command("paper", path, "--out", tmp_path / "F.pdf", "--solved", searched / "out")
    assert made.exit_code == 0
    told = "".join(made.output.split())
    assert "changed:scenario.Itissearchedforanew." in told
    missing = CliRunner().invoke(
        app, ["paper", str(path), "--out", str(tmp_path / "G.pdf"), "--solved", str(tmp_path / "x")]
    )
    assert "there is no such folder" in str(missing.exception)


def test_two_scenario_files_are_compared_from_their_folders(tmp_path: Path, searched: Path) -> None:
    other = city(tmp_path, {"title": "納付金の高い市", "limits": {"every": 2}, "variants": {}})
    other.write_text(other.read_text("utf-8").split("variants:")[0], "utf-8")
    assert command("solve", other, "--out", tmp_path / "out").exit_code == 0
    table = tmp_path / "compared.csv"
    made = command("compare", searched / "out", tmp_path / "out", "--out", table)
    assert made.exit_code == 0
    rows = pl.read_csv(table)
    assert rows["title"].to_list() == ["試験の市", "試験の市", "納付金の高い市"]
    for row in rows.iter_rows(named=True):
        folder = Path(row["run"])
        if folder.is_dir():
            stated = json.loads((folder / "solution.json").read_text("utf-8"))
            assert row["final_deficit"] == stated["final_deficit"]
            assert str(row["medical_per_capita"]) == str(
                stated["rates"]["2028"]["medical"]["per_capita"]
            )
    assert made.output.count("deficit of 令和10年度 0.0 million yen") == 3


def test_forecasts_are_compared_and_are_not_mixed_with_searches(
    tmp_path: Path, searched: Path
) -> None:
    path = city(tmp_path, {"trials": 0})
    ahead = tmp_path / "ahead"
    assert command("forecast", path, "--out", ahead, "--variant", "base").exit_code == 0
    table = tmp_path / "compared.csv"
    assert command("compare", ahead, ahead, "--out", table).exit_code == 0
    rows = pl.read_csv(table)
    assert set(rows["item"]) == {"deficit", "surplus", "levied", "person_months"}
    with pytest.raises(PlanError, match="compared are folders of `plan solve`, or folders of"):
        command("compare", ahead, searched / "out", "--out", table)
