"""Ordinances, totals and schedules for the tests of this room; everything invented."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import settings

from kokuho.billing import Demand, to_demands
from kokuho.ordinance import Insurer, Ordinance, OrdinanceYear, load

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "published.yaml").read_text(encoding="utf-8")
)
few = settings(max_examples=60, deadline=None)
"""For properties over tables: the first call of a process takes its time."""

CODE = "990019"
JUNE_TO_MARCH = (6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
PREPAYING = load(ROOT / "examples" / "fictional" / "prepayment.yaml")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def an_ordinance(
    kind: str = "premium",
    months: Sequence[int] = JUNE_TO_MARCH,
    fiscal_year: int = 2026,
    prepayment: dict[str, Any] | None = None,
    **billing: Any,
) -> OrdinanceYear:
    """A fictional year: terms at the ends of months (25 December), to 100 yen unless stated."""
    insurer = Insurer.model_validate(
        {"code": CODE, "name": "架空市", "prefecture": "架空県", "municipality_code": CODE}
        | {"kind": kind}
    )
    due = {month: "12-25" if month == 12 else f"{month:02d}-end" for month in months}
    entry = {
        "parts": {"medical": {"income_rate": "0.05", "per_capita": 36_000, "cap": 650_000}},
        "rounding": {"part": 100},
        "billing": {"instalment_unit": 100} | billing,
        "prepayment": prepayment or {"adopted": False},
        "source": "架空",
        "retrieved": date(2026, 4, 1),
        "terms": [{"number": n, "due": day} for n, day in enumerate(due.values(), 1)],
    }
    stated = {"insurer": insurer, "fiscal_years": {fiscal_year: entry}}
    return Ordinance.model_validate(stated).year(fiscal_year)


def amounts_of(*amounts: int) -> pl.DataFrame:
    """Totals of households 1, 2, 3 …"""
    numbers = [str(number) for number in range(1, len(amounts) + 1)]
    return pl.DataFrame(
        {"insurer_code": CODE, "household_id": numbers, "total": list(amounts)},
        schema={"insurer_code": pl.String, "household_id": pl.String, "total": pl.Int64},
    )


def yen(demands: pl.DataFrame | Iterable[Demand]) -> list[int]:
    """The amounts of demands by due date."""
    records = to_demands(demands) if isinstance(demands, pl.DataFrame) else tuple(demands)
    return [demand.amount for demand in sorted(records, key=lambda one: (one.due, one.term))]
