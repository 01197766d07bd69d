"""The operator's slots (発行者の設定): one file an insurer, with everything that is its own to say.

The format is described in docs/printing.md. What is missing is not made up: the paper says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import read_yaml
from kokuho.collection import Layout, load_book
from kokuho.collection.loading import Book
from kokuho.forms.papers import LANGUAGES, Residence, Sender, Window

_ = translator("printing")

_CONFIG = ConfigDict(frozen=True, extra="forbid")
_MISSING = "(未設定:{what})"
_SEALS = (b"\x89PNG", b"<svg", b"<?xml")


class WindowMeasures(BaseModel):
    """The envelope's window on the folded sheet, in millimetres from its upper left corner."""

    model_config = _CONFIG

    left_mm: float = Field(ge=0, le=150)
    top_mm: float = Field(ge=0, le=120)
    width_mm: float = Field(ge=40, le=150)
    height_mm: float = Field(ge=20, le=100)


class ResidenceText(BaseModel):
    """Who approved the note on residence examination, and when; else it is a draft (文案)."""

    model_config = _CONFIG

    approved_by: str = ""
    approved_on: date | None = None


class SlipChoices(BaseModel):
    """Where slips are taken, for how many days after the due date, and the layouts of codes."""

    model_config = _CONFIG

    pay_at: tuple[str, ...] = ()
    usable_days: int | None = Field(default=None, ge=0, le=365)
    layouts: tuple[str, ...] = ()


class SenderFile(BaseModel):
    """What the file says.

    ``meeting`` is when somebody is there to talk to (letters of demand), ``weeks_before`` how early
    who leaves Japan is asked to come, ``notice_month`` when the yearly notice is sent.
    """

    model_config = _CONFIG

    insurer_code: str = Field(min_length=1)
    authority: str = ""
    office: str = ""
    telephone: str = ""
    hours: str = ""
    interpreters: str = ""
    seal: Path | None = None
    window: WindowMeasures | None = None
    residence: ResidenceText | None = None
    languages_for_all: tuple[str, ...] = ()
    slip: SlipChoices = SlipChoices()
    meeting: str = ""
    weeks_before: int | None = Field(default=None, ge=1, le=12)
    notice_month: int | None = Field(default=None, ge=1, le=12)

    @model_validator(mode="after")
    def _known_languages(self) -> SenderFile:
        for code in self.languages_for_all:
            if code not in LANGUAGES:
                raise ValueError(
                    _("languages_for_all: {code} is none of {codes}").format(
                        code=code, codes=", ".join(LANGUAGES)
                    )
                )
        return self


class Office:
    """The file, opened: what papers take from it.

    Attributes:
        said: the file as it was read; ``missing``: the slots that it leaves empty.
    """

    def __init__(
        self, said: SenderFile, seal: bytes | None, layouts: Sequence[tuple[Layout, Book]]
    ) -> None:
        self.said, self.seal, self.layouts = said, seal, layouts
        needed = ("authority", "office", "telephone", "seal", "window", "residence")
        self.missing = [name for name in needed if not getattr(said, name)]
        slots = ("pay_at", "layouts")
        self.missing += [f"slip.{name}" for name in slots if not getattr(said.slip, name)]

    def sender(self, insurer: str, authority: str) -> Sender:
        """The head of a letter."""
        said = self.said
        window = Window(**said.window.model_dump()) if said.window else Window()
        return Sender(
            insurer=insurer,
            authority=authority,
            office=said.office or _MISSING.format(what="担当課"),
            telephone=said.telephone or _MISSING.format(what="電話番号"),
            hours=said.hours,
            interpreters=said.interpreters,
            seal=self.seal,
            window=window,
        )

    @property
    def residence(self) -> Residence | None:
        """The note on residence examination, where the insurer prints one."""
        if self.said.residence is None:
            return None
        return Residence(self.said.residence.approved_by, self.said.residence.approved_on)

    def slot(self, name: Literal["weeks_before", "notice_month"], kind: str) -> int:
        """A number without which a kind cannot be printed.

        Raises:
            InputError: the file does not say it.
        """
        found: int | None = getattr(self.said, name)
        if found is None:
            raise InputError(
                _("{kind} cannot be printed: the sender's file does not say {name}.").format(
                    kind=kind, name=name
                )
            )
        return found

    @property
    def pay_at(self) -> tuple[str, ...]:
        """Where slips are taken."""
        return self.said.slip.pay_at or (_MISSING.format(what="払える場所"),)


def load_office(path: Path, insurer: str) -> Office:
    """Read a file of slots.

    Raises:
        InputError: no such file, a wrong key or value (named), another insurer's file, a seal that
            is neither PNG nor SVG.
        CollectionError: the layout of the barcode cannot be used.
    """
    try:
        said = SenderFile.model_validate(read_yaml(path, InputError))
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        place = ".".join(map(str, detail["loc"]))
        raise InputError(
            _("{file}: {field}: {reason} (found: {value!r})").format(
                file=path, field=place, reason=detail["msg"], value=detail["input"]
            )
        ) from None
    if said.insurer_code != insurer:
        raise InputError(
            _("{file}: insurer_code is {found}, expected is {insurer}").format(
                file=path, found=said.insurer_code, insurer=insurer
            )
        )
    layouts = [
        load_book(path.parent / name if name.endswith(".yaml") else name)
        for name in said.slip.layouts
    ]
    return Office(said, _seal(path, said.seal), layouts)


def _seal(path: Path, seal: Path | None) -> bytes | None:
    if seal is None:
        return None
    file = path.parent / seal
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(
            _("{file} cannot be read: {reason}").format(file=file, reason=error)
        ) from None
    if not content.lstrip().startswith(_SEALS):
        raise InputError(_("{file}: seal: expected is a picture in PNG or SVG").format(file=file))
    return content
