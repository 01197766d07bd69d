"""Which amounts of a sheet must be wrong, if its totals are to hold.

The amounts of a sheet, three rows (法定外繰入, 繰上充用, 合計) of ``n`` years and a total, obey one
relation a row (the years make its total) and one a column (the two rows make the third). With the
third row and the total column taken negative, every row and every column sums to 0. So rows and
columns are nodes of a graph, wrong or unknown cells its edges: amounts for these cells exist
exactly if in each connected piece the surplus of its rows equals that of its columns, and they are
unique exactly where the edge lies on no cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Matrix = tuple[tuple[int | None, ...], ...]
Edge = tuple[int, int]

_SIGN = (1, 1, -1)


@dataclass(frozen=True)
class Balanced:
    """Amounts under which all totals hold: ``wrong`` cells changed, None where not determined."""

    wrong: frozenset[Edge]
    amounts: Matrix


def sign(row: int, column: int, places: int) -> int:
    """Of a cell in the relations: the third row and the total column count negative."""
    return _SIGN[row] * (-1 if column == places - 1 else 1)


def balance(matrix: Matrix, wrong_at_most: int) -> list[Balanced]:
    """All ways to make the totals hold with at most so many wrong cells, beside unknown ones.

    Ways that differ only in a cell which need not be wrong are given once, except where doubting
    one more cell leaves amounts open: that way is given too. No amount is negative.
    """
    search = _Search(matrix)
    seen: set[frozenset[Edge]] = set()
    found: list[Balanced] = []
    for wrong in search.ways(frozenset(), wrong_at_most):
        if wrong not in seen:
            seen.add(wrong)
            amounts = search.amounts(wrong)
            if amounts is not None:
                found.append(Balanced(wrong, amounts))
    return found


def pieces(edges: Iterable[Edge], rows: int, places: int) -> list[int]:
    """For each node, rows first and then columns, the name of its connected piece.

    All totals together are one less than the nodes are, and each edge that joins two pieces uses
    one up: what is left, the number of pieces less one, is how many totals confirm the outcome.
    """
    piece = list(range(rows + places))

    def root(node: int) -> int:
        while piece[node] != node:
            node = piece[node]
        return node

    for row, column in edges:
        piece[root(row)] = root(rows + column)
    return [root(node) for node in range(len(piece))]


class _Search:
    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.rows = len(matrix)
        self.places = len(matrix[0])
        self.unknown = frozenset(
            (row, column)
            for row in range(self.rows)
            for column in range(self.places)
            if matrix[row][column] is None
        )
        # what each node has too much: rows first, then columns
        self.surplus = [0] * (self.rows + self.places)
        for row, amounts in enumerate(matrix):
            for column, amount in enumerate(amounts):
                signed = (amount or 0) * sign(row, column, self.places)
                self.surplus[row] += signed
                self.surplus[self.rows + column] += signed

    def ways(self, wrong: frozenset[Edge], budget: int) -> Iterator[frozenset[Edge]]:
        piece = pieces(wrong | self.unknown, self.rows, self.places)
        off: dict[int, int] = {}
        for node, name in enumerate(piece):
            signed = self.surplus[node] if node < self.rows else -self.surplus[node]
            off[name] = off.get(name, 0) + signed
        unbalanced = {name for name, amount in off.items() if amount}
        if not unbalanced:
            yield wrong
            if budget:
                yield from self._doubted(wrong, piece)
            return
        if (len(unbalanced) + 1) // 2 > budget:
            return
        # the smallest unbalanced piece has the fewest cells through which it can be mended
        target = min(unbalanced, key=lambda name: (piece.count(name), name))
        for row in range(self.rows):
            for column in range(self.places):
                inside = (piece[row] == target, piece[self.rows + column] == target)
                if inside[0] != inside[1]:
                    yield from self.ways(wrong | {(row, column)}, budget - 1)

    def _doubted(self, wrong: frozenset[Edge], piece: Sequence[int]) -> Iterator[frozenset[Edge]]:
        """One more cell that, if doubted, would leave amounts open."""
        for row in range(self.rows):
            for column in range(self.places):
                edge = (row, column)
                closes = piece[row] == piece[self.rows + column]
                if closes and edge not in wrong and edge not in self.unknown:
                    yield wrong | {edge}

    def amounts(self, wrong: frozenset[Edge]) -> Matrix | None:
        """The amounts that follow; None if one would be negative."""
        edges = set(wrong | self.unknown)
        need = [-surplus for surplus in self.surplus]
        change: dict[Edge, int] = {}
        while True:
            degree = [0] * len(need)
            for row, column in edges:
                degree[row] += 1
                degree[self.rows + column] += 1
            leaf = next(
                (e for e in edges if degree[e[0]] == 1 or degree[self.rows + e[1]] == 1), None
            )
            if leaf is None:
                break
            row, column = leaf
            at_row = degree[row] == 1
            delta = need[row] if at_row else need[self.rows + column]
            need[row] -= delta
            need[self.rows + column] -= delta
            change[leaf] = delta
            edges.remove(leaf)
        made: list[tuple[int | None, ...]] = []
        for row, printed in enumerate(self.matrix):
            line: list[int | None] = []
            for column, amount in enumerate(printed):
                if (row, column) in edges:
                    line.append(None)
                    continue
                signed = change.get((row, column), 0) * sign(row, column, self.places)
                mended = (amount or 0) + signed
                if mended < 0:
                    return None
                line.append(mended)
            made.append(tuple(line))
        return tuple(made)
