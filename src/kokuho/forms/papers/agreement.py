"""The agreement to pay in instalments (分納誓約書): what the payer signs, and its translation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kokuho.forms.papers.arrears import overdue_table
from kokuho.forms.papers.blocks import Block, Facts, Key, Lines, Paragraphs, Section, Table
from kokuho.forms.papers.letter import (
    Letter,
    Overdue,
    Sheet,
    contact,
    issued,
    payer_name,
    residence,
)
from kokuho.forms.papers.text import Day, Message, Value, Yen, say


@dataclass(frozen=True)
class Promise:
    """One payment of the agreement."""

    due: date
    amount: int


@dataclass(frozen=True)
class Agreement:
    """What is owed and how it will be paid; the payer signs the Japanese side."""

    letter: Letter
    payer: str
    overdue: tuple[Overdue, ...]
    total: int
    promises: tuple[Promise, ...]
    reason: str = ""


def agreement(paper: Agreement) -> Sheet:
    """The agreement, to be signed."""
    kind = paper.letter.kind
    title = say("国民健康保険税 分納誓約書") if kind == "tax" else say("国民健康保険料 分納誓約書")
    opening = (
        say(
            "私は、次の国民健康保険税を滞納していることを認め、下の計画のとおり分割納付することを誓約します。"
        )
        if kind == "tax"
        else say(
            "私は、次の国民健康保険料を滞納していることを認め、下の計画のとおり分割納付することを誓約します。"
        )
    )
    rows = tuple(
        (say("{number}回目", number=number), Day(one.due), Yen(one.amount))
        for number, one in enumerate(paper.promises, 1)
    )
    planned = sum(one.amount for one in paper.promises)
    facts: list[tuple[Message, Value]] = [issued(paper.letter), (payer_name(kind), paper.payer)]
    if paper.reason:
        facts.append((say("理由"), paper.reason))
    blocks: list[Block] = [
        Key((
            (say("滞納している額"), Yen(paper.total)),
            (say("払う回数"), say("{count}回", count=len(paper.promises))),
        )),
        Facts(tuple(facts)),
        Section(say("納付されていない額")),
        overdue_table(paper.overdue, paper.total),
        Section(say("分割納付の計画")),
        Table(
            (say("何回目"), say("払う日"), say("払う額")),
            ("words", "words", "amount"),
            (*rows, (say("合計"), None, Yen(planned))),
            total=True,
        ),
        Section(say("約束すること")),
        Paragraphs((
            say("計画のとおりに払います。払えなくなったときは、その日の前に相談します。"),
            say("新しく納期限が来る額も、納期限までに払います。"),
            say("住所、電話番号、仕事、収入が変わったときは、すぐに知らせます。"),
            say("延滞金は、計画とは別に計算されることがあります。"),
            say("約束を守らないときは、滞納処分を受けることがあります。"),
            say("この書類に署名すると、滞納している額を認めたことになり、時効の期間が新しく始まります。"),
        ), "steps"),
        Lines((say("署名した日"), say("住所"), say("氏名(署名)"), say("電話"))),
        *residence(paper.letter),
        *contact(paper.letter.sender),
    ]  # fmt: skip
    return Sheet("agreement", title, paper.letter, tuple(blocks), opening, from_payer=True)
