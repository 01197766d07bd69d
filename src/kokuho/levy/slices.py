"""A large levy in slices of whole households, side by side: less memory at a time, every core busy.

No household is touched by two slices, so that the outcome is the same with any number of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import polars as pl

FEWEST, MOST = 100_000, 500_000
"""Households of a slice: enough that the planning of its steps does not count, and no more than
fit into memory with all their steps (some 700 MB)."""

T = TypeVar("T")


def size_of(households: int) -> int:
    """Households a slice: all cores busy, within :data:`FEWEST` and :data:`MOST`."""
    return min(MOST, max(FEWEST, -(-households // pl.thread_pool_size())))


def slices(
    persons: pl.DataFrame, households: pl.DataFrame, keys: Sequence[str], size: int
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Both frames, sorted by ``keys``, cut at the same households; ``size`` households a slice."""

    def of_person(row: int) -> tuple[str, ...]:
        return tuple(persons[key][row] for key in keys)

    begin = 0
    for first in range(0, households.height, size):
        after = first + size
        end = persons.height
        if after < households.height:
            wanted = tuple(households[key][after] for key in keys)
            end = bisect_left(range(persons.height), wanted, key=of_person)
        yield persons.slice(begin, end - begin), households.slice(first, size)
        begin = end


def side_by_side(
    work: Callable[[pl.DataFrame, pl.DataFrame], T],
    parts: Sequence[tuple[pl.DataFrame, pl.DataFrame]],
) -> list[T]:
    """What ``work`` makes of each slice, in their order."""
    with ThreadPoolExecutor(max_workers=pl.thread_pool_size()) as pool:
        return list(pool.map(lambda part: work(*part), parts))
