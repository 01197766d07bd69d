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
    """One payment of one instalment, or of the whole year at once (全期前納).

    ``code`` and ``qr`` are the pictures that a till and a telephone read, ``numbers`` what is typed
    in for Pay-easy, made by the room of collection from the operator's layouts; without them the
    slip says that it has none.
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
    qr: bytes | None = None
    numbers: tuple[tuple[str, str], ...] = ()
    whole_year: bool = False

    @property
    def term(self) -> Message:
        """第1期, or all of the year."""
        return say("全期分") if self.whole_year else term_name(self.number)


def slip(paper: Slip) -> Sheet:
    """The slip with its three parts."""
    kind = paper.letter.kind
    title = say("国民健康保険税 納付書") if kind == "tax" else say("国民健康保険料 納付書")
    facts: list[tuple[Message, Value]] = [
        (say("年度"), Year(paper.fiscal_year)),
        (say("期別"), paper.term),
        (say("納付番号"), paper.letter.number),
        (payer_name(kind), paper.payer),
        (say("納期限"), Day(paper.due)),
        (say("払う額"), Yen(paper.amount)),
    ]
    key: list[tuple[Message, Value]] = [
        (say("払う額"), Yen(paper.amount)),
        (say("納期限"), Day(paper.due)),
        (say("期別"), paper.term),
    ]
    if paper.usable_until is not None:
        key.append((say("この納付書を使える最後の日"), Day(paper.usable_until)))
    blocks: list[Block] = [
        Key(tuple(key)),
        Section(say("払い方")),
        Paragraphs((
            say("この納付書とお金を持って行き、払ってください。"),
            *_ways(paper),
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
            _pictures(paper),
            paper.numbers,
            _without(paper),
        ),
    ]  # fmt: skip
    return Sheet("slip", title, paper.letter, tuple(blocks))


def _ways(paper: Slip) -> list[Message]:
    """How each code that is there is used, and that a barcode is not there."""
    said = []
    if paper.code is not None:
        said.append(
            say("コンビニエンスストアでは、バーコードの印刷された部分を店員に見せてください。")
        )
    elif paper.qr is not None:
        said.append(
            say("この納付書にはバーコードがありません。コンビニエンスストアでは使えません。")
        )
    else:
        said.append(
            say(
                "この納付書にはバーコードがありません。コンビニエンスストアやスマートフォンでは使えません。"
            )
        )
    if paper.qr is not None:
        said.append(say("スマートフォンの決済アプリで、QRコードを読み取って払うことができます。"))
    if paper.numbers:
        said.append(
            say("Pay-easy(ペイジー)の番号で、ATMやネットバンキングから払うことができます。")
        )
    if paper.whole_year:
        said.append(say("この納付書で1年分を払ったときは、期別の納付書では払わないでください。"))
    return said


def _pictures(paper: Slip) -> tuple[Picture, ...]:
    found = []
    if paper.code is not None:
        found.append(Picture(paper.code, say("コンビニエンスストアのバーコード"), paper.code_text))
    if paper.qr is not None:
        found.append(Picture(paper.qr, "QRコード", unstated_mm=22))
    return tuple(found)


def _without(paper: Slip) -> tuple[Value, ...]:
    """What the slip lacks; said in Japanese alone, as the three parts are."""
    lacking: list[Value] = []
    if paper.code is None:
        lacking.append(say("バーコードなし(収納代行の様式が設定されていません)"))
    if paper.qr is None:
        lacking.append("QRコードなし(様式の設定なし)")
    if not paper.numbers:
        lacking.append("Pay-easyの番号なし(様式の設定なし)")
    return tuple(lacking)
