"""No small number leaves by this door (秘匿の確認): files are looked at again before they are published.

The suppression itself is the work of the statistics room; here a file that did not go through it is
refused, whoever made it.
"""

from __future__ import annotations

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator
from kokuho.publish.words import Words
from kokuho.statistics import MeasureFile, catalogue, parse_id

_ = translator("publish")

SMALLEST = 10
"""Numbers of people below it are small (1 to 9)."""

_NAMED = 5


def refuse_unprotected(file: MeasureFile) -> None:
    """Refuse a file in which a small number of people stands.

    Raises:
        StatisticsError: the figures are named, the first of them.
    """
    small = [
        figure.id
        for figure in file.measures
        if (known := catalogue().get(parse_id(figure.id)[0])) is not None
        and known.unit == "count"
        and figure.value is not None
        and 0 < figure.value < SMALLEST
    ]
    if small:
        raise StatisticsError(
            _(
                "The measure file of {code} has {count} small numbers that are not suppressed "
                "({ids}). It is not published; make it with `kokuho statistics measure`, which "
                "suppresses them."
            ).format(code=file.insurer_code, count=len(small), ids=", ".join(small[:_NAMED]))
        )


def rules(words: Words) -> list[str]:
    """How figures are protected, for the page that says so."""
    return [
        words("Numbers from 1 to {most} are suppressed: few enough people that one of them might be known.").format(
            most=SMALLEST - 1),
        words("Where a suppressed number could be found from totals and the other numbers, further numbers are suppressed."),
        words("Rates and shares made from a suppressed number are suppressed too."),
        words("No table names a person, and none is made from fewer than the persons that it counts."),
    ]  # fmt: skip
