"""Claims of a town that are counted by hand, and the nation's by the same definition."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from kokuho.statistics import Figure
from kokuho.statistics.claims import CLAIMS, claims_figures, summed

ROWS = [
    ("990001", date(2025, 2, 1), "medical", 99_999, 0, False),  # February: the year before
    ("990001", date(2025, 3, 1), "medical", 10_000, 0, False),
    ("990001", date(2025, 4, 1), "medical", 20_000, 0, True),
    ("990001", date(2025, 4, 1), "dispensing", 5_000, 0, True),
    ("990001", date(2025, 12, 1), "dpc", 900_000, 500_000, False),
    ("990001", date(2026, 2, 1), "dpc", 600_000, 100_000, True),
    ("990001", date(2026, 2, 1), "other", 7_777, 1, True),  # dental: in no measure
    ("990001", date(2026, 3, 1), "medical", 88_888, 0, False),  # March: the next year
    ("990001", date(2025, 8, 1), "medical", 30_000, 0, None),  # nobody knows the nationality
]


def _figures() -> dict[str, Figure]:
    frame = pl.DataFrame(ROWS, schema=CLAIMS, orient="row")
    sums = summed(frame.lazy()).collect()
    return {one.id: one for one in claims_figures(sums, "990001", range(2025, 2026))}


def test_count_cost_and_high_cost_benefits_are_those_counted_by_hand() -> None:
    figures = _figures()
    values = {name: one.value for name, one in figures.items()}
    scope = "medical_dpc_dispensing[year=2025"
    assert values[f"claims_{scope}]"] == 6
    assert values[f"claims_{scope},kind=medical]"] == 3
    assert values[f"foreign_claims_{scope}]"] == 3
    assert values[f"cost_{scope}]"] == 10_000 + 20_000 + 5_000 + 900_000 + 600_000 + 30_000
    assert values[f"foreign_cost_{scope},kind=dpc]"] == 600_000
    assert values[f"high_cost_count_{scope}]"] == 2
    assert values[f"foreign_high_cost_count_{scope}]"] == 1
    assert values[f"high_cost_amount_{scope}]"] == 600_000
    assert values[f"foreign_high_cost_amount_{scope}]"] == 100_000


def test_foreign_shares_are_of_the_same_claims() -> None:
    figures = _figures()
    share = figures["foreign_share_cost_medical_dpc_dispensing[year=2025]"]
    assert (share.numerator, share.denominator) == (625_000, 1_565_000)
    assert share.value == Decimal("39.94")


def test_a_year_without_claims_has_no_figure() -> None:
    frame = pl.DataFrame(ROWS, schema=CLAIMS, orient="row")
    sums = summed(frame.lazy()).collect()
    assert not list(claims_figures(sums, "990001", range(2020, 2023)))
    assert not list(claims_figures(sums, "990002", range(2025, 2026)))
