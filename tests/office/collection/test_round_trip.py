"""A bank's files, its answers, agents' files: through the office's ledger, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kokuho.arrears import Act, Promise
from kokuho.base.errors import CollectionError
from kokuho.collection import BrokenFileError
from kokuho.office.arrears.recording import record
from kokuho.office.collection import suspense, taking
from kokuho.office.collection.debits import DebitAnswer, DebitOrder
from kokuho.office.collection.payments import Payment
from kokuho.office.collection.references import Reference
from kokuho.office.collection.sending import Sent, send
from kokuho.office.collection.taking import Taken
from kokuho.office.ledger.models import Receipt
from kokuho.office.register.models import Household
from kokuho.office.tenancy import seeing
from tests.collection.agent import Payment as Counter
from tests.collection.agent import bar_code, serial_file, store_file
from tests.collection.bank import Bank
from tests.office.collection.town import (
    BANK,
    DUE,
    MADE_ON,
    READ_ON,
    amount,
    demand_number,
    house,
    in_suspense,
    open_town,
    owed,
    set_account,
)
from tests.office.conftest import INSURER

pytestmark = pytest.mark.usefixtures("store")


def sent(more: bool = False, day: date = DUE, made_on: date = MADE_ON) -> Sent:
    made = send(INSURER, BANK, due=DUE, day=day, made_on=made_on, actor="試験", more=more)
    assert made is not None
    return made


def answered(content: bytes, name: str = "answer.txt", read_on: date = READ_ON) -> Taken:
    return taking.take_results(INSURER, content, name, BANK, read_on=read_on, actor="試験")


def received(content: bytes, layout: str = "store", name: str = "store.txt") -> Taken:
    return taking.take_receipts(
        INSURER, content, name, f"rehearsal_{layout}_receipts", read_on=READ_ON, actor="試験"
    )


def numbers() -> dict[int, int]:
    """The number of the first term's demand of each household."""
    with seeing([INSURER]):
        rows = Reference.objects.values_list("household_id", "number", "demand_id")
        return {int(h): number for h, number, demand in rows if demand.split("/")[4] == "1"}


def counter(
    number: int, yen: int | None = None, stage: str = "02", payer: int | None = None
) -> Counter:
    code = bar_code(
        payer or 50 + number, numbers().get(number, 77), "260731", yen or amount(number)
    )
    return Counter(code, stage, day="20260801")


def outcomes(taken: Taken) -> dict[str, tuple[int, int]]:
    return {outcome: (count, yen) for outcome, count, yen in taken.totals.iter_rows()}


def test_what_a_bank_debits_reaches_the_ledger_and_what_it_returns_is_owed_again() -> None:
    open_town(8, debited=6)
    made = sent()
    bank = Bank(made.content)
    assert bank.amounts() == [amount(number) for number in range(1, 7)]
    assert (made.delivered.records, made.delivered.amount) == (6, sum(bank.amounts()))
    third = f"{numbers()[3]:020}"
    answer = bank.answer(lambda reference: "1" if reference.strip().zfill(20) == third else "0")
    taken = answered(answer)
    came = sum(bank.amounts()) - amount(3)
    assert outcomes(taken) == {"exact": (5, came)}
    assert taken.returned.rows() == [("資金不足", 1, amount(3))]
    assert owed() == {house(n): (0 if n in (1, 2, 4, 5, 6) else amount(n)) for n in range(1, 9)}
    with seeing([INSURER]):
        assert sum(Receipt.objects.values_list("amount", flat=True)) == came
        assert DebitAnswer.objects.get().demand_id == demand_number(3)
    # asked for again on another day: only what came back
    again = sent(day=date(2026, 8, 31), made_on=date(2026, 8, 10))
    assert Bank(again.content).amounts() == [amount(3)]


def test_the_same_file_goes_out_and_comes_in_once() -> None:
    open_town(3, debited=2)
    first, second = sent(), sent()
    assert first.content == second.content
    assert first.delivered.pk == second.delivered.pk
    with pytest.raises(CollectionError):  # all that is open waits for the bank's answer
        sent(more=True)
    set_account(3)
    assert Bank(sent(more=True).content).amounts() == [amount(3)]
    answer = Bank(first.content).answer(lambda _reference: "0")
    with pytest.raises(CollectionError, match="--sent"):
        answered(answer)  # two files of that day wait
    taken = taking.take_results(
        INSURER, answer, "a.txt", BANK, read_on=READ_ON, actor="試験", sent=1
    )
    assert taken.new
    repeated = answered(answer)
    assert not repeated.new
    assert outcomes(repeated) == outcomes(taken) == {"exact": (2, amount(1) + amount(2))}
    with seeing([INSURER]):
        assert Receipt.objects.count() == 2


def test_an_order_that_no_bank_can_read_is_named_and_the_others_go_out() -> None:
    open_town(3, debited=2)
    set_account(2, date(2026, 7, 2), holder="架空 太郎")
    made = sent()
    assert made.delivered.records == 1
    assert [house(2) in line for line in made.refused] == [True]
    with seeing([INSURER]):
        assert DebitOrder.objects.get().household_id == house(1)


def test_an_account_that_ended_is_not_debited() -> None:
    from kokuho.office.collection.accounts import end_account

    open_town(2, debited=2)
    with seeing([INSURER], writing=True):
        household = Household.objects.get(household_number=house(1))
        end_account(household, last=date(2026, 7, 30), actor="試験")
    assert Bank(sent().content).amounts() == [amount(2)]


