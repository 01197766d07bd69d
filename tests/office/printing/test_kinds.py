"""Each kind of paper: from which figures it is made, and to whom it goes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kokuho.base.errors import InputError
from kokuho.office.arrears.reminding import remind
from kokuho.office.assessment.succession import appoint
from kokuho.office.billing.departures import ask
from kokuho.office.billing.pension_file import take
from kokuho.office.billing.provisional import bill_provisionally
from kokuho.office.billing.schedules import demands
from kokuho.office.collection import slipping
from kokuho.office.ledger import refunding
from kokuho.office.ledger.assessing import post_demands
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.ledger.models import Claim
from kokuho.office.printing.kinds import Asked
from kokuho.office.printing.kinds.schedules import stretches
from kokuho.office.printing.single import print_again, print_household
from kokuho.office.register.models import Residence
from kokuho.office.store.recording import record, retract
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import BEFORE, at, run_changes
from tests.office.billing.test_runs import PENSIONER, pension
from tests.office.billing.test_spring import APRIL, PROVISIONAL, facts
from tests.office.billing.town import arrive, assess, bill, bill_again, declare, ordinance
from tests.office.billing.town import billed as billed_rows
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import approver
from tests.office.people import add_insurer
from tests.office.printing.town import (
    JULY,
    billed,
    household,
    office,
    planned,
    printed,
    run,
    telling,
    text_of,
)


@pytest.fixture(autouse=True)
def _insurer(sqlite: Store) -> None:
    add_insurer()


def one(tmp_path: Path, kind: str, day: date = JULY, **asked: Any) -> str:
    """The text of one household's paper."""
    made: list[bytes] = []
    print_household(INSURER, Asked(kind, **asked), day, office(tmp_path), "試験", made.append)
    return "".join(text_of(made[0]))


@pytest.mark.parametrize(
    ("kind", "title", "board"),
    [
        ("tax", "国民健康保険税納税通知書", "架空市長に対して審査請求"),
        ("premium", "国民健康保険料納入通知書", "架空県国民健康保険審査会に対して審査請求"),
    ],
)
def test_a_notice_names_tax_or_premium_and_who_reviews_it(
    tmp_path: Path, kind: str, title: str, board: str
) -> None:
    with telling() as told:
        household(told, 1)
    billed(kind)
    text = one(tmp_path, "levy", fiscal_year=2026, household="h01")
    assert title in text
    assert board in text
    (paper,) = printed()
    assert f"{paper.amount:,}円" in text


@pytest.mark.parametrize(
    ("kind", "title", "article"),
    [
        ("tax", "国民健康保険税特別徴収(仮徴収)通知書", "718条の7第1項"),
        ("premium", "国民健康保険料特別徴収(仮徴収)通知書", "76条の3"),
    ],
)
def test_what_a_pension_pays_provisionally_is_told_before_april(
    tmp_path: Path, kind: str, title: str, article: str
) -> None:
    with telling() as told:
        for number in (1, 2):
            told.family(f"h0{number}", f"p0{number}", born=PENSIONER)
            told.living(f"p0{number}", postal_code="999-0001", address="架空市架空町1番地")
            declare(told, f"p0{number}", 2025, 2026)
    take(pension(tmp_path, facts("p01", 2025)), actor="試験")
    own = ordinance(kind, prepayment={"adopted": False}, billing=PROVISIONAL)
    assess(2025, own, date(2025, 7, 15))
    bill(2025, date(2025, 7, 15))
    bill_provisionally(INSURER, own.year(2026), APRIL, actor="試験")
    text = one(tmp_path, "provisional", APRIL, fiscal_year=2026, household="h01")
    assert title in text
    assert article in text
    for month in ("令和8年4月", "令和8年6月", "令和8年8月"):
        assert month in text
    (paper,) = printed()
    demanded = billed_rows("h01")
    assert [row[0] for row in demanded] == ["pension"] * 3
    assert paper.amount == sum(row[2] for row in demanded)
    assert f"{paper.amount:,}円" in text
    # the notice of the levy names the months of all six pensions
    take(pension(tmp_path, facts("p01", 2026)), actor="試験")
    assess(2026, own)
    bill()
    levy = one(tmp_path, "levy", fiscal_year=2026, household="h01")
    for month in (
        "令和8年4月令和8年5月11日",
        "令和8年12月令和9年1月12日",
        "令和9年2月令和9年3月10日",
    ):
        assert month in levy
    # who pays in provisional terms gets none
    done = run(tmp_path, "provisional", fiscal_year=2026, issued_on=APRIL)
    assert (done.state, {row.household.household_number for row in printed()}) == ("done", {"h01"})


