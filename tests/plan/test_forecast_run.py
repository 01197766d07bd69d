"""Forecasts: both paths side by side, bands, what depends on what, and what is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from kokuho.base.errors import InputError, PlanError
from kokuho.cli.plan import app
from kokuho.levy.run import run as run_levy
from kokuho.plan.forecast import ITEMS, Forecast, forecast
from kokuho.plan.forecast.run import bands
from kokuho.plan.scenario import load_rates
from kokuho.sample import write_city
from tests.plan.scenarios import inputs, invented, laid_over, read, scenario, written

PLAN = """\
format: kokuho-plan/1
unit: thousand_yen
insurer: {prefecture: 架空県, number: null, name: 架空市}
period: {first_year: 2026, last_year: 2029}
occurrence:
  {year: 2024, basis: settlement, other_transfer: 16000, advance_increase: 0, total: 16000}
current_deficit: {year: 2025, basis: budget_estimate, amount: 16000, reduced_from: 2026}
policy: {target_year: 2029}
years:
"""
RATES = """\
rates:
  2027:
    medical: {income_rate: "0.07", per_capita: 36000}
  2029:
    medical: {income_rate: "0.09"}
    support: {cap: 100000}
"""


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def made(
    tmp_path: Path, changes: dict[str, Any] | None = None, *, rates: bool = False, **sizes: int
) -> Forecast:
    ready = inputs(tmp_path, changes, **sizes)
    path = None
    if rates:
        file = tmp_path / "rates.yaml"
        file.write_text(RATES, encoding="utf-8")
        path = ready.plan_rates(load_rates(file))
    return forecast(ready, path)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    return made(tmp_path_factory.mktemp("plain"))


def of(found: Forecast, *items: str, path: str = "no_action") -> list[tuple[int, ...]]:
    return [tuple(year[item] for item in items) for year in found.central(path).values()]


POPULATION = ("person_months", "person_months_care")
LEVY = ("levied", "levied_medical", "transfer_reduction", "transfer_preschool")
COLLECTED = ("collected", "arrears_closing")
CONTRIBUTION = ("contribution_medical", "contribution_support")


def test_the_base_year_is_what_a_levy_run_gives(tmp_path: Path, plain: Forecast) -> None:
    city = write_city(tmp_path, 300, 1)
    run = run_levy([city.ordinance], city.persons, city.households, 2026, tmp_path / "levy.csv")
    first = plain.central("no_action")[2026]
    for part in ("medical", "support", "care", "child"):
        assert first[f"levied_{part}"] == run.households[part].sum()
    assert first["levied"] == run.households["total"].sum()


def test_files_give_the_same_forecast_as_the_city_that_they_were_written_from(
    tmp_path: Path, plain: Forecast
) -> None:
    write_city(tmp_path, 300, 1)
    data = scenario() | {"insured": {"persons": "persons.csv", "households": "households.csv"}}
    found = forecast(read(written(tmp_path, data)))
    assert found.central("no_action") == plain.central("no_action")
    assert set(found.inputs.files) == {
        "scenario.yaml", "ordinance.yaml", "persons.csv", "households.csv",
    }  # fmt: skip


def test_without_rates_and_measures_both_paths_are_one(plain: Forecast) -> None:
    assert plain.central("no_action") == plain.central("plan")


def test_a_higher_contribution_moves_neither_people_nor_levy(
    tmp_path: Path, plain: Forecast
) -> None:
    dearer = {"assumptions": {"contribution": {"medical": {"growth": {"value": "0.1"}}}}}
    found = made(tmp_path, dearer)
    assert of(found, *POPULATION, *LEVY, *COLLECTED) == of(plain, *POPULATION, *LEVY, *COLLECTED)
    assert of(found, "contribution_support") == of(plain, "contribution_support")
    assert all(
        one > other
        for (one,), (other,) in zip(of(found, "deficit")[1:], of(plain, "deficit")[1:], strict=True)
    )


def test_a_collection_rate_moves_neither_people_nor_levy_nor_contribution(
    tmp_path: Path, plain: Forecast
) -> None:
    found = made(tmp_path, {"assumptions": {"collection": {"current": {"value": "0.9"}}}})
    same = (*POPULATION, *LEVY, *CONTRIBUTION)
    assert of(found, *same) == of(plain, *same)
    assert of(found, *COLLECTED) != of(plain, *COLLECTED)


def test_a_growth_of_incomes_moves_the_levy_and_no_people(tmp_path: Path, plain: Forecast) -> None:
    found = made(tmp_path, {"assumptions": {"incomes": {"other": {"value": "0.05"}}}})
    same = (*POPULATION, *CONTRIBUTION)
    assert of(found, *same) == of(plain, *same)
    assert of(found, "levied")[0] == of(plain, "levied")[0]
    assert all(
        one > other
        for (one,), (other,) in zip(of(found, "levied")[1:], of(plain, "levied")[1:], strict=True)
    )
    assert found.cohorts == plain.cohorts


def test_the_plans_rates_close_a_part_of_the_deficit_and_the_means_add_up(tmp_path: Path) -> None:
    changes = {
        "assumptions": {
            "collection": {"current": {"plan": {2028: "0.96", 2029: "0.97"}}},
            "measures": [invented(name="医療費適正化", value=700_000)],
            "fund": {
                "balance": invented(yen=900_000),
                "draws": invented(value=0, years={2029: 500_000}),
            },
        }
    }
    found = made(tmp_path, changes, rates=True)
    held, plan = found.central("no_action"), found.central("plan")
    for year, outcome in found.outcomes.items():
        means = outcome.closing
        assert plan[year]["balance"] - held[year]["balance"] == sum(means.values())
        assert means["other"] == 0
    last = found.outcomes[2029].closing
    assert last["rates"] > 0
    assert last["caps"] < 0
    assert last["collection"] > 0
    assert (last["measures"], last["fund"]) == (700_000, 500_000)
    assert held[2026] == plan[2026]
    assert [held[year]["person_months"] for year in held] == [
        plan[year]["person_months"] for year in plan
    ]
    # more is transferred for reductions, too: the per-capita amount rose
    assert plan[2027]["transfer_reduction"] > held[2027]["transfer_reduction"]


def test_targets_are_what_the_plan_leaves_and_say_what_the_rates_must_bring(
    tmp_path: Path,
) -> None:
    data = scenario() | {"plan": "plan.yaml"}
    path = written(tmp_path, data)
    rows = "".join(
        f"  - {{year: {year}, planned: {{other_transfer: 4000, advance_increase: 0}}, "
        "actual: unknown}\n"
        for year in range(2026, 2030)
    )
    (tmp_path / "plan.yaml").write_text(PLAN + rows, encoding="utf-8")
    found = forecast(read(path))
    left = {year: target.remaining for year, target in found.targets.items()}
    assert left == {2026: 12_000_000, 2027: 8_000_000, 2028: 4_000_000, 2029: 0}
    last = found.central("no_action")[2029]
    assert found.targets[2029].needed == last["deficit"]
    revision = found.targets[2029].revision
    assert revision is not None
    assert abs(float(revision) - last["deficit"] * 100 / last["collected"]) < 0.006


def test_a_cap_above_the_national_one_is_refused(tmp_path: Path) -> None:
    too_high = {"rates": {2027: {"medical": {"cap": 670_001}}}}
    with pytest.raises(PlanError, match="cap of the part medical is above 670,000 yen"):
        inputs(tmp_path, too_high).plan_rates()


def test_trials_are_repeatable_and_bands_are_values_among_them(tmp_path: Path) -> None:
    one = made(tmp_path / "one", {"trials": 3}, last_year=2027)
    two = made(tmp_path / "two", {"trials": 3}, last_year=2027)
    assert one.trials.equals(two.trials)
    found = one.bands().filter(path="no_action", year=2027, item="deficit").row(0, named=True)
    drawn = one.trials.filter(pl.col("trial") > 0, path="no_action", year=2027)["deficit"]
    assert drawn.n_unique() == 3
    ordered = sorted(drawn)
    assert (found["p10"], found["p50"], found["p90"]) == tuple(ordered)
    assert found["central"] == one.central("no_action")[2027]["deficit"]


def test_more_trials_leave_the_first_ones_as_they_are(tmp_path: Path) -> None:
    few = made(tmp_path / "few", {"trials": 1}, last_year=2027)
    many = made(tmp_path / "many", {"trials": 2}, last_year=2027)
    assert many.trials.filter(pl.col("trial") <= 1).equals(few.trials)


def test_another_spread_of_one_assumption_moves_no_other_in_any_trial(tmp_path: Path) -> None:
    wide = {"assumptions": {"collection": {"current": {"spread": {"yearly": "0.05"}}}}}
    one = made(tmp_path / "a", {"trials": 1}, last_year=2027)
    two = made(tmp_path / "b", {"trials": 1, **wide}, last_year=2027)
    same = [*POPULATION, *LEVY, *CONTRIBUTION, "expenditure_lines"]
    assert one.trials.select(same).equals(two.trials.select(same))
    assert not one.trials["collected"].equals(two.trials["collected"])


def test_a_percentile_is_the_nearest_rank() -> None:
    trials = pl.DataFrame(
        [
            {"trial": n, "path": "plan", "year": 2027, **dict.fromkeys(ITEMS, n * 10)}
            for n in range(11)
        ]
    )
    row = bands(trials, (10, 25, 50, 90, 99)).row(0, named=True)
    assert [row[f"p{p}"] for p in (10, 25, 50, 90, 99)] == [10, 30, 50, 90, 100]
    assert row["central"] == 0


def command(*args: object) -> Any:
    return CliRunner().invoke(app, list(map(str, args)), catch_exceptions=False)


def test_the_command_writes_the_forecast_and_says_what_it_rests_on(tmp_path: Path) -> None:
    path = written(tmp_path, scenario() | {"trials": 1})
    out = tmp_path / "out"
    result = command("forecast", path, "--out", out)
    assert result.exit_code == 0
    assert "Fictional" in result.stdout
    assert "assumed law: that of 令和8年度 held" in result.stdout
    data = json.loads((out / "forecast.json").read_text("utf-8"))
    assert data["format"] == "kokuho-forecast/1"
    assert data["provenance"]["law"]["2029"]["held_from"] == 2026
    assert data["provenance"]["law"]["2026"]["held_from"] is None
    assert set(data["paths"]) == {"no_action", "plan"}
    assert data["items"]["levied"] == {"title": "Levy of the year", "made_from": "levy"}
    for name in ("years.csv", "cohorts.csv", "flows.csv"):
        table = pl.read_csv(out / name)
        laws = table.filter(pl.col("year") == 2029)["law"].unique().to_list()
        assert laws == ["assumed law: that of 令和8年度 held"]
    manifest = json.loads((out / "inputs" / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) == {
        "scenario.yaml", "ordinance.yaml", "persons.parquet", "households.parquet",
    }  # fmt: skip


def test_the_same_command_gives_the_same_bytes_and_doubles_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, scenario(last_year=2027) | {"trials": 1})

    def bytes_of(out: Path) -> dict[str, bytes]:
        files = [file for file in out.rglob("*") if file.is_file()]
        return {str(file.relative_to(out)): file.read_bytes() for file in files}

    command("forecast", path, "--out", tmp_path / "one")
    command("forecast", path, "--out", tmp_path / "two")
    first = bytes_of(tmp_path / "one")
    assert first == bytes_of(tmp_path / "two")
    command("forecast", path, "--out", tmp_path / "one")
    assert bytes_of(tmp_path / "one") == first


def test_a_run_that_is_stopped_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, scenario(last_year=2027) | {"trials": 3})

    def stopped(_bars: Any, _task: Any, done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("kokuho.cli.plan_forecast._count", stopped)
    result = CliRunner().invoke(app, ["forecast", str(path), "--out", str(tmp_path / "out")])
    assert result.exit_code != 0
    assert not (tmp_path / "out").exists()


def test_variants_are_written_beside_the_scenario_and_compared(tmp_path: Path) -> None:
    dearer = {"assumptions": {"contribution": {"medical": {"growth": {"value": "0.1"}}}}}
    path = written(tmp_path, {**scenario(last_year=2027), "variants": {"dearer": dearer}})
    out = tmp_path / "out"
    assert command("forecast", path, "--out", out).exit_code == 0
    assert (out / "variants" / "dearer" / "forecast.json").is_file()
    table = pl.read_csv(out / "comparison.csv")
    deficits = table.filter(path="no_action", year=2027, item="deficit")
    base, other = deficits.sort("variant")["central"]
    assert deficits.sort("variant")["variant"].to_list() == ["base", "dearer"]
    assert other > base
    only = tmp_path / "only"
    assert command("forecast", path, "--out", only, "--variant", "dearer").exit_code == 0
    assert not (only / "forecast.json").exists()


def test_an_unknown_variant_is_refused_with_those_that_are_there(tmp_path: Path) -> None:
    path = written(tmp_path, scenario())
    with pytest.raises(InputError, match="has no variant odd; it has base"):
        command("forecast", path, "--out", tmp_path, "--variant", "odd")


def test_refused_rows_are_told_and_the_rest_is_forecast(tmp_path: Path) -> None:
    write_city(tmp_path, 300, 1)
    persons = tmp_path / "persons.csv"
    lines = persons.read_text("utf-8-sig").splitlines()
    cells = lines[1].split(",")
    cells[lines[0].split(",").index("birth_date")] = "not a day"
    persons.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    data = laid_over(scenario(), {"insured": {"city": None}})
    data["insured"] = {"persons": "persons.csv", "households": "households.csv"}
    out = tmp_path / "out"
    result = command("forecast", written(tmp_path, data), "--out", out)
    assert result.exit_code == 1
    assert "rows were refused" in result.stderr
    assert (out / "inputs.errors.csv").is_file()
    answer = json.loads((out / "forecast.json").read_text("utf-8"))
    assert answer["provenance"]["refused_rows"] > 0
