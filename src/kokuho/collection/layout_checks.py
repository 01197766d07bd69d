"""What does not hold together in a layout, in words; an empty list is a sound one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kokuho.base.messages import translator
from kokuho.collection.characters import has_controls, not_in, to_bank
from kokuho.collection.layout import Layout, LayoutField, RecordKind

_ = translator("collection")

NEEDED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "direct_debit": {
        "header": ("debit_date",),
        "data": ("bank_code", "branch_code", "account_type", "account_number", "holder", "amount",
                 "reference", "result"),
        "trailer": (),
    },
    "receipts": {"data": ("reference", "amount", "paid_on")},
    "barcode": {"code": ("amount", "due")},
    "qr": {"code": ()},
    "numbers": {"code": ()},
    "pensions": {"data": ("person_id",)},
    "pension_requests": {"data": ("person_id",)},
}  # fmt: skip
"""Fields that the room asks for by name, by kind of layout and record."""

_TYPES = {"amount": ("digits",), "reference": ("digits",), "payer": ("digits",),
          "paid_on": ("yymmdd", "yyyymmdd"), "debit_date": ("mmdd",), "due": ("yymmdd", "yyyymmdd"),
          "result": ("digits",)}  # fmt: skip
"""Types of the fields that the room asks for by name."""

_BARCODE = 44
_SIZES = {"mmdd": 4, "yymmdd": 6, "yyyymmdd": 8, "hhmm": 4, "check": 1}


def wrong_in(layout: Layout, book: Mapping[str, Layout]) -> list[str]:
    """Everything that is wrong, one line each.

    ``book`` has the layouts that fields of type ``code`` hold.
    """
    wide = [one for one in layout.characters if len(_encoded(one, layout.encoding)) != 1]
    if wide and layout.delimiter is None:
        return [_("characters: {wide} are not one byte each").format(wide=" ".join(wide))]
    return [
        *_wrong_form(layout, book),
        *_wrong_records(layout, book),
        *_wrong_totals(layout, book),
        *_wrong_receipts(layout, book),
        *_wrong_limits(layout),
    ]


def _wrong_form(layout: Layout, book: Mapping[str, Layout]) -> Iterator[str]:
    """What only files with separators have, and what they do not."""
    types = {field.type for record in layout.records for field in record.fields}
    pads = {field.pad for record in layout.records for field in record.fields}
    if layout.delimiter is None:
        if layout.titles or "any" in types or "none" in pads:
            yield _("titles, type any and pad none go with a delimiter")
        return
    if layout.kind in ("barcode", "qr", "numbers"):
        yield _("a code has no delimiter")
    if "none" in layout.line_ends:
        yield _("records with separators have a line end")
    if "check" in types:
        yield _("a check digit stands in a code, not between separators")
    if any(held.delimiter is not None for held in book.values() if held.id != layout.id):
        yield _("a code has no delimiter")
    for title in layout.titles:
        if has_controls(title) or not _encoded(title, layout.encoding):
            yield _("the title {title!r} cannot be written").format(title=title)


def _encoded(one: str, encoding: str) -> bytes:
    try:
        return one.encode(encoding)
    except UnicodeEncodeError:
        return b""


def names_in(record: RecordKind, book: Mapping[str, Layout]) -> set[str]:
    """The names of a record's fields, with those of the codes that it holds."""
    names = {field.name for field in record.fields}
    for field in record.fields:
        if field.of is not None and field.of in book:
            names |= {inner.name for inner in book[field.of].records[0].fields}
    return names


def _wrong_records(layout: Layout, book: Mapping[str, Layout]) -> Iterator[str]:
    kinds = {record.name: record for record in layout.records}
    if len(kinds) < len(layout.records):
        yield _("two kinds of record have the same name")
    if layout.kind in ("barcode", "qr", "numbers") and len(layout.records) > 1:
        yield _("a code is one record")
    if layout.kind == "barcode" and layout.length != _BARCODE:
        yield _("a barcode of stores has {length} digits").format(length=_BARCODE)
    for name, fields in NEEDED[layout.kind].items():
        if name not in kinds:
            yield _("the record {record} is missing").format(record=name)
            continue
        missing = set(fields) - names_in(kinds[name], book)
        for field in sorted(missing):
            yield _("record {record}: the field {field} is missing").format(
                record=name, field=field
            )
    for record in layout.records:
        yield from _wrong_record(layout, record)
    marks = [
        next((f.constant for f in r.fields if f.constant is not None), None) for r in kinds.values()
    ]
    if len(kinds) > 1 and (None in marks or len(set(marks)) < len(marks)):
        yield _("each kind of record needs a constant of its own that tells it from the others")


