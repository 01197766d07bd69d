"""Each kind of paper: from which figures it is made, and to whom it goes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kokuho.base.errors import InputError
from kokuho.office.assessment.succession import appoint
from kokuho.office.billing.departures import ask
from kokuho.office.ledger.assessing import post_demands
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.printing.kinds import Asked
from kokuho.office.printing.kinds.schedules import stretches
from kokuho.office.printing.single import print_again, print_household
from kokuho.office.register.models import Residence
from kokuho.office.store.recording import record, retract
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import BEFORE, at, run_changes
from tests.office.billing.town import arrive, assess, bill, bill_again, declare
from tests.office.conftest import INSURER, Store
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


def receipts(tmp_path: Path) -> None:
    with seeing([INSURER]):
        from kokuho.office.billing.schedules import demands

        owed = demands(INSURER, 2026)
    post_demands(INSURER, 2026, owed, posted_on=JULY, actor="試験")
    path = tmp_path / "receipts.csv"
    path.write_text(
        "insurer_code,reference,received_on,amount,household_id,fiscal_year,term\n"
        f"{INSURER},R1,2026-07-31,{owed['amount'][0]},h01,2026,1\n",
        "utf-8",
    )
    import_receipts(path, posted_on=date(2026, 8, 1), actor="試験")


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
