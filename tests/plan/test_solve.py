"""The search for rates: a path that ends the deficit, proved, and compared with brute force."""

from __future__ import annotations

import json
import os
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from typer.testing import CliRunner

from kokuho.base.errors import PlanError
from kokuho.base.money import rate_numerator
from kokuho.cli.plan import app
from kokuho.levy import Method, Rates, assess, judge
from kokuho.plan.forecast import forecast
from kokuho.plan.forecast.course import Start
from kokuho.plan.forecast.incomes import Growth, grown
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario import load_rates
from kokuho.plan.solve import Solution, solve
from kokuho.plan.solve.problem import Problem
from kokuho.plan.solve.run import first_point
from kokuho.plan.solve.search import Search
from kokuho.sample import ordinance_text
from tests.plan.scenarios import inputs, laid_over, read, scenario, written

FULL_SIZE = os.environ.get("KOKUHO_FULL_SIZE") == "1"
MILD = {"assumptions": {"contribution": {"medical": {"per_head": {"yen": 72_000}}}}}
"""A deficit that two or three revisions can end."""


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def limits(**told: Any) -> dict[str, Any]:
    return laid_over(MILD, {"limits": {"target_year": 2028, "first_revision": 2027, **told}})


def solved(tmp_path: Path, **told: Any) -> Solution:
    return solve(inputs(tmp_path, limits(**told), last_year=2028))


def rates_of(found: Solution, year: int) -> dict[str, int]:
    return found.problem.knobs.vector(found.path[year])


def broken(found: Solution) -> list[str]:
    return [one.limit for one in found.kept if not one.kept]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Solution:
    return solved(tmp_path_factory.mktemp("plain"))


def test_a_path_is_found_that_leaves_no_deficit_in_the_target_year(plain: Solution) -> None:
    assert plain.feasible
    assert plain.final_deficit == 0
    assert broken(plain) == []
    no_action = plain.problem.no_action[2028]
    assert no_action["deficit"] > 0
    # rates are turned back until one step less would leave a deficit
    assert 0 <= plain.proof.accounts[2028]["surplus"] < 200_000


def test_rates_are_printed_in_the_steps_of_an_ordinance(plain: Solution) -> None:
    for year in (2027, 2028):
        vector = rates_of(plain, year)
        for part in ("medical", "support", "care"):
            assert vector[f"rate_{part}_income"] % 100 == 0
            assert vector[f"rate_{part}_per_capita"] % 100 == 0


def test_rates_never_fall_unless_they_may(plain: Solution) -> None:
    before = plain.problem.knobs.start
    for values in plain.path.values():
        assert all(new >= old for old, new in zip(before, values, strict=True))
        before = values


def test_the_adults_amount_of_the_child_part_follows_the_childrens(plain: Solution) -> None:
    vector = rates_of(plain, 2028)
    # 85 yen beside 1,820 in the base year
    assert vector["rate_child_per_capita_adult"] == vector["rate_child_per_capita"] * 85 // 1_820


def test_the_proof_is_what_the_levy_itself_gives_under_the_rates_found(
    tmp_path: Path, plain: Solution
) -> None:
    """Levied without anything of the search: the levy's own kernel, an ordinance of that year."""
    start = Start(plain.problem.inputs)
    incomes = plain.problem.inputs.scenario.assumptions.incomes
    world, growth = World(plain.problem.inputs.scenario.seed), Growth()
    for made in start.years(world):
        year = made.city.year
        if year > 2026:
            growth = growth.next(incomes, world, year)
        persons, households = grown(made.city, growth)
        law = plain.problem.inputs.laws[year]
        vector = plain.problem.vectors(plain.path)[year]
        ordinance = plain.problem.inputs.ordinance.model_copy(
            update={"fiscal_year": year, "parts": _parts(plain, vector)}
        )
        judged = judge(persons, households, law, Method.of(ordinance))
        levied = assess(judged, Rates([ordinance])).households
        proof = plain.proof.accounts[year]
        assert levied["total"].sum() == proof["levied"]
        # 保険基盤安定 again: nobody reduced, no other relief on either side
        none = persons.with_columns(maternity_from=pl.lit(None, dtype=pl.Date))
        plain_law = type(law)(**{**vars(law), "preschool_cut": None})
        free = judge(none, households, plain_law, Method.of(ordinance))
        unreduced = free.households.with_columns(reduction=pl.lit(0, dtype=pl.Int64))
        with_it = assess(free, Rates([ordinance])).households["total"].sum()
        without = type(free)(free.law, free.method, free.persons, unreduced)
        difference = assess(without, Rates([ordinance])).households["total"].sum() - with_it
        assert proof["transfer_reduction"] == difference > 0


