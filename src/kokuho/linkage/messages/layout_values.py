"""One value of a record as the text of a field, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kokuho.linkage.messages.canonical import digest_of
from kokuho.linkage.messages.layout import Layout, LayoutField
from kokuho.linkage.messages.record import OPTIONAL, TYPES, CollectionRecord, key_of


class FieldError(ValueError):
    """A value that a field cannot take, or a text that is none of its values.

    Attributes:
        field: name of the field.
        code: ``required``, ``length``, ``character``, ``code``, ``number``, ``day``, ``constant``,
            ``blank``.
    """

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


def text_of(layout: Layout, field: LayoutField, record: CollectionRecord) -> str:
    """The text of a field, without padding.

    Raises:
        FieldError: too long, or without a code in this layout.
    """
    if field.type == "constant":
        return field.constant or ""
    if field.type == "blank":
        return ""
    if field.type == "reason":
        target = next(one for one in layout.fields if one.name == field.of)
        missing = getattr(record, target.means or "") is None
        return layout.reasons["not_applicable"] if missing else ""
    value = getattr(record, field.means or "")
    text = "" if value is None else _written(layout, field, value)
    if field.length is not None and _size(layout, text) > field.length:
        raise FieldError(field.name, "length")
    return text


def _size(layout: Layout, text: str) -> int:
    """Characters, or in a fixed form bytes."""
    if layout.form != "fixed":
        return len(text)
    try:
        return len(text.encode(layout.encoding))
    except UnicodeEncodeError as error:
        raise FieldError("", "character") from error


def _written(layout: Layout, field: LayoutField, value: Any) -> str:
    if field.type == "code":
        value = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        try:
            return layout.codes[field.codes or ""][value]
        except KeyError as error:
            raise FieldError(field.name, "code") from error
    if isinstance(value, date):
        return value.strftime(field.pattern or "")
    return str(value)


def value_of(layout: Layout, field: LayoutField, text: str) -> Any:
    """The value of a field's text; ``None`` for an empty one that may be empty.

    Raises:
        FieldError: what stands there is none of the field's values.
    """
    means = field.means or ""
    if not text:
        if means in OPTIONAL:
            return None
        raise FieldError(field.name, "required")
    if field.length is not None and _size(layout, text) > field.length:
        raise FieldError(field.name, "length")
    if field.type == "code":
        return _decoded(layout, field, means, text)
    kind = TYPES[means]
    if kind == "int":
        digits = text[1:] if text[0] == "-" else text
        if not (digits.isascii() and digits.isdigit()):
            raise FieldError(field.name, "number")
        return int(text)
    if kind in ("date", "datetime"):
        return _moment(field, kind, text)
    return text


def _decoded(layout: Layout, field: LayoutField, means: str, text: str) -> str | int | bool:
    back = {code: value for value, code in layout.codes[field.codes or ""].items()}
    if text not in back:
        raise FieldError(field.name, "code")
    if TYPES[means] == "bool":
        return back[text] == "yes"
    return int(back[text]) if TYPES[means] == "int" else back[text]


def _moment(field: LayoutField, kind: str, text: str) -> date:
    try:
        moment = datetime.strptime(text, field.pattern or "")
    except ValueError as error:
        raise FieldError(field.name, "day") from error
    if kind == "date":
        return moment.date()
    if moment.tzinfo is None:
        raise FieldError(field.name, "day")  # a time without its zone means two moments
    return moment


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A record as its layout carries it; what the layout has no field for is not in it.

    Attributes:
        municipality: code.
        person: address number.
        key: what makes it the same record in another version.
        version: of the record.
        action: ``register`` or ``withdraw``.
        fields: values by meaning, days and times in ISO 8601.
    """

    municipality: str
    person: str
    key: str
    version: int
    action: str
    fields: Mapping[str, str | int | bool | None]

    @property
    def content(self) -> str:
        """Digest of what it says; when it was made and its version do not count."""
        return digest_of({k: v for k, v in self.fields.items() if k not in ("as_of", "version")})


def carried(layout: Layout, record: CollectionRecord) -> ReadRecord:
    """A record of the office as this layout carries it: what the other side will read."""
    whole = record.as_json()
    return _read({one.means: whole[one.means] for one in layout.fields if one.means})


def _read(fields: dict[str, Any]) -> ReadRecord:
    return ReadRecord(
        municipality=fields["municipality"],
        person=fields["person"],
        key=key_of(fields),
        version=fields["version"],
        action=fields["action"],
        fields=fields,
    )


def record_of(layout: Layout, texts: Mapping[str, str]) -> ReadRecord:
    """The record of a row of texts by field name.

    Raises:
        FieldError: the first field that cannot be read.
    """
    values: dict[str, Any] = {}
    for field in layout.fields:
        text = texts.get(field.name, "")
        if field.type == "constant" and text != field.constant:
            raise FieldError(field.name, "constant")
        if field.type == "blank" and text:
            raise FieldError(field.name, "blank")
        if field.type == "reason" and text and text not in layout.reasons.values():
            raise FieldError(field.name, "code")
        if field.means:
            value = value_of(layout, field, text)
            values[field.means] = value.isoformat() if isinstance(value, date) else value
    return _read(values)
