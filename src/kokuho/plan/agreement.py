"""Values that several sheets repeat: taken where the prints agree, or where sums prove one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from kokuho.plan.characters import compact
from kokuho.plan.printed import PrintedPlan, Value
from kokuho.plan.report import Entry

Readings = Sequence[tuple[int, Value]]
"""What each sheet prints for one field, with the number of the sheet."""

Proof = tuple[Any, str, str]
"""A value that follows from elsewhere; the reasons for a print that has it, and for one that
has not."""


def readings_of(printed: PrintedPlan, name: str) -> list[tuple[int, Value]]:
    """What the sheets print for a field, those that do not name it left out."""
    return [
        (number, sheet.values[name])
        for number, sheet in enumerate(printed.sheets, start=1)
        if name in sheet.values
    ]


def agree(
    name: str, readings: Readings, proof: Proof | None = None, differ: str = "sheets_differ"
) -> tuple[Any, list[Entry]]:
    """The value of a field, and what is to be said about each print of it.

    Two equal prints confirm each other. Where prints differ, nothing but a proof repairs them;
    without one the value that stands most often, or first, is taken and flagged.
    """
    values = [_key(value.value) for _number, value in readings if value.value is not None]
    if not values:
        return None, [
            Entry(number, name, value.text, None, "not_readable") for number, value in readings
        ]
    ranked = Counter(values).most_common()
    proved = proof is not None and _key(proof[0]) in values
    wanted = _key(proof[0]) if proof is not None and proved else ranked[0][0]
    taken = next(value.value for _n, value in readings if _key(value.value) == wanted)
    right, wrong = _reasons(proof if proved else None, ranked, differ)
    entries = []
    for number, value in readings:
        if value.value is None:
            why = wrong if proved else ("other_sheets" if len(values) > 1 else "not_readable")
            if len(ranked) > 1 and not proved:
                why = "not_readable"
        else:
            why = right if _key(value.value) == wanted else wrong
        entries.append(Entry(number, name, value.text, taken, why))
    return taken, entries


def not_printed(name: str) -> Entry:
    """What to say of a field that every form has and no sheet prints."""
    return Entry(0, name, "", None, "not_readable")


def _reasons(
    proof: Proof | None, ranked: Sequence[tuple[Any, int]], differ: str
) -> tuple[str, str]:
    if proof is not None:
        return proof[1], proof[2]
    if len(ranked) > 1:
        return differ, differ
    return ("sheets_agree" if ranked[0][1] > 1 else "printed_once"), differ


def _key(value: Any) -> Any:
    return compact(value) if isinstance(value, str) else value


_PARTS = ("occurrence.other_transfer", "occurrence.advance_increase", "occurrence.total")


def settle_occurrence(printed: PrintedPlan) -> tuple[dict[str, int | None], list[Entry]]:
    """法定外繰入金 + 繰上充用金の新規増加分 = 赤字額, and 赤字額 - 黒字分 = what is left of it.

    A sheet whose sum holds confirms its three amounts; one that has a single other amount is then
    put right by its own other two. Everything else is flagged.
    """
    taken: dict[str, int | None] = {}
    entries: list[Entry] = []
    triples = [
        (number, tuple(sheet.values.get(name, Value("", None)) for name in _PARTS))
        for number, sheet in enumerate(printed.sheets, start=1)
        if any(name in sheet.values for name in _PARTS)
    ]
    whole = {
        amounts
        for _number, parts in triples
        if None not in (amounts := tuple(part.value for part in parts))
        and amounts[0] + amounts[1] == amounts[2]
    }
    if len(whole) == 1:
        right = whole.pop()
        for number, parts in triples:
            odd = [at for at in range(3) if parts[at].value != right[at]]
            for at, part in enumerate(parts):
                why = "totals_hold" if at not in odd else "totals_give"
                if len(odd) > 1:
                    why = "sheets_differ" if part.value is not None else "other_sheets"
                entries.append(Entry(number, _PARTS[at], part.text, right[at], why))
        taken.update(zip(_PARTS, right, strict=True))
    else:
        for name in _PARTS:
            readings = readings_of(printed, name)
            taken[name], _ignored = agree(name, readings)
            entries += [
                Entry(number, name, value.text, taken[name], "contradicts")
                for number, value in readings
            ] or [not_printed(name)]
    more, said = _settle_surplus(printed, taken[_PARTS[2]] if len(triples) else None, entries)
    return taken | more, entries + said


def _settle_surplus(
    printed: PrintedPlan, total: int | None, above: Sequence[Entry]
) -> tuple[dict[str, int | None], list[Entry]]:
    sure = not any(entry.status == "flagged" for entry in above)
    names = ("occurrence.surplus", "occurrence.after_surplus")
    surplus, after = (readings_of(printed, name) for name in names)
    taken: dict[str, int | None] = {}
    entries: list[Entry] = []
    for name, readings in zip(names, (surplus, after), strict=True):
        taken[name], said = agree(name, readings)
        entries += said or [not_printed(name)]
    known = (total, taken[names[0]], taken[names[1]])
    if sure and None not in known and known[0] - known[1] == known[2]:  # type: ignore[operator]
        entries = []
        for name, readings in zip(names, (surplus, after), strict=True):
            _taken, said = agree(name, readings, (taken[name], "totals_hold", "totals_give"))
            entries += said
    return taken, entries
