"""Receipts imported: recorded once, previewed, posted in their order, never lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kokuho.base.errors import InputError, LedgerError
from kokuho.billing import to_frame
from kokuho.cli.ledger_causes import causes_of
from kokuho.ledger.interest_on_refunds import Cause, Overpaid, refund_interest
from kokuho.ledger.payments import payments_left
from kokuho.ledger.suspense import held
from kokuho.office.accounts import rights
from kokuho.office.ledger import acts, refunding
from kokuho.office.ledger.assessing import post_demands
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.importing import Outcome, import_receipts
from kokuho.office.ledger.models import Entry, Receipt
from kokuho.office.ledger.standing import HouseholdBooks, household_books
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import NOTICE, approve, approver, bill, name, open_office, post

pytestmark = pytest.mark.usefixtures("store")

HEADER = "insurer_code,reference,received_on,amount,household_id,fiscal_year,term,payer"
TODAY = date(2026, 12, 1)


def write(path: Path, rows: Sequence[str], header: str = HEADER) -> Path:
    text = "\n".join([header, *(f"{INSURER},{row}" for row in rows)]) + "\n"
    path.write_text(text, encoding="utf-8")
    return path


def arrive(folder: Path, *rows: str, on: date = TODAY, **more: bool) -> Outcome:
    path = write(folder / "receipts.csv", rows)
    return import_receipts(path, posted_on=on, actor="試験", **more)


def standing(house: str, on: date = TODAY) -> HouseholdBooks:
    with seeing([INSURER]):
        assert verify(INSURER) == []
        return household_books(INSURER, house, on)


def test_receipts_pay_what_their_slips_name_or_the_oldest(store: Store, tmp_path: Path) -> None:
    open_office()
    post([bill("h1", 1, 12_000), bill("h1", 2, 10_000), bill("h1", 3, 10_000)])
    arrive(tmp_path, "r1,2026-07-30,10000,h1,2026,2,", "r2,2026-07-31,12500,h1,,,親族 一号")
    found = standing("h1")
    assert [line.owed for line in found.demands] == [0, 0, 9_500]
    assert found.payments[-1].payer == "親族 一号"


def test_the_same_file_again_changes_nothing_and_a_longer_one_adds_its_new_rows(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    assert arrive(tmp_path, "r1,2026-07-30,5000,h1,2026,1,").recorded == 1
    again = arrive(tmp_path, "r1,2026-07-30,5000,h1,2026,1,")
    assert (again.recorded, again.known, again.runs) == (0, 1, [])
    longer = arrive(tmp_path, "r1,2026-07-30,5000,h1,2026,1,", "r2,2026-07-31,7000,h1,2026,1,")
    assert (longer.recorded, longer.known) == (1, 1)
    assert standing("h1").demands[0].owed == 0


def test_a_preview_says_what_would_become_of_each_receipt_and_records_nothing(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    seen = arrive(tmp_path, "r1,2026-07-30,13000,h1,2026,1,", "r2,2026-07-30,500,,,,",
                  only_preview=True)  # fmt: skip
    assert seen.lines is not None
    assert [tuple(row) for row in seen.lines.select("reference", "outcome", "amount").rows()] == [
        ("r1", "paid", 12_000), ("r1", "overpaid", 1_000), ("r2", "suspense", 500),
    ]  # fmt: skip
    with seeing([INSURER]):
        assert Receipt.objects.count() == 0


def test_a_receipt_of_an_unknown_demand_is_held_until_its_purpose_is_known(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    arrive(tmp_path, "r1,2026-07-30,12000,h9,2026,1,", "r2,2026-07-30,300,,,,")
    assert standing("h1").demands[0].owed == 12_000
    acts.release_held(INSURER, "r1", name("h1", 1), posted_on=TODAY, actor="試験")
    line = standing("h1").demands[0]
    assert (line.owed, line.interest_owed) == (0, 0)
    acts.return_held(INSURER, "r2", posted_on=TODAY, actor="試験")
    with pytest.raises(LedgerError, match="r3"):
        acts.return_held(INSURER, "r3", posted_on=TODAY, actor="試験")
    standing("h1")


def test_refused_rows_are_named_and_the_good_ones_go_in_when_asked(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    rows = ("r1,2026-07-30,5000,h1,2026,1,", "r2,2026-12-31,5000,h1,2026,1,", "r3,2026-07-30,0,,,,",
            "r4,2026-07-30,10,h1,2026,,")  # fmt: skip
    refused = arrive(tmp_path, *rows)
    assert not refused.imported
    assert [(one.line, one.code) for one in refused.refusals] == [
        (3, "after_posting"), (4, "too_small"), (5, "half_named"),
    ]  # fmt: skip
    assert arrive(tmp_path, *rows, good_rows=True).recorded == 1
    other = arrive(tmp_path, "r1,2026-07-30,6000,h1,2026,1,")
    assert [one.code for one in other.refusals] == ["recorded_otherwise"]
    assert standing("h1").demands[0].owed == 7_000


def test_a_late_payment_fixes_its_interest_and_a_reversal_takes_both_back(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 300_000)])
    running = standing("h1").interest_so_far
    assert running > 0
    arrive(tmp_path, "r1,2026-12-01,300000,h1,2026,1,")
    line = standing("h1").demands[0]
    assert (line.owed, line.interest_owed) == (0, running)
    with seeing([INSURER]):
        number = Entry.objects.get(kind="receive", account="receipts").number
    acts.reverse_journals(INSURER, "誤り 1", [number], posted_on=TODAY, actor="試験")
    line = standing("h1").demands[0]
    assert (line.owed, line.interest_owed, line.interest_so_far) == (300_000, 0, running)


def test_a_refund_is_paid_when_two_persons_approved_it_in_two_roles(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    arrive(tmp_path, "r1,2026-07-30,15000,h1,2026,1,")
    with pytest.raises(LedgerError):
        refunding.ask(INSURER, name("h1", 1), 3_001, reason="二重払い", cause="mistake",
                      asked_by="係 一号", asked_on=TODAY)  # fmt: skip
    number = refunding.ask(INSURER, name("h1", 1), 3_000, reason="二重払い", cause="mistake",
                           asked_by="係 一号", asked_on=TODAY)  # fmt: skip
    with pytest.raises(LedgerError, match="支出命令の後"):
        refunding.approve(INSURER, number, approver("audit"), TODAY)
    chief = approver("order", "chief")
    refunding.approve(INSURER, number, chief, TODAY)
    approver("audit", "chief")
    with pytest.raises(LedgerError):
        # who ordered it has changed roles
        refunding.approve(INSURER, number, chief, TODAY)
    with pytest.raises(LedgerError):
        refunding.pay(INSURER, number, posted_on=TODAY, actor="試験")
    refunding.approve(INSURER, number, approver("audit", "treasurer"), TODAY)
    refunding.pay(INSURER, number, posted_on=TODAY, actor="試験")
    refunding.pay(INSURER, number, posted_on=TODAY, actor="試験")
    found = standing("h1")
    assert (found.overpaid, [line.amount for line in found.payments]) == (0, [15_000, -3_000])


def test_fees_write_offs_and_a_closed_year_are_posted_once(store: Store, tmp_path: Path) -> None:
    import polars as pl

    open_office()
    post([bill("h1", 1, 12_000), bill("h2", 1, 9_000)])
    for _again in range(2):
        acts.charge_fees(INSURER, "督促 8月", [name("h1", 1)], 100, posted_on=TODAY, actor="試験")
        decided = pl.DataFrame(
            {"demand_id": [name("h2", 1)], "component": ["principal"], "amount": [9_000]}
        )
        acts.write_off_claims(INSURER, "決裁 1", decided, posted_on=TODAY, actor="試験")
    assert [(one.owed, one.fee_owed) for one in standing("h1").demands] == [(12_000, 100)]
    assert [(one.owed, one.written_off) for one in standing("h2").demands] == [(0, 9_000)]
    june = date(2027, 6, 1)
    with pytest.raises(LedgerError, match="2026"):
        acts.charge_fees(INSURER, "6月", [name("h1", 1)], 100, posted_on=june, actor="試験")
    for _again in range(2):
        acts.close_year(INSURER, 2026, posted_on=june, actor="試験")
    with seeing([INSURER]):
        assert Entry.objects.filter(kind="carry", household_id="h1").count() == 8
        assert verify(INSURER) == []


def test_overpaid_money_pays_what_falls_due(store: Store, tmp_path: Path) -> None:
    open_office()
    post([bill("h1", 1, 12_000), bill("h1", 2, 10_000)])
    arrive(tmp_path, "r1,2026-07-30,15000,h1,2026,1,", on=date(2026, 8, 1))
    acts.appropriate_all(INSURER, posted_on=date(2026, 9, 1), actor="試験")
    found = standing("h1", date(2026, 9, 1))
    assert ([line.owed for line in found.demands], found.overpaid) == ([0, 7_000], 0)


def test_days_of_a_relief_bear_no_interest_until_it_is_withdrawn(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 300_000)])
    arrive(tmp_path, "r1,2026-12-01,300000,h1,2026,1,")
    before = standing("h1").demands[0].interest_owed
    days = (date(2026, 8, 1), date(2026, 12, 31))
    acts.grant_relief(
        INSURER, "猶予 1", name("h1", 1), *days, "full", posted_on=TODAY, actor="試験"
    )
    assert standing("h1").demands[0].interest_owed == 0
    acts.grant_relief(INSURER, "取消 1", name("h1", 1), *days, "full", posted_on=TODAY,
                      actor="試験", withdrawn=True)  # fmt: skip
    assert standing("h1").demands[0].interest_owed == before > 0


def test_interest_on_a_refund_is_computed_from_the_payments_that_were_too_much(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 3_000_000)])
    arrive(tmp_path, "r1,2026-07-20,2000000,h1,2026,1,", "r2,2026-07-31,2000000,h1,2026,1,")
    # half of the last payment
    number = refunding.ask(INSURER, name("h1", 1), 1_000_000, reason="減額", cause="assessment",
                           asked_by="係 一号", asked_on=TODAY)  # fmt: skip
    approve(number, TODAY)
    overpaid = Overpaid(1_000_000, Cause.ASSESSMENT, ((date(2026, 7, 31), 2_000_000),))
    expected = refund_interest(overpaid, TODAY).total
    assert expected > 0
    refunding.pay(INSURER, number, posted_on=TODAY, actor="試験")
    with seeing([INSURER]):
        spent = Entry.objects.filter(account="expenditure").values_list("component", "amount")
        assert sum(yen for _component, yen in spent) == -expected
    standing("h1")


def test_a_refund_in_two_parts_takes_the_last_payments_first(store: Store, tmp_path: Path) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    arrive(tmp_path, "r1,2026-07-20,50000,h1,2026,1,", "r2,2026-07-31,60000,h1,2026,1,")
    number = refunding.ask(INSURER, name("h1", 1), 50_000, reason="過納", cause="mistake",
                           asked_by="係 一号", asked_on=TODAY)  # fmt: skip
    approve(number, TODAY)
    refunding.pay(INSURER, number, posted_on=TODAY, actor="試験")
    with seeing([INSURER]):
        entries = open_books(INSURER).entries
    left = payments_left(entries).filter(demand_id=name("h1", 1), component="principal")
    assert left.select("value_on", "paid").rows() == [
        (date(2026, 7, 20), 50_000), (date(2026, 7, 31), 10_000),
    ]  # fmt: skip


def test_what_is_appropriated_earns_interest_in_the_books_and_on_the_page(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 3_000_000), bill("h1", 2, 1_000_000)])
    arrive(tmp_path, "r1,2026-07-20,3000000,h1,2026,1,")
    post([bill("h1", 1, 1_000_000), bill("h1", 2, 1_000_000)], TODAY)
    acts.appropriate_all(INSURER, posted_on=TODAY, actor="試験")
    overpaid = Overpaid(1_000_000, Cause.ASSESSMENT, ((date(2026, 7, 20), 3_000_000),))
    earned = refund_interest(overpaid, TODAY).total
    assert earned > 0
    assert standing("h1").overpaid == 1_000_000 + earned
    # the rest is refunded with what it earned; interest bears none
    number = refunding.ask(INSURER, name("h1", 1), 1_000_000 + earned, reason="減額",
                           cause="assessment", asked_by="係 一号", asked_on=TODAY)  # fmt: skip
    approve(number, TODAY)
    refunding.pay(INSURER, number, posted_on=TODAY, actor="試験")
    assert standing("h1").overpaid == 0
    with seeing([INSURER]):
        spent = Entry.objects.filter(account="expenditure").values_list("amount", flat=True)
        assert sum(spent) == -2 * earned
        assert verify(INSURER) == []


def test_a_refund_that_is_withdrawn_is_not_paid_and_can_be_asked_for_again(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    arrive(tmp_path, "r1,2026-07-30,15000,h1,2026,1,")

    def ask() -> int:
        return refunding.ask(INSURER, name("h1", 1), 3_000, reason="二重払い", cause="mistake",
                             asked_by="係 一号", asked_on=TODAY)  # fmt: skip

    number = ask()
    approve(number, TODAY)
    refunding.withdraw(INSURER, number, reason="口座の誤り", by="係 一号", on=TODAY)
    with pytest.raises(LedgerError):
        refunding.pay(INSURER, number, posted_on=TODAY, actor="試験")
    with pytest.raises(LedgerError):
        refunding.withdraw(INSURER, number, reason="もう一度", by="係 一号", on=TODAY)
    again = ask()
    approve(again, TODAY)
    refunding.pay(INSURER, again, posted_on=TODAY, actor="試験")
    assert standing("h1").overpaid == 0


def test_only_a_user_with_the_right_approves_a_refund(store: Store, tmp_path: Path) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    arrive(tmp_path, "r1,2026-07-30,15000,h1,2026,1,")
    number = refunding.ask(INSURER, name("h1", 1), 3_000, reason="二重払い", cause="mistake",
                           asked_by="係 一号", asked_on=TODAY)  # fmt: skip
    user = approver("order", "clerk")
    assert rights.deny("clerk", "refund_order", INSURER, actor="試験")
    with pytest.raises(LedgerError, match="clerk"):
        refunding.approve(INSURER, number, user, TODAY)
    with pytest.raises(InputError, match="stranger"):
        rights.allow("stranger", "refund_order", INSURER, actor="試験")
    with pytest.raises(LedgerError, match="curiosity"):
        refunding.ask(INSURER, name("h1", 1), 1, reason="?", cause="curiosity", asked_by="係 一号",
                      asked_on=TODAY)  # fmt: skip


def test_a_stated_cause_decides_from_when_an_appropriation_earns(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 3_000_000), bill("h1", 2, 1_000_000)])
    arrive(tmp_path, "r1,2026-07-20,3000000,h1,2026,1,")
    post([bill("h1", 1, 1_000_000), bill("h1", 2, 1_000_000)], TODAY)
    with pytest.raises(LedgerError, match="h9"):
        acts.appropriate_all(INSURER, posted_on=TODAY, actor="試験",
                             causes=causes_of(INSURER, ["h9=assessment"]))  # fmt: skip
    causes = causes_of(INSURER, [f"{name('h1', 1)}=income_tax,2026-09-10"])
    acts.appropriate_all(INSURER, posted_on=TODAY, actor="試験", causes=causes)
    overpaid = Overpaid(1_000_000, Cause.INCOME_TAX, ((date(2026, 7, 20), 3_000_000),),
                        date(2026, 9, 10))  # fmt: skip
    earned = refund_interest(overpaid, TODAY).total
    assert 0 < earned < 3_000
    assert standing("h1").overpaid == 1_000_000 + earned


@pytest.mark.parametrize(
    "stated",
    [
        ["h1"],
        ["=mistake"],
        ["h1=whim"],
        ["h1=law,soon"],
        ["h1=law,2026-05-01,2026-05-02,2026-05-03"],
        ["h1=law,2026-05-01", "h1=mistake"],
    ],
)
def test_a_cause_that_cannot_be_meant_is_refused(stated: list[str]) -> None:
    with pytest.raises(InputError, match=r"h1|mistake"):
        causes_of(INSURER, stated)


def test_money_for_no_term_pays_what_its_debtor_owes_where_the_head_changed(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    heads = pl.Series("debtor", ["0001", "0002"])
    frame = to_frame([bill("h1", 1, 12_000), bill("h1", 2, 12_000)]).with_columns(heads)
    post_demands(INSURER, 2026, frame, posted_on=NOTICE, actor="試験")
    header = "insurer_code,reference,received_on,amount,household_id,debtor"
    rows = ["r1,2026-07-20,5000,h1,0002", "r2,2026-07-21,6000,h1,", "r3,2026-07-22,20000,h1,0001"]
    path = write(tmp_path / "receipts.csv", rows, header)
    import_receipts(path, posted_on=TODAY, actor="試験")
    owed = {line.debtor: line.owed for line in standing("h1").demands}
    assert owed == {"0001": 0, "0002": 7_000}
    with seeing([INSURER]):
        there = held(open_books(INSURER).entries)
    # nobody's, and what is left of the first head's own
    assert there.select("source", "amount").rows() == [("r2", 6_000), ("r3", 8_000)]
