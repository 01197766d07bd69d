"""What a printed, rounded number may stand for: exact interval arithmetic.

A number printed as 97 without decimals was, before it was rounded half up, at least 96.5 and less
than 97.5. Sums, quotients and multiples of such intervals are exact fractions, ends included or
not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Interval:
    """The numbers from ``low`` to ``high``; ``low_in`` and ``high_in`` say whether the ends are
    among them."""

    low: Fraction
    high: Fraction
    low_in: bool = True
    high_in: bool = False

    @classmethod
    def rounded(cls, value: Fraction, decimals: int) -> Interval:
        """What was rounded half up to ``value``, never below 0 (``decimals`` -3: to thousands)."""
        half = Fraction(1, 2) / Fraction(10) ** decimals
        return cls(max(Fraction(0), value - half), value + half)

    @classmethod
    def exactly(cls, value: Fraction) -> Interval:
        """A number that was not rounded."""
        return cls(value, value, high_in=True)

    def __contains__(self, value: Fraction) -> bool:
        above = self.low < value or (self.low == value and self.low_in)
        below = value < self.high or (self.high == value and self.high_in)
        return above and below

    def __add__(self, other: Interval) -> Interval:
        return Interval(
            self.low + other.low,
            self.high + other.high,
            self.low_in and other.low_in,
            self.high_in and other.high_in,
        )

    def __truediv__(self, other: Interval) -> Interval:
        """All quotients; ``other`` must lie above 0."""
        return Interval(
            self.low / other.high,
            self.high / other.low,
            self.low_in and (other.high_in or self.low == 0),
            self.high_in and (other.low_in or self.high == 0),
        )

    def times(self, factor: Fraction) -> Interval:
        """Every number of it times a factor above 0."""
        return Interval(self.low * factor, self.high * factor, self.low_in, self.high_in)

    def overlaps(self, other: Interval) -> bool:
        """Whether some number lies in both."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return low < high or (low == high and low in self and low in other)

    def text(self, decimals: int) -> str:
        """``4.06 to 4.10``: both ends, rounded half up; one number where they are shown alike."""
        low, high = (_shown(end, max(0, decimals)) for end in (self.low, self.high))
        return low if low == high else f"{low} to {high}"


def _shown(value: Fraction, decimals: int) -> str:
    scaled = (2 * value * 10**decimals + 1) // 2
    whole, rest = divmod(scaled, 10**decimals)
    return f"{whole:,}.{rest:0{decimals}}" if decimals else f"{whole:,}"
