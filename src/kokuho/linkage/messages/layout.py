"""A layout (レイアウト): how collection records are written into files. Data, never code.

The official layout (特定個人情報データ標準レイアウト) is not public. When it comes it is a YAML
file of this model, put beside the one that is shipped; two versions may hold side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import read_yaml
from kokuho.linkage.messages.record import KEY, OPTIONAL, TYPES, VALUES

_ = translator("linkage")
_CONFIG = ConfigDict(frozen=True, extra="forbid", strict=True)

Form = Literal["csv", "fixed", "xml", "json"]
Standing = Literal["public", "not_public", "assumed"]
"""Published; handed in by the operator under a duty of secrecy; made up, valid nowhere."""

FieldType = Literal["text", "digits", "yen", "day", "moment", "code", "constant", "reason", "blank"]
"""How a field is written.

``digits`` and ``yen`` are integers (with zeros before them where the form is fixed), ``day`` and
``moment`` by their pattern, ``code`` by a code list, ``constant`` always the same, ``reason`` why
another field is empty, ``blank`` nothing.
"""

_TYPE_OF = {"str": "text", "int": "yen", "bool": "code", "date": "day", "datetime": "moment"}


class Source(BaseModel):
    """Where a layout was read."""

    model_config = _CONFIG

    text: str
    url: str | None = None
    retrieved: date | None = None


class LayoutField(BaseModel):
    """One field, in the order of the file."""

    model_config = _CONFIG

    name: str = Field(pattern=r"^\S+$", description="Head of the column, element or member")
    title: str
    means: str | None = Field(default=None, description="Field of the collection record")
    type: FieldType
    length: Annotated[int, Field(ge=1, le=4096)] | None = Field(
        default=None, description="Most characters; in a fixed form the bytes, exactly"
    )
    pattern: str | None = Field(default=None, description="Of a day or moment: %Y%m%d and the like")
    codes: str | None = Field(default=None, description="Name of a code list")
    constant: str | None = None
    of: str | None = Field(default=None, description="Of a reason: the field that may be empty")


class Total(BaseModel):
    """A number at the end of each file: how many records, or the sum of a field."""

    model_config = _CONFIG

    name: str
    title: str
    sum: str | None = Field(default=None, description="Name of a field; without it the count")
    length: Annotated[int, Field(ge=1, le=20)] = 12


class Layout(BaseModel):
    """One version of a layout."""

    model_config = _CONFIG

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    version: str
    title: str
    standing: Standing
    source: Source
    valid_from: date
    valid_to: date | None = Field(default=None, description="Last day; none stated: open")
    form: Form
    encoding: Literal["utf-8", "utf-8-sig", "cp932"]
    line_end: Literal["crlf", "lf"]
    header: bool = Field(default=False, description="CSV: a first row with the names")
    split: Annotated[int, Field(ge=1)] = Field(description="Most records in one file")
    record: str = Field(description="Name of the record kind: element, member, first field")
    fields: tuple[LayoutField, ...]
    totals: tuple[Total, ...] = ()
    codes: Mapping[str, Mapping[str, str]] = Field(
        default={}, description="By code list: value of the record, and the code that is written"
    )
    reasons: Mapping[str, str] = Field(
        default={}, description="Why a field is empty: not_applicable, and the code that is written"
    )

    @property
    def reference(self) -> str:
        """Id and version, as messages name the layout."""
        return f"{self.id}@{self.version}"

    def holds(self, day: date) -> bool:
        """Whether the version is valid on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def meaning(self, means: str) -> LayoutField | None:
        """The field of a meaning."""
        return next((one for one in self.fields if one.means == means), None)


