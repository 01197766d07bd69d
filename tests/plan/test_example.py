"""``examples/koganei/plan.yaml`` is what was read from the paper, and what a person noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kokuho.plan import Plan, check_plan, load_plan, read_plan
from tests.plan.variants import COUNCIL, values_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "koganei" / "plan.yaml"


@pytest.fixture(scope="module")
def example() -> Plan:
    return load_plan(EXAMPLE)


@pytest.fixture(scope="module")
def read() -> Plan:
    return read_plan(COUNCIL).plan


def test_it_differs_from_what_was_read_only_where_a_note_says_so(example: Plan, read: Plan) -> None:
    was, now = values_of(read), values_of(example)
    changed = {
        key: (was.get(key), now.get(key)) for key in was | now if was.get(key) != now.get(key)
    }
    assert changed.keys() == {"measures.1.name", "measures.1.items"}
    notes = {note.place: note for note in example.notes}
    for place, (before, after) in changed.items():
        note = notes[place]
        assert note.printed is not None
        assert note.taken is not None
        assert before.replace(_last(note.printed), note.taken) == after


def _last(printed: str) -> str:
    return printed.split(" / ")[-1]


def test_what_was_printed_is_kept_beside_it(example: Plan, read: Plan) -> None:
    assert example.printed == read.printed
    assert example.declared == read.declared
    assert example.years == read.years


def test_whatever_was_flagged_or_repaired_has_a_note(example: Plan) -> None:
    assert example.printed is not None
    places = [note.place for note in example.notes]

    def noted(sheet: int, field: str) -> bool:
        own = any(field == place or field.startswith(f"{place}.") for place in places)
        return own or f"sheets.{sheet}" in places

    open_ = [one for one in example.printed.corrections if not noted(one.sheet, one.field)]
    assert open_ == []


def test_226_236_and_48_stay_as_printed_and_are_noted(example: Plan) -> None:
    notes = {note.place: note for note in example.notes}
    assert example.occurrence.total == 226_236
    assert notes["occurrence.total"].taken is None
    assert example.insurer.number == "48"
    assert notes["insurer.number"].taken is None


def test_settlements_are_said_to_be_unknown_and_nobody_is_named(example: Plan) -> None:
    assert {entry.actual for entry in example.years} == {"unknown"}
    assert example.document.signatory == "小金井市長"


def test_its_findings_are_those_of_the_paper_alone(example: Plan) -> None:
    codes: dict[str, list[Any]] = {}
    for one in check_plan(example):
        if one.severity != "note":
            codes.setdefault(one.code, []).append(one.place)
    assert codes == {
        "length-without-reason": ["period"],
        "reduction-exceeds-deficit": ["occurrence.total, sheets.1.total"],
        "printed-differently": ["measures.2.amount"],
        "printed-sum": ["sheets.1.measures"],
        "print-surplus": ["sheets.1.surplus", "sheets.2.surplus", "sheets.3.surplus"],
        "print-row-shifted": ["sheets.2.other_transfer", "sheets.3.other_transfer"],
        "print-lost": ["sheets.2.advance_increase", "sheets.3.advance_increase"],
    }
