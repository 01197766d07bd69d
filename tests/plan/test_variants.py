"""Damaged papers: no wrong value is taken without a word."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest

from kokuho.plan import resolve
from kokuho.plan.text import parse
from tests.plan.corruption import EVENTS, corrupt
from tests.plan.invented import invent, pages
from tests.plan.variants import COUNT, Variant, council, counts, two_hundred, variants


def silent(read: Iterable[Variant]) -> dict[str, object]:
    return {f"{one.name} {one.events}": one.silent() for one in read if one.silent()}


@pytest.mark.parametrize("seed", range(40))
def test_a_paper_without_damage_is_read_as_it_is(seed: int) -> None:
    random = Random(f"whole/{seed}")
    plan = invent(random)
    read = resolve(parse(pages(plan, random), "paper.txt"))
    assert Variant("whole", plan, (), "", read).differences() == {}
    # a plan of one sheet prints its words once, and nothing confirms them
    reasons = {entry.why for entry in read.report.entries if entry.status != "confirmed"}
    assert reasons <= ({"printed_once"} if len(plan.declared) == 1 else set())


def test_no_wrong_value_of_a_few_damaged_papers_is_taken_without_a_word() -> None:
    read = list(variants(*council(), 30, seed=2))
    assert sum(bool(one.differences()) for one in read) > 5
    assert silent(read) == {}


@pytest.mark.slow
def test_no_wrong_value_of_two_hundred_damaged_papers_is_taken_without_a_word() -> None:
    read = two_hundred()
    assert silent(read) == {}
    assert {event for one in read for event in one.events} == set(EVENTS)
    table = counts(read)
    assert all(row["papers"] == COUNT // 2 for row in table.values())
    assert all(row["values repaired"] > 100 for row in table.values())


def test_the_same_seed_damages_a_paper_in_the_same_way() -> None:
    text, _plan = council()
    assert corrupt(text, Random("1/0")) == corrupt(text, Random("1/0"))
    assert corrupt(text, Random("1/0")) != corrupt(text, Random("1/2"))
