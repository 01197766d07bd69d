"""A form that we wrote and a person changed: what was not changed comes back as the plan had it.

The workbook keeps the plan that it was made from. The form is read as it is now and as it was when
it was written; what the two readings have in common stays as the plan has it, with everything that
the form does not print, and what differs is taken from the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from kokuho.plan.model import Plan
from kokuho.plan.report import Entry


def carried(kept: Plan, then: Plan, now: Plan) -> Plan:
    """The kept plan with the changes that were made on its form."""
    skip = {"printed"}
    data = _merged(*(plan.model_dump(exclude=skip) for plan in (kept, then, now)))
    return Plan.model_validate({**data, "printed": kept.printed})


def compared(then: Sequence[Entry], now: Sequence[Entry]) -> list[Entry]:
    """The report on a form as it is now: what stands as it was written needs nobody's look."""
    doubts = {entry for entry in then if entry.status != "confirmed"}
    sure = {_cell(entry) for entry in then}
    return [_compared(entry, entry in doubts, _cell(entry) in sure) for entry in now]


def _compared(entry: Entry, same_doubt: bool, same_cell: bool) -> Entry:
    if entry.status != "confirmed":
        return replace(entry, why="as_written") if same_doubt else entry
    return entry if same_cell else replace(entry, why="changed")


def _cell(entry: Entry) -> tuple[Any, ...]:
    return entry.sheet, entry.field, entry.printed, entry.taken


def _merged(kept: Any, then: Any, now: Any) -> Any:
    if now == then:
        return kept
    if all(isinstance(one, dict) for one in (kept, then, now)):
        return {
            key: _merged(kept.get(key), then.get(key), value) if key in then else value
            for key, value in now.items()
        }
    if all(isinstance(one, tuple) for one in (kept, then, now)) and len(kept) == len(then):
        return _merged_list(kept, then, now)
    return now


def _merged_list(
    kept: tuple[Any, ...], then: tuple[Any, ...], now: tuple[Any, ...]
) -> tuple[Any, ...]:
    """Entries that stand as they did, or changed in place, keep what the form does not print."""
    made: list[Any] = []
    matcher = SequenceMatcher(None, [*map(_name, then)], [*map(_name, now)], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal" or b - a == d - c:
            made += map(_merged, kept[a:b], then[a:b], now[c:d])
        else:
            made += now[c:d]
    return tuple(made)


def _name(entry: Any) -> str:
    """What tells an entry of a list from its neighbours: its year, its name, or all of it."""
    if isinstance(entry, dict):
        for key in ("year", "first_year", "name"):
            if entry.get(key) is not None:
                return f"{key} {entry[key]}"
    return repr(entry)
