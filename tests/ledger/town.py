"""A small town whose books are kept event by event, with a count of yen kept beside them.

Every event is checked as it is posted: the invariants hold, stored balances replay, and the plain
count agrees. An event that the ledger refuses changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.ledger.accounts import Account
from kokuho.ledger.appropriation import appropriate
from kokuho.ledger.assessments import assess, charge_fee, reassess, write_off
from kokuho.ledger.balance import balances
from kokuho.ledger.closing import carry_over
from kokuho.ledger.demands import DEMANDS, Demand, frame_of_demands
from kokuho.ledger.entries import no_entries, reverse
from kokuho.ledger.invariants import balances_replay, violations
from kokuho.ledger.overpaid import lapse, overpayments
from kokuho.ledger.rates import law_rates, refund_rates
from kokuho.ledger.receipts import Receipt, frame_of_receipts, receive
from kokuho.ledger.refunds import Approval, RefundOrder, refund
from kokuho.ledger.rules import AllocationRule, LedgerRules, interest_rule
from kokuho.ledger.settling import complete
from kokuho.ledger.standing import positions
from kokuho.ledger.suspense import held, pay_back, release
from kokuho.ledger.vouchers import Voucher
from tests.ledger import plain

RULES = LedgerRules(
    "tax", interest_rule(date(2024, 4, 1)), AllocationRule(("principal", "interest", "fee"))
)
WARD = LedgerRules(
    "premium",
    interest_rule(date(2024, 4, 1), 3),
    AllocationRule(("fee", "principal", "interest"), "by_component", "next_due"),
)
CIVIL = LedgerRules(
    "premium",
    interest_rule(date(2024, 4, 1), 1),
    AllocationRule(("fee", "interest", "principal")),
)
RATES = law_rates(range(2018, 2027))
PLAIN_RATES = {one.year: (one.first, one.after, one.deferral or 0) for one in RATES}

REVERSED = ("receive", "reassess", "write_off", "refund", "appropriate")
PLAIN_REFUND_RATES = {one.year: one.first for one in refund_rates(range(2018, 2027))}


def demand(name: str, house: str, year: int, term: int, due: date) -> Demand:
    return Demand(name, "99", house, f"head of {house}", year, year, term, due)


def approvals(day: date) -> tuple[Approval, Approval]:
    return Approval("order", "clerk A", day), Approval("audit", "clerk B", day)


@dataclass
class Town:
    """The books so far; ``money``, ``charged`` and ``granted`` are the plain count."""

    rules: LedgerRules = RULES
    demands: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DEMANDS))
    entries: pl.DataFrame = field(default_factory=no_entries)
    stored: pl.DataFrame = field(default_factory=lambda: balances(no_entries()))
    principal: dict[str, int] = field(default_factory=dict)
    charged: int = 0
    money: int = 0
    granted: int = 0
    refused: int = 0

    def voucher(self, day: date, source: str) -> Voucher:
        return Voucher(1, day, source).after(self.entries)

    def _keys(self, *names: str) -> dict[str, Any]:
        return {"insurer_code": ["99"] * len(names), "demand_id": list(names)}

    def try_(self, make: Callable[[], pl.DataFrame], *, follow: Voucher | None = None) -> bool:
        """Post what ``make`` gives; False if the ledger refused it."""
        try:
            new = make()
            if follow is not None and new.height:
                new = complete(self.demands, self.entries, new, follow, self.rules, RATES)
            everything = pl.concat([self.entries, new])
            if follow is not None and violations(everything):
                raise LedgerError("would not hold together")
        except LedgerError:
            self.refused += 1
            return False
        self.entries = everything
        self.stored = (
            pl.concat([self.stored, balances(new)])
            .group_by(pl.exclude("amount"))
            .agg(pl.col("amount").sum())
        )
        return True

    # The events. Each gives whether it was posted, and keeps the plain count.

    def assess(self, demands: list[tuple[Demand, int]], day: date) -> bool:
        frame = frame_of_demands(one for one, _yen in demands)
        amounts = {one.demand_id: yen for one, yen in demands}
        frame = frame.with_columns(
            amount=pl.col("demand_id").replace_strict(amounts, return_dtype=pl.Int64)
        )
        done = self.try_(lambda: assess(frame, self.voucher(day, "notice")))
        if done:
            self.demands = pl.concat([self.demands, frame.drop("amount")])
            self.principal |= amounts
            self.charged += sum(amounts.values())
        return done

    def receive(self, receipts: list[Receipt], day: date) -> bool:
        frame = frame_of_receipts(receipts)
        done = self.try_(
            lambda: (
                receive(
                    self.demands, self.entries, frame, self.voucher(day, "x"), self.rules, RATES
                ).entries
            )
        )
        self.money += sum(one.amount for one in receipts) if done else 0
        return done

    def reassess(self, name: str, change: int, day: date, value: date | None = None) -> bool:
        voucher = self.voucher(day, "decision")
        changes = pl.DataFrame({**self._keys(name), "change": [change], "value_on": [value or day]})
        done = self.try_(
            lambda: reassess(self.demands, self.entries, changes, voucher), follow=voucher
        )
        if done:
            self.principal[name] += change
            self.charged += change
        return done

    def charge_fee(self, name: str, yen: int, day: date) -> bool:
        fees = pl.DataFrame({**self._keys(name), "amount": [yen]})
        done = self.try_(
            lambda: charge_fee(self.demands, self.entries, fees, self.voucher(day, "reminder"))
        )
        self.charged += yen if done else 0
        return done

    def write_off(self, name: str, component: str, yen: int, day: date) -> bool:
        decisions = pl.DataFrame(
            {**self._keys(name), "component": [component], "amount": [yen]}
        ).cast({"component": self.entries.schema["component"]})
        done = self.try_(
            lambda: write_off(self.demands, self.entries, decisions, self.voucher(day, "decision"))
        )
        self.charged -= yen if done else 0
        return done

    def appropriate(self, day: date) -> bool:
        voucher, before = self.voucher(day, "appropriation"), self.entries
        done = self.try_(
            lambda: appropriate(self.demands, self.entries, voucher, self.rules.allocation),
            follow=voucher,
        )
        if done:
            self._count_interest(before)
        return done

    def _count_interest(self, before: pl.DataFrame) -> None:
        """The interest of an appropriation is what a count day by day gives."""
        new = self.entries[before.height :].filter(pl.col("kind") == "appropriate")
        came_from = new.filter(
            pl.col("account").is_in(["overpaid", "refund_payable"]) & (pl.col("amount") > 0)
        )
        keys = ("demand_id", "component")
        wanted = 0
        for (name, part), rows in came_from.group_by(keys, maintain_order=True):
            own = before.filter((pl.col("demand_id") == name) & (pl.col("component") == part))
            left = plain.payments_left(own.rows(named=True))
            less = own.filter(
                pl.col("account").is_in(["overpaid", "refund_payable"])
                & pl.col("kind").is_in(["reassess", "fix_interest"])
            )
            days = rows.group_by("value_on").agg(pl.col("amount").sum()).sort("value_on")
            for until, yen in days.iter_rows():
                wanted += plain.refund_interest(
                    yen, left, until, PLAIN_REFUND_RATES, mistake=less["amount"].sum() == 0
                )
        assert new.filter(pl.col("account") == "refund_interest")["amount"].sum() == wanted
        self.granted += wanted

    def refund(self, day: date, share: int = 100, interest: int = 0) -> bool:
        """Refund ``share`` percent of the first overpayment there is."""
        there = overpayments(self.demands, self.entries)
        if not there.height:
            return False
        row = there.row(0, named=True)
        yen = max(row["refundable"] * share // 100, 1)
        order = RefundOrder(
            "99", row["demand_id"], yen, interest, approvals(day), "refund", row["component"]
        )
        voucher = self.voucher(day, "refund")
        done = self.try_(
            lambda: refund(self.demands, self.entries, [order], voucher, "tax"), follow=voucher
        )
        self.money -= yen if done else 0
        return done

    def release(self, name: str, day: date) -> bool:
        """What is first in suspense is for this demand."""
        there = held(self.entries)
        if not there.height:
            return False
        row = there.row(0, named=True)
        receipt = Receipt("99", None, name, row["amount"], row["value_on"], None, row["source"])
        voucher = self.voucher(day, row["source"])
        return self.try_(
            lambda: (
                release(
                    self.demands,
                    self.entries,
                    frame_of_receipts([receipt]),
                    voucher,
                    self.rules,
                    RATES,
                ).entries
            )
        )

    def pay_back(self, day: date) -> bool:
        there = held(self.entries)
        if not there.height:
            return False
        row = there.row(0, named=True)
        receipt = Receipt("99", None, None, row["amount"], row["value_on"], None, row["source"])
        done = self.try_(
            lambda: pay_back(
                self.entries, frame_of_receipts([receipt]), self.voucher(day, row["source"])
            )
        )
        self.money -= row["amount"] if done else 0
        return done

    def reverse(self, number: int, day: date) -> bool:
        """Reverse a journal, if the books can take it."""
        rows = self.entries.filter(pl.col("number") == number)
        if not rows.height or rows["kind"][0] not in REVERSED:
            return False
        voucher = self.voucher(day, "reversal")
        done = self.try_(
            lambda: reverse(self.entries, [number], voucher.number, day, "reversal"), follow=voucher
        )
        if done:
            self._uncount(rows)
        return done

    def _uncount(self, rows: pl.DataFrame) -> None:
        def total(*accounts: Account) -> int:
            chosen = rows.filter(pl.col("account").is_in([str(one) for one in accounts]))
            return int(chosen["amount"].sum())

        kind = rows["kind"][0]
        if kind in ("receive", "refund"):
            money = total(Account.RECEIPTS, Account.HELD, Account.REFUNDS, Account.EXPENDITURE)
            self.money -= money + total(Account.REFUND_INTEREST)
        elif kind == "appropriate":
            self.granted -= total(Account.REFUND_INTEREST)
        elif kind == "write_off":
            self.charged += total(Account.WRITTEN_OFF)
        else:
            change = -total(Account.ASSESSED, Account.PAST_REDUCTION)
            self.charged -= change
            self.principal[rows["demand_id"][0]] -= change

    def close(self, year: int) -> bool:
        day = date(year + 1, 6, 1)
        return self.try_(
            lambda: carry_over(self.demands, self.entries, year, self.voucher(day, "closing"))
        )

    def lapse(self, day: date) -> bool:
        voucher = self.voucher(day, "limitation")
        return self.try_(lambda: lapse(self.demands, self.entries, voucher, "tax"))

    # What must hold after each event.

    def check(self) -> None:
        assert violations(self.entries) == []
        assert balances_replay(self.stored.filter(pl.col("amount") != 0), self.entries) == []
        stand = positions(self.demands, self.entries)
        assert not stand.filter((pl.col("owed") > 0) & (pl.col("overpaid") > 0)).height
        self._check_principal(stand)
        interest = self._check_interest(stand)
        other = {
            account: int(-self.entries.filter(pl.col("account") == account)["amount"].sum())
            for account in ("suspense", "lapsed")
        }
        open_ = int(
            stand["owed"].sum() - sum(stand[name].sum() for name in ("overpaid", "past", "earned"))
        )
        # no yen appears or vanishes: what is open is what was charged and not paid
        assert open_ - sum(other.values()) == self.charged + interest - self.money - self.granted

    def _check_principal(self, stand: pl.DataFrame) -> None:
        principal = stand.filter(pl.col("component") == "principal")
        assert dict(principal.select("demand_id", "assessed").iter_rows()) == self.principal

    def _check_interest(self, stand: pl.DataFrame) -> int:
        """Interest is what a count day by day gives for every principal that is paid."""
        rows = {(row["demand_id"], row["component"]): row for row in stand.iter_rows(named=True)}
        total = 0
        for name, yen in self.principal.items():
            row = rows[name, "principal"]
            fixed = rows.get((name, "interest"))
            total += fixed["assessed"] if fixed else 0
            if fixed and fixed["written_off"]:
                continue
            wanted = 0
            if row["owed"] == 0 and row["written_off"] == 0:
                wanted = self._interest(name, yen, row["due"])
            assert (fixed["assessed"] if fixed else 0) == wanted
        return total

    def _interest(self, name: str, yen: int, due: date) -> int:
        pays = ["principal"] if self.rules is CIVIL else ["principal", "interest"]
        paid = self.entries.filter(
            (pl.col("demand_id") == name)
            & pl.col("component").is_in(pays)
            & pl.col("account").is_in(["receipts", "appropriation", "refunds"])
        )
        payments = [(day, amount) for day, amount in paid.select("value_on", "amount").iter_rows()]
        last = max((day for day, _amount in payments), default=due)
        months = self.rules.interest.first_band_months
        return plain.interest(yen, due, last, PLAIN_RATES, months, payments)