def _parts(found: Solution, vector: dict[str, int]) -> dict[str, Any]:
    parts = found.problem.inputs.ordinance.parts
    return {
        name: part.model_copy(
            update={
                "income_rate": f"{vector[f'rate_{name}_income'] / 1_000_000:.6f}",
                "per_capita": vector[f"rate_{name}_per_capita"],
                "per_capita_adult": vector[f"rate_{name}_per_capita_adult"],
            }
        )
        for name, part in parts.items()
    }


@pytest.mark.parametrize("objective", ["yen", "percent"])
def test_no_coarse_grid_has_a_path_with_a_smaller_jump(tmp_path: Path, objective: str) -> None:
    """Every path on a grid of one part's rates, levied; the search is at least as good."""
    found = solved(tmp_path, objective=objective, parts=["medical"])
    problem = found.problem
    best = _best_of_grid(problem, objective)
    jumps = [jump.yen if objective == "yen" else jump.ppm for jump in found.proof.jumps.values()]
    assert found.feasible
    assert best is not None
    assert max(jumps) <= best
    # and not because the grid is far too coarse: its best is within a third
    assert best <= max(jumps) * 4 / 3


def _best_of_grid(problem: Problem, objective: str) -> int | None:
    start = problem.knobs.start
    grid = [
        (start[0] + 4_000 * income, start[1] + 3_000 * each)
        for income, each in product(range(9), range(9))
    ]
    vectors = [problem.knobs.vector(values) for values in grid]
    base = problem.knobs.base
    levied = {year: problem.levy(made, [base, *vectors]) for year, made in problem.years.items()}
    measure = "rise" if objective == "yen" else "ppm"

    def largest(year: int, before: dict[str, int], after: list[dict[str, int]]) -> list[int]:
        rises = problem.rises(year, [before], after)
        return (
            rises.group_by("vector", maintain_order=True)
            .agg(pl.col(measure).max())[measure]
            .to_list()
        )

    first = largest(2027, base, vectors)
    best: int | None = None
    for n, before in enumerate(grid):
        later = [m for m, after in enumerate(grid) if after >= before and after[1] >= before[1]]
        second = largest(2028, vectors[n], [vectors[m] for m in later])
        for m, jump in zip(later, second, strict=True):
            worst = max(first[n], jump)
            if best is not None and worst >= best:
                continue
            accounts = problem.accounts(
                {2026: levied[2026][0], 2027: levied[2027][n + 1], 2028: levied[2028][m + 1]}
            )
            if accounts[2028]["deficit"] == 0:
                best = worst
    return best


def test_a_limit_on_the_rise_is_kept_by_every_household(tmp_path: Path, plain: Solution) -> None:
    most = max(jump.yen for jump in plain.proof.jumps.values()) - 10_000
    found = solved(tmp_path, rise={"yen": most})
    assert found.feasible
    for year in (2027, 2028):
        before = found.problem.vectors(found.path)[year - 1]
        rises = found.problem.rises(year, [before], [rates_of(found, year)])
        assert rises["rise"].max() <= most


def test_with_an_impossible_limit_it_is_said_which_one_binds(tmp_path: Path) -> None:
    found = solved(tmp_path, rise={"yen": 3_000}, benefit_share={"low": "0.1", "high": "0.9"})
    assert not found.feasible
    assert found.final_deficit > 0
    assert broken(found) == ["deficit"]
    assert [one.limit for one in found.binding] == ["rise.yen"]
    assert found.binding[0].shortage_without == 0


