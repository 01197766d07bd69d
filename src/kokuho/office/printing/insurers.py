"""The insurer as its own ordinance names it (保険者名、都道府県、税か料か)."""

from __future__ import annotations

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.assessment import documents
from kokuho.office.billing.schedules import Schedule
from kokuho.office.printing.kinds.issue import Asked
from kokuho.office.register.models import Assessment
from kokuho.ordinance import Insurer

_ = translator("printing")


def insurer_of(code: str, asked: Asked) -> Insurer:
    """From the ordinance of the year that was asked for, or of the last that was assessed.

    A year that is billed provisionally (仮算定・仮徴収) before it is assessed has its own too.

    Raises:
        InputError: nothing was assessed or billed yet.
    """
    assessed = Assessment.objects.known().filter(insurer_id=code)
    billed = Schedule.objects.known().filter(insurer_id=code)
    if asked.fiscal_year is not None:
        assessed = assessed.of_year(asked.fiscal_year)
        billed = billed.filter(fiscal_year=asked.fiscal_year)
    for rows in (assessed, billed):
        last = rows.order_by("valid_from").select_related("ordinance").last()
        if last is not None:
            return documents.read_ordinance(last.ordinance).insurer
    raise InputError(
        _("Insurer {code} has assessed nothing that papers could be printed of.").format(code=code)
    )
