"""What a layout (レイアウト定義) is: records, fields, totals and settings, each with its source.

A layout is data: a bank's or an agent's variant is a file, never code. The same model serves files
of fixed-length records, files whose fields stand between separators, and codes on a slip, which are
one record without a line end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_CONFIG = ConfigDict(frozen=True, extra="forbid", strict=True)

LayoutKind = Literal[
    "direct_debit", "receipts", "barcode", "qr", "numbers", "pensions", "pension_requests"
]
"""口座振替, receipts of a collecting agent, GS1-128, QR, numbers to be typed in (ペイジー); what is
known of pensions (特別徴収の資料), and what pensions are asked to pay (特別徴収の依頼)."""

Standing = Literal["public", "operator", "assumed"]
"""Read in public sources; handed in by the operator; made up for rehearsals, valid nowhere."""

FieldType = Literal["digits", "text", "mmdd", "yymmdd", "yyyymmdd", "hhmm", "blank", "check",
                    "code", "slot", "any"]  # fmt: skip
"""How a field is written and read.

``digits`` right-aligned with zeros before, ``text`` left-aligned with blanks behind, days, a time,
``blank`` for nothing but blanks, ``check`` for the check digit (modulus 10, weight 3) over all that
stands before it, ``code`` for the content of another layout, ``slot`` for what its owner must fill,
``any`` for words between separators that nothing reads.
"""

LineEnd = Literal["none", "crlf", "lf"]
Stage = Literal["preliminary", "final", "cancelled"]
"""速報, 確報, 速報取消. Only what is final is money."""

Size = Annotated[int, Field(ge=1, le=4096)]


class Source(BaseModel):
    """Where a layout was read."""

    model_config = _CONFIG

    text: str
    url: str | None = None
    retrieved: date | None = None


class Valid(BaseModel):
    """First and last day of a layout; empty where nothing states it."""

    model_config = _CONFIG

    first: date | None = None
    last: date | None = None


class LayoutField(BaseModel):
    """One field of a record.

    ``offset`` counts bytes from 1 and must agree with the lengths. Between separators it counts
    fields, and ``length`` characters: exactly so many, of ``text``, ``any`` and digits that are not
    padded (``pad: none``) at most.
    """

    model_config = _CONFIG

    name: str
    title: str
    offset: Size
    length: Size
    type: FieldType
    pad: Literal["before", "behind", "none"] | None = Field(
        default=None, description="Side of the zeros of digits; before unless stated"
    )
    constant: str | None = Field(default=None, description="Always this; anything else is refused")
    default: str | None = Field(default=None, description="Written where no value is given")
    codes: Mapping[str, str] | None = Field(default=None, description="Allowed values")
    of: str | None = Field(default=None, description="The layout that a field of type code holds")
    source: str | None = None


class RecordKind(BaseModel):
    """One kind of record; records stand in the order in which the layout lists their kinds."""

    model_config = _CONFIG

    name: str
    title: str
    repeats: bool = Field(default=False, description="Any number of them, none included")
    fields: tuple[LayoutField, ...]

    def field(self, name: str) -> LayoutField | None:
        """The field of that name."""
        return next((one for one in self.fields if one.name == name), None)


class Total(BaseModel):
    """A field that says how many records there are, or what their amounts sum to."""

    model_config = _CONFIG

    field: str
    of: str
    sum: str | None = None
    where: Mapping[str, tuple[str, ...]] = {}
    results_only: bool = Field(
        default=False, description="True of results alone; zero in a request"
    )


class Kana(BaseModel):
    """What a bank wants in place of small kana and of the long mark."""

    model_config = _CONFIG

    small: Literal["large", "refuse"] = "large"
    long_mark: str = Field(default="-", min_length=1, max_length=1)


class ReceiptsRule(BaseModel):
    """How the records of an agent's file are receipts."""

    model_config = _CONFIG

    channel: Literal["store", "payeasy", "qr"]
    key: tuple[str, ...] = Field(min_length=1, description="What tells one payment from another")
    stage: str | None = None
    stages: Mapping[str, Stage] = {}


class Limit(BaseModel):
    """A dated number that the trade has, with its source; no yen: the limit does not exist."""

    model_config = _CONFIG

    name: Literal["amount_max", "stamp_from"]
    yen: Annotated[int, Field(ge=1)] | None
    first: date
    last: date | None
    standing: Standing
    source: str


class Picture(BaseModel):
    """Size of a drawn GS1-128, in millimetres as decimal text."""

    model_config = _CONFIG

    module_mm: str
    height_mm: str
    quiet_mm: str
    max_width_mm: str


class Change(BaseModel):
    """How a variant differs in one field: keys of it (``set``), or fields in its place."""

    model_config = _CONFIG

    record: str
    field: str
    set: Mapping[str, Any] | None = None
    into: tuple[Mapping[str, Any], ...] | None = None


class Layout(BaseModel):
    """One layout, complete: what it extends is merged in already."""

    model_config = _CONFIG

    id: str = Field(pattern="^[a-z][a-z0-9_]*$")
    version: str
    title: str
    kind: LayoutKind
    standing: Standing
    valid: Valid = Valid()
    sources: tuple[Source, ...] = Field(min_length=1)
    note: str = ""
    encoding: Literal["cp932", "utf_8"] = "cp932"
    characters: str = Field(min_length=1, description="Every character that may stand in it")
    kana: Kana = Kana()
    length: Size = Field(description="Bytes of a record; with separators, at most")
    delimiter: Literal[",", "\t", ";", "|"] | None = Field(
        default=None, description="What stands between fields; none where lengths part them"
    )
    quotes: Literal["none", "optional", "always"] = "optional"
    titles: tuple[str, ...] = Field(
        default=(), description="The fields of a first line that says what the columns are"
    )
    line_ends: tuple[LineEnd, ...] = Field(
        min_length=1, description="Those that are read; the first one is written"
    )
    end_mark: Literal["none", "optional", "required"] = Field(
        default="none", description="0x1A behind the last record; written where it is required"
    )
    window_days: Annotated[int, Field(ge=1, le=180)] = Field(
        default=100, description="How far a day without year may be from the day of reading"
    )
    records: tuple[RecordKind, ...] = Field(min_length=1)
    totals: tuple[Total, ...] = ()
    receipts: ReceiptsRule | None = None
    limits: tuple[Limit, ...] = ()
    picture: Picture | None = None

    @property
    def unit(self) -> Literal["byte", "column"]:
        """What a place within a record counts."""
        return "byte" if self.delimiter is None else "column"

    def record(self, name: str) -> RecordKind:
        """The kind of record of that name; loading has seen that it is there."""
        return next(one for one in self.records if one.name == name)

    def limit(self, name: str, day: date) -> Limit | None:
        """The limit of that name on a day, or ``None`` if the layout states none."""
        for one in self.limits:
            if one.name == name and one.first <= day and (one.last is None or day <= one.last):
                return one
        return None

    def slots(self) -> tuple[str, ...]:
        """The fields that their owner has not filled yet."""
        return tuple(f.title for r in self.records for f in r.fields if f.type == "slot")
