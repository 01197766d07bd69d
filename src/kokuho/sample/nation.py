"""A fictional nation as Parquet datasets: claims and insured of many insurers.

Their form is in ``docs/statistics.md``. For the bulk engine's tests and benchmarks. Nothing of it
is a statistic: sizes, kinds, costs and shares are invented, of the order of the nation's. The same
seed gives the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

import polars as pl

from kokuho.base.chance import draw, happens, states
from kokuho.tables import write_parquet

CLAIMS_A_PERSON = 15
_BLOCK = 500_000
_FIRST_MONTH = 3
_KINDS = (("medical", 5_200), ("dispensing", 8_500), ("other", 9_700))
"""Kinds with the share of 10,000 up to and with them; the rest is DPC."""

_MEAN_COST = {"medical": 60, "dispensing": 40, "other": 30, "dpc": 3_000}
_HIGH_COST, _FOREIGN = 150, 400
_COUNTRIES = ("CHN", "KOR", "VNM", "PHL", "NPL", "BRA", "")
_STATUSES = ("永住者", "留学", "技術・人文知識・国際業務", "家族滞在", "特定技能1号", "")


def write_claims(out: Path, claims: int, insurers: int, seed: int, fiscal_year: int) -> None:
    """Write so many claims of so many insurers, of one fiscal year of treatment."""
    _write(out, claims, insurers, f"claims {seed} {fiscal_year}", fiscal_year, _claims)


def write_insured(out: Path, persons: int, insurers: int, seed: int, fiscal_year: int) -> None:
    """Write who is insured on the three days of a fiscal year, so many on each."""
    _write(out, persons, insurers, f"insured {seed} {fiscal_year}", fiscal_year, _insured)


def _write(
    out: Path,
    rows: int,
    insurers: int,
    key: str,
    fiscal_year: int,
    make: Callable[[pl.LazyFrame, str, int], pl.LazyFrame],
) -> None:
    """Make some insurers at a time and write each of them."""
    for block in _blocks(_sizes(rows, insurers)):
        index = [(place, size, first) for place, (_code, size, first) in enumerate(block)]
        sizes = pl.DataFrame(index, schema=["_place", "_size", "_first"], orient="row").lazy()
        lines = sizes.with_columns(_row=pl.int_ranges("_size")).explode("_row").drop_nulls()
        state = states(pl.col("_first") + pl.col("_row"), 0, key)
        made = make(lines.with_columns(_state=state), key, fiscal_year).collect()
        parts = made.partition_by("_place", as_dict=True, include_key=False, maintain_order=True)
        for (place,), part in parts.items():
            folder = out / f"insurer_code={block[place][0]}" / f"year={fiscal_year}"
            write_parquet(part, folder / "part.parquet")


def _blocks(sizes: Iterable[tuple[str, int, int]]) -> Iterator[list[tuple[str, int, int]]]:
    block: list[tuple[str, int, int]] = []
    for one in sizes:
        block.append(one)
        if sum(size for _code, size, _first in block) >= _BLOCK:
            yield block
            block = []
    if block:
        yield block


def _sizes(rows: int, insurers: int) -> Iterator[tuple[str, int, int]]:
    """Codes that no insurer has (99…), with their rows and the rows before them.

    Few have many and many have few, as cities do.
    """
    weights = [10_000_000 // (number + 10) for number in range(insurers)]
    total, before, done = sum(weights), 0, 0
    for number, weight in enumerate(weights):
        before += weight
        upto = rows * before // total
        yield f"99{number:04d}", upto - done, done
        done = upto


def _claims(lines: pl.LazyFrame, key: str, fiscal_year: int) -> pl.LazyFrame:
    state = pl.col("_state")
    share = draw(state, "kind")
    kind, mean = pl.lit("dpc"), pl.lit(_MEAN_COST["dpc"])
    for name, below in reversed(_KINDS):
        kind = pl.when(share < below).then(pl.lit(name)).otherwise(kind)
        mean = pl.when(share < below).then(_MEAN_COST[name]).otherwise(mean)
    months = pl.Series(
        [date(fiscal_year + at // 12, at % 12 + 1, 1) for at in range(_FIRST_MONTH - 1, 14)]
    )
    people = pl.max_horizontal(pl.col("_size") // CLAIMS_A_PERSON, 1)
    dice = draw(state, "cost", 1_000).cast(pl.Int64)
    somebody = states(pl.col("_first") + pl.col("person_id"), 0, key)
    return lines.with_columns(
        month=pl.lit(months).gather(draw(state, "month", 12).cast(pl.UInt32)),
        kind=kind,
        cost=2_000 + dice * dice * mean // 1_000,
        high_cost=pl.when(happens(state, "high", _HIGH_COST)).then(dice * 500).otherwise(0),
        person_id=draw(state, "person", people).cast(pl.Int64),
    ).select(
        "_place",
        pl.col("person_id").cast(pl.String).str.zfill(10),
        "month",
        "kind",
        "cost",
        "high_cost",
        foreign=happens(somebody, "foreign", _FOREIGN),
    )


def _insured(lines: pl.LazyFrame, _key: str, fiscal_year: int) -> pl.LazyFrame:
    state = pl.col("_state")
    foreign = happens(state, "foreign", _FOREIGN)
    days = [date(fiscal_year, 9, 30), date(fiscal_year + 1, 3, 31), date(fiscal_year + 1, 4, 1)]
    born = pl.lit(date(fiscal_year - 75, 6, 1)) + pl.duration(
        days=draw(state, "born", 75 * 365).cast(pl.Int64)
    )
    people = lines.select(
        "_place",
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
    return people.join(pl.LazyFrame({"day": days}), how="cross")


def _one_of(texts: tuple[str, ...], at: pl.Expr) -> pl.Expr:
    return pl.lit(pl.Series(texts)).gather(at.cast(pl.UInt32))
