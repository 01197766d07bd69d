"""Codes on a payment slip (納付書): made by the operator's layouts, or left out with the reason.

Nothing that belongs to others is made up here: company codes, numbers of Pay-easy, eL番号 and the
content of the unified QR come from a layout or from the caller's values. Without them the slip has
no code and says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator
from kokuho.collection.debit import require_valid
from kokuho.collection.fields import UnfitError, Value
from kokuho.collection.layout import Layout
from kokuho.collection.loading import Book
from kokuho.collection.records import Row, read_record, write_record

_ = translator("collection")

SLIP_KINDS = {"barcode": "barcode for convenience stores", "qr": "QR", "numbers": "Pay-easy"}
"""The kinds of code that a slip may have, in the order in which they stand on it."""


@dataclass(frozen=True)
class SlipCode:
    """One code: its kind, the layout that it was made by, its content, and the lines below it.

    ``rehearsal`` is true where the layout is made up: no shop takes it.
    """

    kind: str
    layout: Layout
    content: str
    lines: tuple[tuple[str, str], ...]

    @property
    def rehearsal(self) -> bool:
        """Whether the layout is made up, for rehearsals."""
        return self.layout.standing == "assumed"


@dataclass(frozen=True)
class Slip:
    """The codes of one slip, and what the slip says about those that it lacks."""

    reference: str
    codes: tuple[SlipCode, ...]
    notes: tuple[str, ...]


class _LeftOutError(Exception):
    """Why a code is not printed."""


def make_slip(
    payable: Mapping[str, Value], layouts: Sequence[tuple[Layout, Book]], issued_on: date
) -> Slip:
    """The codes of a slip for one demand.

    Args:
        payable: the columns of :data:`kokuho.collection.PAYABLES` and any value that a layout asks
            for by name (``confirmation_number``, ``reissue``).
        layouts: the operator's, at most one a kind.
        issued_on: day of issue.

    Raises:
        CollectionError: two layouts of a kind, or one that is not for slips.
    """
    by_kind: dict[str, tuple[Layout, Book]] = {}
    for layout, book in layouts:
        if layout.kind not in SLIP_KINDS or layout.kind in by_kind:
            raise CollectionError(
                _("{layout}: a slip has one barcode, one QR and one set of numbers.").format(
                    layout=layout.id
                )
            )
        by_kind[layout.kind] = layout, book
    codes, notes = [], []
    for kind, title in SLIP_KINDS.items():
        if kind not in by_kind:
            notes.append(
                _("{title}: not printed; no layout of the operator was given.").format(
                    title=_(title)
                )
            )
            continue
        layout, book = by_kind[kind]
        try:
            codes.append(_code(layout, book, payable, issued_on))
        except _LeftOutError as reason:
            notes.append(_("{title}: not printed; {reason}").format(title=_(title), reason=reason))
            continue
        if layout.standing == "assumed":
            notes.append(
                _("{title}: for rehearsal only ({layout}); it cannot be paid with.").format(
                    title=_(title), layout=layout.title
                )
            )
    return Slip(str(payable["reference"]), tuple(codes), tuple(notes))


def read_code(content: str, layout: Layout, book: Book) -> Row:
    """The values in the content of a code, as a scanner gave it.

    Raises:
        CollectionError: not a code of that layout, or its check digit is wrong.
    """
    wanted = _("{length} characters").format(length=layout.length)
    if len(content) != layout.length:
        raise CollectionError(
            _("{content!r}: expected are {wanted}").format(content=content, wanted=wanted)
        )
    try:
        return read_record(layout, layout.records[0], content, book)
    except UnfitError as fault:
        raise CollectionError(
            _("{content!r}, byte {byte} ({field}): expected: {wanted}").format(
                content=content,
                byte=fault.field.offset,
                field=fault.field.title,
                wanted=fault.expected,
            )
        ) from None


def _code(layout: Layout, book: Book, payable: Mapping[str, Value], issued_on: date) -> SlipCode:
    if slots := layout.slots():
        raise _LeftOutError(
            _("{layout} has nothing in {slots}").format(layout=layout.title, slots="、".join(slots))
        )
    try:
        require_valid(layout, issued_on)
    except CollectionError as error:
        raise _LeftOutError(str(error)) from None
    values = {name: value for name, value in payable.items() if value not in (None, "")}
    if layout.kind == "barcode":
        values |= {"stamp": _stamp(layout, payable, issued_on)}
    kind = layout.records[0]
    try:
        content = write_record(layout, kind, values, book)
        row = read_record(layout, kind, content, book)
    except UnfitError as fault:
        if not fault.value:
            raise _LeftOutError(_("{field} is not given").format(field=fault.field.title)) from None
        raise _LeftOutError(
            _("{field} does not take {value!r}; expected: {expected}").format(
                field=fault.field.title, value=fault.value, expected=fault.expected
            )
        ) from None
    if layout.kind == "barcode":
        lines: tuple[tuple[str, str], ...] = (("", bars_in_digits(content)),)
    elif layout.kind == "numbers":
        lines = tuple((field.title, row[field.name]) for field in kind.fields)
    else:
        lines = ()
    return SlipCode(layout.kind, layout, content, lines)


def bars_in_digits(content: str) -> str:
    """What stands below the bars, for whoever must type it in: the AI in brackets."""
    return f"({content[:2]}){content[2:]}"


def _stamp(layout: Layout, payable: Mapping[str, Value], issued_on: date) -> str:
    """The stamp flag (印紙フラグ), once the limits of the layout allow a barcode at all."""
    amount = int(str(payable["amount"]))
    for name in ("amount_max", "stamp_from"):
        if layout.limit(name, issued_on) is None:
            raise _LeftOutError(
                _("{layout} does not state {name} on {day}").format(
                    layout=layout.title, name=name, day=issued_on
                )
            )
    most, stamp = layout.limit("amount_max", issued_on), layout.limit("stamp_from", issued_on)
    if most and most.yen is not None and amount > most.yen:
        raise _LeftOutError(
            _("{amount} yen are more than stores take ({most} yen)").format(
                amount=f"{amount:,}", most=f"{most.yen:,}"
            )
        )
    return "1" if stamp and stamp.yen is not None and amount >= stamp.yen else "0"
