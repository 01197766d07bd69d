"""Units of pictures: large values are divided for the axis alone; tables have them whole."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kokuho.publish.words import Words
from kokuho.statistics import Definition

_YEN = ((10**8, "hundred million yen"), (10**6, "million yen"), (10**3, "thousand yen"))
_LARGE = 10**6
"""Numbers above it are shown by the ten thousand (万), in English by the thousand."""


def scale_of(
    definition: Definition, values: Iterable[Decimal | None], words: Words
) -> tuple[int, str]:
    """What the values of a picture are divided by, and the unit of its axis."""
    highest = max((abs(value) for value in values if value is not None), default=Decimal(0))
    if definition.unit == "count" and highest >= _LARGE:
        return (10**4 if words.language == "ja" else 10**3), words("thousands")
    if definition.unit != "yen":
        return 1, words.unit(definition)
    for step, name in _YEN:
        if highest >= 10 * step:
            return step, words(name)
    return 1, words("yen")
