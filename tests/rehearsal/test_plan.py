"""The plan: all of it from the seed."""

from __future__ import annotations

from collections import Counter

from kokuho.mesh.proxy import FAULTS
from kokuho.rehearsal.plan import BLOCK, STEPS, Plan


def test_the_same_seed_gives_the_same_plan_and_another_one_another() -> None:
    assert Plan.of(50, 7) == Plan.of(50, 7)
    assert Plan.of(50, 7) != Plan.of(50, 8)
    faults = [Plan.of(5, 7).fault("city", number) for number in range(1, 200)]
    assert faults == [Plan.of(50, 7).fault("city", number) for number in range(1, 200)]
    assert faults != [Plan.of(5, 8).fault("city", number) for number in range(1, 200)]
    assert faults != [Plan.of(5, 7).fault("immigration", number) for number in range(1, 200)]


def test_each_fault_happens_once_in_each_block_of_messages() -> None:
    plan = Plan.of(5, 1)
    for block in range(4):
        first = block * BLOCK + 1
        dealt = Counter(plan.fault("city", number) for number in range(first, first + BLOCK))
        assert {one: dealt[one] for one in FAULTS} == dict.fromkeys(FAULTS, 1)


def test_kills_come_in_all_phases_and_to_both_sides() -> None:
    plan = Plan.of(50, 1)
    assert [one.number for one in plan.kills] == list(range(1, 51))
    assert {one.step for one in plan.kills} == set(STEPS)
    assert {one.target for one in plan.kills} == {"city", "mesh", "both"}
    assert {one.moment for one in plan.kills} == {"during", "question", "forwarded", "answer"}
    assert {one.round for one in plan.kills} == set(range(plan.rounds))


def test_rounds_are_business_days() -> None:
    days = [Plan.of(0, 1).day(number) for number in range(4)]
    assert [f"{one:%m-%d %a}" for one in days] == [
        "11-04 Wed", "11-05 Thu", "11-06 Fri", "11-09 Mon",
    ]  # fmt: skip
