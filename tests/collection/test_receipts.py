"""Receipt files of collecting agents and their matching with what is owed."""

from __future__ import annotations

import polars as pl
import pytest

from kokuho.base.errors import CollectionError
from kokuho.collection import (
    SUSPENDED,
    BrokenFileError,
    Matched,
    incoming_receipts,
    load_book,
    match,
    read_file,
)
from tests.collection.agent import Payment, bar_code, serial_file, store_file
from tests.collection.town import INSURER, READ_ON, payable, payables

STORE = load_book("rehearsal_store_receipts")
PAYEASY = load_book("rehearsal_payeasy_receipts")
OWED = payables(*(payable(number) for number in range(1, 9)), payable(9, 0))


def code(number: int, amount: int | None = None, payer: int | None = None) -> str:
    due = payable(number)["amount"] if amount is None else amount
    return bar_code(50 + number if payer is None else payer, 1000 + number, "261228", due)


def read(*payments: Payment, name: str = "store.txt") -> pl.DataFrame:
    return incoming_receipts(read_file(store_file(list(payments)), *STORE, name), READ_ON)


def outcomes(matched: Matched) -> list[tuple[str, str | None]]:
    return matched.lines.select("outcome", "doubt").rows()


def test_every_outcome_has_its_place_and_no_yen_is_lost() -> None:
    incoming = read(
        Payment(code(1)),
        Payment(code(2, 500)),
        Payment(code(3, 99_999)),
        Payment(code(40)),
        Payment(code(4, payer=1)),
        Payment(code(9, 100)),
        Payment(code(1), time="1000"),
        Payment(code(5), stage="01"),
        Payment(code(6), stage="01"),
        Payment(code(6), stage="03"),
    )
    matched = match(incoming, OWED, INSURER)
    assert outcomes(matched) == [
        ("exact", None),
        ("partial", "partial"),
        ("over", "over"),
        ("unknown", "no_demand"),
        ("unknown", "payer_differs"),
        ("duplicate", "paid"),
        ("duplicate", "paid"),
        ("announced", None),
        ("announced", None),
        ("cancelled", None),
    ]
    assert matched.post()["demand_id"].to_list() == ["D0001"]
    money = incoming.filter(pl.col("stage") == "final")["amount"].sum()
    assert money == matched.post()["amount"].sum() + matched.suspense()["amount"].sum()
    held = matched.suspense()
    assert held["demand_id"].null_count() == held["household_id"].null_count() == held.height == 6
    assert held["source"].is_unique().all()


def test_a_file_that_is_read_again_changes_nothing() -> None:
    first = match(read(Payment(code(1)), Payment(code(2, 500))), OWED, INSURER)
    resent = read(Payment(code(2, 500)), Payment(code(1)), name="resent.txt")
    again = match(resent, OWED, INSURER, first.seen())
    assert outcomes(again) == [("again", None)] * 2
    assert again.post().is_empty()
    assert again.suspense().is_empty()
    both = pl.concat([read(Payment(code(1))), read(Payment(code(1)), name="copy.txt")])
    assert match(both, OWED, INSURER).lines["outcome"].to_list() == ["exact", "again"]


def test_the_same_payment_twice_in_one_file_is_two_payments() -> None:
    matched = match(read(Payment(code(1)), Payment(code(1))), OWED, INSURER)
    assert matched.lines["outcome"].to_list() == ["exact", "duplicate"]


def test_announced_then_final_is_one_payment() -> None:
    announced = match(read(Payment(code(1), "01")), OWED, INSURER)
    assert announced.post().is_empty()
    final = match(read(Payment(code(1), "02"), name="final.txt"), OWED, INSURER, announced.seen())
    assert final.lines["outcome"].to_list() == ["exact"]
    late = match(read(Payment(code(1), "03")), OWED, INSURER, final.seen())
    assert outcomes(late) == [("cancelled", "after_final")]
    assert outcomes(match(read(Payment(code(1), "03")), OWED, INSURER)) == [
        ("cancelled", "not_announced")
    ]


def test_numbers_of_any_length_name_the_same_demand() -> None:
    content = serial_file([(1, "20261201", 51, 1001, 10_100), (2, "20261201", 52, 1002, 1)])
    matched = match(
        incoming_receipts(read_file(content, *PAYEASY, "p.txt"), READ_ON), OWED, INSURER
    )
    assert matched.lines["outcome"].to_list() == ["exact", "partial"]
    assert matched.lines["channel"].unique().to_list() == ["payeasy"]
    assert set(SUSPENDED) >= {"partial"}


def test_a_code_with_a_wrong_check_digit_is_refused_with_record_and_byte() -> None:
    good = code(2)
    bad = good[:-1] + str((int(good[-1]) + 1) % 10)
    with pytest.raises(BrokenFileError) as caught:
        read(Payment(code(1)), Payment(bad))
    [problem] = caught.value.problems
    assert (problem.record, problem.byte, problem.code) == (3, 26 + 43, "check_digit")


@pytest.mark.parametrize(
    ("payment", "byte", "kind"),
    [
        (Payment(code(1), stage="07"), 2, "code"),
        (Payment(code(1), day="20260230"), 4, "date"),
        (Payment(code(1), time="2460"), 12, "time"),
        (Payment(code(1), store="mise000001"), 16, "character"),
        (Payment("90" + code(1)[2:]), 26, "constant"),
    ],
)
def test_a_field_that_does_not_hold_is_refused_with_record_and_byte(
    payment: Payment, byte: int, kind: str
) -> None:
    with pytest.raises(BrokenFileError) as caught:
        read(payment)
    first = caught.value.problems[0]
    assert (first.record, first.byte, first.code) == (2, byte, kind)


def test_a_payment_of_tomorrow_is_refused_and_one_of_no_yen_is_no_money() -> None:
    delivery = read_file(store_file([Payment(code(1), day="20270107")]), *STORE, "store.txt")
    with pytest.raises(BrokenFileError) as caught:
        incoming_receipts(delivery, READ_ON)
    [problem] = caught.value.problems
    assert (problem.record, problem.byte, problem.code) == (2, 4, "future")
    matched = match(read(Payment(code(1, 0))), OWED, INSURER)
    assert outcomes(matched) == [("unknown", "no_amount")]
    assert matched.suspense().is_empty()


def test_records_out_of_order_or_missing_are_refused() -> None:
    lines = store_file([Payment(code(1))]).split(b"\r\n")[:-1]
    for order in ([1, 0, 2], [0, 1], [0, 2, 1], [0, 1, 2, 2], [1, 2]):
        content = b"".join(lines[n] + b"\r\n" for n in order)
        with pytest.raises(BrokenFileError) as caught:
            read_file(content, *STORE, "store.txt")
        assert caught.value.problems[0].code == "order"
    with pytest.raises(BrokenFileError) as caught:
        read_file(b"\r\n", *STORE, "store.txt")
    assert caught.value.problems[0].code == "empty"


def test_demands_that_cannot_be_told_apart_are_refused() -> None:
    nothing = read()
    twins = payables(payable(1), payable(2, reference="0001001"))
    with pytest.raises(CollectionError):
        match(nothing, twins, INSURER)
    with pytest.raises(CollectionError):
        match(nothing, payables(payable(1, reference="A1")), INSURER)
    with pytest.raises(CollectionError):
        match(nothing, OWED, "992029")
