"""The insurer as its own ordinance names it (保険者名、都道府県、税か料か)."""

from __future__ import annotations

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.assessment import documents
from kokuho.office.printing.kinds.issue import Asked
from kokuho.office.register.models import Assessment
from kokuho.ordinance import Insurer

_ = translator("printing")


def insurer_of(code: str, asked: Asked) -> Insurer:
    """From the ordinance of the year that was asked for, or of the last that was assessed.

    Raises:
        InputError: nothing was assessed yet.
    """
    rows = Assessment.objects.known().filter(insurer_id=code)
    if asked.fiscal_year is not None:
        rows = rows.of_year(asked.fiscal_year)
    last = rows.order_by("valid_from").select_related("ordinance").last()
    if last is None:
        raise InputError(
            _("Insurer {code} has assessed nothing that papers could be printed of.").format(
                code=code
            )
        )
    return documents.read_ordinance(last.ordinance).insurer
