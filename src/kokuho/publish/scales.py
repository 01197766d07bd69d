"""Units of pictures: amounts of yen are divided so that an axis can be read; tables are in yen."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kokuho.publish.words import Words
from kokuho.statistics import Definition

_STEPS = ((10**8, "hundred million yen"), (10**6, "million yen"), (10**3, "thousand yen"))


def scale_of(
    definition: Definition, values: Iterable[Decimal | None], words: Words
) -> tuple[int, str]:
    """What the values of a picture are divided by, and the unit of its axis."""
    if definition.unit != "yen":
        return 1, words.unit(definition)
    highest = max((abs(value) for value in values if value is not None), default=Decimal(0))
    for step, name in _STEPS:
        if highest >= 10 * step:
            return step, words(name)
    return 1, words("yen")
