"""The payment slip (納付書): three parts in Japanese, and how to pay in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kokuho.forms.papers.blocks import Block, Key, Paragraphs, Parts, Picture, Section
from kokuho.forms.papers.letter import (
    Letter,
    Sheet,
    consultation,
    contact,
    payer_name,
    term_name,
)
from kokuho.forms.papers.text import Day, Message, Value, Year, Yen, say


@dataclass(frozen=True)
class Slip:
    """One payment of one instalment.

    ``code`` is the picture of the code that a till reads, made by the room of collection from the
    operator's layout; without it the slip says that it has none.
    """

    letter: Letter
    fiscal_year: int
    number: int
    payer: str
    amount: int
    due: date
    usable_until: date | None
    pay_at: tuple[str, ...]
    """Where it is taken, as the municipality words it."""
    code: bytes | None = None
    code_text: str = ""
    """The digits of the code, for people."""


def slip(paper: Slip) -> Sheet:
    """The slip with its three parts."""
    kind = paper.letter.kind
    title = say("国民健康保険税 納付書") if kind == "tax" else say("国民健康保険料 納付書")
    facts: list[tuple[Message, Value]] = [
        (say("年度"), Year(paper.fiscal_year)),
        (say("期別"), term_name(paper.number)),
        (say("納付番号"), paper.letter.number),
        (payer_name(kind), paper.payer),
        (say("納期限"), Day(paper.due)),
        (say("払う額"), Yen(paper.amount)),
    ]
    key: list[tuple[Message, Value]] = [
        (say("払う額"), Yen(paper.amount)),
        (say("納期限"), Day(paper.due)),
        (say("期別"), term_name(paper.number)),
    ]
    if paper.usable_until is not None:
        key.append((say("この納付書を使える最後の日"), Day(paper.usable_until)))
    picture = None
    if paper.code is not None:
        picture = Picture(paper.code, say("コンビニエンスストアのバーコード"), paper.code_text)
    code = (
        say("コンビニエンスストアでは、バーコードの印刷された部分を店員に見せてください。")
        if paper.code is not None
        else say(
            "この納付書にはバーコードがありません。コンビニエンスストアやスマートフォンでは使えません。"
        )
    )
    blocks: list[Block] = [
        Key(tuple(key)),
        Section(say("払い方")),
        Paragraphs((
            say("この納付書とお金を持って行き、払ってください。"),
            code,
            say("納付書を切り離さないでください。"),
            say("受け取った領収証書は、払った証拠です。なくさないでください。"),
            say("口座振替にすると、毎回払いに行く必要がありません。窓口で申し込めます。"),
        ), "points"),
        Section(say("払える場所")),
        Paragraphs(paper.pay_at, "points"),
        consultation(),
        *contact(paper.letter.sender),
        Parts(
            (say("領収済通知書"), say("納付書"), say("領収証書")),
            tuple(facts),
            picture,
            say("バーコードなし(収納代行の様式が設定されていません)"),
        ),
    ]  # fmt: skip
    return Sheet("slip", title, paper.letter, tuple(blocks))