def problems_of(layout: Layout) -> Iterator[str]:
    """What does not hold together in a layout, in the words of the interface."""
    names = [one.name for one in layout.fields]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _("the field {name} stands twice").format(name=name)
    for one in layout.fields:
        yield from _problems_of_field(layout, one)
    for means in sorted({"version", "action", "municipality", "as_of", *KEY} - _meanings(layout)):
        yield _("no field means {means}, without which a record cannot be told from others").format(
            means=means
        )
    for total in layout.totals:
        field = next((one for one in layout.fields if one.name == total.sum), None)
        if total.sum is not None and (field is None or field.type != "yen"):
            yield _("the total {name} sums {field}, which is no field in yen").format(
                name=total.name, field=total.sum
            )
    if layout.form == "fixed" and layout.encoding == "utf-8-sig":
        yield _("a fixed form has no byte-order mark (BOM)")
    if layout.valid_to is not None and layout.valid_to < layout.valid_from:
        yield _("valid_to lies before valid_from")


def _meanings(layout: Layout) -> set[str]:
    return {one.means for one in layout.fields if one.means}


def _problems_of_field(layout: Layout, field: LayoutField) -> Iterator[str]:
    def problem(text: str, **values: object) -> str:
        return f"{field.name}: " + text.format(**values)

    if layout.form == "fixed" and field.length is None:
        yield problem(_("a fixed form needs the length of each field"))
    if field.type == "constant" and field.constant is None:
        yield problem(_("a constant needs its value"))
    if field.type in ("day", "moment") and not field.pattern:
        yield problem(_("a day or moment needs its pattern"))
    if field.type == "reason":
        target = next((one for one in layout.fields if one.name == field.of), None)
        if target is None or target.means not in OPTIONAL:
            yield problem(_("a reason needs the field that may be empty (of)"))
        if not layout.reasons:
            yield problem(_("the layout has no list of reasons"))
    if field.means is None:
        if field.type not in ("constant", "reason", "blank"):
            yield problem(_("a field of this type needs a meaning (means)"))
        return
    if field.means not in TYPES:
        yield problem(
            _("{means} is no field of a collection record; there are: {known}"),
            means=field.means, known=", ".join(TYPES),
        )  # fmt: skip
        return
    yield from (problem(text) for text in _type_problems(layout, field, field.means))


def _type_problems(layout: Layout, field: LayoutField, means: str) -> Iterator[str]:
    wanted = _TYPE_OF[TYPES[means]]
    allowed = {wanted} | ({"digits", "code"} if wanted in ("text", "yen") else set())
    if field.type not in allowed:
        yield _("{means} is written as {types}, not as {type}").format(
            means=means, types=" / ".join(sorted(allowed)), type=field.type
        )
    if field.type == "code":
        known = layout.codes.get(field.codes or "")
        if known is None:
            yield _("the code list {codes} is not in the layout").format(codes=field.codes)
            return
        values = VALUES.get(means, ("yes", "no") if TYPES[means] == "bool" else ())
        for value in values:
            if value not in known:
                yield _("the code list {codes} has no code for {value}").format(
                    codes=field.codes, value=value
                )
        if len(set(known.values())) < len(known):
            yield _("the code list {codes} has one code for two values").format(codes=field.codes)
    elif means in VALUES:
        yield _("{means} needs a code list").format(means=means)


def load_layout(path: Path) -> Layout:
    """A layout from its file.

    Raises:
        LinkageError: unreadable, an unknown key, or not of one piece; each fault is named.
    """
    try:
        layout = Layout.model_validate(_with_tuples(read_yaml(path, LinkageError)))
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise LinkageError(_listed(path, lines)) from error
    faults = list(problems_of(layout))
    if faults:
        raise LinkageError(_listed(path, faults))
    return layout


def _with_tuples(stated: Any) -> Any:
    if not isinstance(stated, dict):
        return stated
    return {k: tuple(v) if k in ("fields", "totals") else v for k, v in stated.items()}


def _listed(path: Path, lines: list[str]) -> str:
    head = _("{file} is not a layout that can be used:").format(file=path.name)
    return "\n  ".join([head, *lines])
