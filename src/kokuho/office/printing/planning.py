"""The order of a batch: what there is, whom it goes to, what is not printed, in which PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kokuho.base.errors import InputError, StoreError
from kokuho.base.messages import translator
from kokuho.office.printing.kinds import Asked, Composer, Issue, Item
from kokuho.office.printing.record import Planned, Printed
from kokuho.office.printing.states import PRINT
from kokuho.office.register.models import Resident

_ = translator("printing")

_AT_ONCE = 500


def plan(composer: Composer, issue: Issue, asked: Asked, per_file: int) -> list[Planned]:
    """The papers of a batch in their order, inside ``seeing``; ``run`` is still to be set.

    Sorted by postcode, then the payer's address number; who has no postcode (abroad) comes last.
    Whom 支援措置 protects comes after all others, in a PDF apart that a clerk looks through.

    Raises:
        StoreError: the papers do not add up to what the books say.
    """
    code = issue.insurer.code
    items = list(composer.items(code, asked, issue.issued_on))
    planned = sum(item.amount for item in items)
    booked = composer.control(code, asked, issue.issued_on)
    if planned != booked:
        raise StoreError(
            _(
                "The papers come to {planned} yen and the books to {booked} yen; nothing is "
                "printed until they agree."
            ).format(planned=f"{planned:,}", booked=f"{booked:,}")
        )
    before = _printed_before(composer.key, [item.reference for item in items])
    payers: dict[int, Resident] = {}
    numbers = sorted({item.payer for item in items})
    for start in range(0, len(numbers), _AT_ONCE):
        payers |= Resident.objects.in_bulk(numbers[start : start + _AT_ONCE])
    issue.recipients.read(payers.values())
    rows = [_row(issue, item, payers[item.payer], before) for item in items]
    rows.sort(key=lambda row: _key(row, payers))
    _number(rows, per_file)
    return rows


def _printed_before(kind: str, references: Sequence[str]) -> frozenset[str]:
    found: set[str] = set()
    for start in range(0, len(references), _AT_ONCE):
        rows = Printed.objects.filter(kind=kind, reference__in=references[start : start + _AT_ONCE])
        found |= set(rows.values_list("reference", flat=True))
    return frozenset(found)


def _row(issue: Issue, item: Item, payer: Resident, before: frozenset[str]) -> Planned:
    row = Planned(
        insurer_id=issue.insurer.code,
        state=item.state,
        reason=item.reason,
        reference=item.reference,
        household_id=item.household,
        payer_id=item.payer,
        amount=item.amount,
        protected=issue.recipients.is_protected(payer),
    )
    if item.reference in before and row.state == PRINT:
        row.state = "before"
    if row.state == PRINT and (reason := issue.recipients.returned(payer)):
        row.state, row.reason = "returned", reason
    try:
        recipient = issue.recipients.of(payer)
    except InputError as error:
        if row.state == PRINT:
            row.state, row.reason = "no_address", str(error)
    else:
        row.postal_code = recipient.addressee.postal_code
        row.protected = recipient.protected
    return row


def _key(row: Planned, payers: Mapping[int, Resident]) -> tuple[object, ...]:
    postal = row.postal_code
    return (
        row.state != PRINT,
        row.protected,
        not postal,
        postal,
        payers[row.payer_id].address_number,
        row.reference,
    )


def _number(rows: Sequence[Planned], per_file: int) -> None:
    """Places, and the PDF of each; who is protected stands in none of the others' PDFs."""
    file, inside, protected = 0, 0, False
    for place, row in enumerate(rows, 1):
        row.place, row.file = place, 0
        if row.state != PRINT:
            continue
        if file == 0 or row.protected != protected or (per_file and inside == per_file):
            file, inside, protected = file + 1, 0, row.protected
        inside += 1
        row.file = file