def _wrong_record(layout: Layout, record: RecordKind) -> Iterator[str]:
    place = 1
    names: set[str] = set()
    plain = True
    for field in record.fields:
        at = _("record {record}, field {field}").format(record=record.name, field=field.name)
        if field.name in names:
            yield _("{at}: the name stands twice").format(at=at)
        names.add(field.name)
        if layout.delimiter is not None and field.offset != len(names):
            yield _("{at}: is field {place} of the record, not {offset}").format(
                at=at, place=len(names), offset=field.offset
            )
        if layout.delimiter is None and field.offset != place:
            yield _("{at}: begins at byte {offset}, but the fields before it end at {end}").format(
                at=at, offset=field.offset, end=place - 1
            )
        place = field.offset + field.length
        if field.type == "check" and not plain:
            yield _("{at}: a check digit has nothing but digits before it").format(at=at)
        plain = plain and field.type not in ("text", "blank", "code")
        yield from (f"{at}: {line}" for line in _wrong_field(layout, field))
    if layout.delimiter is None and place - 1 != layout.length:
        yield _("record {record}: the fields have {got} bytes, the record {length}").format(
            record=record.name, got=place - 1, length=layout.length
        )


def _wrong_field(layout: Layout, field: LayoutField) -> Iterator[str]:
    size = _SIZES.get(field.type)
    if size is not None and field.length != size:
        yield _("type {type} has {size} bytes").format(type=field.type, size=size)
    if (field.type == "code") != (field.of is not None):
        yield _("a field of type code, and no other, says of which layout it is")
    if field.constant is not None and field.type in ("blank", "check", "code", "slot"):
        yield _("type {type} has no constant").format(type=field.type)
    if field.type not in (*_TYPES.get(field.name, (field.type,)), "slot"):
        yield _("the type is one of {types}").format(types=", ".join(_TYPES[field.name]))
    for value in (field.constant, field.default, *(field.codes or ())):
        if value is None:
            continue
        text = to_bank(value, layout.kana)
        if len(text) > field.length or not_in(text, layout.characters):
            yield _("{value!r} does not fit into it").format(value=value)
        elif field.type == "digits" and not text.isdecimal():
            yield _("{value!r} is no row of digits").format(value=value)


def _wrong_totals(layout: Layout, book: Mapping[str, Layout]) -> Iterator[str]:
    kinds = {record.name: record for record in layout.records}
    single = {
        f.name for r in layout.records if not r.repeats for f in r.fields if f.type == "digits"
    }
    for total in layout.totals:
        if total.field not in single:
            yield _("total {field}: no such field").format(field=total.field)
        if total.of not in kinds:
            yield _("total {field}: no record {record}").format(field=total.field, record=total.of)
            continue
        inner = names_in(kinds[total.of], book)
        for name in (total.sum, *total.where):
            if name is not None and (name not in inner or (name == total.sum != "amount")):
                yield _("total {field}: {name} cannot be summed or asked for").format(
                    field=total.field, name=name
                )


def _wrong_receipts(layout: Layout, book: Mapping[str, Layout]) -> Iterator[str]:
    if (layout.kind == "receipts") != (layout.receipts is not None):
        yield _("a layout of kind receipts, and no other, has the key receipts")
        return
    rule = layout.receipts
    if rule is None or not any(record.name == "data" for record in layout.records):
        return
    names = names_in(layout.record("data"), book)
    for name in (*rule.key, *((rule.stage,) if rule.stage else ())):
        if name not in names:
            yield _("receipts: there is no field {field} in the record data").format(field=name)
    if (rule.stage is None) != (not rule.stages):
        yield _("receipts: stage and stages are given together")
    field = layout.record("data").field(rule.stage) if rule.stage else None
    if field is not None and set(field.codes or ()) != set(rule.stages):
        yield _("receipts: stages says something of every code of {field}, and of no other").format(
            field=field.name
        )


def _wrong_limits(layout: Layout) -> Iterator[str]:
    """Limits of one name whose days overlap: either could be meant."""
    for place, one in enumerate(layout.limits):
        for other in layout.limits[:place]:
            apart = (other.last is not None and other.last < one.first) or (
                one.last is not None and one.last < other.first
            )
            if one.name == other.name and not apart:
                yield _("limits: {name} is stated twice for the same days").format(name=one.name)