def test_the_paper_of_one_who_died_goes_to_who_represents_the_heirs(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
        household(told, 2, language="vi")
    billed()
    with telling() as told:
        died = date(2026, 7, 5)
        retract(told.moment, [Residence(resident=at("p01"), valid_from=died)])
        told.living("p01", until=died, ended_by="death")
        told.insured("p01", until=died, loss_reason="death")
        appoint(INSURER, "p01", basis="reported", told_on=died, actor="試験",
                representative="p02")  # fmt: skip
    text = one(tmp_path, "levy", fiscal_year=2026, household="h01")
    assert "被相続人架空p01" in text
    assert "架空p02様" in text
    assert "相続人" in text.partition("根拠")[2]
    # the representative reads it, in the language that they asked for
    assert printed()[0].languages == "ja vi"


def test_the_paper_of_one_who_left_goes_to_the_agent(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
    billed("tax")
    with telling() as told:
        left = date(2026, 7, 1)
        retract(told.moment, [Residence(resident=at("p01"), valid_from=left)])
        told.living("p01", until=left, ended_by="moved_abroad")
        ask(at("p01"), 2026, account="given", agent="架空 代理", agent_address="架空県別市1-1",
            asked_on=left, person="試験")  # fmt: skip
    text = one(tmp_path, "levy", fiscal_year=2026, household="h01")
    assert "架空代理様" in text
    assert "納税管理人" in text


def test_who_pays_ahead_gets_the_notice_of_prepayment_and_no_other(tmp_path: Path) -> None:
    with telling() as told:
        arrive(told, "h01", "p01", date(2026, 6, 1))
        declare(told, "p01", 2026)
    assess()
    bill()
    with pytest.raises(InputError, match="no such paper"):
        one(tmp_path, "levy", fiscal_year=2026, household="h01")
    text = one(tmp_path, "prepayment", fiscal_year=2026, household="h01")
    assert "前納通知書" in text
    assert "令和8年6月から令和9年3月まで" in text
    assert "架空市国民健康保険条例第○条" in text


def test_a_change_shows_before_and_after_with_its_cause(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
    billed()
    with telling() as told:
        told.lost("p01", date(2026, 10, 1))
    october = date(2026, 10, 20)
    run_changes(october)
    bill_again(october)
    text = one(tmp_path, "change", october, since=date(2026, 1, 1), household="h01")
    assert "変更決定通知書" in text
    assert "国民健康保険を脱退した" in text
    assert "これからの納期限と額" in text
    # the first term was due and stays as it was
    assert "第1期" not in text.partition("これからの納期限と額")[2]


def post() -> None:
    """The demands of the year in the ledger."""
    with seeing([INSURER]):
        owed = demands(INSURER, 2026)
    post_demands(INSURER, 2026, owed, posted_on=JULY, actor="試験")


def pay(folder: Path, amount: int | None = None, beyond: int = 0) -> None:
    """The first household pays its first term, and something ``beyond`` it."""
    with seeing([INSURER]):
        owed = demands(INSURER, 2026).filter(household_id="h01", term=1)["amount"][0]
    path = folder / "receipts.csv"
    yen = (amount or owed) + beyond
    path.write_text(
        "insurer_code,reference,received_on,amount,household_id,fiscal_year,term\n"
        f"{INSURER},R1,2026-07-31,{yen},h01,2026,1\n",
        "utf-8",
    )
    import_receipts(path, posted_on=date(2026, 8, 1), actor="試験")


def receipts(folder: Path, beyond: int = 0) -> None:
    post()
    pay(folder, beyond=beyond)


def demand_of(household: str) -> str:
    """The demand of its first term."""
    with seeing([INSURER]):
        return str(Claim.objects.get(household_id=household, term=1).demand_id)


def test_a_refund_is_printed_once_it_is_ordered_and_not_again_when_it_is_paid(
    tmp_path: Path,
) -> None:
    with telling() as told:
        household(told, 1)
    billed()
    receipts(tmp_path, beyond=700)
    demand = demand_of("h01")
    day = date(2026, 8, 20)
    number = refunding.ask(
        INSURER, demand, 700, cause="mistake", reason="二重納付", asked_by="試験", asked_on=day
    )
    with pytest.raises(InputError, match="no such paper"):
        one(tmp_path, "refund", day, household="h01")
    refunding.approve(INSURER, number, approver("order"), day)
    text = one(tmp_path, "refund", day, household="h01")
    assert "過誤納還付通知書" in text
    assert "返す額700円" in text
    refunding.approve(INSURER, number, approver("audit"), day)
    refunding.pay(INSURER, number, posted_on=day, actor="試験")
    with pytest.raises(InputError, match="paid"):
        print_again(INSURER, printed()[0].pk, office(tmp_path), "試験", print)


def test_slips_of_an_issue_bear_their_number_and_no_made_up_barcode(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
        household(told, 2)
    billed()
    receipts(tmp_path)
    due, on = date(2026, 8, 31), date(2026, 8, 2)
    slipping.issue(INSURER, "8月", slipping.Wanted(due), ["rehearsal_barcode"], issued_on=on,
                   actor="試験")  # fmt: skip
    slots = office(tmp_path, "slip: {layouts: [rehearsal_barcode], pay_at: [架空銀行]}\n")
    done = run(tmp_path, "slip", run="8月", issued_on=on, office=slots)
    assert done.counts["papers"] == 2
    pages = text_of(tmp_path / "out" / "slip-0001.pdf")
    for page, row in zip(pages, planned(), strict=True):
        assert f"払う額{row.amount:,}円" in page
        assert "バーコードなし" in page
        assert "架空銀行" in page


def test_a_slip_over_another_amount_than_is_owed_is_left_out(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
    billed()
    post()
    due, on = date(2026, 7, 31), date(2026, 7, 20)
    slipping.issue(INSURER, "7月", slipping.Wanted(due), [], issued_on=on, actor="試験")
    pay(tmp_path, amount=500)
    done = run(tmp_path, "slip", run="7月", issued_on=date(2026, 8, 1))
    assert done.counts["papers"] == 0
    assert [row.state for row in planned()] == ["other_amount"]


def test_reminders_of_a_run_ask_for_what_the_ledger_says_is_owed(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
        household(told, 2)
    billed()
    receipts(tmp_path)
    on = date(2026, 8, 25)
    remind(INSURER, on, date(2026, 9, 10), actor="試験")
    done = run(tmp_path, "reminder", run=on.isoformat(), issued_on=on)
    assert done.counts["papers"] == 1  # the first household paid the term that was due
    (row,) = planned()
    text = "".join(text_of(tmp_path / "out" / "reminder-0001.pdf"))
    assert "督促状" in text
    assert f"払う額{row.amount:,}円" in text.replace("この日までに払ってください", "")
    assert "令和8年9月10日" in text
    with pytest.raises(InputError, match="no run of reminders"):
        run(tmp_path, "reminder", run="2026-01-01", name="none", issued_on=on)


def test_a_statement_says_what_the_ledger_received_in_the_year(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
    billed()
    receipts(tmp_path)
    run(tmp_path, "statement", year=2026, issued_on=date(2026, 12, 28))
    (row,) = planned()
    text = "".join(text_of(tmp_path / "out" / "statement-0001.pdf"))
    assert f"納付した額{row.amount:,}円" in text
    # of a year in which nobody paid there is none
    done = run(tmp_path, "statement", year=2025, name="other", issued_on=date(2026, 12, 28))
    assert done.counts["papers"] == 0


def test_a_reprint_is_marked_and_goes_to_where_the_payer_lives_now(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
    billed()
    one(tmp_path, "levy", fiscal_year=2026, household="h01")
    with pytest.raises(InputError, match="print again"):
        one(tmp_path, "levy", fiscal_year=2026, household="h01")
    with telling() as told:
        home = Residence(resident=at("p01"), valid_from=BEFORE, postal_code="999-0009",
                         address="架空市新町9番地")  # fmt: skip
        record(told.moment, [home])
    (first,) = printed()
    made: list[bytes] = []
    print_again(INSURER, first.pk, office(tmp_path), "別の人", made.append)
    text = "".join(text_of(made[0]))
    assert "(再発行1)" in text
    assert "架空市新町9番地" in text
    assert [paper.copy for paper in printed()] == [0, 1]
    assert printed()[1].content == first.content
    assert printed()[1].digest != first.digest


def test_a_reprint_that_would_read_otherwise_is_refused(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
    billed()
    one(tmp_path, "levy", fiscal_year=2026, household="h01")
    (first,) = printed()
    with pytest.raises(InputError, match="would not read"):
        print_again(INSURER, first.pk, office(tmp_path, "hours: 9-17\n"), "試験", print)


def test_a_paper_that_could_not_be_delivered_is_not_recorded(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
    billed()

    def full(_content: bytes) -> None:
        raise OSError("the disk is full")

    asked = Asked("levy", 2026, household="h01")
    with pytest.raises(OSError, match="full"):
        print_household(INSURER, asked, JULY, office(tmp_path), "試験", full)
    assert printed() == []


def test_months_with_a_gap_are_two_stretches() -> None:
    assert stretches(0b0000_0011_0111) == [(0, 2), (4, 5)]
    assert stretches(0) == []
    assert stretches(0b1111_1111_1111) == [(0, 11)]
