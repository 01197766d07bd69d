"""The notice of relief (減免): before, after and the new terms, as the bills take it off."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kokuho.arrears import Act
from kokuho.base.errors import InputError
from kokuho.office.arrears.recording import record
from kokuho.office.assessment.changes import assess_changes
from kokuho.office.assessment.deciding import Decided, decide
from kokuho.office.billing.schedules import Schedule
from kokuho.office.printing.single import print_again
from kokuho.office.register.models import HouseholdDecision
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import run_changes
from tests.office.billing.town import bill_again, ordinance
from tests.office.billing.town import billed as terms_of
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer
from tests.office.printing.test_kinds import one, receipts
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

OCTOBER, NOVEMBER = date(2026, 10, 5), date(2026, 11, 5)


@pytest.fixture(autouse=True)
def _insurer(sqlite: Store) -> None:
    add_insurer()


def town(count: int = 1) -> None:
    with telling() as told:
        for number in range(1, count + 1):
            household(told, number)


def relieve(
    amount: int | None, since: date, day: date | None = None, house: str = "h01", share: int = 0
) -> None:
    with seeing([INSURER], writing=True):
        decide(
            INSURER,
            Decided("exemption", house, since, decided_on=day or since, reference="架空第1号",
                    amount=amount, share_ppm=share or None),
            "試験",
        )  # fmt: skip


def total(house: str = "h01") -> int:
    with seeing([INSURER]):
        rows = Schedule.objects.known().filter(household__household_number=house)
        return int(rows.get(fiscal_year=2026).total)


def told(before: int, relief: int) -> str:
    after = before - relief
    return f"減免前の額{before:,}円減免する額{relief:,}円減免後の額{after:,}円"


def test_the_amount_before_is_what_was_demanded_and_is_cut_once(tmp_path: Path) -> None:
    town()
    billed()
    levied = total()
    relieve(3_000, date(2026, 9, 1))
    bill_again(OCTOBER)
    assert total() == levied - 3_000
    act = Act(0, "exemption", date(2026, 9, 1), "h01", actor="試験", code="granted",
              text="失業のため(架空)")  # fmt: skip
    record(INSURER, [act], today=OCTOBER)
    text = one(tmp_path, "relief", OCTOBER, household="h01")
    assert told(levied, 3_000) in text
    assert "理由失業のため(架空)" in text


def test_relief_of_the_whole_year_is_told_and_nothing_is_left_to_pay(tmp_path: Path) -> None:
    town()
    billed()
    levied = total()
    relieve(levied, date(2026, 4, 1), JULY)
    bill_again(JULY)
    text = one(tmp_path, "relief", JULY, household="h01")
    assert told(levied, levied) in text
    for _channel, _term, amount, _due in terms_of("h01"):
        assert amount == 0


def test_more_than_is_demanded_is_not_told(tmp_path: Path) -> None:
    town()
    billed()
    levied = total()
    relieve(levied + 1, date(2026, 4, 1), JULY)
    bill_again(JULY)
    with pytest.raises(InputError, match="more than is billed"):
        one(tmp_path, "relief", JULY, household="h01")


def test_the_new_terms_stand_beside_those_before_as_on_a_notice_of_change(tmp_path: Path) -> None:
    town()
    billed()
    before = {term: amount for _way, term, amount, _due in terms_of("h01")}
    relieve(3_000, date(2026, 9, 1))
    bill_again(OCTOBER)
    after = {term: amount for _way, term, amount, _due in terms_of("h01")}
    text = one(tmp_path, "relief", OCTOBER, household="h01").partition("これからの納期限と額")[2]
    assert before != after
    for term, due in ((5, "令和8年11月30日"), (8, "令和9年3月1日")):
        assert f"第{term}期{due}{before[term]:,}円{after[term]:,}円" in text
    # due already, and as it was
    assert "第1期" not in text
    assert "銀行やコンビニエンスストア" in text


def test_two_reliefs_of_a_year_are_told_in_the_order_of_their_decisions(tmp_path: Path) -> None:
    town()
    billed()
    levied = total()
    relieve(3_000, date(2026, 9, 1))
    bill_again(OCTOBER)
    relieve(2_000, date(2026, 11, 1))
    bill_again(NOVEMBER)
    done = run(tmp_path, "relief", issued_on=NOVEMBER, per_file=1)
    assert (done.counts["papers"], done.counts["amount"]) == (2, 5_000)
    first, second = ("".join(text_of(tmp_path / "out" / f"relief-000{n}.pdf")) for n in (1, 2))
    assert told(levied, 3_000) in first
    assert told(levied - 3_000, 2_000) in second
    assert second.count("第8期") == first.count("第8期") == 1


def test_of_two_reliefs_in_one_bill_the_last_decided_tells_the_terms(tmp_path: Path) -> None:
    town()
    billed()
    levied = total()
    relieve(2_000, date(2026, 11, 1), date(2026, 9, 20))
    relieve(3_000, date(2026, 9, 1), date(2026, 9, 10))
    # the later start was recorded first; the register keeps both, and the day of decision orders
    relieve(2_000, date(2026, 11, 1), date(2026, 9, 20))
    bill_again(OCTOBER)
    assert total() == levied - 5_000
    run(tmp_path, "relief", issued_on=OCTOBER)
    pages = text_of(tmp_path / "out" / "relief-0001.pdf")
    first, second = (
        next(page for page in pages if told(before, yen) in page)
        for before, yen in ((levied, 3_000), (levied - 3_000, 2_000))
    )
    assert "別の減免の通知に書いてあります" in first
    assert "第8期" not in first
    assert "第8期" in second


def test_one_decision_is_printed_once_though_a_later_one_cuts_it_short(tmp_path: Path) -> None:
    town()
    billed()
    relieve(3_000, date(2026, 9, 1))
    bill_again(OCTOBER)
    run(tmp_path, "relief", issued_on=OCTOBER)
    relieve(2_000, date(2026, 11, 1))
    with seeing([INSURER]):
        rows = HouseholdDecision.objects.filter(amount=3_000)
        assert rows.count() == 2
    bill_again(NOVEMBER)
    run(tmp_path, "relief", issued_on=NOVEMBER, name="later")
    assert [(row.amount, row.state) for row in planned()[1:]] == [
        (2_000, "print"), (3_000, "before"),
    ]  # fmt: skip
    again: list[bytes] = []
    print_again(INSURER, printed()[0].pk, office(tmp_path), "試験", again.append)
    assert "(再発行1)" in "".join(text_of(again[0]))


def test_since_is_the_day_of_decision_and_relief_to_come_is_told(tmp_path: Path) -> None:
    town(2)
    billed()
    relieve(3_000, date(2026, 4, 1), date(2026, 9, 28))
    relieve(2_000, date(2027, 1, 1), date(2026, 9, 30), "h02")
    bill_again(OCTOBER)
    done = run(tmp_path, "relief", since=date(2026, 9, 28), issued_on=OCTOBER)
    assert (done.counts["papers"], done.counts["amount"]) == (2, 5_000)
    done = run(tmp_path, "relief", since=date(2026, 9, 29), issued_on=OCTOBER, name="later")
    assert [row.amount for row in planned()[2:]] == [2_000]


def test_relief_that_no_bill_takes_off_yet_waits_and_says_for_what(tmp_path: Path) -> None:
    town(2)
    billed()
    relieve(2_000, date(2027, 1, 1), date(2026, 9, 30))
    relieve(None, date(2026, 9, 1), house="h02", share=500_000)
    run(tmp_path, "relief", issued_on=OCTOBER)
    reasons = {row.state: row.reason for row in planned()}
    assert set(reasons) == {"not_billed", "unfit"}
    assert "from 2027-01-01" in reasons["not_billed"]
    assert "billing.household_exemption" in reasons["unfit"]


def test_a_share_is_told_in_the_yen_that_the_bill_took_off(tmp_path: Path) -> None:
    town(2)
    billed()
    before = total("h02")
    rule = {"share_of": "annual", "unit": 100, "mode": "floor"}
    own = ordinance(prepayment={"adopted": False}, billing={"household_exemption": rule})
    assess_changes(INSURER, [own], actor="試験")
    relieve(3_000, date(2026, 9, 1))
    relieve(None, date(2026, 9, 1), house="h02", share=500_000)
    bill_again(OCTOBER)
    taken = before // 2 // 100 * 100
    assert total("h02") == before - taken
    done = run(tmp_path, "relief", issued_on=OCTOBER)
    assert (done.counts["papers"], done.counts["amount"]) == (2, 3_000 + taken)
    assert [row.state for row in planned()] == ["print", "print"]
    assert told(before, taken) in "".join(text_of(tmp_path / "out" / "relief-0001.pdf"))


def test_a_refusal_is_told_with_its_reason_and_the_bill_that_stands(tmp_path: Path) -> None:
    town()
    billed()
    act = Act(0, "exemption", OCTOBER, "h01", actor="試験", code="refused",
              text="要件に当たらないため")  # fmt: skip
    record(INSURER, [act], today=OCTOBER)
    text = one(tmp_path, "relief", OCTOBER, household="h01")
    assert "減免不承認通知書" in text
    assert "要件に当たらないため" in text
    assert f"減免前の額{total():,}円" in text
    assert "これからの納期限と額" not in text


def test_a_first_bill_with_relief_in_it_is_notified_with_what_is_taken_off(tmp_path: Path) -> None:
    town()
    relieve(3_000, date(2026, 4, 1))
    billed()
    text = one(tmp_path, "levy", fiscal_year=2026, household="h01")
    assert f"減免する額△3,000円合計{total():,}円" in text
    text = one(tmp_path, "relief", household="h01")
    assert told(total() + 3_000, 3_000) in text
    assert "第1期令和8年7月31日" in text


def test_a_change_by_relief_alone_is_told_by_its_notice_and_a_later_one_with_it(
    tmp_path: Path,
) -> None:
    town()
    billed()
    relieve(3_000, date(2026, 9, 1))
    bill_again(OCTOBER)
    since = date(2026, 1, 1)
    run(tmp_path, "change", since=since, issued_on=OCTOBER)
    assert [row.state for row in planned()] == ["exempted"]
    with telling() as told_:
        told_.lost("p01", date(2026, 12, 1))
    december = date(2026, 12, 5)
    run_changes(december)
    bill_again(december)
    run(tmp_path, "change", since=since, issued_on=december, name="later")
    assert [row.state for row in planned()[1:]] == ["print", "exempted"]
    text = "".join(text_of(tmp_path / "out" / "change-0001.pdf"))
    assert "減免する額△3,000円△3,000円0円" in text


def test_what_was_paid_beyond_the_new_terms_is_told(tmp_path: Path) -> None:
    town()
    billed()
    receipts(tmp_path, beyond=700)
    relieve(3_000, date(2026, 9, 1))
    bill_again(OCTOBER)
    text = one(tmp_path, "relief", OCTOBER, household="h01")
    assert "払いすぎた額が700円あります" in text
