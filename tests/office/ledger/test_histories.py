"""Random histories of three years in both databases: payments, refunds, departures, closing."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest

from kokuho.base.errors import LedgerError
from kokuho.ledger import DEMANDS, balances, overpayments, positions
from kokuho.office.ledger import acts, refunding
from kokuho.office.ledger.books import Books, open_books
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.ledger.models import RefundApproval
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.ledger import plain
from tests.ledger.town import PLAIN_RATES
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import CHOSEN, NOTICE, approve, bill, name, open_office, post
from tests.office.ledger.test_receipts import write

HISTORIES = int(os.environ.get("KOKUHO_HISTORIES", "2")) // 2 or 1
FIRST, YEARS = 2023, 3
MONTHS = CHOSEN["interest"]["first_band_months"]
CASH = ["receipts", "appropriation", "refunds", "expenditure", "held"]


class Town:
    """What has happened so far: schedules by household and year, and yen in and out."""

    def __init__(self, dice: Random, folder: Path) -> None:
        self.dice, self.folder = dice, folder
        self.amounts: dict[tuple[str, int], dict[int, int]] = {}
        self.gone: set[str] = set()
        self.money = self.number = self.bearing = self.late = 0

    def publish(self, house: str, year: int, on: date, notice: date | None = None) -> None:
        terms = self.amounts[house, year]
        demands = [
            bill(house, term, yen, fiscal_year_levied=year, fiscal_year_meant=year,
                 due=date(year, 5 + 2 * term, 28))
            for term, yen in terms.items() if yen
        ]  # fmt: skip
        if demands:
            post(demands, on, year, notice=notice)

    def levy(self, year: int) -> None:
        for house in ("h1", "h2", "h3"):
            if house not in self.gone:
                self.amounts[house, year] = {t: self.dice.randrange(1, 90) * 10_000 for t in (1, 2)}
                self.publish(house, year, date(year, 6, 15))

    def change(self, house: str, year: int, on: date) -> None:
        """More or less for the terms from some day on; a departure ends the year's last term."""
        terms = self.amounts[house, year]
        if 2 in terms:
            terms[2] = max(10_000, terms[2] + self.dice.choice([-40, -9, 5, 30]) * 10_000)
        self.publish(house, year, on)

    def change_late(self, on: date) -> None:
        """A decision of months ago is registered: a term of any year rises or falls."""
        house, year = self.dice.choice(sorted(self.amounts))
        terms = self.amounts[house, year]
        term = self.dice.choice(sorted(terms))
        old = terms[term]
        terms[term] = max(0, old + self.dice.choice([-90, -30, -7, 8, 25, 60]) * 10_000)
        notice = max(date(year, 6, 16), on - timedelta(self.dice.randrange(20, 150)))
        try:
            self.publish(house, year, on, notice)
        except LedgerError:
            terms[term] = old
            raise

    def depart(self, house: str, year: int, on: date) -> None:
        self.gone.add(house)
        self.amounts[house, year] = {1: self.amounts[house, year][1] // 2 or 1}
        self.publish(house, year, on)

    def pay(self, house: str, year: int, on: date) -> None:
        self.number += 1
        yen = self.dice.randrange(1, 120) * 5_000
        paid = on - timedelta(self.dice.choice([0, 1, 20]))
        named = self.dice.choice([f"{year},1", f"{year},2", ",", f"{year},7"])
        if named[-1] in "12" and self.dice.random() < 0.6:
            yen = self.amounts[house, year].get(int(named[-1])) or yen
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
            books = open_books(INSURER)
        # no yen appears or vanishes
        moved = books.entries.filter(pl.col("account").is_in(CASH))
        assert int(moved["amount"].sum()) == self.money
        self._check_interest(books)

    def _check_interest(self, books: Books) -> None:
        """Fixed interest is what a count day by day gives of every principal that is paid."""
        stand = positions(books.claims.select(*DEMANDS), books.entries)
        rows = {(row["demand_id"], row["component"]): row for row in stand.iter_rows(named=True)}
        paid = books.entries.filter(
            pl.col("account").is_in(["receipts", "appropriation", "refunds"])
            & pl.col("component").is_in(["principal", "interest"])
        )
        for (demand, component), row in rows.items():
            fixed = rows.get((demand, "interest"), {})
            if component != "principal" or fixed.get("written_off"):
                continue
            own = paid.filter(demand_id=demand).select("value_on", "amount").rows()
            wanted = 0
            if own and not row["owed"] and not row["written_off"]:
                last = max(day for day, _yen in own)
                wanted = plain.interest(row["assessed"], row["due"], last, PLAIN_RATES, MONTHS, own)
            assert fixed.get("assessed", 0) == wanted, (demand, own)
            self.bearing += wanted > 0


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
        for day in sorted(date(year, 6, 20) + timedelta(dice.randrange(300)) for _ in range(10)):
            house = dice.choice(sorted({house for house, of in town.amounts if of == year}))
            event = dice.random()
            try:
                if event < 0.45:
                    town.pay(house, year, day)
                elif event < 0.53:
                    town.change(house, year, day)
                elif event < 0.66:
                    town.change_late(day)
                    town.late += 1
                elif event < 0.76:
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
    assert refused < 12
    if history == 0:  # what was looked at is there
        assert town.late
        assert town.bearing


@pytest.mark.slow
def test_events_of_different_households_give_the_same_balances_in_any_order(
    store: Store, tmp_path: Path
) -> None:
    """Two towns of the same households; each household's events keep their order, and no other."""
    open_office()
    events: dict[str, list[tuple[str, str]]] = {
        "1": [
            ("r1", "2026-11-20,500000,{}1,2026,1,"),
            ("levy", "1 420000"),
            ("r2", "2026-12-01,200000,{}1,2026,2,"),
            ("fee", "3"),
            ("levy", "1 640000"),
            ("r3", "2026-08-01,70000,{}1,,,"),
        ],
        "2": [
            ("r1", "2026-09-15,500000,{}2,2026,1,"),
            ("fee", "2"),
            ("r2", "2026-12-05,650000,{}2,2026,2,"),
            ("levy", "2 300000"),
        ],
    }
    amounts = {
        f"{town}{house}": {1: 500_000, 2: 500_000, 3: 90_000} for town in "ab" for house in "12"
    }
    day = date(2026, 12, 10)

    def publish(house: str, on: date, notice: date | None = None) -> None:
        listed = [bill(house, term, yen) for term, yen in amounts[house].items()]
        post(listed, on, notice=notice)

    for house in amounts:
        publish(house, NOTICE)
    orders = ("1" * 6 + "2" * 4, "2112122111")
    for town, order in zip("ab", orders, strict=True):
        queues = {house: iter(listed) for house, listed in events.items()}
        for number in order:
            what, said = next(queues[number])
            house = town + number
            if what == "levy":
                term, yen = map(int, said.split())
                amounts[house][term] = yen
                publish(house, day, date(2026, 10, 1))
            elif what == "fee":
                acts.charge_fees(
                    INSURER,
                    f"督促 {house}",
                    [name(house, int(said))],
                    100,
                    posted_on=day,
                    actor="試験",
                )
            else:
                row = f"{house}{what},{said.format(town)}"
                import_receipts(write(tmp_path / "r.csv", [row]), posted_on=day, actor="試験")
    acts.appropriate_all(INSURER, posted_on=day, actor="試験")
    with seeing([INSURER]):
        assert verify(INSURER) == []
        found = balances(open_books(INSURER).entries)
    both = found.with_columns(
        town=pl.col("household_id").str.head(1),
        demand_id=pl.col("demand_id").str.replace_all(r"(^|/)[ab]", "$1"),
    ).drop("household_id")
    first, second = (both.filter(town=town).drop("town") for town in "ab")
    # by account and component: assessed, owed, received and overpaid principal, interest, fee
    assert set(first["component"]) == {"principal", "interest", "fee"}
    assert {"overpaid", "appropriation", "receivable"} <= set(first["account"])
    keys = first.columns
    assert first.sort(keys).equals(second.sort(keys))


@pytest.mark.slow
def test_receipts_of_different_households_and_late_ones_may_come_in_any_order(
    store: Store, tmp_path: Path
) -> None:
    """Two towns of the same households hear of the same payments, in turned order."""
    open_office()
    post(
        [
            bill(f"{town}{house}", term, 500_000)
            for town in "ab"
            for house in "12"
            for term in (1, 2)
        ]
    )
    rows = [
        "r1,2026-11-20,500000,{}1,2026,1,",
        "r2,2026-09-15,200000,{}2,2026,1,",
        "r3,2026-09-15,300000,{}2,2026,1,",
        "r4,2026-08-20,300000,{}1,2026,2,",
        "r5,2026-11-20,300000,{}1,2026,2,",
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
    # which component an overpayment stands in may depend on the order; nothing else may
    overpaid = pl.col("account") == "overpaid"
    net = (
        both.with_columns(component=pl.when(~overpaid).then("component"))
        .filter(pl.col("account").is_in(["receivable", "assessed", "overpaid"]))
        .group_by("town", "demand_id", "account", "component")
        .agg(pl.col("amount").sum())
    )
    first, second = (net.filter(town=town).drop("town") for town in "ab")
    assert set(first["component"]) == {"principal", "interest", None}
    keys = first.columns
    assert first.sort(keys).equals(second.sort(keys))
