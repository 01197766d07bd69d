"""What was matched goes into the ledger: debits, slips and suspense, to the yen."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.collection import (
    PAYABLES,
    debit_file,
    debit_results,
    incoming_receipts,
    load_book,
    match,
    read_file,
)
from kokuho.ledger import (
    AllocationRule,
    Demand,
    LedgerRules,
    Voucher,
    assess,
    frame_of_demands,
    held,
    interest_rule,
    money_received,
    owed_on,
    receive,
    require,
)
from tests.collection.agent import Payment, bar_code, store_file
from tests.collection.bank import Bank
from tests.collection.town import DUE, INSURER, READ_ON, TODAY, debit, debits

RULES = LedgerRules(
    "tax", interest_rule(date(2026, 4, 1)), AllocationRule(("principal", "interest", "fee"))
)
HOUSES = [debit(number) for number in range(1, 11)]


def books() -> tuple[pl.DataFrame, pl.DataFrame]:
    demands = frame_of_demands(
        Demand(one["demand_id"], INSURER, one["household_id"], "head", 2026, 2026, 5, DUE)
        for one in HOUSES
    )
    amounts = pl.DataFrame([{n: one[n] for n in ("demand_id", "amount")} for one in HOUSES])
    entries = assess(demands.join(amounts, on="demand_id"), Voucher(1, date(2026, 7, 15), "levy"))
    return demands, entries


def payables_of(demands: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """What the ledger says is owed, with the numbers that files know."""
    owed = owed_on(demands, entries, READ_ON).select("demand_id", "owed")
    known = pl.DataFrame(HOUSES).join(owed, on="demand_id", how="left")
    return known.with_columns(amount=pl.col("owed").fill_null(0)).select(
        pl.col(name).cast(kind) for name, kind in PAYABLES.items()
    )


def test_debits_and_slips_reach_the_ledger_and_nothing_is_lost() -> None:
    demands, entries = books()
    bank = load_book("rehearsal_bank")
    request = debit_file(*bank, debits(*HOUSES[:6]), DUE, TODAY, "orders.csv").content
    answer = Bank(request).answer(lambda reference: "1" if reference.endswith("3") else "0")
    back = debit_results(
        read_file(request, *bank, "sent.txt", results=False),
        read_file(answer, *bank, "answer.txt"),
        READ_ON,
    )
    debited = match(back.incoming, payables_of(demands, entries), INSURER)
    run = receive(demands, entries, debited.post(), Voucher(100, READ_ON, "debits"), RULES)
    entries = pl.concat([entries, run.entries])

    # over the counter: the returned one, one that was debited already, one of no demand
    def code(number: int, amount: int) -> str:
        return bar_code(50 + number, 1000 + number, "261228", amount)

    paid = [Payment(code(3, 10_300)), Payment(code(1, 10_100)), Payment(code(77, 500))]
    store = load_book("rehearsal_store_receipts")
    incoming = incoming_receipts(read_file(store_file(paid), *store, "store.txt"), READ_ON)
    matched = match(incoming, payables_of(demands, entries), INSURER)
    assert matched.lines["outcome"].to_list() == ["exact", "duplicate", "unknown"]
    both = pl.concat([matched.post(), matched.suspense()])
    run = receive(demands, entries, both, Voucher(200, READ_ON, "store"), RULES)
    entries = pl.concat([entries, run.entries])

    require(entries)
    left = owed_on(demands, entries, READ_ON)
    assert left["demand_id"].to_list() == ["D0007", "D0008", "D0009", "D0010"]
    assert held(entries)["amount"].sum() == 10_100 + 500
    given = pl.concat([debited.post(), both]).select("source", "amount").rows()
    assert money_received(entries, given) == []
    assert (
        sum(amount for _source, amount in given)
        == sum(one["amount"] for one in HOUSES[:6]) + 10_100 + 500
    )
