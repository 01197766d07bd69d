"""A thousand rate vectors over a city: ``vectors.py FOLDER household|person VECTORS``.

Stage 1 is done once and counted; prints seconds, and checks some vectors against the full levy.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import polars as pl

from kokuho.law import for_fiscal_year
from kokuho.levy.kernel import judge, levy
from kokuho.levy.method import Method
from kokuho.levy.vectors import totals, vector_of
from kokuho.ordinance import OrdinanceYear, Rounding
from kokuho.ordinance.loading import load

DATA = Path(__file__).parents[1] / "src/kokuho/ordinance/data/koganei.yaml"
INSURED = 21_000


def city(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The first households of the population that have 21 thousand insured together."""
    persons = pl.read_parquet(folder / "persons.parquet").rechunk()
    households = pl.read_parquet(folder / "households.parquet").rechunk()
    last = persons.filter(pl.col("insured").cum_sum() >= INSURED)["household_id"][0]
    return (
        persons.filter(pl.col("household_id") < last),
        households.filter(pl.col("household_id") < last),
    )


def other(ordinance: OrdinanceYear, vector: dict[str, int]) -> OrdinanceYear:
    """The ordinance with a vector's rates of the medical part."""
    part = ordinance.parts["medical"]
    rate = f"{vector['rate_medical_income'] / 1_000_000:.6f}"
    changed = type(part).model_validate(
        part.model_dump() | {"income_rate": rate, "per_capita": vector["rate_medical_per_capita"]}
    )
    return ordinance.model_copy(update={"parts": ordinance.parts | {"medical": changed}})


def main(folder: str, rounding: str, count: str) -> None:
    persons, households = city(Path(folder))
    ordinance = load(DATA).year(2026)
    per_person = Rounding(part=100, person=100, income_component="per_person")
    if rounding == "person":
        ordinance = ordinance.model_copy(update={"rounding": per_person})
    vectors = [
        vector_of(ordinance)
        | {"rate_medical_income": 60_000 + 13 * n, "rate_medical_per_capita": 25_000 + 11 * n}
        for n in range(int(count))
    ]
    began = time.perf_counter()
    law, method = for_fiscal_year(2026), Method.of(ordinance)
    judged = judge(persons, households, law, method, steps=False)
    sums = totals(judged, vectors)
    seconds = time.perf_counter() - began
    for number in (0, len(vectors) // 2, len(vectors) - 1):
        levied = levy(persons, households, [other(ordinance, vectors[number])]).households
        if levied["total"].sum() != sums["total"][number]:
            raise SystemExit(f"vector {number}: {levied['total'].sum()} {sums['total'][number]}")
    print(json.dumps({"seconds": seconds, "insured": int(persons["insured"].sum())}))


if __name__ == "__main__":
    main(*sys.argv[1:])
