"""A small fictional scenario for tests: some hundred people, every assumption invented."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from kokuho.plan.scenario import Inputs, load_scenarios, read_inputs
from kokuho.sample import generate, ordinance_text

PERSONS = 300
BASE, LAST = 2026, 2029


def invented(**told: Any) -> dict[str, Any]:
    """An assumption of the tests."""
    return {"assumption": True, **told}


def bands(*entries: tuple[int, int, str]) -> dict[str, Any]:
    return invented(bands=[{"ages": [low, high], "rate": rate} for low, high, rate in entries])


def scenario(persons: int = PERSONS, last_year: int = LAST) -> dict[str, Any]:
    """The plain data of a scenario file; yen lines follow the number of persons."""

    def yen(per_head: int) -> int:
        return per_head * persons

    def per_head(amount: int, growth: str) -> dict[str, Any]:
        return {
            "per_head": invented(year=BASE, yen=amount),
            "growth": invented(value=growth, spread={"yearly": "0.01"}),
        }

    return {
        "format": "kokuho-scenario/1",
        "title": "試験の市",
        "fictional": True,
        "ordinance": "ordinance.yaml",
        "insured": {"city": {"persons": persons, "seed": 1}},
        "base_year": BASE,
        "last_year": last_year,
        "seed": 7,
        "trials": 0,
        "assumed_law": {year: {"held_from": BASE} for year in range(BASE + 1, last_year + 1)},
        "assumptions": {
            "population": {
                "employment": bands((16, 59, "0.08"), (60, 74, "0.02")),
                "coverage_expansion": invented(value="0", years={2028: "0.05"}),
                "moving_out": bands((16, 39, "0.06"), (40, 74, "0.02")),
                "deaths": bands((0, 59, "0.001"), (60, 74, "0.01"), (75, 110, "0.05")),
                "births": bands((20, 44, "0.05")),
                "newcomers": invented(like="all", value="0.1"),
            },
            "incomes": {
                "salary": invented(value="0.01"),
                "pension": invented(value="0.005"),
                "other": invented(value="0"),
                "transitions": invented(ages=[{"at": 65, "like": [65, 69]}]),
            },
            "collection": {
                "current": invented(value="0.95", spread={"yearly": "0.005"}),
                "arrears": invented(value="0.3"),
                "written_off": invented(value="0.1"),
                "balance": invented(yen=yen(12_000)),
            },
            "contribution": {
                "medical": per_head(110_000, "0.02"),
                "support": per_head(37_000, "0.02"),
                "care": per_head(43_000, "0.02"),
                "child": per_head(4_000, "0.05"),
            },
            "expenditure": [invented(name="保健事業費", value=yen(8_000))],
            "revenue": [invented(name="諸収入", value=yen(2_000))],
            "statutory": {
                "support": invented(value=yen(7_000)),
                "lines": [invented(name="職員給与費等繰入金", value=yen(2_000))],
            },
        },
    }  # fmt: skip


def laid_over(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy of the data with some keys replaced, mappings merged."""
    merged = deepcopy(data)
    for key, value in changes.items():
        inner = merged.get(key)
        merged[key] = (
            laid_over(inner, value)
            if isinstance(inner, dict) and isinstance(value, dict)
            else value
        )
    return merged


def written(folder: Path, data: dict[str, Any], ordinance: str | None = None) -> Path:
    """The scenario file and its ordinance in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ordinance.yaml").write_text(ordinance or ordinance_text(BASE), encoding="utf-8")
    path = folder / "scenario.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def read(path: Path, variant: str = "base") -> Inputs:
    """The scenario of a file, ready to be computed with."""
    found = load_scenarios(path)[variant]
    return read_inputs(
        path, found, lambda city, year, code: generate(city.persons, city.seed, year, code)
    )


def inputs(folder: Path, changes: dict[str, Any] | None = None, **sizes: int) -> Inputs:
    """The small scenario with some keys changed."""
    return read(written(folder, laid_over(scenario(**sizes), changes or {})))
