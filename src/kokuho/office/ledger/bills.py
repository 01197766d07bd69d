"""The seam to the bills: the stored schedules (期別調定) of a year, posted as demands."""

from __future__ import annotations

from datetime import date

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.billing.schedules import Schedule, demands
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger.assessing import post_demands
from kokuho.office.tenancy import seeing

_ = translator("books")


def post_bills(
    insurer: str,
    fiscal_year: int,
    *,
    posted_on: date,
    actor: str,
    progress: Progress | None = None,
) -> Run:
    """Post what the stored bills of a year say now against what is posted (調定, 調定の増減).

    They are all of the insurer: a household or debtor without bills owes nothing for the year.

    Args:
        insurer: the code of the insurer.
        fiscal_year: the year that is levied for (相当年度).
        posted_on: the posting date.
        actor: who asked for it.
        progress: told after each piece.

    Raises:
        InputError: the year was never billed.
        LedgerError: as :func:`kokuho.office.ledger.assessing.post_demands`.
    """
    with seeing([insurer]):
        if not Schedule.objects.filter(insurer_id=insurer, fiscal_year=fiscal_year).exists():
            raise InputError(
                _("{year} is not billed yet; `kokuho bill run` comes first").format(
                    year=fiscal_year_name(fiscal_year)
                )
            )
        frame = demands(insurer, fiscal_year)
    return post_demands(
        insurer, fiscal_year, frame, posted_on=posted_on, actor=actor, whole=True,
        progress=progress,
    )  # fmt: skip
