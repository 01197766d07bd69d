"""The rules that an insurer's books go by: those of the ordinance that is kept of a year."""

from __future__ import annotations

from datetime import date

from kokuho.base.calendar import fiscal_year_of
from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger import LedgerRules, ledger_rules
from kokuho.office.assessment.documents import keep, read_ordinance, write_ordinance
from kokuho.office.register.models import Document
from kokuho.ordinance import OrdinanceYear

_ = translator("books")


def ordinance_on(insurer: str, day: date) -> OrdinanceYear:
    """The ordinance of a day's fiscal year as it was kept last, or of the last year before it.

    Inside ``seeing``.

    Raises:
        LedgerError: no ordinance was kept for that year or before.
    """
    year = fiscal_year_of(day)
    rows = Document.objects.filter(insurer_id=insurer, kind="ordinance").order_by("pk")
    kept = [read_ordinance(row) for row in rows]
    if fitting := [one for one in kept if one.fiscal_year <= year]:
        # of two of the same year the later one
        return max(reversed(fitting), key=lambda one: one.fiscal_year)
    raise LedgerError(
        _(
            "insurer {insurer}: no ordinance is kept for fiscal year {year}; give it once with "
            "--ordinance"
        ).format(insurer=insurer, year=year)
    )


def rules_on(insurer: str, day: date) -> LedgerRules:
    """The rules of an insurer on a day, inside ``seeing``.

    Raises:
        LedgerError: no ordinance was kept.
        OrdinanceError: it leaves out what nobody else decides.
    """
    return ledger_rules(ordinance_on(insurer, day), day)


def keep_ordinance(insurer: str, year: OrdinanceYear) -> None:
    """Keep an ordinance's year, inside ``seeing(…, writing=True)``."""
    keep(insurer, "ordinance", [write_ordinance(year)])
