"""Random histories of three years in both databases: payments, refunds, departures, closing."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest

from kokuho.base.errors import LedgerError
from kokuho.ledger import balances, overpayments, positions
from kokuho.office.ledger import acts, refunding
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.ledger.models import RefundApproval
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import approve, bill, open_office, post
from tests.office.ledger.test_receipts import write

HISTORIES = int(os.environ.get("KOKUHO_HISTORIES", "2")) // 2 or 1
FIRST, YEARS = 2023, 3
CASH = ["receipts", "appropriation", "refunds", "expenditure", "held"]


class Town:
    """What has happened so far: schedules by household and year, and yen in and out."""

    def __init__(self, dice: Random, folder: Path) -> None:
        self.dice, self.folder = dice, folder
        self.amounts: dict[tuple[str, int], dict[int, int]] = {}
        self.gone: set[str] = set()
        self.money = self.number = 0

    def publish(self, house: str, year: int, on: date) -> None:
        terms = self.amounts[house, year]
        demands = [
            bill(house, term, yen, fiscal_year_levied=year, fiscal_year_meant=year,
                 due=date(year, 5 + 2 * term, 28))
            for term, yen in terms.items() if yen
        ]  # fmt: skip
        if demands:
            post(demands, on, year)

    def levy(self, year: int) -> None:
        for house in ("h1", "h2", "h3"):
            if house not in self.gone:
                self.amounts[house, year] = {t: self.dice.randrange(1, 90) * 1_000 for t in (1, 2)}
                self.publish(house, year, date(year, 6, 15))

    def change(self, house: str, year: int, on: date) -> None:
        """More or less for the terms from some day on; a departure ends the year's last term."""
        terms = self.amounts[house, year]
        if 2 in terms:
            terms[2] = max(1_000, terms[2] + self.dice.choice([-40, -9, 5, 30]) * 1_000)
        self.publish(house, year, on)

    def depart(self, house: str, year: int, on: date) -> None:
        self.gone.add(house)
        self.amounts[house, year] = {1: self.amounts[house, year][1] // 2 or 1}
        self.publish(house, year, on)

    def pay(self, house: str, year: int, on: date) -> None:
        self.number += 1
        yen = self.dice.randrange(1, 120) * 500
        paid = on - timedelta(self.dice.choice([0, 1, 20]))
        named = self.dice.choice([f"{year},1", f"{year},2", ",", f"{year},7"])
        row = f"r{self.number},{paid},{yen},{house},{named},"
        import_receipts(write(self.folder / "r.csv", [row]), posted_on=on, actor="試験")
        self.money += yen

    def refund(self, on: date) -> None:
        with seeing([INSURER]):
            books = open_books(INSURER)
            over = overpayments(books.claims.drop("channel", "version"), books.entries)
        if not over.height:
            return
        row = over.row(0, named=True)
        number = refunding.ask(
            INSURER, row["demand_id"], row["refundable"], component=row["component"], reason="過納",
            cause="mistake", asked_by="係 一号", asked_on=on,
        )  # fmt: skip
        approve(number, on)
        refunding.pay(INSURER, number, posted_on=on, actor="試験")
        with seeing([INSURER]):
            interest = RefundApproval.objects.get(request=number, role="order").interest
        self.money -= row["refundable"] + interest

    def reverse(self, on: date) -> None:
        """A receipt was booked by mistake."""
        with seeing([INSURER]):
            entries = open_books(INSURER).entries
        undone = entries.filter(pl.col("reverses").is_not_null())["reverses"]
        own = entries.filter(
            (pl.col("kind") == "receive") & ~pl.col("number").is_in(undone.implode())
        )
        if own.height:
            number = self.dice.choice(own["number"].unique().sort().to_list())
            acts.reverse_journals(
                INSURER, f"誤り {number} {on}", [number], posted_on=on, actor="試験"
            )
            cash = own.filter((pl.col("number") == number) & pl.col("account").is_in(CASH))
            self.money -= int(cash["amount"].sum())

    def write_off(self, on: date) -> None:
        with seeing([INSURER]):
            books = open_books(INSURER)
            stand = positions(books.claims.drop("channel", "version"), books.entries)
        owed = stand.filter((pl.col("owed") > 0) & (pl.col("component") == "principal"))
        if owed.height:
            row = owed.row(self.dice.randrange(owed.height), named=True)
            decided = pl.DataFrame({"demand_id": [row["demand_id"]], "component": ["principal"],
                                    "amount": [(row["owed"] + 1) // 2]})  # fmt: skip
            self.number += 1
            acts.write_off_claims(
                INSURER, f"決裁 {self.number}", decided, posted_on=on, actor="試験"
            )

    def check(self) -> None:
        with seeing([INSURER]):
            assert verify(INSURER) == []
            entries = open_books(INSURER).entries
        # no yen appears or vanishes
        moved = entries.filter(pl.col("account").is_in(CASH))
        assert int(moved["amount"].sum()) == self.money


@pytest.mark.slow
@pytest.mark.parametrize("history", range(HISTORIES))
def test_books_hold_together_through_three_years(
    store: Store, tmp_path: Path, history: int
) -> None:
    dice = Random(history)
    open_office(year=FIRST)
    town = Town(dice, tmp_path)
    refused = 0
    for year in range(FIRST, FIRST + YEARS):
        if year > FIRST:
            acts.close_year(INSURER, year - 1, posted_on=date(year, 6, 1), actor="試験")
        town.levy(year)
        for day in sorted(date(year, 6, 20) + timedelta(dice.randrange(300)) for _ in range(8)):
            house = dice.choice(sorted({house for house, of in town.amounts if of == year}))
            event = dice.random()
            try:
                if event < 0.5:
                    town.pay(house, year, day)
                elif event < 0.65:
                    town.change(house, year, day)
                elif event < 0.75:
                    acts.appropriate_all(INSURER, posted_on=day, actor="試験")
                elif event < 0.82:
                    town.refund(day)
                elif event < 0.88:
                    town.reverse(day)
                elif event < 0.93:
                    town.write_off(day)
                elif len(town.gone) < 2 and house not in town.gone:
                    town.depart(house, year, day)
            except LedgerError:
                refused += 1
            town.check()
    # reversals of what later journals stand on, reductions of what was written off
    assert refused < 10


@pytest.mark.slow
def test_receipts_of_different_households_and_late_ones_may_come_in_any_order(
    store: Store, tmp_path: Path
) -> None:
    """Two towns of the same households hear of the same payments, in turned order."""
    open_office()
    post(
        [bill(f"{town}{house}", term, 50_000) for town in "ab" for house in "12" for term in (1, 2)]
    )
    rows = [
        "r1,2026-11-20,50000,{}1,2026,1,",
        "r2,2026-09-15,20000,{}2,2026,1,",
        "r3,2026-09-15,30000,{}2,2026,1,",
        "r4,2026-08-20,30000,{}1,2026,2,",
        "r5,2026-11-20,30000,{}1,2026,2,",
    ]
    for town, listed in (("a", rows), ("b", rows[::-1])):
        for row in listed:
            path = write(tmp_path / "r.csv", [town + row.format(town)])
            import_receipts(path, posted_on=date(2026, 12, 1), actor="試験")
    with seeing([INSURER]):
        found = balances(open_books(INSURER).entries)
    both = found.with_columns(
        town=pl.col("household_id").str.head(1),
        demand_id=pl.col("demand_id").str.replace_all(r"(^|/)[ab]", "$1"),
    ).drop("household_id")
    # which component an overpayment stands in may depend on the order; what is owed may not
    net = both.group_by("town", "demand_id").agg(
        pl.col("amount").filter(pl.col("account").is_in(["receivable", "overpaid"])).sum()
    )
    first, second = (net.filter(town=town).drop("town").sort("demand_id") for town in "ab")
    assert first.height == 4
    assert first.equals(second)
