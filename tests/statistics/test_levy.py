"""The levy of a town and its special account, counted by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from kokuho.statistics import Figure
from kokuho.statistics.account import account_figures, read_account
from kokuho.statistics.levy import ASSESSED, levy_figures

ROWS = [
    ("990001", "a", date(2025, 4, 1), 7, 30_000, 10_000, None, None),
    ("990001", "b", date(2025, 4, 1), 0, 200_000, 60_000, 40_000, None),
    ("990001", "c", date(2025, 10, 1), 5, 25_000, 5_000, 0, None),  # another head from October
    ("990001", "c", date(2025, 4, 1), 2, 25_000, 5_000, 1, None),
]


def _figures(insured: int | None = 5) -> dict[str, Figure]:
    frame = pl.DataFrame(ROWS, schema=ASSESSED, orient="row")
    return {one.id: one for one in levy_figures(frame, 2025, insured)}


def test_amounts_are_those_of_all_payers_of_a_household() -> None:
    values = {name: one.value for name, one in _figures().items()}
    assert values["assessed[year=2025]"] == 400_001
    assert values["assessed[year=2025,part=medical]"] == 280_000
    assert values["assessed[year=2025,part=care]"] == 40_001
    assert "assessed[year=2025,part=child]" not in values  # the year has no such part


def test_a_head_and_a_household_share_the_whole_amount() -> None:
    figures = _figures()
    assert figures["assessed_per_insured[year=2025]"].value == Decimal(80_000)
    assert figures["assessed_per_household[year=2025]"].value == Decimal(133_334)
    assert figures["assessed_per_household[year=2025]"].denominator == 3
    assert "assessed_per_insured[year=2025]" not in _figures(insured=None)


def test_a_household_is_in_the_reduction_that_it_had_last() -> None:
    values = {name: one.value for name, one in _figures().items()}
    head = "households_by_reduction[year=2025"
    assert [values[f"{head},reduction={code}]"] for code in "7520"] == [1, 1, 0, 1]
    assert values[head + "]"] == 3
    assert values["reduced_share[year=2025]"] == Decimal("66.67")
    assert values["reduced_share[year=2025,reduction=2]"] == Decimal("0.00")


def test_the_special_account_is_summed_from_its_items(tmp_path: Path) -> None:
    path = tmp_path / "account.csv"
    path.write_text(
        "年度,歳入・歳出,科目,金額,備考\n"
        "2025,歳入,国民健康保険料(税),300,見込み\n"
        "2025,歳入,独自の科目,50,\n"
        "2025,歳出,benefits,400,\n"
        "2025,歳出,benefits,1,\n"
        "2025,歳出,別の科目,many,\n"
        "2024,歳入,繰越金,7,\n",
        encoding="utf-8",
    )
    account = read_account(path)
    assert [(one.line, one.column) for one in account.refusals] == [(5, "item"), (6, "amount")]
    figures = {one.id: one for one in account_figures(account.rows)}
    assert {name: int(one.value or 0) for name, one in figures.items()} == {
        "account_revenue[year=2025,item=premium_tax]": 300,
        "account_revenue[year=2025,item=独自の科目]": 50,
        "account_expenditure[year=2025,item=benefits]": 400,
        "account_revenue[year=2024,item=carried_surplus]": 7,
        "account_revenue[year=2025]": 350,
        "account_expenditure[year=2025]": 400,
        "account_revenue[year=2024]": 7,
        "account_balance[year=2025]": -50,
    }
    assert figures["account_revenue[year=2025,item=premium_tax]"].note == "見込み"
