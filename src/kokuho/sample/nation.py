"""A fictional nation as Parquet datasets (``docs/bulk.md``): claims and insured of many insurers.

For the bulk engine's tests and benchmarks. Nothing of it is a statistic: sizes, kinds, costs and
shares are invented, of the order of the nation's. The same seed gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from kokuho.base.chance import draw, happens, states
from kokuho.tables import write_parquet

CLAIMS_A_PERSON = 15
_FIRST_MONTH = 3
_KINDS = (("medical", 5_200), ("dispensing", 8_500), ("other", 9_700))
"""Kinds with the share of 10,000 up to and with them; the rest is DPC."""

_MEAN_COST = {"medical": 60, "dispensing": 40, "other": 30, "dpc": 3_000}
_HIGH_COST, _FOREIGN = 150, 400
_COUNTRIES = ("CHN", "KOR", "VNM", "PHL", "NPL", "BRA", "")
_STATUSES = ("永住者", "留学", "技術・人文知識・国際業務", "家族滞在", "特定技能1号", "")


def write_claims(out: Path, claims: int, insurers: int, seed: int, fiscal_year: int) -> None:
    """Write so many claims of so many insurers, of one fiscal year of treatment."""
    for code, size in _sizes(claims, insurers):
        write_parquet(_claims(code, size, seed, fiscal_year), _place(out, code, fiscal_year))


def write_insured(out: Path, persons: int, insurers: int, seed: int, fiscal_year: int) -> None:
    """Write who is insured on the three days of a fiscal year, so many on each."""
    for code, size in _sizes(persons, insurers):
        write_parquet(_insured(code, size, seed, fiscal_year), _place(out, code, fiscal_year))


def _place(out: Path, code: str, fiscal_year: int) -> Path:
    return out / f"insurer_code={code}" / f"year={fiscal_year}" / "part.parquet"


def _sizes(rows: int, insurers: int) -> Iterator[tuple[str, int]]:
    """Codes that no insurer has (99…), few with many rows and many with few, as cities are."""
    weights = [10_000_000 // (number + 10) for number in range(insurers)]
    total, before, done = sum(weights), 0, 0
    for number, weight in enumerate(weights):
        before += weight
        upto = rows * before // total
        yield f"99{number:04d}", upto - done
        done = upto


def _claims(code: str, size: int, seed: int, fiscal_year: int) -> pl.DataFrame:
    state = pl.col("_state")
    share = draw(state, "kind")
    kind, mean = pl.lit("dpc"), pl.lit(_MEAN_COST["dpc"])
    for name, below in reversed(_KINDS):
        kind = pl.when(share < below).then(pl.lit(name)).otherwise(kind)
        mean = pl.when(share < below).then(_MEAN_COST[name]).otherwise(mean)
    months = pl.Series(
        [date(fiscal_year + at // 12, at % 12 + 1, 1) for at in range(_FIRST_MONTH - 1, 14)]
    )
    person = draw(state, "person", max(1, size // CLAIMS_A_PERSON))
    dice = draw(state, "cost", 1_000).cast(pl.Int64)
    return (
        pl.LazyFrame({"n": pl.int_range(size, eager=True)})
        .select(_state=states(pl.col("n"), seed, code))
        .select(
            person_id=person.cast(pl.String).str.zfill(10),
            month=pl.lit(months).gather(draw(state, "month", 12).cast(pl.UInt32)),
            kind=kind,
            cost=2_000 + dice * dice * mean // 1_000,
            high_cost=pl.when(happens(state, "high", _HIGH_COST)).then(dice * 500).otherwise(0),
            foreign=happens(states(person, seed, f"{code} foreign"), "foreign", _FOREIGN),
        )
        .collect()
    )


def _insured(code: str, size: int, seed: int, fiscal_year: int) -> pl.DataFrame:
    state = pl.col("_state")
    foreign = happens(state, "foreign", _FOREIGN)
    days = pl.Series([date(fiscal_year, 9, 30), date(fiscal_year + 1, 3, 31),
                      date(fiscal_year + 1, 4, 1)])  # fmt: skip
    born = pl.lit(date(fiscal_year - 75, 6, 1)) + pl.duration(
        days=draw(state, "born", 75 * 365).cast(pl.Int64)
    )
    return (
        pl.LazyFrame({"n": pl.int_range(size, eager=True)})
        .select(_state=states(pl.col("n"), seed, code))
        .select(
            sex=pl.when(happens(state, "sex", 5_000)).then(pl.lit("F")).otherwise(pl.lit("M")),
            birth_first=born,
            birth_last=born,
            nationality=pl.when(foreign)
            .then(_one_of(_COUNTRIES, draw(state, "country", len(_COUNTRIES))))
            .otherwise(pl.lit("JPN")),
            status=pl.when(foreign)
            .then(_one_of(_STATUSES, draw(state, "status", len(_STATUSES))))
            .otherwise(pl.lit("")),
        )
        .join(pl.LazyFrame({"day": days}), how="cross")
        .select("day", "sex", "birth_first", "birth_last", "nationality", "status")
        .collect()
    )


def _one_of(texts: tuple[str, ...], at: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(texts)).gather(at.cast(pl.UInt32))
