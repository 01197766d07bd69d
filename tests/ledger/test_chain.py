"""From the levy of a fictional city to the closing of its books, all rooms in one chain.

Nobody in the city is real. What each household does is decided by its place in the list, so that a
plain count of yen stands beside the books.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from kokuho.base.calendar import last_day
from kokuho.billing import KEY, SCHEMA
from kokuho.cli import app
from kokuho.ledger import (
    DEMANDS,
    Receipt,
    Voucher,
    assess,
    carry_over,
    collection_rates,
    frame_of_receipts,
    from_bills,
    ledger_rules,
    money_received,
    owed_on,
    receive,
    violations,
    year_totals,
)
from kokuho.ordinance import OrdinanceYear, load
from tests.ledger import plain
from tests.ledger.town import PLAIN_RATES

YEAR = 2025
LEVIED, CLOSED, AFTER = date(2025, 7, 15), date(2026, 5, 31), date(2026, 6, 1)
LATE = date(2026, 4, 30)
WAYS = (*["in time"] * 5, "late", "half of the year", "at once", "first term twice", "never")
"""What the households do, one after the other."""


@dataclass
class Count:
    """The plain count: what each household was levied, still owes, and owes in interest; yen.

    ``twice`` is what was paid a second time, in all.
    """

    levied: dict[str, int]
    principal: dict[str, int] = field(default_factory=dict)
    interest: dict[str, int] = field(default_factory=dict)
    twice: int = 0


def _run(*words: object) -> None:
    result = CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)
    assert result.exit_code == 0, result.output


def _city(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame, OrdinanceYear]:
    """Assessments and bills of 300 insured persons, made by the commands, and their ordinance."""
    year = ("--fiscal-year", YEAR)
    _run("city", "generate", "--persons", 300, "--seed", 7, "--out", folder, *year)
    ordinance, assessed, bills = (
        folder / name for name in ("ordinance.yaml", "assessed.parquet", "bills.parquet")
    )
    _run(
        *("levy", "run", "--ordinance", ordinance, *year, "--out", assessed),
        *("--persons", folder / "persons.csv", "--households", folder / "households.csv"),
    )
    _run(
        *("billing", "instalments", "--assessment", assessed),
        *("--ordinance", ordinance, "--out", bills),
    )
    return pl.read_parquet(assessed), pl.read_parquet(bills), load(ordinance).year(YEAR)


def _days(way: str, bill: dict[str, Any]) -> list[date]:
    """On which days a household pays an instalment with its slip."""
    due: date = bill["due"]
    match way:
        case "never" | "at once":
            return []
        case "late":
            return [LATE]
        case "half of the year":
            return [due] if bill["term"] <= 4 else []
        case "first term twice":
            return [due, due] if bill["term"] == 1 else [due]
        case _:
            return [due]


def _receipts(demands: pl.DataFrame, count: Count) -> Iterator[Receipt]:
    """What a year brings in; the count is kept beside it."""
    for place, (name, levied) in enumerate(sorted(count.levied.items())):
        way = WAYS[place % len(WAYS)]
        bills = list(demands.filter(household_id=name).iter_rows(named=True))
        code = bills[0]["insurer_code"]
        paid = interest = 0
        if way == "at once":
            yield Receipt(code, name, None, levied, bills[0]["due"], None, f"{name} at once")
            paid = levied
        for bill in bills:
            demand, amount = bill["demand_id"], bill["amount"]
            for turn, day in enumerate(_days(way, bill)):
                yield Receipt(code, name, demand, amount, day, None, f"{demand} {turn}")
                if turn:
                    count.twice += amount
                else:
                    paid += amount
                    interest += plain.interest(
                        amount, bill["due"], day, PLAIN_RATES, payments=[(day, amount)]
                    )
        count.principal[name] = levied - paid
        count.interest[name] = interest


def _post(
    demands: pl.DataFrame, entries: pl.DataFrame, receipts: list[Receipt], year: OrdinanceYear
) -> pl.DataFrame:
    """Receipts as an office posts them: those of a month on its last day."""
    rules = ledger_rules(year, LEVIED)

    def month(one: Receipt) -> date:
        return last_day(one.value_on.year, one.value_on.month)

    for day, some in groupby(sorted(receipts, key=lambda one: one.value_on), month):
        voucher = Voucher(1, day, "receipts").after(entries)
        run = receive(demands, entries, frame_of_receipts(some), voucher, rules)
        entries = pl.concat([entries, run.entries])
    return entries


@dataclass(frozen=True)
class Books:
    assessed: pl.DataFrame
    demands: pl.DataFrame
    entries: pl.DataFrame
    receipts: list[Receipt]
    count: Count


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    assessed, bills, year = _city(tmp_path_factory.mktemp("city"))
    assert dict(bills.schema) == dict(SCHEMA)
    given = bills.select(
        *KEY,
        demand_id=pl.concat_str("household_id", "channel", "term", separator="-"),
        debtor="head of " + pl.col("household_id"),
    )
    demands = from_bills(bills, given)
    entries = assess(demands, Voucher(1, LEVIED, "notice"))
    count = Count(dict(assessed.select("household_id", "total").filter(pl.col("total") > 0).rows()))
    receipts = list(_receipts(demands, count))
    unknown = Receipt(str(demands["insurer_code"][0]), "nobody", None, 5_000, LEVIED, None, "?")
    demands = demands.select(*DEMANDS)
    entries = _post(demands, entries, [*receipts, unknown], year)
    return Books(assessed, demands, entries, [*receipts, unknown], count)


def _sum(frame: pl.DataFrame, column: str, **which: Any) -> int:
    return int(frame.filter(**which)[column].sum())


def test_the_books_of_a_year_hold_together_and_no_yen_is_lost(books: Books) -> None:
    assert violations(books.entries) == []
    handed_in = [(one.source, one.amount) for one in books.receipts]
    assert money_received(books.entries, handed_in) == []


def test_every_household_is_assessed_for_what_the_levy_says(books: Books) -> None:
    posted = (
        books.entries.filter(account="assessed", component="principal")
        .group_by("household_id")
        .agg(-pl.col("amount").sum())
    )
    assert dict(posted.rows()) == books.count.levied
    assert sum(books.count.levied.values()) == _sum(books.assessed, "total")
    assert len(books.count.levied) > 150


def test_each_household_owes_what_it_did_not_pay_and_the_interest_of_what_it_paid_late(
    books: Books,
) -> None:
    owed = owed_on(books.demands, books.entries, CLOSED)

    def by_household(component: str) -> dict[str, int]:
        sums = owed.filter(component=component).group_by("household_id").agg(pl.col("owed").sum())
        return dict(sums.rows())

    count = books.count
    assert by_household("principal") == {name: yen for name, yen in count.principal.items() if yen}
    assert by_household("interest") == {name: yen for name, yen in count.interest.items() if yen}
    assert by_household("interest")  # somebody was late enough
    first = date(2025, 7, 31)
    early = owed_on(books.demands, books.entries, first - timedelta(days=1))
    assert _sum(early, "owed") == sum(count.levied.values())
    assert early["overdue_from"].null_count() == early.height


def test_the_collection_rate_of_the_year_is_what_was_paid_over_what_was_levied(
    books: Books,
) -> None:
    totals = year_totals(books.entries)
    code, count = totals["insurer_code"][0], books.count
    levied, left = sum(count.levied.values()), sum(count.principal.values())
    (row,) = totals.filter(component="principal").iter_rows(named=True)
    assert row == {
        "insurer_code": code,
        "book_year": YEAR,
        "section": "current",
        "component": "principal",
        "assessed": levied,
        "received": levied - left + count.twice,
        "written_off": 0,
        "unrefunded": count.twice,
        "outstanding": left,
    }
    assert collection_rates(totals) == {
        (code, YEAR, "current"): Fraction(levied - left, levied),
        (code, YEAR, "all"): Fraction(levied - left, levied),
    }
    assert count.twice > 0


def test_what_is_open_when_the_books_close_stands_in_the_next_ones(books: Books) -> None:
    voucher = Voucher(1, AFTER, "closing").after(books.entries)
    carried = carry_over(books.demands, books.entries, YEAR, voucher)
    entries = pl.concat([books.entries, carried])
    assert violations(entries) == []
    totals = year_totals(entries)
    left = sum(books.count.principal.values())
    assert _sum(totals, "assessed", book_year=YEAR + 1, component="principal") == left
    code = totals["insurer_code"][0]
    before = collection_rates(year_totals(books.entries))
    assert collection_rates(totals)[code, YEAR, "all"] == before[code, YEAR, "all"]
    assert collection_rates(totals)[code, YEAR + 1, "carried"] == 0
    after = owed_on(books.demands, entries, AFTER)
    assert _sum(after, "owed", component="principal") == left
