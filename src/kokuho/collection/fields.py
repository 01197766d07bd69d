"""One field: a value into its bytes, and its bytes into a value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kokuho.base.messages import translator
from kokuho.collection.characters import has_controls, not_in, to_bank
from kokuho.collection.layout import Layout, LayoutField

_ = translator("collection")

Value = str | int | date | None
_DAYS = {"mmdd": "%m%d", "yymmdd": "%y%m%d", "yyyymmdd": "%Y%m%d"}


class UnfitError(ValueError):
    """A value that a field does not take; ``code`` is one of the problems of a file."""

    def __init__(self, field: LayoutField, value: str, code: str, expected: str) -> None:
        super().__init__(f"{field.name}: {value!r}; {expected}")
        self.field, self.value, self.code, self.expected = field, value, code, expected


def check_digit(digits: str) -> str:
    """The check digit of modulus 10, weight 3 (モジュラス10 ウェイト3) over all ``digits``.

    >>> check_digit("9191234" + "0" * 22 + "261231" + "0" + "012300")
    '7'
    """
    total = sum(int(one) * (1 if place % 2 else 3) for place, one in enumerate(reversed(digits)))
    return str(-total % 10)


def write_field(field: LayoutField, value: Value, layout: Layout) -> str:
    """The characters of a field; ``value`` is left out where the layout gives it.

    Raises:
        UnfitError: the value does not fit, or there is none and the layout gives none either.
    """
    if field.type == "blank":
        return " " * field.length if layout.delimiter is None else ""
    given = field.constant if field.constant is not None else value
    given = field.default if given is None else given
    if given is None or field.type == "slot":
        raise UnfitError(field, "", "constant", _("a value, or the operator's layout"))
    if isinstance(given, date):
        if field.type not in _DAYS:
            raise UnfitError(field, str(given), "date", field.type)
        return given.strftime(_DAYS[field.type])
    if field.type == "any":
        read_field(field, str(given), layout)
        return str(given)
    text = _padded(field, to_bank(str(given), layout.kana), layout)
    if len(text) > field.length:
        raise UnfitError(field, str(given), "length", _limit(field))
    if strange := not_in(text, layout.characters):
        raise UnfitError(field, str(given), "character", _without(strange))
    read_field(field, text, layout)
    return text


def read_field(field: LayoutField, text: str, layout: Layout) -> str:
    """The value in the characters of a field; blanks behind a text fall away.

    Raises:
        UnfitError: something else stands there than the layout says.
    """
    if field.constant is not None:
        wanted = write_padded(field, field.constant, layout)
        if text != wanted:
            raise UnfitError(field, text, "constant", repr(wanted))
    if layout.delimiter is not None and not _sized(field, text):
        raise UnfitError(field, text, "length", _limit(field))
    if field.type == "any":
        if has_controls(text):
            raise UnfitError(field, text, "character", _("a character of the layout"))
        return text
    if field.type == "blank" and text.strip(" "):
        raise UnfitError(field, text, "blank", _("blanks"))
    if field.type not in ("text", "blank") and not (text.isascii() and text.isdecimal()):
        raise UnfitError(field, text, "digits", _("{length} digits").format(length=field.length))
    if field.type in _DAYS and day_of(field, text) is None:
        raise UnfitError(field, text, "date", _("a day as {form}").format(form=field.type.upper()))
    if field.type == "hhmm" and not ("00" <= text[:2] <= "23" and "00" <= text[2:] <= "59"):
        raise UnfitError(field, text, "time", _("a time as HHMM"))
    value = text.rstrip(" ") if field.type in ("text", "blank") else text
    if field.codes is not None and value not in field.codes:
        raise UnfitError(field, text, "code", listed(field.codes))
    return value


def write_padded(field: LayoutField, value: str, layout: Layout) -> str:
    """A constant as it stands in the file."""
    return _padded(field, to_bank(value, layout.kana), layout)


def _padded(field: LayoutField, text: str, layout: Layout) -> str:
    if field.type == "digits" and field.pad != "none":
        return text.ljust(field.length, "0") if field.pad == "behind" else text.zfill(field.length)
    if field.type == "text" and layout.delimiter is None:
        return text.ljust(field.length)
    return text


def _sized(field: LayoutField, text: str) -> bool:
    """Whether a value between separators has its length; that of a record of bytes always has."""
    if field.type in ("text", "any", "blank") or field.pad == "none":
        return len(text) <= field.length
    return len(text) == field.length


def day_of(field: LayoutField, text: str) -> date | None:
    """The day that a field states; of a field without year one in a leap year."""
    year = {"mmdd": "2000", "yymmdd": "20", "yyyymmdd": ""}[field.type]
    try:
        return date.fromisoformat(f"{year}{text}")
    except ValueError:
        return None


def listed(codes: Mapping[str, str]) -> str:
    """A list of codes for people: ``0 (振替済), 1 (資金不足)``."""
    return ", ".join(f"{code} ({text})" for code, text in codes.items())


def _limit(field: LayoutField) -> str:
    return _("at most {length} characters").format(length=field.length)


def _without(strange: str) -> str:
    return _("half-width kana, capital letters and digits, without {strange}").format(
        strange=" ".join(strange)
    )
