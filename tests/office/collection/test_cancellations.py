"""A final payment that the agent cancels waits for a person: reversed, held, or left as it is."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.base.errors import InputError
from kokuho.office.collection import suspense
from kokuho.office.collection.cancellations import Cancellation, settle, waiting
from kokuho.office.collection.releases import decide
from kokuho.office.ledger.models import Entry
from kokuho.office.tenancy import seeing
from tests.collection.agent import store_file
from tests.office.collection.test_round_trip import counter, outcomes, received, sent
from tests.office.collection.town import amount, demand_number, house, in_suspense, open_town, owed
from tests.office.conftest import INSURER

pytestmark = pytest.mark.usefixtures("store")

ON = date(2026, 8, 6)


def cancelled(*numbers: int, **more: int) -> list[int]:
    """Payments that are final in one file and cancelled in the next; the numbers of the list."""
    open_town(4, debited=4)
    sent()
    received(store_file([counter(number, **more) for number in numbers]))
    late = [counter(number, stage="03", **more) for number in numbers]
    taken = received(store_file(late, sequence=2), name="later.txt")
    assert taken.late == len(numbers)
    with seeing([INSURER]):
        return [one.cancelled.pk for one in waiting(INSURER)]


def decided(number: int, action: str, reason: str = "収納代行に確認") -> None:
    settle(INSURER, number, action=action, reason=reason, person="係 一号", decided_on=ON)


def left() -> int:
    with seeing([INSURER]):
        return len(waiting(INSURER))


def test_until_a_person_decides_the_posting_stays_and_then_it_is_reversed_once() -> None:
    first, second = cancelled(1, 2)
    assert (owed()[house(1)], owed()[house(2)]) == (0, 0)
    decided(first, "reverse")
    assert (owed()[house(1)], owed()[house(2)], in_suspense()) == (amount(1), 0, 0)
    with pytest.raises(InputError):
        decided(first, "keep")
    decided(second, "keep")
    assert (owed()[house(2)], left()) == (0, 0)
    with seeing([INSURER]):
        rows = Cancellation.objects.order_by("pk").values_list("action", "person", "reason")
        assert list(rows) == [
            ("reverse", "係 一号", "収納代行に確認"), ("keep", "係 一号", "収納代行に確認"),
        ]  # fmt: skip
        assert Entry.objects.filter(reverses__isnull=False).values("number").distinct().count() == 1


def test_money_that_is_not_clear_is_held_with_the_reason_and_may_be_released() -> None:
    (number,) = cancelled(1)
    decided(number, "suspend")
    assert (owed()[house(1)], in_suspense()) == (amount(1), amount(1))
    with seeing([INSURER]):
        (line,) = suspense.held(INSURER)
    assert (line.why, line.demand_id, line.file) == (
        "after_final", demand_number(1), "store.txt",
    )  # fmt: skip
    with seeing([INSURER], writing=True):
        decide(INSURER, line.source, action="release", demand_id=demand_number(1),
               reason="入金を確認", person="係 二号", decided_on=ON)  # fmt: skip
    assert (owed()[house(1)], in_suspense()) == (0, 0)


def test_money_in_suspense_is_not_let_go_while_a_cancellation_waits() -> None:
    (number,) = cancelled(2, yen=9_000)
    with seeing([INSURER], writing=True):
        (line,) = suspense.held(INSURER)
        with pytest.raises(InputError):
            decide(INSURER, line.source, action="return", demand_id=None, reason="返還",
                   person="係 二号", decided_on=ON)  # fmt: skip
    decided(number, "reverse")
    assert (in_suspense(), owed()[house(2)]) == (0, amount(2))


def test_money_that_was_released_before_is_reversed_with_its_release() -> None:
    open_town(3, debited=3)
    sent()
    received(store_file([counter(2, 9_000)]))
    with seeing([INSURER], writing=True):
        (line,) = suspense.held(INSURER)
        decide(INSURER, line.source, action="release", demand_id=demand_number(2), reason="確認",
               person="係 二号", decided_on=ON)  # fmt: skip
    received(store_file([counter(2, 9_000, stage="03")], sequence=2), name="later.txt")
    with seeing([INSURER]):
        (one,) = waiting(INSURER)
    assert owed()[house(2)] == amount(2) - 9_000
    decided(one.cancelled.pk, "reverse")
    assert (in_suspense(), owed()[house(2)]) == (0, amount(2))


def test_nothing_is_recorded_of_a_decision_that_cannot_be_carried_out() -> None:
    open_town(3, debited=3)
    sent()
    received(store_file([counter(77)]))
    with seeing([INSURER], writing=True):
        (line,) = suspense.held(INSURER)
        decide(INSURER, line.source, action="return", demand_id=None, reason="返還",
               person="係 二号", decided_on=ON)  # fmt: skip
    received(store_file([counter(77, stage="03")], sequence=2), name="later.txt")
    with seeing([INSURER]):
        (one,) = waiting(INSURER)
    for action, reason in (("reverse", "確認"), ("lose", "確認"), ("keep", " ")):
        with pytest.raises(InputError):
            decided(one.cancelled.pk, action, reason)
    assert left() == 1
    decided(one.cancelled.pk, "keep")
    assert left() == 0


def test_what_is_final_after_it_was_cancelled_is_held_for_a_person() -> None:
    open_town(2, debited=2)
    sent()
    received(store_file([counter(1, stage="01")]))
    received(store_file([counter(1, stage="03")], sequence=2), name="b.txt")
    taken = received(store_file([counter(1)], sequence=3), name="c.txt")
    assert outcomes(taken) == {"unknown": (1, amount(1))}
    with seeing([INSURER]):
        (line,) = suspense.held(INSURER)
    assert (line.why, owed()[house(1)]) == ("after_cancelled", amount(1))
