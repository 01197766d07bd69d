"""What docs/collection.md says cannot be detected: that it is so, and what happens then."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.collection import (
    debit_file,
    debit_results,
    incoming_receipts,
    load_book,
    match,
    read_file,
)
from tests.collection.agent import Payment, bar_code, serial_file, store_file, weight_3
from tests.collection.bank import Bank
from tests.collection.town import DUE, INSURER, READ_ON, TODAY, debit, debits, payables

BANK = load_book("rehearsal_bank")
STORE = load_book("rehearsal_store_receipts")
PAYEASY = load_book("rehearsal_payeasy_receipts")
OWED = [debit(1), debit(2), debit(3, debit(1)["amount"])]
YEN = [one["amount"] for one in OWED]


def matched(content: bytes, layout: str = "store", seen: pl.DataFrame | None = None) -> list[str]:
    book = STORE if layout == "store" else PAYEASY
    incoming = incoming_receipts(read_file(content, *book, "f"), READ_ON)
    lines = match(incoming, payables(*OWED), INSURER, seen).lines
    return list(lines.select(pl.concat_str("outcome", pl.col("demand_id").fill_null("-"),
                                           separator=" ")).to_series())  # fmt: skip


def seen(content: bytes) -> pl.DataFrame:
    incoming = incoming_receipts(read_file(content, *STORE, "f"), READ_ON)
    return match(incoming, payables(*OWED), INSURER).seen()


def bar(number: int) -> str:
    return bar_code(50 + number, 1000 + number, "261228", YEN[number - 1])


def test_two_results_of_equal_amount_and_one_reason_for_another() -> None:
    request = debit_file(*BANK, debits(*OWED), DUE, TODAY, "o").content
    sent = read_file(request, *BANK, "s", results=False)

    def paid(results: dict[int, str]) -> list[str]:
        answer = Bank(request).answer(lambda reference: results.get(int(reference), "0"))
        read = debit_results(sent, read_file(answer, *BANK, "a"), DUE)
        return [*read.incoming["reference"], *read.returned["reason"]]

    assert paid({1001: "1"}) == ["1002", "1003", "資金不足"]
    assert paid({1003: "1"}) == ["1001", "1002", "資金不足"]  # the sums are the same
    assert paid({1001: "2"}) == ["1002", "1003", "預金取引なし"]


def test_a_day_or_a_stage_for_another() -> None:
    true = Payment(bar(1))
    other_day = store_file([Payment(bar(1), day="20261202")])
    assert matched(other_day) == ["exact D0001"]
    assert true.day != "20261202"
    # the true record is another payment then: with what was paid it is a duplicate
    both = store_file([Payment(bar(1), day="20261202"), true])
    assert matched(both) == ["exact D0001", "duplicate D0001"]
    assert matched(store_file([Payment(bar(1), "01")])) == ["announced D0001"]
    assert matched(store_file([true]), seen=seen(store_file([true]))) == ["again D0001"]
    # 確報 read as 速報取消: not posted, and the true one is held
    late = store_file([Payment(bar(1), "03")])
    assert matched(late) == ["cancelled D0001"]
    assert matched(store_file([true]), seen=seen(late)) == ["unknown D0001"]


def test_amounts_whose_sum_stays_and_records_in_each_others_place() -> None:
    rows = [(1, "20261201", 51, 1001, YEN[0] - 7), (2, "20261201", 52, 1002, YEN[1] + 7)]
    assert matched(serial_file(rows), "payeasy") == ["partial D0001", "over D0002"]
    swapped = store_file([Payment(bar(2)), Payment(bar(1))])
    assert matched(swapped) == ["exact D0002", "exact D0001"]


def test_a_reference_and_payer_of_another_demand_of_the_same_amount() -> None:
    assert YEN[0] == YEN[2]
    rows = [(1, "20261201", 53, 1003, YEN[0])]
    assert matched(serial_file(rows), "payeasy") == ["exact D0003"]
    rows = [(1, "20261201", 51, 1003, YEN[0])]  # the reference alone
    assert matched(serial_file(rows), "payeasy") == ["unknown D0003"]


def test_neighbours_that_differ_by_five_and_two_digits_that_agree() -> None:
    code = bar_code(50, 1001, "261228", YEN[0])  # payer ...50
    place = code.index("000000050") + 7
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (code[place], code[place + 1]) == ("5", "0")
    assert weight_3(swapped[:43]) == int(swapped[43])
    assert matched(store_file([Payment(swapped)])) == ["unknown D0001"]


def test_the_header_of_an_agents_file_is_not_compared() -> None:
    one, two = store_file([Payment(bar(1))]), store_file([Payment(bar(1))], sequence=9)
    assert one != two
    assert matched(two, seen=seen(one)) == ["again D0001"]
    assert date(2026, 12, 2) < READ_ON
