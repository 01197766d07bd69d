"""Where random choices come from: a seeded generator in bulk, or hypothesis, which can shrink."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Dice(Protocol):
    """The first option and the lowest number are the dullest: hypothesis shrinks towards them."""

    def pick(self, options: Sequence[T]) -> T: ...

    def number(self, low: int, high: int) -> int: ...

    def chance(self, percent: int) -> bool: ...


class SeededDice:
    """Choices of a seeded generator: the same seed, the same households."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def pick(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent


class DrawnDice:
    """Choices that hypothesis draws."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def pick(self, options: Sequence[T]) -> T:
        chosen: T = self._draw(st.sampled_from(options))
        return chosen

    def number(self, low: int, high: int) -> int:
        drawn: int = self._draw(st.integers(low, high))
        return drawn

    def chance(self, percent: int) -> bool:
        return bool(self._draw(st.integers(0, 99)) >= 100 - percent)


def day_in(dice: Dice, year: int, month: int) -> date:
    """A day of a month, mostly at its edges; months beyond 12 lie in the years after."""
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    days = [first.replace(day=2), first, last, last - timedelta(days=1), first.replace(day=15)]
    return dice.pick(days)


def day_between(dice: Dice, first_fiscal_year: int, last_fiscal_year: int) -> date:
    """A day of these fiscal years, mostly at the edge of a month."""
    return day_in(dice, dice.number(first_fiscal_year, last_fiscal_year), dice.number(4, 15))
