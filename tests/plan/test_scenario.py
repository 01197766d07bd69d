"""Scenario files: nothing is invented, nothing is ignored, everything wrong is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kokuho.base.errors import KokuhoError, LawError, PlanError
from kokuho.plan.scenario import load_rates, load_scenario, load_scenarios, stated_places
from kokuho.plan.scenario.provenance import assumption_list, provenance, warnings
from tests.plan import scenarios
from tests.plan.scenarios import invented, laid_over, read, scenario, written

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "koganei" / "scenario.yaml"


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def refused(tmp_path: Path, changes: dict[str, Any]) -> str:
    path = written(tmp_path, laid_over(scenario(), changes))
    with pytest.raises(PlanError) as caught:
        load_scenario(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def assumptions(**told: Any) -> dict[str, Any]:
    return {"assumptions": told}


def test_the_scenario_of_the_tests_is_accepted(tmp_path: Path) -> None:
    assert load_scenario(written(tmp_path, scenario())).years == range(2026, 2030)


def test_an_unknown_key_is_refused_with_its_place(tmp_path: Path) -> None:
    said = refused(tmp_path, assumptions(collection={"curent": invented(value="0.9")}))
    assert "assumptions.collection.curent: this key is not known" in said


def test_an_assumption_names_a_source_or_says_that_it_is_one(tmp_path: Path) -> None:
    said = refused(
        tmp_path, assumptions(collection={"current": {"value": "0.9", "assumption": False}})
    )
    assert "assumptions.collection.current: either `source` or `assumption: true`" in said


def test_an_assumption_with_a_source_is_none(tmp_path: Path) -> None:
    said = refused(tmp_path, assumptions(collection={"current": {"source": "https://example.jp"}}))
    assert "assumptions.collection.current" in said


def test_a_rate_as_a_number_is_refused(tmp_path: Path) -> None:
    said = refused(tmp_path, assumptions(collection={"current": {"value": 0.95}}))
    assert "text in quotes" in said


def test_a_year_without_a_value_is_named_and_no_other_is_used(tmp_path: Path) -> None:
    growth = {"value": None, "years": {2027: "0.02", 2029: "0.02"}}
    said = refused(tmp_path, assumptions(contribution={"medical": {"growth": growth}}))
    assert "assumptions.contribution.medical.growth: no value for 令和10年度" in said


def test_a_contribution_is_a_total_or_an_amount_per_head_not_both(tmp_path: Path) -> None:
    total = {"total": invented(value=1_000_000)}
    said = refused(tmp_path, assumptions(contribution={"medical": total}))
    assert "assumptions.contribution.medical: either `total`, or" in said


def test_people_and_incomes_do_not_depend_on_the_plan(tmp_path: Path) -> None:
    said = refused(tmp_path, assumptions(incomes={"salary": {"plan": {2028: "0.05"}}}))
    assert "assumptions.incomes.salary.plan: people and incomes are the same" in said


def test_an_age_in_two_bands_is_refused(tmp_path: Path) -> None:
    twice = scenarios.bands((0, 40, "0.1"), (40, 60, "0.1"))
    assert "an age lies in two bands" in refused(
        tmp_path, assumptions(population={"deaths": twice})
    )


def test_people_come_from_files_or_from_a_fictional_city(tmp_path: Path) -> None:
    said = refused(tmp_path, {"insured": {"persons": "persons.csv"}})
    assert "insured: either `city`, or `persons` and `households` together" in said


def test_a_key_written_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, scenario())
    path.write_text(path.read_text("utf-8") + "seed: 8\n", encoding="utf-8")
    with pytest.raises(PlanError, match="the key seed stands twice"):
        load_scenario(path)


def test_a_variant_is_the_scenario_with_some_keys_laid_over_it(tmp_path: Path) -> None:
    faster = {"assumptions": {"contribution": {"medical": {"growth": {"value": "0.05"}}}}}
    found = load_scenarios(written(tmp_path, {**scenario(), "variants": {"faster": faster}}))
    assert list(found) == ["base", "faster"]
    growth = found["faster"].assumptions.contribution["medical"].growth
    assert growth is not None
    assert str(growth.stated(2027)) == "0.05"
    assert growth.spread == found["base"].assumptions.contribution["medical"].growth.spread  # type: ignore[union-attr]
    assert found["faster"].assumptions.population == found["base"].assumptions.population


def test_a_wrong_variant_is_named(tmp_path: Path) -> None:
    data = {**scenario(), "variants": {"odd": {"seeds": 1}}}
    with pytest.raises(PlanError, match="variant odd: seeds: this key is not known"):
        load_scenarios(written(tmp_path, data))


def test_a_year_without_law_needs_an_assumption(tmp_path: Path) -> None:
    data = scenario()
    del data["assumed_law"][2028]
    with pytest.raises(LawError, match="there is no law for fiscal year 2028"):
        read(written(tmp_path, data))


def test_law_is_not_assumed_in_place_of_law_that_is_known(tmp_path: Path) -> None:
    data = scenario() | {"base_year": 2025}
    data["assumed_law"][2026] = {"held_from": 2025}
    with pytest.raises(LawError, match="is known; that of 令和7年度 is not held in its place"):
        read(written(tmp_path, data))


def test_the_parts_of_the_assumptions_are_those_of_the_ordinance(tmp_path: Path) -> None:
    data = scenario()
    del data["assumptions"]["contribution"]["child"]
    with pytest.raises(PlanError, match="states the parts care, medical, support; the ordinance"):
        read(written(tmp_path, data))


def test_files_of_another_insurer_are_refused(tmp_path: Path) -> None:
    from kokuho.sample import write_city

    path = written(tmp_path, scenario())
    write_city(tmp_path / "city", 30, 1, insurer_code="990002")
    data = scenario() | {
        "insured": {"persons": "city/persons.csv", "households": "city/households.csv"}
    }
    with pytest.raises(PlanError, match="have nobody of the ordinance's insurer 992011"):
        read(written(tmp_path, data))
    assert path.exists()


def test_every_assumption_of_a_result_has_a_source_or_is_marked(tmp_path: Path) -> None:
    inputs = read(written(tmp_path, scenario()))
    listed = assumption_list(inputs.scenario)
    assert len(listed) == len(list(stated_places(inputs.scenario.assumptions))) > 20
    assert all((one["source"] is None) == one["assumption"] for one in listed)
    said = provenance(inputs, "base")
    assert set(said["files"]) == {"scenario.yaml", "ordinance.yaml"}
    assert all(len(digest) == 64 for digest in said["files"].values())


def test_assumed_law_and_fiction_stand_at_the_head_of_every_output(tmp_path: Path) -> None:
    inputs = read(written(tmp_path, scenario()))
    assert warnings(inputs) == [
        "Fictional: the people and assumptions are those of no municipality.",
        "令和9年度 to 令和11年度: assumed law: that of 令和8年度 held",
    ]
    assert inputs.law_text(2026) == "law of 令和8年度"


def test_a_single_year_under_assumed_law_is_named_once(tmp_path: Path) -> None:
    assumed = warnings(read(written(tmp_path, scenario(last_year=2027))))[-1]
    assert assumed == "令和9年度: assumed law: that of 令和8年度 held"


def test_a_rates_file_changes_the_years_that_it_names_and_those_after(tmp_path: Path) -> None:
    file = tmp_path / "rates.yaml"
    file.write_text(
        'rates: {2028: {medical: {income_rate: "0.07", cap: 660000}}}', encoding="utf-8"
    )
    inputs = read(written(tmp_path, scenario()))
    held = inputs.held_rates()
    path = held.changed(load_rates(file))
    assert path.vectors[2027] == held.vectors[2027]
    for year in (2028, 2029):
        assert path.vectors[year]["rate_medical_income"] == 70_000
        assert path.vectors[year]["rate_medical_cap"] == 660_000
        assert path.vectors[year]["rate_medical_per_capita"] == 32_400
    assert path.as_dict()["2028"]["medical"]["income_rate"] == "0.07"


def test_a_rates_file_with_a_number_for_a_rate_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rates.yaml"
    file.write_text("{2028: {medical: {income_rate: 0.07}}}", encoding="utf-8")
    with pytest.raises(PlanError, match="text in quotes"):
        load_rates(file)


def test_the_scenario_that_ships_marks_everything_as_an_assumption() -> None:
    found = load_scenarios(EXAMPLE)
    assert found["base"].fictional
    assert found["base"].insured.city is not None
    for one in found.values():
        assert all(stated.assumption for _place, stated in stated_places(one.assumptions))


def test_an_unreadable_scenario_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(KokuhoError, match="cannot be read"):
        load_scenario(tmp_path / "none.yaml")
