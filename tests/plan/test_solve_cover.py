"""What a part brings in is tied to its own 納付金 (区分ごとの納付金)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kokuho.base.errors import PlanError
from kokuho.plan.scenario import load_scenario
from kokuho.plan.solve import Solution, solve
from kokuho.plan.solve.problem import Problem
from tests.plan.scenarios import inputs, laid_over, scenario, written

CHEAP_SUPPORT: dict[str, Any] = {
    "assumptions": {
        "contribution": {
            "medical": {"per_head": {"yen": 86_000}},
            "support": {"per_head": {"yen": 27_000}},
        }
    }
}
"""A support part whose 納付金 is little more than its held rates bring in; medical lacks much."""


FREE: dict[str, Any] = {part: {} for part in ("support", "care", "child")}


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def told(**limits: Any) -> dict[str, Any]:
    base = {"limits": {"target_year": 2028, "first_revision": 2027, **limits}}
    return laid_over(CHEAP_SUPPORT, base)


def solved(folder: Path, **limits: Any) -> Solution:
    return solve(inputs(folder, told(**limits), last_year=2028))


def surplus(found: Solution, part: str, year: int) -> int:
    """What a part brings in beyond its 納付金, from the account and the levy alone."""
    problem = found.problem
    vector = problem.vectors(found.path)[year]
    made = problem.years[year]
    levied = made.relevy.households([vector])[part].sum()
    collected = int(levied * problem.collected_of(year, year))
    reliefs = made.relevy.reliefs_by_part(vector)[part]
    return collected + reliefs - found.proof.accounts[year][f"contribution_{part}"]


def test_unless_told_otherwise_no_part_but_the_medical_one_pays_for_more_than_its_own(
    tmp_path: Path,
) -> None:
    free = solved(tmp_path / "free", part_cover=FREE)
    assert free.feasible
    assert surplus(free, "support", 2028) > 0
    found = solved(tmp_path / "tied")
    assert found.feasible
    held = found.problem.covers
    for year in (2027, 2028):
        for part in ("support", "care", "child"):
            own = found.proof.accounts[year][f"contribution_{part}"]
            already = (held[year, part].most or 0) - own
            assert surplus(found, part, year) <= max(0, already)
    assert surplus(found, "support", 2028) <= 0
    # what the support part may not bring in, the medical part does
    assert found.proof.covered[2028]["medical"] > free.proof.covered[2028]["medical"]
    assert "part_cover.support" in [one.limit for one in found.binding]


def test_a_part_may_have_to_bring_in_a_share_of_its_own_in_the_target_year(tmp_path: Path) -> None:
    free = solved(tmp_path / "free")
    own = free.proof.accounts[2028]["contribution_care"]
    assert free.proof.covered[2028]["care"] < own * 97 // 100
    found = solved(tmp_path / "care", part_cover={"care": {"low": "0.97", "high": "1"}})
    assert found.feasible
    assert own * 97 // 100 <= found.proof.covered[2028]["care"] <= own
    # what is not stated stays as it is
    assert (2028, "support") in found.problem.covers


def test_a_part_that_is_above_its_own_already_rises_no_further(tmp_path: Path) -> None:
    cheap = laid_over(
        told(), {"assumptions": {"contribution": {"support": {"per_head": {"yen": 10_000}}}}}
    )
    problem = Problem(inputs(tmp_path, cheap, last_year=2028))
    levied = problem.levied_along(dict.fromkeys(problem.knobs.revisions, problem.knobs.start))
    held = problem.part_revenue(levied[2028], 2028)["support"]
    own = problem.accounts(levied)[2028]["contribution_support"]
    assert problem.covers[2028, "support"].most == held > own


def test_parts_that_alone_may_change_and_may_not_pay_for_others_are_what_binds(
    tmp_path: Path,
) -> None:
    found = solved(tmp_path, parts=["support"])
    assert not found.feasible
    assert [one.limit for one in found.binding] == ["part_cover.support"]
    assert all(one.kept for one in found.kept if one.limit != "deficit")


def test_the_reliefs_of_all_parts_are_all_reliefs(tmp_path: Path) -> None:
    problem = Problem(inputs(tmp_path, told(), last_year=2028))
    for made in problem.years.values():
        levied = problem.levy(made, [problem.knobs.base])[0]
        assert sum(levied.relieved.values()) == sum(levied.reliefs.values()) > 0


def test_a_share_that_is_backwards_is_refused(tmp_path: Path) -> None:
    data = laid_over(scenario(), told(part_cover={"child": {"low": "1", "high": "0.9"}}))
    with pytest.raises(PlanError, match="high is below low"):
        load_scenario(written(tmp_path, data))