@pytest.mark.parametrize("most", [8_000, 15_000])
def test_no_coarse_grid_leaves_less_deficit_under_an_impossible_limit(
    tmp_path: Path, most: int
) -> None:
    """Every path on a grid of one part's rates that keeps the limit, levied."""
    found = solved(tmp_path, rise={"yen": most}, parts=["medical"])
    problem, start = found.problem, found.problem.knobs.start
    assert not found.feasible
    assert broken(found) == ["deficit"]
    grid = [
        (start[0] + 500 * income, start[1] + 500 * each)
        for income, each in product(range(16), range(16))
    ]
    least = found.problem.no_action[2028]["deficit"]
    for first in grid:
        vector = problem.knobs.vector(first)
        if problem.jump(2027, problem.knobs.base, vector).yen > most:
            continue
        second = [(a, b) for a, b in grid if a >= first[0] and b >= first[1]]
        vectors = [problem.knobs.vector(values) for values in second]
        rises = problem.rises(2028, [vector], vectors).group_by("vector").agg(pl.col("rise").max())
        kept = sorted(rises.filter(pl.col("rise") <= most)["vector"].to_list())
        early = problem.levy(problem.years[2027], [vector])[0]
        late = problem.levy(problem.years[2028], [vectors[n] for n in kept])
        base = problem.levy(problem.years[2026], [problem.knobs.base])[0]
        for levied in late:
            accounts = problem.accounts({2026: base, 2027: early, 2028: levied})
            least = min(least, accounts[2028]["deficit"])
    assert found.problem.no_action[2028]["deficit"] > least
    assert found.final_deficit <= least * 105 // 100


def test_a_ceiling_that_is_too_low_is_the_limit_that_binds(tmp_path: Path) -> None:
    ceiling = {
        "assumption": True, "use": "ceiling", "year": 2026,
        "parts": {
            part: {"income_rate": rate, "per_capita": each}
            for part, rate, each in (
                ("medical", "0.0645", 32_600), ("support", "0.0240", 13_300),
                ("care", "0.0215", 15_700), ("child", "0.0030", 1_820),
            )
        },
    }  # fmt: skip
    told = limits(rise={"yen": 400_000})
    found = solve(inputs(tmp_path, {**told, "standard": ceiling}, last_year=2028))
    assert not found.feasible
    assert [one.limit for one in found.binding] == ["standard"]
    for values in found.path.values():
        assert found.problem.knobs.standard is not None
        assert all(a <= b for a, b in zip(values, found.problem.knobs.standard, strict=True))


def test_standard_rates_as_goal_are_the_last_rates(tmp_path: Path) -> None:
    goal = {
        "assumption": True, "use": "goal", "year": 2026,
        "parts": {
            part: {"income_rate": rate, "per_capita": each}
            for part, rate, each in (
                ("medical", "0.0920", 45_000), ("support", "0.0345", 18_000),
                ("care", "0.0300", 20_000), ("child", "0.0040", 2_000),
            )
        },
    }  # fmt: skip
    found = solve(inputs(tmp_path, {**limits(), "standard": goal}, last_year=2028))
    vector = rates_of(found, 2028)
    assert (vector["rate_medical_income"], vector["rate_care_per_capita"]) == (92_000, 20_000)
    middle = rates_of(found, 2027)["rate_medical_income"]
    assert 63_500 < middle < 92_000


def test_a_goal_below_the_rates_held_needs_rates_that_may_fall(tmp_path: Path) -> None:
    goal = {
        "assumption": True, "use": "goal", "year": 2026,
        "parts": {
            part: {"income_rate": "0.0200", "per_capita": 50_000}
            for part in ("medical", "support", "care", "child")
        },
    }  # fmt: skip
    with pytest.raises(PlanError, match="below those held, and may_fall is not set: rate_medical"):
        solve(inputs(tmp_path, {**limits(), "standard": goal}, last_year=2028))


def test_a_rate_above_its_ceiling_already_stays_as_it_is(tmp_path: Path) -> None:
    ceiling = {
        "assumption": True, "use": "ceiling", "year": 2026,
        "parts": {
            part: {"income_rate": rate, "per_capita": 60_000}
            for part, rate in (
                ("medical", "0.0500"), ("support", "0.0400"), ("care", "0.0400"),
                ("child", "0.0040"),
            )
        },
    }  # fmt: skip
    found = solve(inputs(tmp_path, {**limits(), "standard": ceiling}, last_year=2028))
    assert found.feasible
    assert {rates_of(found, year)["rate_medical_income"] for year in (2027, 2028)} == {63_500}


def test_a_revision_every_two_years_leaves_the_year_between_as_it_is(tmp_path: Path) -> None:
    told = laid_over(limits(every=2, target_year=2029), {})
    found = solve(inputs(tmp_path, told, last_year=2029))
    assert sorted(found.path) == [2027, 2029]
    vectors = found.problem.vectors(found.path)
    assert vectors[2028] == vectors[2027] != vectors[2029]
    assert found.feasible


