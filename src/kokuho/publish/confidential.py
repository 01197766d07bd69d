"""No small number leaves by this door (秘匿の確認): files are looked at again before publication.

The suppression itself is the work of the statistics room; here a file that did not go through it is
refused, whoever made it.
"""

from __future__ import annotations

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator
from kokuho.publish.words import Words
from kokuho.statistics import MeasureFile
from kokuho.statistics.confidentiality import Rules, unprotected

_ = translator("publish")

_NAMED = 5


def refuse_unprotected(file: MeasureFile, rules: Rules) -> None:
    """Refuse a file that tells of too few persons, households or claims.

    Raises:
        StatisticsError: how many figures do, and the first of them.
    """
    small = unprotected(file, rules)
    if small:
        raise StatisticsError(
            _(
                "The measure file of {code} has {count} small numbers that are not "
                "suppressed "
                "({ids}). It is not published; make it with `kokuho statistics measure`, "
                "which "
                "suppresses them."
            ).format(code=file.insurer_code, count=len(small), ids=", ".join(small[:_NAMED]))
        )


def said_of(rules: Rules, words: Words) -> list[str]:
    """How figures are protected, for the page that says so."""
    return [
        words(
            "Figures of 1 to {most} persons, households or claims are suppressed: "
            "few enough that somebody might be recognised."
        ).format(most=rules.threshold - 1),
        words("Amounts and rates behind which there are so few are suppressed too."),
        words(
            "Where a suppressed number could be worked out from totals and the other "
            "figures, further figures are suppressed; linear programmes show that "
            "every suppressed number stays open by at least {width}, and an amount "
            "of money by {percent} percent."
        ).format(width=rules.threshold, percent=rules.percent),
        words("No table names a person."),
    ]
