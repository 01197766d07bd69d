"""What a chart shows, in words, said from its figures alone (代替テキスト)."""

from __future__ import annotations

from decimal import Decimal

from kokuho.publish.names import column_name, row_name
from kokuho.publish.references import beside_rows
from kokuho.publish.views import Key, View
from kokuho.publish.words import TOTAL, Words

_MOST = 3


def in_words(view: View, words: Words) -> str:
    """One to four sentences: course or largest parts, the nation, what is suppressed."""
    said = [_course(view, words) if view.by_time and view.across is None else _parts(view, words)]
    said += [_nation(view, words), _gaps(view, words)]
    return words.sentences(said)


def _value(value: Decimal, view: View, words: Words) -> str:
    return words.value(value, view.definition)


def _whole_point(view: View, row: Key, words: Words) -> str:
    return row_name(view, row, words)


def _course(view: View, words: Words) -> str:
    """From the first point in time to the last one."""
    known = [(row, value) for row in view.rows if (value := view.value(row)) is not None]
    if not known:
        return words("No figure can be shown.")
    (first, before), (last, now) = known[0], known[-1]
    if first == last:
        return words("{at}: {value}.").format(
            at=_whole_point(view, last, words), value=_value(now, view, words)
        )
    if now == before:
        message = words("{value} in {first} and the same in {last}.")
    elif now > before:
        message = words("Risen from {before} in {first} to {value} in {last}.")
    else:
        message = words("Fallen from {before} in {first} to {value} in {last}.")
    text = message.format(
        first=_whole_point(view, first, words),
        last=_whole_point(view, last, words),
        before=_value(before, view, words),
        value=_value(now, view, words),
    )
    highest, lowest = max(value for _row, value in known), min(value for _row, value in known)
    between = [(row, value) for row, value in known[1:-1]]
    for extreme, told in (
        (highest, words("Highest in {at}: {value}.")),
        (lowest, words("Lowest in {at}: {value}.")),
    ):
        at = [row for row, value in between if value == extreme]
        if at and extreme not in (before, now):
            text = words.sentences(
                [
                    text,
                    told.format(
                        at=_whole_point(view, at[0], words), value=_value(extreme, view, words)
                    ),
                ]
            )
    return text


def _parts(view: View, words: Words) -> str:
    """The latest point in time: its parts by size, or side by side."""
    if not view.down:
        value = view.value(())
        return "" if value is None else words("{value}.").format(value=_value(value, view, words))
    if view.by_time:
        row = view.rows[-1]
        pairs = [(column_name(view, one, words), view.value(row, one)) for one in view.columns]
        return _listed(
            [(name, value) for name, value in pairs if value is not None],
            _whole_point(view, row, words),
            view,
            words,
        )
    if view.across is not None and view.fixed:
        return words.sentences([_side(view, one, words) for one in view.columns if one != TOTAL])
    latest = view.columns[-1] if view.columns else TOTAL
    at = column_name(view, latest, words) if view.columns else _at(view, words)
    return largest(view, latest, at, words)


def _at(view: View, words: Words) -> str:
    return " ".join(words.code(name, code) for name, code in view.fixed)


def _listed(pairs: list[tuple[str, Decimal]], at: str, view: View, words: Words) -> str:
    if not pairs:
        return words("No figure can be shown.")
    items = [
        words("{name} {value}").format(name=name, value=_value(value, view, words))
        for name, value in pairs
    ]
    return words("{at}: {value}.").format(at=at, value=words.listed(items))


def _side(view: View, column: str, words: Words) -> str:
    at = words.listed([one for one in (_at(view, words), column_name(view, column, words)) if one])
    return largest(view, column, at, words, most=1)


def largest(view: View, column: str, at: str, words: Words, most: int = _MOST) -> str:
    """The largest parts of a column, and its total; nothing where no part has a value."""
    known = [(row, value) for row in view.parts if (value := view.value(row, column)) is not None]
    known = [(row, value) for row, value in known if value]
    if not known:
        return ""
    ordered = sorted(known, key=lambda pair: -pair[1])[:most]
    items = [
        words("{name} ({value})").format(
            name=row_name(view, row, words), value=_value(value, view, words)
        )
        for row, value in ordered
    ]
    whole = next((row for row in view.rows if not any(row)), None)
    total = view.value(whole, column) if whole is not None else None
    message = (
        words("{at}: largest are {items}.")
        if len(items) > 1
        else words("{at}: largest is {items}.")
    )
    text = message.format(at=at, items=words.listed(items))
    if total is None or view.definition.unit == "percent":
        return text
    told = words("In total {value}.").format(value=_value(total, view, words))
    return words.sentences([text, told])


def _nation(view: View, words: Words) -> str:
    """The latest national value, with its own point in time."""
    beside = beside_rows(view)
    if beside is None or view.across is not None:
        return ""
    row, value = list(beside.points.items())[-1]
    return words("Nation in {at}: {value}.").format(
        at=_whole_point(view, row, words), value=_value(value, view, words)
    )


def _gaps(view: View, words: Words) -> str:
    if not view.suppressed:
        return ""
    if view.suppressed == 1:
        return words("1 figure is suppressed.")
    return words("{count} figures are suppressed.").format(count=view.suppressed)
