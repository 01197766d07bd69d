"""What happened to the table of a sheet: the fewest events under which its totals hold.

An event is what a copier, a reader of pages or a typist does: a cell is misread, doubled or lost, a
column is doubled or lost, the rows slip one line, a row is lost, a line is made up. Explanations
are sought from none upwards; an amount is taken only if every explanation within one event of the
fewest gives the same one. (Two sets of amounts that obey all totals differ in four cells or more,
so that one wrong cell is always found, and two are never taken for one.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice, pairwise, permutations

from kokuho.plan.alignment import Alignment, aligned, alignments, sources
from kokuho.plan.balance import Edge, Matrix, balance, pieces
from kokuho.plan.printed import Line

MOST_EVENTS = 4
"""A sheet that needs more events than this is left to a person."""

_MOST_SETUPS = 4_000
"""Setups looked at for one number of events; a table that allows more proves nothing."""

_WITHOUT_DEFICIT = 3
"""Events for reducing a deficit that is printed as 0: more than any margin, so never silent."""

_ELSEWHERE = 2
"""Events for a column that both header lines lack although its amounts are there."""

_OUT_OF_ORDER = 2
"""Events for lines that stand neither under their labels nor in the order of the form."""

_CONFIRMING = 2
"""Totals that must hold beyond those by which something was put right."""

_ROWS = 3


@dataclass(frozen=True)
class Table:
    """The table of one sheet: its lines of amounts and how many places (years and a total) it has.

    Attributes:
        without_deficit: rows (0 法定外繰入, 1 繰上充用) whose deficit is printed as 0.
        lost_column: the place that both header lines lack, if there is just one.
    """

    places: int
    lines: tuple[Line, ...]
    without_deficit: frozenset[int] = frozenset()
    lost_column: int | None = None


@dataclass(frozen=True)
class Setup:
    """Which line is which row, and which cell is at which place, with the events that it takes."""

    lines: tuple[int | None, ...]
    rows: tuple[Alignment | None, ...]
    events: int

    @cached_property
    def matrix(self) -> Matrix:
        """The amounts at their places, None where none is printed."""
        places = next(len(row.amounts) for row in self.rows if row is not None)
        return tuple((None,) * places if row is None else row.amounts for row in self.rows)


@dataclass(frozen=True)
class Explanation:
    """A setup with the cells that are misread, and the amounts that follow (None: left open)."""

    setup: Setup
    wrong: frozenset[Edge]
    amounts: Matrix
    events: int
    reduces_nothing: bool

    @property
    def proved(self) -> bool:
        """Whether nothing happened, or two totals at least confirm the outcome."""
        matrix = self.setup.matrix
        places = len(matrix[0])
        unknown = {
            (row, place)
            for row in range(_ROWS)
            for place in range(places)
            if matrix[row][place] is None
        }
        left = len(set(pieces(self.wrong | unknown, _ROWS, places))) - 1
        return self.events == 0 or left >= _CONFIRMING


def explanations(table: Table) -> list[Explanation]:
    """All explanations within one event of the fewest, the simplest first; none if too many."""
    candidates = _Candidates(table)
    fewest: int | None = None
    found: list[Explanation] = []
    for budget in range(MOST_EVENTS + 2):
        if fewest is None and budget > MOST_EVENTS:
            return []
        if fewest is not None and budget > fewest + 1:
            break
        setups = list(islice(candidates.setups(budget), _MOST_SETUPS + 1))
        if len(setups) > _MOST_SETUPS:
            return []
        found = list(_within(table, setups, budget))
        if found and fewest is None:
            fewest = budget
    return sorted(found, key=lambda one: one.events)


def _within(table: Table, setups: Iterable[Setup], budget: int) -> Iterator[Explanation]:
    for setup in setups:
        for balanced in balance(setup.matrix, budget - setup.events):
            empty = any(
                any(amount != 0 for amount in balanced.amounts[row])
                for row in table.without_deficit
            )
            events = setup.events + len(balanced.wrong) + _WITHOUT_DEFICIT * empty
            if events <= budget:
                yield Explanation(setup, balanced.wrong, balanced.amounts, events, empty)


class _Candidates:
    """Which line may be which row, and which cell may stand where, by the events it takes."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.lines = [at for at, line in enumerate(table.lines) if line.filled]
        self.plain = {at: alignments(table.lines[at].cells, table.places) for at in self.lines}

    @cached_property
    def mixed(self) -> dict[int, list[Alignment]]:
        """Alignments that also take a row which has both a surplus and a lost cell."""
        table = self.table
        return {at: alignments(table.lines[at].cells, table.places, extra=1) for at in self.lines}

    def setups(self, most: int) -> Iterator[Setup]:
        """All setups of at most so many events; one for each outcome of a choice of lines."""
        table = self.table
        for chosen in _assignments(self.lines):
            spent = _label_events(table, chosen) + _line_events(table, self.lines, chosen)
            if spent > most:
                continue
            seen: set[Matrix] = set()
            used = [at for at in chosen if at is not None]
            for made in self._rows(used, most - spent):
                events = spent + _cell_events(made, table.lost_column)
                amounts = tuple(row.amounts for row in made)
                if events <= most and amounts not in seen:
                    seen.add(amounts)
                    rows = iter(made)
                    yield Setup(
                        chosen, tuple(None if at is None else next(rows) for at in chosen), events
                    )

    def _rows(self, used: Sequence[int], most: int) -> Iterator[tuple[Alignment, ...]]:
        # a column doubled or lost is one event for all rows, so each row alone stays within it
        plain = [[row for row in self.plain[at] if row.cost <= most] for at in used]
        yield from _together(plain, most)
        if most < 2:
            return
        # one column doubled and another lost, for all rows alike
        tables = [self.table.lines[at].cells for at in used]
        if len({len(cells) for cells in tables}) == 1:
            for source in sources(len(tables[0]), self.table.places, 1):
                made = tuple(aligned(cells, source) for cells in tables)
                if _cell_events(made) <= most:
                    yield made
        # at most one row alone has both a surplus and a lost cell: two would be four events
        for odd, at in enumerate(used):
            mixed = [row for row in self.mixed[at] if row.cost <= most]
            yield from _together([*plain[:odd], mixed, *plain[odd + 1 :]], most)


