"""What all papers share: who writes to whom, when, about the tax or the premium."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kokuho.forms.papers.blocks import Block, Facts, Note, Paragraphs, Section
from kokuho.forms.papers.residence import Residence
from kokuho.forms.papers.text import Day, Message, Month, Year, say

Kind = Literal["tax", "premium"]
Channel = Literal["slip", "direct_debit", "pension"]


@dataclass(frozen=True)
class Addressee:
    """Name and address as they stand in the window; ``before`` are lines above the name."""

    name: str
    postal_code: str
    address: str
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Window:
    """Where the window of the envelope lies on the folded sheet, from its upper left corner.

    Envelopes differ; the measures are those of the municipality's own.
    """

    left_mm: float = 20
    top_mm: float = 14
    width_mm: float = 86
    height_mm: float = 40


@dataclass(frozen=True)
class Sender:
    """The municipality: its names, its seal, where to ask.

    ``seal`` is the picture of the office's seal (公印) as SVG or PNG, supplied by the office; where
    it is none, a box for the seal is printed. ``interpreters`` says, as the office words it, in
    which languages somebody interprets.
    """

    insurer: str
    authority: str
    office: str
    telephone: str
    hours: str = ""
    interpreters: str = ""
    seal: bytes | None = None
    window: Window = Window()


@dataclass(frozen=True)
class Letter:
    """The head of a paper. Nobody's nationality is in it: a paper goes by preferred language."""

    sender: Sender
    addressee: Addressee
    number: str
    issued_on: date
    kind: Kind
    residence: Residence | None = None
    """What is said of residence examination; nothing where the municipality has not decided."""


@dataclass(frozen=True)
class Instalment:
    """One due date of a year (期別); ``before`` where a change is told.

    ``channel`` is how it is paid where that differs from the paper's; ``month`` stands in place of
    the number of the term (期) where a pension pays it.
    """

    number: int
    due: date
    amount: int
    before: int | None = None
    channel: Channel | None = None
    month: Month | None = None

    @property
    def name(self) -> Message | Month:
        """第1期, or the month of the pension."""
        return self.month or term_name(self.number)


@dataclass(frozen=True)
class Overdue:
    """One overdue demand with what has been added to it, in yen."""

    fiscal_year: int
    number: int
    due: date
    amount: int
    interest: int = 0
    fee: int = 0

    @property
    def total(self) -> int:
        """What is to be paid for it."""
        return self.amount + self.interest + self.fee


@dataclass(frozen=True)
class Sheet:
    """A composed paper: language comes in only when it is shown."""

    key: str
    title: Message
    letter: Letter
    blocks: tuple[Block, ...]
    opening: Message | None = None
    from_payer: bool = False
    """Whether the addressee writes to the municipality (誓約書)."""
    leaflet: bool = False
    """Whether it is an information paper, without number and addressee."""


def payer_name(kind: Kind) -> Message:
    """The head of household as the law names the payer."""
    return say("納税義務者(世帯主)") if kind == "tax" else say("納付義務者(世帯主)")


def term_name(number: int) -> Message:
    """第1期."""
    return say("第{number}期", number=number)


def year_row(year: int) -> tuple[Message, Year]:
    """The row of the fiscal year among the facts."""
    return say("年度"), Year(year)


def contact(sender: Sender) -> tuple[Block, ...]:
    """Where to ask."""
    rows: list[tuple[Message, str]] = [
        (say("担当"), f"{sender.insurer} {sender.office}"),
        (say("電話"), sender.telephone),
    ]
    if sender.hours:
        rows.append((say("受付時間"), sender.hours))
    if sender.interpreters:
        rows.append((say("通訳"), sender.interpreters))
    return (
        Section(say("問い合わせ先")),
        Facts(tuple(rows)),
        Paragraphs(
            (
                say("分からないことがあるときは、この紙を持って窓口に来るか、電話をしてください。"),
                say("窓口に来るときは、この紙の日本語の面を見せてください。"),
            ),
            "small",
        ),
    )


def residence(letter: Letter) -> tuple[Block, ...]:
    """The note on residence examination, where the municipality prints one."""
    if letter.residence is None:
        return ()
    return (letter.residence.note(),)


def consultation() -> Note:
    """That one can come and talk, on every paper that asks for money."""
    return Note(
        say("期限までに払えないとき"),
        (
            say("病気、失業、災害などで払えないときは、期限の前に相談してください。"),
            say("分割納付、納付の猶予、減免ができることがあります。減免は申請が必要です。"),
        ),
    )


def issued(letter: Letter) -> tuple[Message, Day]:
    """The row of the day of issue."""
    return say("発行日"), Day(letter.issued_on)
