"""How printed cells may stand for the places of a row: surplus cells dropped, lost ones left open.

A row of ``n`` years has ``n + 1`` places, the last one its total. An alignment keeps the order of
the cells; two alignments that give the same amounts are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from kokuho.plan.printed import Cell


@dataclass(frozen=True)
class Alignment:
    """Cells put to places.

    Attributes:
        source: for each place, which cell stands there; None for a place left open.
        amounts: the amount at each place; None if open, blank or unreadable.
        dropped: how many cells were left over (blank ones count only where nothing was too long).
        open: the places without an amount, as the bits of a number (many are compared).
    """

    source: tuple[int | None, ...]
    amounts: tuple[int | None, ...]
    dropped: int
    open: int

    @property
    def cost(self) -> int:
        """Events that this alignment takes, each cell by itself."""
        return self.dropped + self.open.bit_count()


def alignments(cells: Sequence[Cell], places: int, extra: int = 0) -> list[Alignment]:
    """All ways to put cells to places, the simplest for each outcome.

    ``extra`` is how many cells beyond the difference in number may be dropped, each leaving one
    place open (a row in which one cell was doubled and another lost).
    """
    best: dict[tuple[int | None, ...], Alignment] = {}
    for more in range(extra + 1):
        for source in sources(len(cells), places, more):
            made = aligned(cells, source)
            known = best.get(made.amounts)
            if known is None or made.cost < known.cost:
                best[made.amounts] = made
    return sorted(best.values(), key=lambda made: made.cost)


def sources(cells: int, places: int, more: int = 0) -> Iterator[tuple[int | None, ...]]:
    """All ways to put a number of cells to places, ``more`` of them dropped needlessly."""
    kept = min(cells, places) - more
    if kept < 1:
        return
    for chosen in combinations(range(cells), kept):
        for where in combinations(range(places), kept):
            source: list[int | None] = [None] * places
            for place, at in zip(where, chosen, strict=True):
                source[place] = at
            yield tuple(source)


def aligned(cells: Sequence[Cell], source: tuple[int | None, ...]) -> Alignment:
    """The cells of a line put to places as ``source`` says."""
    excess = max(0, len(cells) - len(source))
    used = {at for at in source if at is not None}
    left = [cell for at, cell in enumerate(cells) if at not in used]
    blanks = sum(cell.blank for cell in left)
    amounts = tuple(None if at is None else cells[at].amount for at in source)
    left_open = sum(1 << place for place, amount in enumerate(amounts) if amount is None)
    return Alignment(source, amounts, len(left) - blanks + max(0, blanks - excess), left_open)