def _together(
    choices: Sequence[Sequence[Alignment]], most: int, made: tuple[Alignment, ...] = ()
) -> Iterator[tuple[Alignment, ...]]:
    """One alignment a row; what is too much for some rows is too much for all of them."""
    if len(made) == len(choices):
        yield made
        return
    for row in choices[len(made)]:
        longer = (*made, row)
        if _cell_events(longer) <= most:
            yield from _together(choices, most, longer)


def _assignments(lines: Sequence[int]) -> Iterator[tuple[int | None, ...]]:
    """Lines to rows, in any order; two rows at least, or nothing can be proved."""
    for count in (3, 2):
        for rows in combinations(range(_ROWS), count):
            for picked in permutations(lines, count):
                chosen: list[int | None] = [None] * _ROWS
                for row, at in zip(rows, picked, strict=True):
                    chosen[row] = at
                yield tuple(chosen)


def natural(slot: int | None, row: int) -> bool:
    """Whether a label names this row; 合計 and 赤字削減予定額 are two halves of one label."""
    return slot == row + 1 or (slot == 4 and row == 2)


def _label_events(table: Table, chosen: Sequence[int | None]) -> int:
    steps: list[int] = []
    unread = 0
    for row, at in enumerate(chosen):
        slot = None if at is None else table.lines[at].slot
        if at is not None and slot is None:
            unread += 1
        elif slot is not None and not natural(slot, row):
            steps.append(slot - 1 - row)
    used = [at for at in chosen if at is not None]
    if (steps or unread) and any(later < earlier for earlier, later in pairwise(used)):
        return unread + _OUT_OF_ORDER
    if not steps:
        return unread
    return unread + (1 if set(steps) in ({1}, {-1}) else 2)


def _line_events(table: Table, lines: Sequence[int], chosen: Sequence[int | None]) -> int:
    """Rows without a line, lines without a row; a total printed twice alike is no event."""
    total = chosen[2]
    twice = 0
    for at in lines:
        if total is not None and at not in chosen:
            both = (table.lines[at], table.lines[total])
            slots = {line.slot for line in both}
            same = [cell.amount for cell in both[0].cells] == [
                cell.amount for cell in both[1].cells
            ]
            twice += slots == {3, 4} and same
    used = sum(at is not None for at in chosen)
    return (_ROWS - used) + (len(lines) - used - twice)


def _cell_events(rows: Sequence[Alignment], lost_column: int | None = None) -> int:
    """Cells dropped and left open; what all rows have in common is one event a column."""
    fewest, common = rows[0].dropped, rows[0].open
    dropped = left_open = 0
    for row in rows:
        fewest = min(fewest, row.dropped)
        common &= row.open
        dropped += row.dropped
        left_open += row.open.bit_count()
    shared = len(rows) - 1
    events = dropped - shared * fewest + left_open - shared * common.bit_count()
    if lost_column is not None and not common >> lost_column & 1:
        events += _ELSEWHERE
    return events