def test_a_protected_model_household_rises_no_more_than_it_may(
    tmp_path: Path, plain: Solution
) -> None:
    rises = [jump.models["no_income"] for jump in plain.proof.jumps.values()]
    assert max(rises) > 500
    found = solved(tmp_path, protect=[{"household": "no_income", "yen": 500}])
    assert found.feasible
    assert all(jump.models["no_income"] <= 500 for jump in found.proof.jumps.values())


def test_a_band_of_the_benefit_share_is_kept_in_the_target_year(
    tmp_path: Path, plain: Solution
) -> None:
    share = plain.proof.shares[2028]
    high = f"{float(share) - 0.04:.4f}"
    found = solved(tmp_path, benefit_share={"high": high})
    assert found.feasible
    assert float(found.proof.shares[2028]) <= float(high)
    low = f"{float(share) + 0.04:.4f}"
    found = solved(tmp_path / "low", benefit_share={"low": low})
    assert float(found.proof.shares[2028]) >= float(low)


@pytest.mark.parametrize("rounding", ["{part: 100}", "{part: 100, person: 100}"])
def test_an_ordinance_with_amounts_per_household_and_on_assets_is_solved_too(
    tmp_path: Path, rounding: str
) -> None:
    text = ordinance_text(2026).replace("rounding: {part: 100}", f"rounding: {rounding}")
    text = text.replace(
        "per_capita: 32400", 'asset_rate: "0.1", per_household: 20000, per_capita: 24000'
    )
    path = written(tmp_path, laid_over(scenario(last_year=2028), limits()), text)
    found = solve(read(path))
    assert found.feasible
    vector = rates_of(found, 2028)
    assert vector["rate_medical_per_household"] > 20_000
    assert vector["rate_medical_asset"] == 100_000


def test_rates_of_parts_that_may_not_change_stay(tmp_path: Path) -> None:
    found = solved(tmp_path, parts=["medical", "support"])
    for year in (2027, 2028):
        for field in ("income", "per_capita"):
            assert (
                rates_of(found, year)[f"rate_care_{field}"]
                == (found.problem.knobs.base[f"rate_care_{field}"])
            )


def test_following_the_plan_keeps_every_year_at_what_it_leaves(tmp_path: Path) -> None:
    from tests.plan.test_forecast_run import PLAN

    plan = PLAN.replace("16000", "9000")
    rows = "".join(
        f"  - {{year: {year}, planned: {{other_transfer: {cut}, advance_increase: 0}}, "
        "actual: unknown}\n"
        for year, cut in ((2026, 0), (2027, 7000), (2028, 2000), (2029, 0))
    )
    data = laid_over(scenario(last_year=2028), {**limits(follow_plan=True), "plan": "plan.yaml"})
    path = written(tmp_path, data)
    (tmp_path / "plan.yaml").write_text(plan + rows, encoding="utf-8")
    found = solve(read(path))
    assert found.feasible
    assert found.problem.targets == {2027: 2_000_000, 2028: 0}
    assert found.proof.deficit(2027) <= 2_000_000


def test_a_model_household_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="there is no model household rich; there are: single_"):
        solved(tmp_path, protect=[{"household": "rich", "yen": 1}])


def test_a_scenario_without_limits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="states no limits"):
        solve(inputs(tmp_path))


def test_the_same_scenario_gives_the_same_rates(tmp_path: Path, plain: Solution) -> None:
    again = solved(tmp_path)
    assert again.path == plain.path
    assert again.proof.accounts == plain.proof.accounts


def test_without_one_limit_the_others_are_still_looked_at(tmp_path: Path) -> None:
    problem = Problem(inputs(tmp_path, limits(rise={"yen": 3_000}), last_year=2028))
    held = Search(problem).run(first_point(problem))
    free = Search(problem, without=frozenset({"rise.yen"})).run(first_point(problem))
    assert held.shortage > 1_000_000 > free.shortage
    assert "rise.yen" in held.binding


def command(*args: object) -> Any:
    return CliRunner().invoke(app, list(map(str, args)), catch_exceptions=False)


