"""The assumptions hold together, and the cities made from them look as they say."""

import re
from pathlib import Path

import polars as pl
import pytest
from city_measures import measure
from pydantic import ValidationError

from kokuho.levy.kernel import levy
from kokuho.ordinance import load
from kokuho.sample import generate, ordinance_text, structure
from kokuho.sample.city import PERSON_COLUMNS

DOCS = Path(__file__).parents[2] / "docs" / "sample.md"
TARGETS = structure.sources().targets


@pytest.fixture(scope="module")
def large():
    return generate(200_000, seed=1)


@pytest.fixture(scope="module")
def measures(large):
    return measure(*large, 2026)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.measure)
def test_a_city_keeps_the_bounds_of_its_targets(measures, target):
    assert target.low <= measures[target.measure] <= target.high


def test_every_measure_has_a_target(measures):
    assert set(measures) == {target.measure for target in TARGETS}


@pytest.mark.parametrize("seed", [2, 3])
def test_a_small_city_keeps_most_bounds_too(seed):
    measures = measure(*generate(20_000, seed=seed), 2026)
    outside = [t.measure for t in TARGETS if not t.low <= measures[t.measure] <= t.high]
    assert len(outside) <= 2, outside


def test_the_documented_measures_are_those_of_the_documented_city(measures):
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([\d,]+) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    assert {name: int(value.replace(",", "")) for name, value in rows} == measures


def test_the_levy_reduces_as_many_households_as_the_measures_say(tmp_path, large, measures):
    path = tmp_path / "ordinance.yaml"
    path.write_text(ordinance_text(2026), encoding="utf-8")
    persons, households = large
    result = levy(*levy_frames(persons, households), [load(path).year(2026)]).households
    assert result.height == households.height
    for tenths in (7, 5, 2):
        share = (result["reduction"] == tenths).sum() * 10_000 // result.height
        # The levy judges by the members of one day; the measures as if nobody had moved.
        assert abs(share - measures[f"households_reduced_{tenths}"]) <= 150


def levy_frames(persons, households):
    from kokuho.levy.frames import HOUSEHOLD_SCHEMA, PERSON_SCHEMA

    people = persons.with_columns(pl.col("maternity_months").fill_null(0), per_capita_exemption=0)
    homes = households.with_columns(forced_reduction=pl.lit(None, dtype=pl.Int64))
    of_files = [name for name in PERSON_SCHEMA if name in people.columns]
    return people.select(of_files), homes.select(HOUSEHOLD_SCHEMA.keys())


def test_every_number_names_a_known_source_or_says_assumption():
    known = {*structure.sources().sources, "assumption"}
    named = set()

    def collect(node):
        if isinstance(node, dict):
            if isinstance(node.get("source"), str):
                named.add(node["source"])
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    for name in ("structure.yaml", "origins.yaml", "incomes.yaml", "sources.yaml"):
        collect(structure.read(name))
    assert named <= known
    assert set(structure.sources().sources) <= named


def test_names_in_the_data_are_defined():
    homes, origins, incomes = structure.households(), structure.origins(), structure.incomes()
    for kind in homes.kinds.list:
        assert kind.anchor in homes.ages
        assert kind.moves in homes.moves
        assert kind.profile is None or kind.profile in origins.nationalities
    for role in homes.roles.values():
        assert role.career in incomes.careers
        assert role.status is None or role.status in origins.statuses
    columns = {name for row in incomes.occupations.values() for name in row.incomes}
    columns |= {extra.column for extra in incomes.means.extras}
    assert columns <= set(PERSON_COLUMNS)


def test_every_kind_role_and_occupation_is_used():
    homes, incomes = structure.households(), structure.incomes()
    assert {name for kind in homes.kinds.list for name in kind.members} == set(homes.roles)
    assert {kind.anchor for kind in homes.kinds.list} == set(homes.ages)
    chosen = {name for rows in incomes.careers.values() for row in rows.values() for name in row}
    by_household = {"newcomer", "family_worker"}
    assert chosen | by_household == set(incomes.occupations)


def changed(data, path, value):
    for step in path[:-1]:
        data = data[step]
    data[path[-1]] = value


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (["kinds", "list", 0, "share"], 1, "shares sum to"),
        (["kinds", "list", 1, "members"], ["elder_spouse"], "one head, and the head first"),
        (["kinds", "list", 4, "elder"], {"from": 30, "to": 31, "least": 75, "most": 84}, "no age"),
        (["roles", "child", "insured"], False, "only the head can be uninsured"),
        (["months", "join", "shares", 0], 0, "shares sum to"),
        (["roles", "child", "colour"], "red", "Extra inputs"),
    ],
)
def test_assumptions_that_do_not_hold_together_are_refused(path, value, words):
    data = structure.read("structure.yaml")
    changed(data, path, value)
    with pytest.raises(ValidationError, match=words):
        structure.Households.model_validate(data)


@pytest.mark.parametrize(
    "points", [[[0, 5], [9000, 6]], [[0, 5], [10000, 4]], [[100, 5], [10000, 6]]]
)
def test_a_distribution_that_is_none_is_refused(points):
    with pytest.raises(ValidationError):
        structure.Amounts(points=points)


def test_a_distribution_is_straight_between_its_points():
    amounts = structure.Amounts(points=[[0, -1000], [5000, 0], [10_000, 3000]])
    assert [amounts.at(place, 8) for place in (0, 2, 4, 6, 8)] == [-1000, -500, 0, 1500, 3000]
