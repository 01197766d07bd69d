"""Collection rates of a town that are counted by hand: two formulas, never one line."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from kokuho.statistics import Figure
from kokuho.statistics.collection import LINES, channel_figures, collection_figures

#       household section   term    channel     prepaid foreign assessed collected
ROWS = [
    ("a", "current", "1", "direct_debit", "no", False, 10_000, 10_000),
    ("a", "current", "2", "direct_debit", "no", False, 10_000, 10_000),
    ("b", "current", "1", "slip", "no", True, 20_000, 5_000),
    ("b", "carried", "none", "slip", "no", True, 30_000, 0),
    ("c", "current", "none", "prepaid", "yes", True, 40_000, 40_000),
    ("d", "current", "1", "slip", "no", None, 8_000, 0),  # moved away: nobody is its head
]


def _figures(**unknown: int) -> dict[str, Figure]:
    frame = pl.DataFrame(
        [("990001", "2025", "settlement", *row) for row in ROWS], schema=LINES, orient="row"
    )
    return {one.id: one for one in collection_figures(frame, 2025, "settlement", unknown)}


def _parts(figures: dict[str, Figure], name: str) -> tuple[int | None, int | None]:
    return figures[name].numerator, figures[name].denominator


def test_the_yearly_report_has_current_and_carried_over_apart() -> None:
    figures = _figures()
    head = "collection_rate_official[year=2025,until=settlement,section="
    assert _parts(figures, head + "current]") == (65_000, 88_000)
    assert _parts(figures, head + "carried]") == (0, 30_000)
    assert figures[head + "current]"].value == Decimal("73.86")
    assert "collection_rate_official[year=2025,until=settlement]" not in figures


def test_what_is_owed_by_people_of_unknown_whereabouts_leaves_the_reports_denominator() -> None:
    figures = _figures(current=8_000)
    name = "collection_rate_official[year=2025,until=settlement,section=current]"
    assert _parts(figures, name) == (65_000, 80_000)
    all_heads = "collection_rate_heads_all[year=2025,until=settlement,section=current]"
    assert _parts(figures, all_heads) == (65_000, 88_000)


def test_the_survey_is_collected_over_levied_by_the_head_of_the_household() -> None:
    figures = _figures()
    head = "collection_rate_heads_foreign[year=2025,until=settlement"
    assert _parts(figures, head + "]") == (45_000, 90_000)
    assert figures[head + "]"].value == Decimal("50.00")
    assert _parts(figures, head + ",section=current]") == (45_000, 60_000)
    assert _parts(figures, head + ",section=carried]") == (0, 30_000)
    assert _parts(figures, head + ",term=1]") == (5_000, 20_000)
    assert _parts(figures, head + ",channel=slip]") == (5_000, 50_000)
    assert _parts(figures, head + ",prepaid=yes]") == (40_000, 40_000)
    assert _parts(figures, head + ",prepaid=no]") == (5_000, 50_000)
    assert _parts(figures, "collection_rate_heads_all[year=2025,until=settlement]") == (
        65_000, 118_000,
    )  # fmt: skip


def test_households_are_counted_once_in_all_and_in_each_cell() -> None:
    values = {name: one.value for name, one in _figures().items() if one.unit == "count"}
    head = "households_heads_foreign[year=2025,until=settlement"
    assert values[head + "]"] == 2
    assert values[head + ",section=current]"] == 2
    assert values[head + ",section=carried]"] == 1
    assert values["households_levied[year=2025,until=settlement]"] == 4


def test_ways_of_paying_are_shares_of_the_households() -> None:
    ways = {"a": "direct_debit", "b": "slip", "c": "prepaid", "d": "slip"}
    figures = list(channel_figures(ways, 2025, "2025-12"))
    numbers = [int(one.value or 0) for one in figures if one.unit == "count"]
    assert numbers == [4, 1, 0, 1, 2]
    assert {one.id: one.value for one in figures if one.unit == "percent"} == {
        "channel_share[year=2025,until=2025-12,channel=direct_debit]": Decimal("25.00"),
        "channel_share[year=2025,until=2025-12,channel=pension]": Decimal("0.00"),
        "channel_share[year=2025,until=2025-12,channel=prepaid]": Decimal("25.00"),
        "channel_share[year=2025,until=2025-12,channel=slip]": Decimal("50.00"),
    }
