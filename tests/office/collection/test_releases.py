"""Money in suspense leaves it once, by a person's word."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.base.errors import InputError, LedgerError
from kokuho.office.collection import suspense
from kokuho.office.collection.releases import Release, ReleasedMeanwhileError, decide
from kokuho.office.ledger import acts
from kokuho.office.tenancy import seeing
from tests.collection.agent import store_file
from tests.office.collection.test_round_trip import counter, received, sent
from tests.office.collection.town import amount, demand_number, house, in_suspense, open_town, owed
from tests.office.conftest import INSURER

pytestmark = pytest.mark.usefixtures("store")

ON = date(2026, 8, 6)


def hold() -> list[suspense.Held]:
    """Of households 1 to 3: 9,000 yen of the second, and a payment of nobody."""
    open_town(3, debited=3)
    sent()
    received(store_file([counter(2, 9_000), counter(77)]))
    with seeing([INSURER]):
        return suspense.held(INSURER)


def let_go(
    source: str, action: str = "release", demand: str | None = None, who: str = "係 一号"
) -> None:
    with seeing([INSURER], writing=True):
        decide(INSURER, source, action=action, demand_id=demand, reason="本人に確認", person=who,
               decided_on=ON)  # fmt: skip


def test_a_release_pays_the_demand_and_the_second_clerk_is_told_who_was_first() -> None:
    partial, unknown = hold()
    if partial.why != "partial":
        partial, unknown = unknown, partial
    let_go(partial.source, demand=demand_number(2))
    assert owed()[house(2)] == amount(2) - 9_000
    with pytest.raises(ReleasedMeanwhileError, match="係 一号"):
        let_go(partial.source, "return", who="係 二号")
    let_go(unknown.source, "return")
    assert in_suspense() == 0
    with seeing([INSURER]):
        assert suspense.held(INSURER) == []
        gone = suspense.one(INSURER, partial.pk)
        assert gone is not None
        assert gone.released is not None
        assert gone.released.demand_id == demand_number(2)


def test_what_the_ledger_refuses_leaves_no_decision() -> None:
    held = hold()
    for demand, error in ((None, InputError), ("9999/2026/2026/ordinary/1", LedgerError)):
        with pytest.raises(error):
            let_go(held[0].source, demand=demand)
    with pytest.raises(LedgerError):
        let_go("no such receipt", "return")
    with seeing([INSURER]):
        assert not Release.objects.exists()
        assert len(suspense.held(INSURER)) == 2


def test_money_that_the_ledgers_own_command_let_go_cannot_be_let_go_again() -> None:
    held = hold()
    acts.release_held(INSURER, held[0].source, demand_number(3), posted_on=ON, actor="試験")
    with pytest.raises(LedgerError):
        let_go(held[0].source, "return")
    with seeing([INSURER]):
        assert len(suspense.held(INSURER)) == 1
