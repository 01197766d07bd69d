"""The papers of arrears, of refunds and of the counter: from which figures each is made."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kokuho.arrears import Act, LetterRule, Promise
from kokuho.base.errors import ArrearsError, InputError
from kokuho.office.arrears import demanding
from kokuho.office.arrears.recording import acts_of, record
from kokuho.office.arrears.reminding import remind
from kokuho.office.household.glance import View
from kokuho.office.ledger.acts import appropriate_all
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.ledger.models import Entry
from kokuho.office.printing.desk import choices
from kokuho.office.printing.lists import printed as listed
from kokuho.office.printing.page import papers
from kokuho.office.printing.serving import serve
from kokuho.office.printing.single import print_again
from kokuho.office.register.models import Household
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer
from tests.office.printing.test_kinds import demand_of, one, post, receipts
from tests.office.printing.town import (
    billed,
    household,
    office,
    planned,
    printed,
    run,
    telling,
    text_of,
)

SENT = date(2026, 10, 1)
"""The terms of July and August are overdue, and reminded of; that of September is not."""


@pytest.fixture(autouse=True)
def _insurer(sqlite: Store) -> None:
    add_insurer()


def act(kind: str, house: str, day: date, **more: Any) -> Act:
    return record(INSURER, [Act(0, kind, day, house, actor="試験", **more)], today=SENT)[0]


def reminded(*languages: str) -> None:
    """Households with two overdue terms each, that were reminded of."""
    with telling() as told:
        for number, language in enumerate(languages, 1):
            household(told, number, language=language)
    billed()
    post()
    remind(INSURER, date(2026, 9, 5), date(2026, 9, 20), actor="試験")


def demanded(rule: LetterRule | None = None) -> dict[str, int]:
    done = demanding.demand(INSURER, SENT, date(2026, 10, 20), rule or LetterRule(30), actor="試験")
    return dict(done.counts)


def receivable(*demands: str) -> int:
    with seeing([INSURER]):
        rows = Entry.objects.filter(account="receivable", demand_id__in=demands)
        return sum(rows.values_list("amount", flat=True))


def test_a_letter_of_demand_lists_what_the_ledger_says_and_is_a_contact(tmp_path: Path) -> None:
    reminded("vi", "")
    assert demanded()["households"] == 2
    done = run(tmp_path, "demand", run=SENT.isoformat(), issued_on=SENT)
    assert done.counts["papers"] == 2
    text = "".join(text_of(tmp_path / "out" / "demand-0001.pdf"))
    assert "催告書" in text
    assert "令和8年10月20日" in text
    assert [paper.languages for paper in printed()] == ["ja vi", "ja"]
    with seeing([INSURER]):
        acts = acts_of(INSURER, ["h01", "h02"])
    for row, paper in zip(planned(), printed(), strict=True):
        letter, contact = acts[paper.household.household_number][-2:]
        assert (letter.kind, contact.kind, contact.code) == ("demand_letter", "contact", "letter")
        assert row.amount == receivable(*letter.demands)
        assert f"{row.amount:,}円" in text
    # asked again for the day, nobody is called for twice
    assert demanded()["households"] == 2
    assert len(acts_of_kind("demand_letter")) == 2
    with pytest.raises(InputError, match="no run of demands"):
        run(tmp_path, "demand", run="2026-01-01", name="none", issued_on=SENT)


def test_the_pages_offer_the_runs_that_were_made_of_each_kind() -> None:
    reminded("")
    demanded()
    with seeing([INSURER]):
        assert choices(INSURER, "demand") == [SENT.isoformat()]
        assert choices(INSURER, "reminder") == ["2026-09-05"]
        assert choices(INSURER, "levy") == []


def acts_of_kind(kind: str) -> list[Act]:
    with seeing([INSURER]):
        return [one for some in acts_of(INSURER).values() for one in some if one.kind == kind]


def test_who_keeps_an_agreement_or_is_deferred_gets_no_letter_of_demand() -> None:
    reminded("", "", "")
    own = {house: demand_of(house) for house in ("h01", "h02")}
    act("agreement", "h01", date(2026, 9, 25), demands=(own["h01"],),
        plan=(Promise(date(2026, 12, 25), 1_000),))  # fmt: skip
    act("deferral", "h02", date(2026, 9, 25), demands=(own["h02"],), until=date(2026, 12, 1),
        code="collection_hardship")  # fmt: skip
    with seeing([INSURER]):
        letters, left = demanding.due(INSURER, SENT, LetterRule(60))
    assert [one.household for one in letters] == ["h03"]
    assert {(one.household, one.why) for one in left if one.demand in own.values()} == {
        ("h01", "agreed"), ("h02", "deferred"),
    }  # fmt: skip
    # the term of August is overdue for less than 60 days, and none reminded of that of September
    assert {one.why for one in left} == {"agreed", "deferred", "early", "not_reminded"}


def test_a_letter_needs_a_rule_and_a_later_day() -> None:
    reminded("")
    with seeing([INSURER]), pytest.raises(ArrearsError, match="--days"):
        demanding.rule_on(INSURER, SENT)
    with seeing([INSURER]):
        assert demanding.rule_on(INSURER, SENT, 30, 60) == LetterRule(30, 60)
    with pytest.raises(ArrearsError, match="later day"):
        demanding.demand(INSURER, SENT, SENT, LetterRule(30), actor="試験")


def test_an_agreement_bears_the_plan_and_the_debt_of_the_ledger(tmp_path: Path) -> None:
    reminded("")
    demand = demand_of("h01")
    rest = receivable(demand) - 4_321
    act("agreement", "h01", date(2026, 9, 25), demands=(demand,), text="失業のため",
        plan=(Promise(date(2026, 12, 25), 4_321), Promise(date(2027, 1, 25), rest)))  # fmt: skip
    text = one(tmp_path, "agreement", SENT, household="h01")
    assert "分納誓約書" in text
    assert "4,321円" in text
    assert "失業のため" in text
    assert printed()[0].amount == receivable(demand)


def test_a_plan_that_is_less_than_is_owed_is_printed_once_somebody_confirmed_it(
    tmp_path: Path,
) -> None:
    reminded("")
    demand = demand_of("h01")
    plan = (Promise(date(2026, 12, 25), 1_000),)
    short = act("agreement", "h01", date(2026, 9, 25), demands=(demand,), plan=plan)
    run(tmp_path, "agreement", issued_on=SENT)
    (left,) = planned()
    assert left.state == "short"
    assert "promised are 1,000 yen" in left.reason
    assert f"owed {receivable(demand):,} yen" in left.reason
    with pytest.raises(ArrearsError, match="1,000 yen"):
        act("agreement", "h01", date(2026, 9, 25), demands=(demand,), plan=plan, amount=999)
    act("withdrawal", "h01", date(2026, 9, 25), refers=short.number, text="一部の誓約")
    act("agreement", "h01", date(2026, 9, 25), demands=(demand,), plan=plan, amount=1_000)
    assert "1,000円" in one(tmp_path, "agreement", SENT, household="h01")


def test_an_agreement_is_not_printed_once_something_was_paid_on_it(tmp_path: Path) -> None:
    reminded("")
    demand = demand_of("h01")
    owed = receivable(demand)
    act("agreement", "h01", date(2026, 9, 25), demands=(demand,),
        plan=(Promise(date(2026, 12, 25), owed),))  # fmt: skip
    path = tmp_path / "receipts.csv"
    path.write_text(
        "insurer_code,reference,received_on,amount,household_id,fiscal_year,term\n"
        f"{INSURER},R9,2026-09-28,500,h01,2026,1\n",
        "utf-8",
    )
    import_receipts(path, posted_on=date(2026, 9, 28), actor="試験")
    run(tmp_path, "agreement", issued_on=date(2026, 9, 30))
    (left,) = planned()
    assert left.state == "other_amount"
    assert f"owed {owed:,} yen when it was made, {owed - 500:,} yen now" in left.reason


@pytest.mark.parametrize("kind", ["agreement", "deferral"])
def test_a_letter_recorded_before_an_agreement_or_deferral_is_held_back(
    tmp_path: Path, kind: str
) -> None:
    reminded("", "")
    assert demanded()["households"] == 2
    demand = demand_of("h01")
    more: dict[str, Any] = {"until": date(2026, 12, 1), "code": "collection_hardship"}
    if kind == "agreement":
        more = {"plan": (Promise(date(2026, 12, 25), receivable(demand)),)}
    act(kind, "h01", SENT, demands=(demand,), **more)
    done = run(tmp_path, "demand", run=SENT.isoformat(), issued_on=SENT)
    assert done.counts["papers"] == 1
    held = planned()[-1]
    assert (held.state, held.household.household_number) == ("spared", "h01")
    assert held.reason.endswith(": 1 of 2 demands")


def test_an_appropriation_tells_where_the_money_went(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
    billed()
    receipts(tmp_path, beyond=700)
    day = date(2026, 9, 1)
    appropriate_all(INSURER, posted_on=day, actor="試験")
    done = run(tmp_path, "appropriation", since=day, issued_on=day)
    assert (done.counts["papers"], done.counts["amount"]) == (1, 700)
    text = "".join(text_of(tmp_path / "out" / "appropriation-0001.pdf"))
    assert "充当した額700円" in text
    assert "第1期令和8年7月31日700円" in text
    assert "第2期令和8年8月31日700円" in text
    again: list[bytes] = []
    print_again(INSURER, printed()[0].pk, office(tmp_path), "試験", again.append)
    assert "(再発行1)" in "".join(text_of(again[0]))


def test_a_certificate_says_what_is_paid_and_what_is_owed_on_the_day(tmp_path: Path) -> None:
    reminded("", "")
    text = one(tmp_path, "certificate", SENT, household="h01")
    assert "納付証明書" in text
    assert "納期限を過ぎて納付されていない額があります" in text
    with seeing([INSURER]):
        rows = Entry.objects.filter(account="receivable", household_id="h01")
        owed = sum(rows.values_list("amount", flat=True))
    assert printed()[0].amount == owed
    with pytest.raises(InputError, match="print one"):
        run(tmp_path, "certificate", issued_on=SENT)


def test_the_leaflets_are_sent_by_the_slots_of_the_office(tmp_path: Path) -> None:
    reminded("ne")
    with pytest.raises(InputError, match="weeks_before"):
        one(tmp_path, "return_home", SENT, household="h01")
    slots = office(tmp_path, "weeks_before: 3\nnotice_month: 7\n")
    done = run(tmp_path, "enrolment", since=date(2020, 1, 1), issued_on=SENT, office=slots)
    assert done.counts["papers"] == 1
    text = "".join(text_of(tmp_path / "out" / "enrolment-0001.pdf"))
    assert "14日以内" in text
    assert "架空p01様" in text
    with pytest.raises(InputError, match="--since"):
        run(tmp_path, "enrolment", name="other", issued_on=SENT, office=slots)


def test_papers_go_to_the_sending_address_until_its_last_day(tmp_path: Path) -> None:
    reminded("")
    act("sending_address", "h01", date(2026, 9, 10), text="〒999-0077 架空県送付市1-1 架空方",
        until=date(2026, 11, 30))  # fmt: skip
    text = one(tmp_path, "certificate", SENT, household="h01")
    assert "999-0077" in text
    assert "架空県送付市1-1架空方" in text
    text = one(tmp_path, "certificate", date(2026, 12, 5), household="h01")
    assert "架空県送付市" not in text


def test_whose_mail_came_back_is_left_out_of_a_batch_until_somebody_answers(
    tmp_path: Path,
) -> None:
    reminded("", "")
    act("returned_mail", "h01", date(2026, 9, 12), code="reminder")
    act("public_notice", "h01", date(2026, 9, 20), code="reminder")
    done = run(tmp_path, "reminder", run="2026-09-05", issued_on=SENT)
    assert done.counts["papers"] == 1
    left = planned()[-1]
    assert left.state == "returned"
    assert "令和8年9月12日" in left.reason
    assert "令和8年9月20日" in left.reason
    act("consultation", "h01", date(2026, 9, 28), code="counter")
    done = run(tmp_path, "reminder", run="2026-09-05", issued_on=SENT, name="later")
    assert done.counts["papers"] == 1


def test_the_day_of_service_is_recorded_and_listed(tmp_path: Path) -> None:
    reminded("")
    one(tmp_path, "certificate", SENT, household="h01")
    number = printed()[0].pk
    assert serve(INSURER, [number], "", SENT, "mail", "試験") == (1, SENT)
    # of a public notice the law makes the day: seven days, the first one counted
    count, day = serve(INSURER, [number], "", SENT, "public_notice", "試験")
    assert (count, day) == (1, date(2026, 10, 8))
    with seeing([INSURER]):
        assert listed(INSURER)[0]["served_on"] == "2026-10-08"
        house, day = Household.objects.get(household_number="h01"), date(2026, 11, 30)
        (shown,) = papers(house, View(day, date(2099, 1, 1), day))
        assert (shown.printed.kind, shown.served_on) == ("certificate", date(2026, 10, 8))
    with pytest.raises(InputError, match="was issued on"):
        serve(INSURER, [number], "", date(2026, 9, 1), "mail", "試験")
    with pytest.raises(InputError, match="no such printed"):
        serve(INSURER, [number + 1], "", SENT, "mail", "試験")
    with pytest.raises(InputError, match="none of"):
        serve(INSURER, [number], "", SENT, "pigeon", "試験")
    with pytest.raises(InputError, match="to come"):
        serve(INSURER, [number], "", date(2099, 1, 1), "mail", "試験")
