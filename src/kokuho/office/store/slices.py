"""What a query can name at once: SQLite takes so many parameters in any version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

_AT_ONCE = 500

K = TypeVar("K", int, str)


def slices(names: Iterable[K]) -> Iterator[list[K]]:
    """Names in pieces, each name once and in order."""
    ordered = sorted(set(names))
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
