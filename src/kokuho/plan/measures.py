"""The measures of several sheets, put beside each other: names, amounts, the lines under them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher

from kokuho.plan.agreement import agree, not_printed
from kokuho.plan.characters import compact
from kokuho.plan.model import Item, Measure, Reading
from kokuho.plan.printed import PrintedMeasure, PrintedPlan, Value
from kokuho.plan.report import Entry

_SAME_MEASURE = 0.6


def settle_measures(
    printed: PrintedPlan, planned_totals: Collection[int]
) -> tuple[tuple[Measure, ...], list[Entry], list[Reading]]:
    """The measures, what is said about each print of them, and the readings of their amounts.

    Names, amounts and lines are taken as most sheets print them; where sheets differ, all are
    flagged. ``planned_totals`` are the planned reductions of the years, against which a disputed
    amount is tried.
    """
    lists = [sheet.measures for sheet in printed.sheets]
    model = _model(lists)
    beside = [_beside(model, listed) for listed in lists]
    entries: list[Entry] = []
    columns = [
        [(number, one) for number, listed in enumerate(beside, start=1) if (one := listed[at])]
        for at in range(len(model))
    ]
    readings = [
        Reading(
            field=f"measures.{at}.amount",
            sheet=number,
            text=one.amount.text,
            amount=one.amount.value,
        )
        for at, prints in enumerate(columns, start=1)
        for number, one in prints
        if one.amount is not None
    ]
    amounts = _amounts(columns, planned_totals, entries)
    made = []
    for at, (prints, amount) in enumerate(zip(columns, amounts, strict=True), start=1):
        names = [(number, Value(one.name, one.name or None)) for number, one in prints]
        name, said = agree(f"measures.{at}.name", names)
        entries += said
        items = tuple(_items(f"measures.{at}.items", model[at - 1], prints, lists, entries))
        made.append(Measure(name=name, amount=amount, items=items))
    entries += _left_over(lists, beside)
    entries += _counts(lists, len(made))
    return tuple(made), entries, readings


def _counts(lists: Sequence[tuple[PrintedMeasure, ...]], taken: int) -> Iterator[Entry]:
    """Doubts about the number of measures: printed by one sheet alone, or fewer on a sheet."""
    printed = {number: len(listed) for number, listed in enumerate(lists, start=1) if listed}
    for number, count in printed.items():
        if len(printed) == 1 or count < taken:
            why = "printed_once" if len(printed) == 1 else "sheets_differ"
            yield Entry(number, "measures", str(count), taken, why)


def _model(lists: Sequence[tuple[PrintedMeasure, ...]]) -> tuple[PrintedMeasure, ...]:
    """The list of measures by which the others are read: of the usual length, amounts complete."""
    filled = [listed for listed in lists if listed]
    if not filled:
        return ()
    lengths = Counter(len(listed) for listed in filled)
    return min(
        filled,
        key=lambda listed: (
            sum(one.amount is None for one in listed),
            -lengths[len(listed)],
        ),
    )


def _beside(
    model: Sequence[PrintedMeasure], listed: Sequence[PrintedMeasure]
) -> list[PrintedMeasure | None]:
    """For each measure of the model the one of this sheet that it is, found by its name."""
    free = list(listed)
    found: list[PrintedMeasure | None] = []
    for wanted in model:
        scores = [_alike(one.name, wanted.name) for one in free]
        best = max(scores, default=0)
        found.append(free.pop(scores.index(best)) if best >= _SAME_MEASURE else None)
    return found


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, compact(one), compact(other), autojunk=False).ratio()


def _amounts(
    columns: Sequence[Sequence[tuple[int, PrintedMeasure]]],
    planned_totals: Collection[int],
    entries: list[Entry],
) -> list[int | None]:
    taken: list[int | None] = []
    readings = [
        [(number, one.amount) for number, one in prints if one.amount is not None]
        for prints in columns
    ]
    for at, prints in enumerate(readings, start=1):
        amount, _said = agree(f"measures.{at}.amount", prints)
        taken.append(amount)
    for at, prints in enumerate(readings):
        if not prints:
            entries.append(not_printed(f"measures.{at + 1}.amount"))
        disputed = {value.value for _number, value in prints if value.value is not None}
        fits = {amount for amount in disputed if _sum_with(taken, at, amount) in planned_totals}
        differ = "sheets_differ_sum" if fits == {taken[at]} else "sheets_differ"
        _amount, said = agree(f"measures.{at + 1}.amount", prints, differ=differ)
        entries += said
    return taken


def _sum_with(amounts: Sequence[int | None], at: int, amount: int) -> int | None:
    whole = [*amounts[:at], amount, *amounts[at + 1 :]]
    return None if None in whole else sum(one for one in whole if one is not None)


def _items(
    field: str,
    model: PrintedMeasure,
    prints: Sequence[tuple[int, PrintedMeasure]],
    lists: Sequence[tuple[PrintedMeasure, ...]],
    entries: list[Entry],
) -> Iterator[Item]:
    """The lines under a measure, place by place over the sheets that have as many as most."""
    lengths = Counter(len(one.items) for _number, one in prints if one.items)
    usual = max(
        lengths, key=lambda length: (lengths[length], length == len(model.items)), default=0
    )
    seen = Counter(
        compact(item) for listed in lists for item in {item for one in listed for item in one.items}
    )
    for at in range(usual):
        readings = [
            (number, Value(one.items[at], one.items[at]))
            for number, one in prints
            if len(one.items) == usual
        ]
        _text, said = agree(field, readings)
        texts = [value.value for _number, value in readings]
        # a line that also stands elsewhere on a sheet in disorder is the likelier one
        text = max(texts, key=lambda text: (seen[compact(text)], -texts.index(text)))
        entries += [Entry(one.sheet, one.field, one.printed, text, one.why) for one in said]
        yield Item(text=text)
    for number, one in prints:
        if len(one.items) != usual:
            entries.append(Entry(number, field, " / ".join(one.items), "", "sheets_differ"))


def _left_over(
    lists: Sequence[tuple[PrintedMeasure, ...]],
    beside: Sequence[Sequence[PrintedMeasure | None]],
) -> Iterator[Entry]:
    for number, (listed, used) in enumerate(zip(lists, beside, strict=True), start=1):
        for one in listed:
            if not any(one is other for other in used):
                yield Entry(number, "measures", one.name, None, "sheets_differ")