def test_the_command_prints_the_solution_and_writes_what_a_paper_needs(tmp_path: Path) -> None:
    path = written(tmp_path, laid_over(scenario(last_year=2028), limits()))
    out = tmp_path / "out"
    result = command("solve", path, "--out", out, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["feasible"] is True
    assert answer["final_deficit"] == 0
    assert set(answer["rates"]) == {"2027", "2028"}
    assert {"income_rate", "per_capita"} <= set(answer["rates"]["2028"]["medical"])
    assert answer["provenance"]["law"]["2028"]["held_from"] == 2026
    assert json.loads((out / "solution.json").read_text("utf-8")) == answer
    for name in ("rates.csv", "impact.csv", "models.csv", "years.csv"):
        laws = set(pl.read_csv(out / name)["law"].to_list())
        assert "assumed law: that of 令和8年度 held" in laws
    # the rates that were found are what the forecast takes
    rates = yaml.safe_load((out / "rates.yaml").read_text("utf-8"))["rates"]
    assert rates[2028]["medical"] == answer["rates"]["2028"]["medical"]
    assert rate_numerator(rates[2028]["medical"]["income_rate"]) % 100 == 0
    ready = read(path)
    plan = forecast(ready, ready.plan_rates(load_rates(out / "rates.yaml"))).central("plan")
    for year, items in answer["paths"]["plan"].items():
        assert plan[int(year)] == items


def test_the_command_ends_with_1_where_no_path_keeps_the_limits(tmp_path: Path) -> None:
    data = laid_over(scenario(last_year=2028), limits(rise={"yen": 3_000}))
    result = command("solve", written(tmp_path, data), "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "million yen of deficit are left in 令和10年度" in result.stdout
    assert "It is the least that was found" in result.stdout
    assert (
        "binding: rise.yen (no household's levy rises by more yen from one year's rates"
        in result.stdout
    )
    assert "assumed law" in result.stdout
    assert "do not end the deficit" in (tmp_path / "out" / "rates.yaml").read_text("utf-8")


def test_variants_of_limits_are_compared(tmp_path: Path) -> None:
    variants = {"in_yen": {"limits": {"objective": "yen"}}}
    data = {**laid_over(scenario(last_year=2028), limits()), "variants": variants}
    out = tmp_path / "out"
    assert command("solve", written(tmp_path, data), "--out", out).exit_code == 0
    table = pl.read_csv(out / "comparison.csv")
    assert table["variant"].to_list() == ["base", "in_yen"]
    assert table["largest_rise_yen"][1] < table["largest_rise_yen"][0]
    assert (out / "variants" / "in_yen" / "solution.json").is_file()


@pytest.mark.slow
def test_the_example_of_koganeis_size_is_solved_and_its_impossible_variant_explained(
    tmp_path: Path,
) -> None:
    """With KOKUHO_FULL_SIZE=1 as it ships (21,000 insured), else at a fourteenth of its size."""
    example = Path(__file__).resolve().parents[2] / "examples" / "koganei"
    data = yaml.safe_load((example / "scenario.yaml").read_text("utf-8"))
    if not FULL_SIZE:
        data = _smaller(data, 1_500, 21_000)
    path = written(tmp_path, data, (example / "ordinance.yaml").read_text("utf-8"))
    (tmp_path / "plan.yaml").write_text((example / "plan.yaml").read_text("utf-8"), "utf-8")
    found = solve(read(path))
    assert found.feasible
    assert found.final_deficit == 0
    assert found.problem.no_action[2035]["deficit"] > 500_000_000 * (1 if FULL_SIZE else 1 / 14)
    # people fall and the contribution per head grows by the stated rates
    months = [items["person_months"] for items in found.proof.accounts.values()]
    assert months[-1] < months[0] * 0.9
    impossible = solve(read(path, "impossible"))
    assert not impossible.feasible
    assert broken(impossible) == ["deficit"]
    assert [one.limit for one in impossible.binding] == ["rise.percent"]


def _smaller(data: dict[str, Any], persons: int, of: int) -> dict[str, Any]:
    """The scenario with fewer people and its amounts in proportion."""

    def shrunk(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {
                name: one if name in ("per_head", "protect") else shrunk(one, str(name))
                for name, one in value.items()
            }
        if isinstance(value, list):
            return [shrunk(one, key) for one in value]
        return value * persons // of if isinstance(value, int) and value > 1_000_000 else value

    made = {**data, "assumptions": shrunk(data["assumptions"])}
    made["insured"] = {"city": {"persons": persons, "seed": 1}}
    return made
