"""Direct debits out and results back, with a bank that knows the layout and not our writer."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from kokuho.base.errors import CollectionError
from kokuho.collection import (
    BrokenFileError,
    DebitResults,
    debit_file,
    debit_results,
    load_book,
    match,
    read_file,
    with_demands,
)
from tests.collection.bank import Bank, file_of, part
from tests.collection.town import DUE, INSURER, TODAY, debit, debits, payables

BANK = load_book("rehearsal_bank")
ORDERS = [debit(number) for number in range(1, 8)]


def sent(*orders: dict[str, object]) -> bytes:
    return debit_file(*BANK, debits(*(orders or ORDERS)), DUE, TODAY, "orders.csv").content


def results(request: bytes, answer: bytes, read_on: date = DUE) -> DebitResults:
    asked = read_file(request, *BANK, "sent.txt", results=False)
    return debit_results(asked, read_file(answer, *BANK, "answer.txt"), read_on)


def test_a_bank_reads_what_was_asked_for() -> None:
    bank = Bank(sent())
    assert bank.day == "1228"
    assert bank.amounts() == [order["amount"] for order in ORDERS]
    assert [int(one) for one in bank.references()] == [int(o["reference"]) for o in ORDERS]
    first = bank.data[0].decode("cp932")
    assert first[1:20].rstrip() == "9999ｶｸｳ"
    assert first[42:50] == "17000001"
    assert first[50:80].rstrip() == "ｶｸｳ ﾀﾛｳ1"
    assert first[90] == "0"
    assert part(bank.header, 15, 40).decode("cp932").rstrip() == "ｶｸｳｼ(ﾚﾝｼﾕｳﾖｳ)"
    assert part(bank.trailer, 20, 36) == b"0" * 36


def test_the_same_orders_give_the_same_bytes_in_any_order() -> None:
    made = debit_file(*BANK, debits(*ORDERS), DUE, TODAY, "orders.csv")
    again = debit_file(*BANK, debits(*reversed(ORDERS)), DUE, date(2026, 12, 1), "other.csv")
    assert (made.content, made.digest) == (again.content, again.digest)
    assert (made.count, made.total) == (7, sum(order["amount"] for order in ORDERS))


def test_a_file_may_come_without_line_ends_and_without_mark() -> None:
    bare = load_book("zengin_direct_debit")
    request = sent()
    joined = request.replace(b"\r\n", b"").rstrip(b"\x1a")
    read = read_file(joined, *bare, "sent.txt", results=False)
    assert [row["amount"] for _number, row in read.of_kind("data")] == [
        f"{order['amount']:010}" for order in ORDERS
    ]
    assert read_file(request, *bare, "sent.txt", results=False).records == read.records


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"holder": "架空太郎"}, "holder", "no_such_character"),
        ({"holder": "カ" * 31}, "holder", "too_long"),
        ({"account_number": "12345678"}, "account_number", "too_long"),
        ({"account_number": None}, "account_number", "empty"),
        ({"account_type": "7"}, "account_type", "not_a_choice"),
        ({"bank_code": "9X99"}, "bank_code", "not_a_number"),
        ({"reference": "1001"}, "reference", "duplicate"),
        ({"reference": "0001001"}, "reference", "duplicate"),
        ({"amount": 0}, "amount", "too_small"),
    ],
)
def test_a_bad_order_is_refused_alone(change: dict[str, object], column: str, code: str) -> None:
    made = debit_file(*BANK, debits(*ORDERS, debit(9, **change)), DUE, TODAY, "orders.csv")
    assert [(r.line, r.column, r.code) for r in made.refused] == [(8, column, code)]
    assert made.content == sent()


def test_what_was_asked_for_on_a_day_is_not_asked_for_again() -> None:
    earlier = [read_file(sent(*ORDERS[:6]), *BANK, "sent.txt", results=False)]
    made = debit_file(*BANK, debits(*ORDERS), DUE, TODAY, "orders.csv", earlier)
    assert [int(one) for one in Bank(made.content).references()] == [1007]
    assert [refusal.code for refusal in made.refused] == ["duplicate"] * 6
    later = debit_file(*BANK, debits(*ORDERS), date(2027, 1, 29), TODAY, "orders.csv", earlier)
    assert later.count == 7  # a returned debit may be asked for on another day


def test_no_file_is_made_of_nothing_or_for_a_day_without_year() -> None:
    with pytest.raises(CollectionError):
        debit_file(*BANK, debits(debit(1, holder="架空")), DUE, TODAY, "orders.csv")
    with pytest.raises(CollectionError):
        debit_file(*BANK, debits(*ORDERS), date(2027, 6, 1), TODAY, "orders.csv")
    with pytest.raises(CollectionError):
        debit_file(*load_book("rehearsal_barcode"), debits(*ORDERS), DUE, TODAY, "orders.csv")
    with pytest.raises(CollectionError):  # the public layout has no contract
        debit_file(*load_book("zengin_direct_debit"), debits(*ORDERS), DUE, TODAY, "orders.csv")


def test_paid_debits_are_posted_and_returned_ones_keep_their_reason() -> None:
    request = sent()
    outcome = dict(zip(Bank(request).references(), "0120489", strict=True))
    found = results(request, Bank(request).answer(outcome))
    owed = payables(*ORDERS)
    matched = match(found.incoming, owed, INSURER)
    assert matched.post()["demand_id"].to_list() == ["D0001", "D0004"]
    assert matched.post()["value_on"].unique().to_list() == [DUE]
    assert matched.suspense().is_empty()
    returned = with_demands(found.returned, owed)
    assert returned.select("demand_id", "result", "reason", "doubt").rows() == [
        ("D0002", "1", "資金不足", None),
        ("D0003", "2", "預金取引なし", None),
        ("D0005", "4", "預金口座振替依頼書なし", None),
        ("D0006", "8", "委託者の都合による振替停止", None),
        ("D0007", "9", "その他", None),
    ]
    assert found.missing.is_empty()


def test_results_read_in_the_new_year_are_of_the_old_one() -> None:
    request = sent()
    answer = Bank(request).answer(lambda _reference: "0")
    assert results(request, answer, date(2027, 1, 7)).day == DUE
    with pytest.raises(BrokenFileError) as caught:
        results(request, answer, date(2027, 6, 30))
    assert [problem.code for problem in caught.value.problems] == ["year"]
    with pytest.raises(BrokenFileError) as caught:
        results(request, answer, date(2026, 12, 27))
    assert [problem.code for problem in caught.value.problems] == ["future"]


def test_money_that_was_never_asked_for_goes_into_suspense() -> None:
    request = sent()
    stranger = Bank(sent(*ORDERS, debit(30))).data[-1]
    bank = Bank(request)
    done = [*bank.data, stranger]
    found = results(request, bank.closed(done))
    matched = match(found.incoming, payables(*ORDERS, debit(30)), INSURER)
    held = matched.suspense()
    assert held["amount"].to_list() == [debit(30)["amount"]]
    assert held["demand_id"].to_list() == [None]
    assert matched.lines.filter(pl.col("doubt") == "not_asked").height == 1
    assert matched.post().height == len(ORDERS)


@pytest.mark.parametrize(
    ("first", "new", "doubt"),
    [
        (44, b"7999999", "account_differs"),
        (51, "ﾍﾞﾂﾆﾝ".encode("cp932").ljust(30), "account_differs"),
        (81, b"0000000001", "amount_differs"),
        (92, b"00000000000000009999", "not_asked"),
    ],
)
def test_a_debit_that_differs_from_what_was_asked_is_not_posted(
    first: int, new: bytes, doubt: str
) -> None:
    request = sent()
    bank = Bank(request)
    changed = bank.data[0][: first - 1] + new + bank.data[0][first - 1 + len(new) :]
    found = results(request, bank.closed([changed, *bank.data[1:]]))
    assert found.incoming["doubt"].to_list() == [doubt, *[None] * 6]
    matched = match(found.incoming, payables(*ORDERS), INSURER)
    assert "D0001" not in matched.post()["demand_id"].to_list()
    assert matched.suspense().height == 1


def test_a_debit_done_twice_and_one_without_answer_are_seen() -> None:
    request = sent()
    bank = Bank(request)
    found = results(request, bank.closed([bank.data[0], *bank.data[:-1]]))
    assert found.missing["reference"].to_list() == ["1007"]
    matched = match(found.incoming, payables(*ORDERS), INSURER)
    assert matched.lines["outcome"].to_list() == ["exact", "unknown", *["exact"] * 5]


def test_the_answer_to_another_file_is_refused() -> None:
    other = debit_file(*BANK, debits(*ORDERS), date(2026, 12, 25), TODAY, "orders.csv").content
    with pytest.raises(BrokenFileError) as caught:
        results(sent(), Bank(other).answer(lambda _reference: "0"))
    assert [(p.record, p.byte, p.code) for p in caught.value.problems] == [(1, 55, "other_file")]


@pytest.mark.parametrize(
    ("trailer_byte", "code"), [(7, "total"), (19, "total"), (25, "total"), (37, "total")]
)
def test_sums_that_do_not_agree_are_refused_with_record_and_byte(
    trailer_byte: int, code: str
) -> None:
    request = sent()
    bank = Bank(request)
    *rest, trailer, end = bank.answer(lambda _r: "0").rstrip(b"\x1a").split(b"\r\n")[:-1]
    digit = str((int(trailer[trailer_byte - 1 : trailer_byte]) + 1) % 10).encode()
    bad = trailer[: trailer_byte - 1] + digit + trailer[trailer_byte:]
    with pytest.raises(BrokenFileError) as caught:
        results(request, file_of([*rest, bad, end]))
    [problem] = caught.value.problems
    assert (problem.record, problem.code) == (9, code)
    assert problem.byte <= trailer_byte < problem.byte + 12
