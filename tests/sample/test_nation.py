"""The fictional nation of the bulk engine's tests and benchmarks."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kokuho.sample import nation
from kokuho.sample.nation import write_claims, write_insured


def read(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(
        folder, hive_partitioning=True, hive_schema={"insurer_code": pl.String, "year": pl.Int32}
    )


def test_there_are_as_many_rows_as_asked_for(tmp_path: Path) -> None:
    write_claims(tmp_path / "claims", 10_007, 13, 1, 2025)
    write_insured(tmp_path / "insured", 1_003, 13, 1, 2025)
    claims, insured = read(tmp_path / "claims"), read(tmp_path / "insured")
    assert claims.height == 10_007
    assert claims["insurer_code"].n_unique() == 13
    assert claims["insurer_code"].str.starts_with("99").all()
    assert insured.group_by("day").len()["len"].to_list() == [1_003] * 3
    sizes = claims.group_by("insurer_code").len().sort("insurer_code")["len"].to_list()
    assert sizes[0] > 2 * sizes[-1] > 0


def test_the_same_seed_gives_the_same_rows_in_whatever_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_claims(tmp_path / "one", 5_000, 9, 1, 2025)
    monkeypatch.setattr(nation, "_BLOCK", 700)
    write_claims(tmp_path / "blocks", 5_000, 9, 1, 2025)
    write_claims(tmp_path / "other", 5_000, 9, 2, 2025)
    assert read(tmp_path / "one").equals(read(tmp_path / "blocks"))
    assert not read(tmp_path / "one").equals(read(tmp_path / "other"))


def test_a_person_is_foreign_in_all_claims_or_in_none(tmp_path: Path) -> None:
    write_claims(tmp_path, 20_000, 5, 1, 2025)
    people = read(tmp_path).group_by("insurer_code", "person_id")
    assert people.agg(pl.col("foreign").n_unique())["foreign"].max() == 1
