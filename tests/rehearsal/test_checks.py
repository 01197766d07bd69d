"""The checks of a rehearsal find what is planted, and nothing where nothing is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kokuho.rehearsal import checks, report
from kokuho.rehearsal.checks import Check, Provided, Version
from kokuho.rehearsal.examiner import Answered

ROWS = [
    Version("11", "11/a", 1, "register", "c1"),
    Version("11", "11/a", 2, "withdraw", "c1"),
    Version("12", "12/a", 1, "register", "c2"),
]
NOW = datetime(2026, 11, 5, tzinfo=UTC)


def answer(state: str = "found", person: str = "11", *records: dict[str, Any]) -> Answered:
    return Answered("m1", person, state, records, NOW, NOW)


def test_both_sides_agree_where_they_do() -> None:
    assert [*checks.absent(ROWS, ROWS), *checks.doubled(ROWS)] == []
    assert list(checks.standing(ROWS, ROWS[1:])) == []


def test_a_version_that_is_lost_or_other_is_named_in_both_directions() -> None:
    assert list(checks.absent(ROWS, ROWS[1:])) == ["11/a v1: not there"]
    assert list(checks.absent(ROWS[1:], ROWS)) == []
    for name, value in (("action", "register"), ("content", "c9"), ("person", "13")):
        other = [ROWS[0], ROWS[1]._replace(**{name: value}), ROWS[2]]
        assert list(checks.absent(ROWS, other)) == [f"11/a v2: other {name}"]


def test_a_version_that_stands_twice_is_named() -> None:
    assert list(checks.doubled([*ROWS, ROWS[2]])) == ["12/a v1: 2 times"]


def test_an_older_version_that_stands_is_named() -> None:
    assert list(checks.standing(ROWS, [ROWS[0], ROWS[2]])) == ["11/a: another version stands"]
    assert list(checks.standing(ROWS, ROWS[1:2])) == ["12/a: another version stands"]


def test_records_of_provision_are_those_of_the_answers() -> None:
    kept = [Provided("m1", "11", "found")]
    assert list(checks.provisions([answer()], {"m1"}, kept)) == []
    lost = Provided("m2", "11", "found")
    assert list(checks.provisions([answer()], {"m1", "m2"}, [*kept, lost])) == []
    assert list(checks.provisions([answer()], {"m1"}, [*kept, lost])) == ["m2 11: nobody asked"]
    assert list(checks.provisions([answer()], {"m1"}, [])) == ["m1 11: answered found, kept None"]
    assert list(checks.provisions([answer("by_hand")], {"m1"}, kept)) == [
        "m1 11: answered by_hand, kept found"
    ]
    assert list(checks.provisions([answer()], {"m1"}, kept * 2)) == ["m1 11: 2 records"]


def test_the_last_answers_say_what_the_books_say() -> None:
    fields = {"role": "debtor", "term": 1, "overdue": 5, "due": "2026-07-31"}
    term = checks.term_of(fields)
    items = ("overdue", "due")

    def wrong(one: Answered, hidden: set[str], corrected: dict[tuple[str, str], Any]) -> list[str]:
        found = checks.final_answers([one], {"11": [fields]}, hidden, corrected, items)
        return [line.rpartition(": ")[2] for line in found]

    assert wrong(answer("found", "11", fields), set(), {}) == []
    assert wrong(answer("found", "11", {**fields, "overdue": 0}), set(), {}) == ["overdue"]
    assert wrong(answer("found", "11"), set(), {}) == ["overdue, due"]
    assert wrong(answer("found", "11", fields, {**fields, "term": 2}), set(), {}) == [
        "overdue, due"
    ]
    assert wrong(answer("found", "12", fields), set(), {}) == ["not answered", "overdue, due"]
    assert wrong(answer("found", "11", fields), {"11"}, {}) == ["answered as found"]
    assert wrong(answer("by_hand", "11"), {"11"}, {}) == []
    corrected = {("11", term): {"overdue": 0}}
    assert wrong(answer("found", "11", {**fields, "overdue": 0}), set(), corrected) == []
    assert wrong(answer("found", "11", fields), set(), corrected) == ["overdue"]


def test_a_message_that_the_log_does_not_name_is_found() -> None:
    messages = {"d1": "sent 1-1", "d2": "answered 1-1"}
    assert list(checks.logged(messages, {"d1", "d2"})) == []
    assert list(checks.logged(messages, {"d1"})) == ["answered 1-1: not in the log"]


def test_faults_that_never_happened_prove_nothing() -> None:
    assert list(checks.faults({"late": 1, "double": 0}, ("late", "double"))) == [
        "double: never happened"
    ]


def test_one_check_that_fails_or_compared_nothing_fails_the_rehearsal(tmp_path: Path) -> None:
    facts = {
        "persons": 1, "seed": 1, "rounds": 1, "kills": [], "killed": {"city": 0, "mesh": 0},
        "messages": 1, "faults": {}, "answers": 1, "seconds": 1,
    }  # fmt: skip
    good = Check("once", 1, ())
    assert report.write(tmp_path, facts, [good])
    assert not report.write(tmp_path, facts, [good, Check("standing", 0, ())])
    assert not report.write(tmp_path, facts, [good, Check("standing", 1, ("x: other",))])
    assert "x: other" in (tmp_path / "report.txt").read_text(encoding="utf-8")
