"""A whole municipality at once, each household by its way of paying; the room's names and words."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import kokuho.billing
from kokuho.base.messages import LOCALE_DIR
from kokuho.billing import Ground, prepaid, provisional, schedules, to_demands, yearly
from kokuho.billing.grounds import TEXTS
from tests.billing.conftest import ROOT, amounts_of, an_ordinance, few, yen
from tests.billing.test_instalments import PREPAYMENT

FIRST = {"first_year": {"ordinary_terms": 4, "ordinary_share": "0.5"}}
NOTICE = date(2026, 6, 12)


def ways(**channels: str) -> pl.DataFrame:
    rows = [("990019", number[1:], channel, 0, 0, 0) for number, channel in channels.items()]
    names = ["insurer_code", "household_id", "channel", "april", "june", "august"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_each_household_pays_in_its_way() -> None:
    year = an_ordinance(prepayment=PREPAYMENT, pension=FIRST)
    demands = schedules(
        amounts_of(100_000, 60_000, 16_400), year, channels=ways(h2="pension", h3="prepaid"),
        notice=NOTICE,
    )  # fmt: skip
    found = {
        (one.household_id, one.channel): sum(
            other.amount
            for other in to_demands(demands)
            if (other.household_id, other.channel) == (one.household_id, one.channel)
        )
        for one in to_demands(demands)
    }
    assert found == {
        ("1", "ordinary"): 100_000,
        ("2", "ordinary"): 30_000,
        ("2", "pension"): 30_000,
        ("3", "prepaid"): 16_400,
    }


def test_without_other_ways_everybody_pays_in_the_terms() -> None:
    year = an_ordinance()
    totals = amounts_of(100_000, 60_000)
    assert schedules(totals, year).equals(yearly(totals, year))
    assert schedules(totals, year, channels=ways()).equals(yearly(totals, year))


def test_a_way_of_somebody_who_owes_nothing_changes_nothing() -> None:
    year = an_ordinance(prepayment=PREPAYMENT)
    totals = amounts_of(100_000)
    assert schedules(totals, year, channels=ways(h9="prepaid")).equals(yearly(totals, year))


def test_what_was_demanded_provisionally_is_not_demanded_twice() -> None:
    months = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
    year = an_ordinance(
        months=months, provisional={"terms": 3}, prepayment=PREPAYMENT, pension=FIRST
    )
    before = provisional(amounts_of(120_000, 120_000, 120_000, 120_000), year)
    demands = schedules(
        amounts_of(120_000, 120_000, 120_000, 20_000), year,
        channels=ways(h2="pension", h3="prepaid", h4="pension"), provisional=before, notice=NOTICE,
    )  # fmt: skip
    assert yen(demands.filter(household_id="1"))[:3] == [10_000] * 3
    # half of the year in April to July, 30,000 of it provisionally; the rest from October on
    assert yen(demands.filter(household_id="2")) == [
        *[10_000] * 3, 30_000, 20_000, 20_000, 20_000,
    ]  # fmt: skip
    assert yen(demands.filter(household_id="3")) == [*[10_000] * 3, 90_000]
    assert yen(demands.filter(household_id="4")) == [10_000, 10_000]


def test_a_prepayment_needs_the_day_of_its_notice() -> None:
    year = an_ordinance(prepayment=PREPAYMENT)
    with pytest.raises(ValueError, match="day of its notice"):
        schedules(amounts_of(100_000), year, channels=ways(h1="prepaid"))
    assert schedules(amounts_of(100_000), year, channels=ways(h1="prepaid"), notice=NOTICE).equals(
        prepaid(amounts_of(100_000), year, NOTICE)
    )


@few
@given(
    st.lists(
        st.tuples(st.integers(0, 1_110_000), st.sampled_from(["ordinary", "pension", "prepaid"])),
        min_size=1,
        max_size=5,
    )
)
def test_all_ways_together_come_to_all_amounts(households: list[tuple[int, str]]) -> None:
    year = an_ordinance(prepayment=PREPAYMENT, pension=FIRST)
    channels = ways(
        **{f"h{n}": way for n, (_amount, way) in enumerate(households, 1) if way != "ordinary"}
    )
    totals = amounts_of(*(amount for amount, _way in households))
    demands = schedules(totals, year, channels=channels, notice=NOTICE)
    sums = demands.group_by("household_id").agg(pl.col("amount").sum())
    owing = totals.filter(pl.col("total") > 0)
    assert dict(sums.iter_rows()) == dict(owing.select("household_id", "total").iter_rows())


def test_public_names_are_complete_and_sorted() -> None:
    names = kokuho.billing.__all__
    by_kind = sorted(names, key=lambda name: (not name.isupper(), name[0].islower(), name))
    assert list(names) == by_kind


def test_every_message_has_its_japanese() -> None:
    sources = [
        *(ROOT / "src/kokuho/billing").glob("*.py"),
        *(ROOT / "src/kokuho/cli").glob("billing*.py"),
    ]
    used = {
        message
        for path in sources
        for _line, message, *_more in extract_from_file(
            "python", path, keywords={"_": None, "N_": None}
        )
        if isinstance(message, str)
    }
    with (Path(LOCALE_DIR) / "ja" / "LC_MESSAGES" / "billing.po").open("rb") as file:
        catalogue = {entry.id: entry.string for entry in read_po(file) if entry.id}
    assert used == set(catalogue)
    for message, translation in catalogue.items():
        assert translation
        assert set(re.findall(r"\{\w+\}", translation)) == set(re.findall(r"\{\w+\}", message))


def test_a_ground_says_days_in_the_calendar_of_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Ground("ruled", True, (("person", "係長"), ("day", "2026-09-24"), ("reason", "附票")))
    assert found.text == "decided by 係長 on 2026-09-24: 附票"
    monkeypatch.setenv("KOKUHO_LANG", "ja")
    assert found.text == "令和8年9月24日に係長が決定: 附票"
    assert set(TEXTS) >= {found.code}