def test_money_over_the_counter_is_posted_or_held_and_never_lost() -> None:
    open_town(6, debited=6)
    sent()  # gives the demands their numbers
    paid = [
        counter(1), counter(1), counter(2, 9_000), counter(3, 20_000), counter(77),
        counter(4, payer=51),
    ]  # fmt: skip
    taken = received(store_file(paid))
    assert outcomes(taken) == {
        "duplicate": (1, amount(1)), "exact": (1, amount(1)), "over": (1, 20_000),
        "partial": (1, 9_000), "unknown": (2, amount(77) + amount(4)),
    }  # fmt: skip
    came = sum(int(one.code[37:43]) for one in paid)
    assert in_suspense() == came - amount(1)
    with seeing([INSURER]):
        lines = suspense.held(INSURER)
        assert sum(line.amount for line in lines) == in_suspense_of(lines)
        assert suspense.counts(lines) == {
            "partial": 1, "over": 1, "paid": 1, "no_demand": 1, "payer_differs": 1,
        }  # fmt: skip


def in_suspense_of(lines: list[suspense.Held]) -> int:
    return sum(Payment.objects.get(source=line.source).amount for line in lines)


def test_an_announcement_is_no_money_until_it_is_final_and_may_be_cancelled() -> None:
    open_town(3, debited=3)
    sent()
    early = [counter(1, stage="01"), counter(2, stage="01")]
    assert set(outcomes(received(store_file(early)))) == {"announced"}
    assert owed()[house(1)] == amount(1)
    later = [counter(1), counter(2, stage="03")]
    taken = received(store_file(later, sequence=2), name="later.txt")
    assert outcomes(taken) == {"cancelled": (1, amount(2)), "exact": (1, amount(1))}
    assert (owed()[house(1)], owed()[house(2)], in_suspense()) == (0, amount(2), 0)
    # the final record in another file is the same payment
    again = received(store_file([counter(1)], sequence=3), name="again.txt")
    assert outcomes(again) == {"again": (1, amount(1))}
    with seeing([INSURER]):
        stages = Payment.objects.order_by("record", "pk").values_list("stage", "outcome")
        assert sorted(stages) == [
            ("cancelled", "cancelled"), ("final", "exact"), ("preliminary", "announced"),
            ("preliminary", "announced"),
        ]  # fmt: skip


@pytest.mark.parametrize("layout", ["payeasy", "qr"])
def test_payeasy_and_qr_files_are_posted_by_their_layouts(layout: str) -> None:
    open_town(2, debited=2)
    sent()
    file = serial_file([(1, "20260801", 51, numbers()[1], amount(1))])
    assert outcomes(received(file, layout, f"{layout}.txt")) == {"exact": (1, amount(1))}
    assert owed()[house(1)] == 0


def test_a_slip_of_the_principal_is_exact_although_a_fee_was_charged_since() -> None:
    from kokuho.office.ledger import acts

    open_town(2, debited=2)
    sent()
    name = demand_number(1)
    acts.charge_fees(INSURER, "督促 1", [name], 100, posted_on=date(2026, 8, 2), actor="試験")
    assert outcomes(received(store_file([counter(1)]))) == {"exact": (1, amount(1))}
    assert owed()[house(1)] == 100


def test_a_broken_file_leaves_nothing() -> None:
    open_town(2, debited=2)
    bank = Bank(sent().content)
    answer = bank.answer(lambda _reference: "0")
    with pytest.raises(BrokenFileError):
        answered(answer.replace(b"0000020", b"0000021", 1)[:-1])
    with seeing([INSURER]):
        assert not Payment.objects.exists()
        assert not Receipt.objects.exists()


def test_an_order_that_the_bank_does_not_answer_is_told() -> None:
    open_town(3, debited=3)
    bank = Bank(sent().content)
    short = bank.closed([record[:111] + b"0" + record[112:] for record in bank.data[:2]])
    taken = answered(short)
    assert taken.returned.rows() == [("結果なし", 1, amount(3))]
    assert owed()[house(3)] == amount(3)


def test_what_is_deferred_or_agreed_on_is_left_out_of_the_file_with_the_reason() -> None:
    open_town(5, debited=5)
    deferral = Act(0, "deferral", date(2026, 7, 1), house(1), (demand_number(1),),
                   until=date(2026, 9, 30), code="collection_hardship", text="試験")  # fmt: skip
    over = replace(deferral, household=house(2), demands=(demand_number(2),),
                   until=date(2026, 7, 30))  # fmt: skip
    agreed = Act(0, "agreement", date(2026, 7, 1), house(3), (demand_number(3),),
                 plan=(Promise(date(2026, 8, 31), amount(3)),))  # fmt: skip
    other = replace(agreed, household=house(4), demands=(demand_number(4, 2),))
    record(INSURER, [deferral, over, agreed, other], today=date(2026, 7, 2))
    made = sent()
    assert Bank(made.content).amounts() == [amount(2), amount(4), amount(5)]
    first, third = made.left_out
    assert demand_number(1) in first
    assert demand_number(3) in third
    assert "2026-09-30" in first
    # the same run says the same again
    assert sent().left_out == made.left_out
    # in force no more: asked for with the other file of the day
    ended = Act(0, "agreement_ended", date(2026, 7, 15), house(3), refers=3, code="broken")
    record(INSURER, [ended], today=date(2026, 7, 15))
    assert Bank(sent(more=True).content).amounts() == [amount(3)]


def test_a_file_of_which_everything_is_deferred_is_not_made_and_says_why() -> None:
    open_town(1, debited=1)
    act = Act(0, "deferral", date(2026, 7, 1), house(1), (demand_number(1),),
              until=date(2026, 9, 30), code="collection_hardship", text="試験")  # fmt: skip
    record(INSURER, [act], today=date(2026, 7, 2))
    with pytest.raises(CollectionError, match=house(1)):
        sent()
