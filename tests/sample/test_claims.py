"""Fictional claims: the same seed gives the same, some fifteen a year for each insured person."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from kokuho.sample import generate, write_city
from kokuho.sample.claims import COLUMNS, claims


def test_the_same_seed_gives_the_same_claims_and_another_others() -> None:
    persons, _households = generate(400, 1, 2026)
    one = claims(persons, 1, 2025)
    assert one.equals(claims(persons, 1, 2025))
    assert not one.equals(claims(persons, 2, 2025))
    assert one.columns == list(COLUMNS)
    assert one["claim_id"].is_unique().all()


def test_claims_are_some_fifteen_a_year_and_of_the_months_of_the_statistics() -> None:
    persons, _households = generate(3_000, 1, 2026)
    made = claims(persons, 1, 2025)
    counted = made.filter(pl.col("kind") != "other").height
    people = persons.filter(pl.col("insured") & pl.col("joined_on").is_null()).height
    assert 13 <= counted / people <= 17
    months = sorted(made["month"].unique())
    assert (months[0], months[-1], len(months)) == ("2025-03", "2026-02", 12)
    stays = made.filter(pl.col("kind") == "dpc")
    assert stays["high_cost"].max() > 0  # type: ignore[operator]
    assert made.filter(pl.col("kind") != "dpc")["high_cost"].sum() == 0


def test_a_city_can_be_written_with_its_claims(tmp_path: Path) -> None:
    written = write_city(tmp_path, 200, 1, claims=True)
    assert written.claims is not None
    assert pl.read_csv(written.claims, infer_schema=False)["insurer_code"].unique().to_list() == [
        "992011"
    ]
