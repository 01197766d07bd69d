"""Random histories of acts, payments and reminders, on both databases: what is said on any day."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kokuho.arrears import KINDS, Act, Promise, standing
from kokuho.base.errors import ArrearsError
from kokuho.office.arrears.recording import acts_of, record
from kokuho.office.arrears.reminding import remind
from kokuho.office.arrears.standing import Arrears, read
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER, TODAY, name, open_town, pay
from tests.office.conftest import Store

pytestmark = pytest.mark.usefixtures("store")

EVENTS = 25
HOUSES = ("77", "78", "79", "80")


def some_act(dice: random.Random, house: str, day: date, known: list[Act]) -> Act:
    """An act of any kind, right or wrong."""
    kind = dice.choice([name for name in KINDS if name not in ("reminder", "write_off")])
    needs = KINDS[kind]
    more: dict[str, Any] = {}
    if needs.demands == "required":
        more["demands"] = tuple(
            name(house, term) for term in dice.sample((1, 2, 3), dice.randint(1, 3))
        )
    if needs.codes:
        more["code"] = dice.choice(sorted(needs.codes))
    if needs.until == "required":
        more["until"] = day + timedelta(days=dice.randint(-5, 500))
    if needs.plan:
        more["plan"] = (Promise(day + timedelta(days=dice.randint(-3, 60)), 5_000),)
    if needs.ends or kind == "withdrawal":
        more["refers"] = dice.choice([act.number for act in known] or [0])
    if needs.amount == "required":
        more["amount"] = 1_000
    return Act(0, kind, day, house, text="試験", actor="試験", **more)


@pytest.mark.parametrize("seed", range(3))
def test_any_history_is_kept_and_says_the_same_of_a_past_day_for_ever(
    seed: int, tmp_path: Path, store: Store
) -> None:
    dice = random.Random(seed)
    open_town()
    day = date(2026, 8, 1)
    kept: dict[str, list[Act]] = {house: [] for house in HOUSES}
    said: dict[date, Any] = {}
    refused = 0
    for _event in range(EVENTS):
        day = min(day + timedelta(days=dice.randint(1, 6)), TODAY)
        house = dice.choice(HOUSES)
        match dice.choice(["act", "act", "act", "pay", "remind"]):
            case "act":
                try:
                    kept[house] += record(
                        INSURER, [some_act(dice, house, day, kept[house])], today=day
                    )
                except ArrearsError:
                    refused += 1
            case "pay":
                pay(tmp_path, day, (house, dice.randint(1, 3), dice.randint(1, 12_000)))
            case _:
                remind(INSURER, day, day + timedelta(days=10), actor="試験")
        with seeing([INSURER]):
            assert verify(INSURER) == []
            said[day] = summary(read(INSURER, day))
        day += timedelta(days=1)
        if day >= TODAY:
            break
    assert refused
    with seeing([INSURER]):
        stored = acts_of(INSURER)
        for house, acts in kept.items():
            own = [act for act in stored.get(house, ()) if act.kind != "reminder"]
            assert own == acts
            once = [
                demand
                for act in standing(stored.get(house, ()))
                if act.kind == "reminder"
                for demand in act.demands
            ]
            assert len(once) == len(set(once)), f"seed {seed}: reminded twice"
        for past, before in said.items():
            assert summary(read(INSURER, past)) == before, f"seed {seed}, {past}"


def summary(found: Arrears) -> Any:
    """What the room says of a day."""
    return (
        found.owed.rows(),
        [(item.household.number, item.owed, item.reasons) for item in found.work],
        [(house.number, house.state, found.prescriptions(house)) for house in found.households],
        found.reminders,
    )
