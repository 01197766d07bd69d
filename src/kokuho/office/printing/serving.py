"""When papers were served (送達): recorded by the office, of one paper or of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import timezone

from kokuho.arrears import served_on
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.printing.record import Printed, Served
from kokuho.office.tenancy import seeing

_ = translator("printing")

WAYS: Mapping[str, str] = {
    "mail": "by mail",
    "hand": "handed over",
    "public_notice": "by public notice",
}
"""How a paper was served; a closed list."""


def way_title(how: str) -> str:
    """How a paper was served, for people."""
    return _(WAYS[how])


def serve(
    insurer: str, numbers: Sequence[int], batch: str, day: date, how: str, actor: str
) -> tuple[int, date]:
    """Record a day for papers by number, or for all of a batch; how many, and the day served.

    Args:
        insurer: the code of the insurer.
        numbers: of printed papers.
        batch: a batch, in place of numbers.
        day: the day of arrival; of a public notice the day on which it was put up.
        how: a code of :data:`WAYS`.
        actor: who says so.

    Raises:
        InputError: no such paper or way, a day to come, or one before the day of issue.
    """
    if how not in WAYS:
        raise InputError(_("{given} is none of: {known}").format(given=how, known=", ".join(WAYS)))
    if day > timezone.localdate():
        raise InputError(_("{day} is a day to come").format(day=day))
    served = served_on(day) if how == "public_notice" else day
    with seeing([insurer], writing=True):
        rows = Printed.objects.filter(insurer_id=insurer)
        papers = list(rows.filter(batch=batch, copy=0) if batch else rows.filter(pk__in=numbers))
        if not papers or (not batch and len(papers) != len(set(numbers))):
            raise InputError(_("There is no such printed paper."))
        early = [paper for paper in papers if day < paper.issued_on]
        if early:
            raise InputError(
                _("Paper {number} was issued on {issued}, after {day}.").format(
                    number=early[0].pk, issued=early[0].issued_on, day=day
                )
            )
        now = timezone.now()
        Served.objects.bulk_create(
            [
                Served(insurer_id=insurer, paper=paper, served_on=served, how=how, actor=actor,
                       recorded_at=now)
                for paper in papers
            ],
            batch_size=500,
        )  # fmt: skip
    return len(papers), served


def served_days(papers: Sequence[int], known: date | None = None) -> dict[int, Served]:
    """What holds of papers, by their number, as it was known on a day; inside ``seeing``."""
    found: dict[int, Served] = {}
    for start in range(0, len(papers), 500):
        rows = Served.objects.filter(paper__in=papers[start : start + 500]).order_by("pk")
        if known is not None:
            rows = rows.filter(recorded_at__date__lte=known)
        found |= {row.paper_id: row for row in rows}
    return found
