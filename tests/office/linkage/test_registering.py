"""Registration: the first load, differences, what goes at once, and that nothing is done twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.linkage.approval import Limits
from kokuho.linkage.messages.refusals import words_of
from kokuho.office.linkage import copies, limits, registering
from kokuho.office.linkage.approving import approve, reject
from kokuho.office.linkage.making import prepare
from kokuho.office.linkage.reconciling import reconcile
from kokuho.office.linkage.sending import results
from kokuho.office.linkage.status import batches, history, unanswered
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER, pay, told
from tests.office.conftest import Store
from tests.office.linkage.city import (
    EVENING,
    LINK,
    TODAY,
    both_approve,
    deliver,
    first_load,
    look,
    officer,
    open_city,
)
from tests.office.linkage.other_side import PARTY, OtherSide

TOMORROW = EVENING + timedelta(days=1)


@pytest.fixture(autouse=True)
def _city(store: Store) -> None:
    open_city()


@pytest.fixture
def there() -> OtherSide:
    return OtherSide()


def overdue(there: OtherSide) -> dict[str, int]:
    """What each person of the town stands with as overdue, less what has arrived."""
    found: dict[str, int] = {}
    for one in there.standing().values():
        yen = int(one.fields["overdue"] or 0) - int(one.fields["reported"] or 0)
        found[one.person] = found.get(one.person, 0) + yen
    return found


def allow(records: int = 50, percent: int = 60) -> None:
    number = limits.propose(INSURER, Limits(records, percent, 5), "起案者")
    for name in ("kakari", "kacho"):
        limits.approve(INSURER, number, name)


def test_the_first_load_waits_for_two_different_persons(there: OtherSide) -> None:
    found = look()
    # four debtors and two insured heads, three terms each
    assert (len(found.others), found.reasons) == (18, ("first",))
    assert deliver(there).parts == 0
    assert not approve(INSURER, found.ordinary, officer("kakari"))
    with pytest.raises(LinkageError, match="kakari"):
        approve(INSURER, found.ordinary, officer("kakari"))
    assert deliver(there).parts == 0
    assert approve(INSURER, found.ordinary, officer("kacho"))
    sent = deliver(there)
    assert (sent.parts, sent.answered, sent.taken) == (1, 1, 18)
    assert overdue(there)["77 の世帯主"] == 90_000
    assert overdue(there)["1077"] == 90_000


def test_a_dry_run_writes_nothing() -> None:
    found = look(dry_run=True)
    assert (len(found.others), found.ordinary) == (18, 0)
    with seeing([INSURER]):
        assert batches(INSURER) == []


def test_the_same_again_registers_nothing(there: OtherSide) -> None:
    first_load(there)
    again = look(at=EVENING + timedelta(minutes=5))
    assert (again.urgent, again.ordinary, again.at_once, again.others) == (0, 0, [], [])


def test_a_payment_takes_the_arrears_off_without_any_approval(
    there: OtherSide, tmp_path: Path
) -> None:
    first_load(there)
    pay(tmp_path, TODAY, ("77", 1, 30_000))
    found = look(at=EVENING, only_touched=True)
    assert [one.record.term for one in found.at_once] == [1, 1]
    assert (found.others, found.ordinary) == ([], 0)
    assert deliver(there).taken == 2
    assert overdue(there)["77 の世帯主"] == overdue(there)["1077"] == 60_000


def test_what_is_worse_for_a_person_waits_where_no_limits_were_approved(there: OtherSide) -> None:
    first_load(there)
    # a consultation is no relief, and no harm: an ordinary change of its household
    told("consultation", "78", date(2026, 11, 20), code="counter")
    found = look(only_touched=True)
    assert (found.at_once, len(found.others), found.reasons) == ([], 6, ("no_limits",))
    assert look(at=TOMORROW).held == found.ordinary
    with seeing([INSURER]):
        assert copies.waiting(INSURER) == [found.ordinary]


def test_inside_approved_limits_a_difference_goes_by_itself(there: OtherSide) -> None:
    allow()
    first_load(there)
    told("consultation", "78", date(2026, 11, 20), code="counter")
    assert look().reasons == ()
    assert deliver(there).taken == 6
    allow(records=5)
    told("consultation", "78", date(2026, 11, 21), code="counter")
    assert look().reasons == ("mass",)


def test_limits_hold_only_when_two_persons_approved_them() -> None:
    number = limits.propose(INSURER, Limits(10, 5, 1), "起案者")
    assert not limits.approve(INSURER, number, "kakari")
    with pytest.raises(LinkageError, match="kakari"):
        limits.approve(INSURER, number, "kakari")
    with seeing([INSURER]):
        assert limits.in_force(INSURER) is None
    assert limits.approve(INSURER, number, "kacho")
    with seeing([INSURER]):
        assert limits.in_force(INSURER) == Limits(10, 5, 1)


def test_a_payment_during_the_wait_is_sent_right_after_what_was_approved(
    there: OtherSide, tmp_path: Path
) -> None:
    waiting = look().ordinary
    pay(tmp_path, TODAY, ("77", 1, 30_000))
    # nothing stands on the other side yet: there is nothing to take off
    assert look().urgent == 0
    both_approve(waiting)
    deliver(there)
    assert look().urgent
    deliver(there)
    assert overdue(there)["77 の世帯主"] == 60_000


def test_a_rejected_batch_is_never_sent_and_its_versions_are_not_used_again(
    there: OtherSide,
) -> None:
    first = look().ordinary
    with pytest.raises(LinkageError, match="理由"):
        reject(INSURER, first, officer("kakari"), " ")
    reject(INSURER, first, officer("kakari"), "範囲の誤り")
    second = look()
    assert {one.record.version for one in second.others} == {2}
    both_approve(second.ordinary)
    deliver(there)
    assert {one.version for one in there.copies.values()} == {2}
    with pytest.raises(LinkageError, match="承認待ち"):
        approve(INSURER, first, officer("kacho"))


def test_a_batch_that_waits_is_superseded_on_demand(there: OtherSide) -> None:
    first = look().ordinary
    second = look(anew=True).ordinary
    with seeing([INSURER]):
        assert copies.states(INSURER) == {first: "superseded", second: "waiting"}


def test_a_lost_answer_is_made_up_for_without_doing_anything_twice(there: OtherSide) -> None:
    both_approve(look().ordinary)
    there.lose = 1
    assert deliver(there).failures
    with seeing([INSURER]):
        assert unanswered(INSURER) == [1]
    before = dict(there.copies)
    again = deliver(there)
    assert (again.taken, again.failures) == (18, [])
    assert there.copies == before
    assert deliver(there).parts == 0


def test_resending_a_batch_changes_nothing(there: OtherSide) -> None:
    first_load(there)
    before = dict(there.copies)
    assert deliver(there, again=[1]).parts == 1
    assert there.copies == before
    with pytest.raises(LinkageError, match="9"):
        deliver(there, again=[9])


def test_a_refused_record_leaves_the_others_and_is_made_again(there: OtherSide) -> None:
    there.refuses = lambda one: "unknown_person" if one.person == "1077" else ""
    both_approve(look().ordinary)
    sent = deliver(there)
    assert (sent.taken, len(sent.refused), sent.refused[0][2]) == (15, 3, "unknown_person")
    there.refuses = lambda _one: ""
    found = look()
    assert {(one.record.person, one.record.version) for one in found.others} == {("1077", 2)}


def test_a_message_that_is_refused_whole_is_sent_again_only_on_demand(there: OtherSide) -> None:
    both_approve(look().ordinary)
    there.refuse_all = "unknown_layout"
    assert deliver(there).failures == [f"{INSURER}-000001-0001: {words_of('unknown_layout')}"]
    there.refuse_all = ""
    assert deliver(there).parts == 0
    with seeing([INSURER]):
        assert batches(INSURER, 1)[0].state == "refused"
        assert {one.state for one in history(INSURER, "1077")} == {"refused"}
    assert deliver(there, again=[1]).taken == 18


@pytest.mark.parametrize("code", ["replayed", "stale", "future"])
def test_a_message_that_somebody_repeated_or_held_back_is_sent_anew(
    there: OtherSide, code: str
) -> None:
    both_approve(look().ordinary)
    there.refuse_all = code
    assert deliver(there).failures == [f"{INSURER}-000001-0001: {words_of(code)}"]
    there.refuse_all = ""
    assert (deliver(there).parts, deliver(there).parts) == (1, 0)


def test_what_is_posted_while_books_are_compared_is_found_by_the_next_look(
    there: OtherSide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_load(there)

    def posted_meanwhile(*args: Any) -> Any:
        monkeypatch.setattr(registering, "prepare", prepare)
        pay(tmp_path, TODAY, ("77", 1, 30_000))
        return prepare(*args)

    monkeypatch.setattr(registering, "prepare", posted_meanwhile)
    found = look(at=timezone.now())
    assert (found.urgent, found.ordinary) == (0, 0)
    assert len(look(at=timezone.now(), only_touched=True).at_once) == 2


def test_a_batch_that_another_made_meanwhile_is_never_made_twice(
    there: OtherSide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_load(there)
    pay(tmp_path, TODAY, ("77", 1, 30_000))
    others = []

    def looked_meanwhile(*args: Any) -> Any:
        monkeypatch.setattr(registering, "prepare", prepare)
        others.append(look(at=timezone.now()))
        return prepare(*args)

    monkeypatch.setattr(registering, "prepare", looked_meanwhile)
    found = look(at=timezone.now())
    assert (bool(others[0].urgent), found.urgent) == (True, 0)
    assert deliver(there).taken == 2


def test_where_batches_change_all_the_time_they_wait_in_the_end(
    there: OtherSide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_load(there)
    pay(tmp_path, TODAY, ("77", 1, 30_000))
    looks = 0

    def other_state(_insurer: str) -> tuple[int, ...]:
        nonlocal looks
        looks += 1
        return (looks,)

    monkeypatch.setattr(registering, "_state", other_state)
    assert look(at=timezone.now()).urgent
    assert looks == 2 * registering.ATTEMPTS + 1


def test_a_file_that_is_refused_whole_is_rejected_and_made_again(there: OtherSide) -> None:
    first = look().ordinary
    both_approve(first)
    there.broken = "digest"
    assert deliver(there).failures == [f"{INSURER}-000001-0001: digest"]
    with seeing([INSURER]):
        assert unanswered(INSURER) == [first]
    reject(INSURER, first, officer("kakari"), "読めない")
    there.broken = ""
    both_approve(look().ordinary)
    assert deliver(there).taken == 18
    with pytest.raises(LinkageError, match="承認待ち"):
        reject(INSURER, first, officer("kakari"), "もう一度")


def test_results_that_come_as_files_are_recorded_once(there: OtherSide) -> None:
    there.as_files, there.certificate = True, ""
    both_approve(look().ordinary)
    assert (deliver(there).parts, deliver(there).parts) == (1, 0)
    (name, answer) = next(there.results())
    got = results(INSURER, PARTY, there, actor="夜間")
    assert (got.answered, got.taken, there.put_away) == (1, 18, [name])
    there.waiting = {"again.jws": answer, "broken.jws": answer[:-9] + "AAAAAAAAA"}
    again = results(INSURER, PARTY, there, actor="夜間")
    assert (again.answered, len(again.failures)) == (0, 1)
    assert list(there.waiting) == ["broken.jws"]


def test_whoever_is_no_longer_to_be_registered_is_withdrawn(there: OtherSide) -> None:
    first_load(there)
    debtors_only = LINK.model_copy(update={})
    rule = LINK.policy()
    alone = rule.model_copy(
        update={"versions": (rule.versions[0].model_copy(update={"roles": ("debtor",)}),)}
    )
    object.__setattr__(debtors_only, "policy", lambda: alone)
    from kokuho.office.linkage.registering import register

    found = register(INSURER, debtors_only, actor="夜間", at=TOMORROW)
    assert {(one.nature, one.record.action) for one in found.at_once} == {("withdrawn", "withdraw")}
    deliver(there)
    assert "1077" not in overdue(there)
    # what is withdrawn stands on both sides, as withdrawn
    assert reconcile(INSURER, LINK, PARTY, there, actor="月次").differences == []


def test_reconciliation_finds_what_is_missing_other_or_unknown(there: OtherSide) -> None:
    allow()
    first_load(there)
    assert reconcile(INSURER, LINK, PARTY, there, actor="月次").differences == []
    keys = sorted(there.copies)
    gone = there.copies.pop(keys[0])
    own = there.copies[keys[-1]]
    there.copies[keys[-1]] = type(own)(
        own.municipality, own.person, own.key, own.version, own.action, {**own.fields, "paid": 5}
    )
    fields = {**own.fields, "person": "zz"}
    there.copies["zz"] = type(own)(own.municipality, "zz", "zz", 1, "register", fields)
    found = reconcile(INSURER, LINK, PARTY, there, actor="月次", at_once=2)
    assert sorted(found.differences) == sorted(
        [(gone.person, "different"), (own.person, "different"), ("zz", "extra")]
    )
    deliver(there)
    left = reconcile(INSURER, LINK, PARTY, there, actor="月次")
    assert left.differences == [("zz", "extra")]


def test_the_history_of_a_person_says_what_when_from_which_state_and_by_whom(
    there: OtherSide, tmp_path: Path
) -> None:
    first_load(there)
    pay(tmp_path, TODAY, ("77", 1, 30_000))
    look(only_touched=True)
    deliver(there)
    with seeing([INSURER]):
        lines = [one for one in history(INSURER, "1077") if one.fields["term"] == 1]
    assert [(one.version, one.occasion, one.fields["overdue"]) for one in lines] == [
        (1, "first", 30_000), (2, "urgent", 0),
    ]  # fmt: skip
    assert (lines[0].made_by, lines[0].approved_by) == ("夜間", ("kakari", "kacho"))
    assert lines[1].approved_by == ()
    assert all(one.sent_at and one.answered_at and one.message for one in lines)
    assert {one.state for one in lines} == {"answered"}


def test_an_insurer_without_a_municipality_code_is_told_so() -> None:
    from kokuho.office.register import insurers

    insurers.add(INSURER, "架空市", "架空県", "")
    with pytest.raises(LinkageError, match="市区町村コード"):
        look()


def test_a_deferral_goes_at_once(there: OtherSide) -> None:
    first_load(there)
    told(
        "deferral", "79", date(2026, 11, 20), 1, until=date(2027, 1, 31), code="collection_hardship"
    )
    found = look(only_touched=True)
    assert [one.record.deferral for one in found.at_once] == ["deferred"]
