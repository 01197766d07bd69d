"""What is owed on any day: one row a demand, as the ledger has it, with the interest so far."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.arrears import OWED, money_for, owed, part_payments
from kokuho.ledger import (
    Receipt,
    Voucher,
    assess,
    charge_fee,
    frame_of_demands,
    frame_of_receipts,
    interest,
    owed_on,
    receive,
)
from tests.ledger.town import RULES, demand

DUES = (date(2025, 7, 31), date(2025, 9, 1), date(2025, 9, 30))
NOTICE = date(2025, 7, 15)
DEMANDS = frame_of_demands(
    demand(f"{house}{term}", house, 2025, term, due)
    for house in ("a", "b")
    for term, due in enumerate(DUES, 1)
)


def books(*paid: tuple[str, date, int, str | None]) -> pl.DataFrame:
    """Six demands of 50,000 yen, and payments: demand, day, yen, who paid."""
    amounts = DEMANDS.with_columns(amount=pl.lit(50_000, pl.Int64))
    entries = assess(amounts, Voucher(1, NOTICE, "notice"))
    for place, (name, day, yen, payer) in enumerate(sorted(paid, key=lambda one: one[1])):
        slip = Receipt("99", name[0], name, yen, day, payer, f"slip {place}")
        run = receive(
            DEMANDS, entries, frame_of_receipts([slip]),
            Voucher(1, day, f"slip {place}").after(entries), RULES,
        )  # fmt: skip
        entries = pl.concat([entries, run.entries])
    return entries


def test_a_demand_has_one_row_with_everything_that_is_owed_of_it() -> None:
    entries = books(("a1", date(2025, 8, 10), 20_000, None))
    fees = pl.DataFrame({"insurer_code": ["99"], "demand_id": ["a1"], "amount": [100]})
    fee = charge_fee(DEMANDS, entries, fees, Voucher(99, date(2025, 8, 20), "reminder"))
    found = owed(DEMANDS, pl.concat([entries, fee]), date(2026, 1, 31), rules=RULES)
    assert found.columns == list(OWED)
    row = found.row(by_predicate=pl.col("demand_id") == "a1", named=True)
    so_far = interest(50_000, DUES[0], date(2026, 1, 31), rule=RULES.interest,
                      payments=[(date(2025, 8, 10), 20_000)])  # fmt: skip
    assert (row["principal"], row["fee"], row["paid"], row["assessed"]) == (
        30_000, 100, 20_000, 50_000,
    )  # fmt: skip
    assert row["running"] == so_far.total > 0
    assert (row["days"], row["months"]) == (184, 6)


@pytest.mark.parametrize(
    ("on", "months"),
    [(date(2025, 7, 31), 0), (date(2025, 8, 30), 0), (date(2025, 8, 31), 1),
     (date(2026, 7, 30), 11), (date(2026, 7, 31), 12)],
)  # fmt: skip
def test_months_are_full_months_since_the_due_date(on: date, months: int) -> None:
    found = owed(DEMANDS, books(), on)
    assert found.filter(pl.col("demand_id") == "a1")["months"].item() == months


def test_a_past_day_is_seen_as_it_was_known_then() -> None:
    entries = books(("a1", date(2025, 8, 10), 50_000, None))
    late = entries.with_columns(
        posted_on=pl.when(pl.col("kind") == "receive")
        .then(date(2025, 8, 20))
        .otherwise("posted_on")
    )
    on = date(2025, 8, 15)
    assert "a1" in owed(DEMANDS, late, on)["demand_id"].to_list()
    assert "a1" not in owed(DEMANDS, late, on, known=date(2025, 8, 20))["demand_id"].to_list()


def test_deferrals_leave_their_days_without_interest() -> None:
    waived = pl.DataFrame(
        {"insurer_code": ["99"], "demand_id": ["a1"], "from": [date(2025, 8, 1)],
         "until": [date(2026, 1, 31)], "relief": ["full"]}
    ).with_columns(pl.col("relief").cast(pl.Enum(["none", "half", "full"])))  # fmt: skip
    found = owed(DEMANDS, books(), date(2026, 1, 31), rules=RULES, deferrals=waived)
    running = dict(found.select("demand_id", "running").iter_rows())
    assert running["a1"] == 0 < running["b1"]


def test_only_the_debtors_own_payments_acknowledge() -> None:
    entries = books(
        ("a1", date(2025, 8, 10), 1_000, None), ("a1", date(2025, 8, 12), 2_000, "親族 一号")
    )
    assert part_payments(entries) == {"a1": ((date(2025, 8, 10), 1_000),)}
    assert money_for(entries)["yen"].sum() == 3_000


PAID = st.tuples(
    st.sampled_from(["a1", "a2", "b1", "b3"]),
    st.dates(date(2025, 7, 20), date(2026, 3, 1)),
    st.integers(1, 70_000),
    st.none(),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PAID, max_size=5), st.dates(date(2025, 7, 20), date(2026, 6, 30)))
def test_any_books_on_any_day_say_what_the_ledger_says(
    paid: list[tuple[str, date, int, None]], on: date
) -> None:
    entries = books(*paid)
    found = owed(DEMANDS, entries, on, rules=RULES)
    ledger = owed_on(DEMANDS, entries, on)
    sums = ledger.group_by("demand_id").agg(pl.col("owed").sum())
    ours = found.select("demand_id", owed=pl.sum_horizontal("principal", "interest", "fee"))
    assert ours.sort("demand_id").equals(sums.sort("demand_id"))
    for row in found.iter_rows(named=True):
        parts = [(day, yen) for name, day, yen, _payer in paid
                 if name == row["demand_id"] and day <= on]  # fmt: skip
        if row["due"] < on and row["principal"]:
            one = interest(50_000, row["due"], on, rule=RULES.interest, payments=parts)
            assert row["running"] == one.total
        else:
            assert row["running"] == 0
