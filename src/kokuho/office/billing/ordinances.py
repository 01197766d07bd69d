"""The ordinance that an insurer's year is assessed with, and billed by."""

from __future__ import annotations

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.assessment import changes, documents, yearly
from kokuho.office.jobs.runs import Run
from kokuho.office.register.models import Document
from kokuho.ordinance import OrdinanceYear

_ = translator("office_billing")


def document_of(insurer: str, fiscal_year: int) -> Document | None:
    """The document that keeps it; none where the year is not assessed."""
    runs = Run.objects.filter(insurer_id=insurer, state=Run.State.DONE)
    first = runs.filter(kind=yearly.KIND, key=str(fiscal_year)).first()
    if first is None:
        return None
    found: int = first.cursor["ordinance"]
    for run in runs.filter(kind=changes.KIND).order_by("pk"):
        if (entry := run.cursor["years"].get(str(fiscal_year))) is not None:
            found = entry["ordinance"]
    document: Document = Document.objects.get(pk=found)
    return document


def ordinance_of(insurer: str, fiscal_year: int) -> OrdinanceYear:
    """The ordinance itself.

    Raises:
        InputError: the year is not assessed.
    """
    document = document_of(insurer, fiscal_year)
    if document is None:
        raise not_assessed(fiscal_year)
    return documents.read_ordinance(document)


def assessed_years(insurer: str) -> list[int]:
    """The years whose yearly assessment is done, the last first."""
    done = Run.objects.filter(insurer_id=insurer, kind=yearly.KIND, state=Run.State.DONE)
    return sorted((int(key) for key in done.values_list("key", flat=True)), reverse=True)


def not_assessed(fiscal_year: int) -> InputError:
    """The year is not assessed yet."""
    return InputError(
        _("{year} is not assessed yet; `kokuho assess run` comes first.").format(
            year=fiscal_year_name(fiscal_year)
        )
    )
