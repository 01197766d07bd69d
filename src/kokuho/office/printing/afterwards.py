"""What the arrears record says once a paper is printed: a letter of demand is a contact made."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from kokuho.arrears import Act
from kokuho.office.arrears.recording import keep
from kokuho.office.printing.record import Printed

_TEXT = "催告書 {number}"


def note(insurer: str, papers: Sequence[Printed]) -> None:
    """Record what follows from papers that were printed, in the same transaction.

    Of a letter of demand (催告書) a contact by letter on its day of issue, with its number.
    """
    acts = [
        Act(
            number=0,
            kind="contact",
            day=paper.issued_on,
            household=paper.household.household_number,
            code="letter",
            text=_TEXT.format(number="-".join(paper.reference.split("/")[1:])),
            actor=paper.actor,
        )
        for paper in papers
        if paper.kind == "demand"
    ]
    if acts:
        keep(insurer, acts, today=timezone.localdate(), checked=True)
