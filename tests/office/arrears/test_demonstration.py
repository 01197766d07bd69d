"""What the demonstration records: by the functions of the office, never in the future."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kokuho.arrears import KINDS
from kokuho.office.arrears.act import ActRow
from kokuho.office.arrears.demonstration import _plan, demonstrate
from kokuho.office.arrears.standing import read
from kokuho.office.ledger.verifying import verify
from kokuho.office.register.models import ResidenceCard
from kokuho.office.store.recording import record as keep
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import LONG_AGO, SINCE, TODAY
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import bill, open_office, post
from tests.office.people import add_household, add_resident, moment

pytestmark = pytest.mark.usefixtures("store")

BY_RUNS_ALONE = {"write_off", "withdrawal", "distribution_ended", "special_benefit_ended"}
"""Kinds that no story has: decided or ended by a person who tries the demonstration."""


@pytest.fixture(autouse=True)
def _town(store: Store) -> None:
    """Thirty households with two old demands each; the last six have a foreign head."""
    open_office()
    numbers = [f"{100 + n}" for n in range(30)]
    with seeing([INSURER], writing=True):
        when = moment(INSURER, LONG_AGO)
        for number in numbers:
            nationality = "NPL" if number >= "124" else "JPN"
            head = add_resident(f"9{number}", when, since=SINCE, nationality=nationality)
            add_household(number, when, head, since=SINCE)
            if nationality == "NPL":
                card = ResidenceCard(
                    resident=head, valid_from=SINCE, number="XX00000000XX",
                    expires_on=date(2029, 1, 1),
                )  # fmt: skip
                keep(when, [card])
    dues = (date(2025, 7, 31), date(2025, 9, 1))
    demands = [
        bill(number, term, 120_000, due=due)
        for number in numbers
        for term, due in enumerate(dues, 1)
    ]
    post(demands, on=date(2026, 4, 10))


def kinds() -> set[str]:
    with seeing([INSURER]):
        return set(ActRow.objects.values_list("kind", flat=True))


def test_every_kind_of_act_happens_and_the_states_are_as_various(tmp_path: Path) -> None:
    told: list[str] = []
    demonstrate(tmp_path, INSURER, 2025, TODAY, told.append)
    assert kinds() == set(KINDS) - BY_RUNS_ALONE
    with seeing([INSURER]):
        found = read(INSURER, TODAY)
        states = {house.state for house in found.households}
        reasons = {reason.code for item in found.work for reason in item.reasons}
        assert verify(INSURER) == []
    assert states >= {"suspended", "deferred", "agreed_kept", "agreed_missed", "consulting",
                      "seized", "reminded"}  # fmt: skip
    assert reasons >= {"mail", "promise", "card", "seizure", "agreed", "held"}
    assert told[0] == "督促 30世帯"


@pytest.mark.parametrize("days", [0, 40, 90])
def test_nothing_lies_after_the_day_that_it_has_come_to(tmp_path: Path, days: int) -> None:
    until = date(2026, 6, 10) + timedelta(days=days)
    demonstrate(tmp_path, INSURER, 2025, until, lambda line: None)
    with seeing([INSURER]):
        assert max(ActRow.objects.values_list("day", flat=True)) <= until
        assert max(ActRow.objects.values_list("recorded_on", flat=True)) <= until
        assert verify(INSURER) == []


def test_before_the_reminders_there_is_nothing(tmp_path: Path) -> None:
    demonstrate(tmp_path, INSURER, 2025, date(2026, 6, 9), lambda line: None)
    assert kinds() == set()


@pytest.mark.parametrize(("owed", "parts"), [(241_800, 12), (9_800, 6), (5, 12)])
def test_an_agreement_is_over_all_that_is_owed(owed: int, parts: int) -> None:
    plan = _plan(SINCE, owed, parts)
    assert sum(one.amount for one in plan) == owed
    assert all(one.amount > 0 and one.due > SINCE for one in plan)
    assert _plan(SINCE, owed, 0) == ()
