"""Reminder (督促状) and demand (催告書) for what is overdue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kokuho.forms.papers.blocks import Block, Facts, Key, Legal, Paragraphs, Section, Table
from kokuho.forms.papers.legal import legal_redress
from kokuho.forms.papers.letter import (
    Letter,
    Overdue,
    Sheet,
    consultation,
    contact,
    issued,
    payer_name,
    residence,
    term_name,
)
from kokuho.forms.papers.text import Day, Message, Value, Year, Yen, say


@dataclass(frozen=True)
class Reminder:
    """A reminder by law; ``basis`` is the text of the law that holds on the day of issue."""

    letter: Letter
    payer: str
    overdue: tuple[Overdue, ...]
    total: int
    pay_by: date
    basis: tuple[str, ...]
    redress: tuple[str, ...]
    appeal_months: int


@dataclass(frozen=True)
class Demand:
    """A demand after reminders (催告): no act of law of its own, a call to pay or to come."""

    letter: Letter
    payer: str
    overdue: tuple[Overdue, ...]
    total: int
    as_of: date
    """The day up to which interest is counted."""
    pay_by: date
    meeting: str = ""
    """When somebody is there to talk to, as the office words it."""


def reminder(paper: Reminder) -> Sheet:
    """The reminder."""
    kind = paper.letter.kind
    title = say("国民健康保険税 督促状") if kind == "tax" else say("国民健康保険料 督促状")
    opening = (
        say("次の国民健康保険税が納期限までに納付されていません。")
        if kind == "tax"
        else say("次の国民健康保険料が納期限までに納付されていません。")
    )
    blocks: list[Block] = [
        _key(paper.total, paper.pay_by),
        Facts((issued(paper.letter), (payer_name(kind), paper.payer))),
        Section(say("納付されていない額")),
        overdue_table(paper.overdue, paper.total),
        _crossed(),
        consultation(),
        Legal(
            say("根拠と、このまま払わないとき"),
            paper.basis,
            (
                say("これは、法律により送る督促状です。"),
                say("このまま払わないと、財産の差押えなどの滞納処分を受けることがあります。"),
            ),
        ),
        legal_redress(paper.redress, paper.appeal_months, kind),
        *residence(paper.letter),
        *contact(paper.letter.sender),
    ]
    return Sheet("reminder", title, paper.letter, tuple(blocks), opening)


def demand(paper: Demand) -> Sheet:
    """The demand."""
    kind = paper.letter.kind
    title = say("国民健康保険税 催告書") if kind == "tax" else say("国民健康保険料 催告書")
    opening = (
        say("督促状を送りましたが、次の国民健康保険税がまだ納付されていません。")
        if kind == "tax"
        else say("督促状を送りましたが、次の国民健康保険料がまだ納付されていません。")
    )
    how: list[Message] = [
        say("上の日までに全部を払うか、窓口に来て相談してください。"),
        say("払う方法を一緒に決めます。通訳が必要なときは、先に電話で知らせてください。"),
    ]
    if paper.meeting:
        how.append(say("相談できる日と時間:{when}", when=paper.meeting))
    how.append(say("連絡がないと、財産を調べ、差押えなどの滞納処分をすることがあります。"))
    blocks: list[Block] = [
        _key(paper.total, paper.pay_by),
        Facts((
            issued(paper.letter),
            (payer_name(kind), paper.payer),
            (say("延滞金を計算した日"), Day(paper.as_of)),
        )),
        Section(say("納付されていない額")),
        overdue_table(paper.overdue, paper.total),
        Section(say("してほしいこと")),
        Paragraphs(tuple(how), "points"),
        _crossed(),
        consultation(),
        *residence(paper.letter),
        *contact(paper.letter.sender),
    ]  # fmt: skip
    return Sheet("demand", title, paper.letter, tuple(blocks), opening)


def overdue_table(overdue: tuple[Overdue, ...], total: int) -> Table:
    """What is overdue, demand by demand; a column without any amount is left out."""
    interest = any(one.interest for one in overdue)
    fee = any(one.fee for one in overdue)
    columns: list[Message] = [say("年度"), say("期別"), say("納期限"), say("未納額")]
    columns += [say("延滞金")] * interest + [say("督促手数料")] * fee + [say("計")]
    rows: list[tuple[Value | None, ...]] = []
    for one in overdue:
        row: list[Value | None] = [
            Year(one.fiscal_year), term_name(one.number), Day(one.due), Yen(one.amount),
        ]  # fmt: skip
        row += [Yen(one.interest)] * interest + [Yen(one.fee)] * fee + [Yen(one.total)]
        rows.append(tuple(row))
    empty: list[Value | None] = [None] * (1 + interest + fee)
    rows.append((say("合計"), None, None, *empty, Yen(total)))
    kinds: list[Literal["words", "amount"]] = ["words"] * 3
    kinds += ["amount"] * (2 + interest + fee)
    return Table(tuple(columns), tuple(kinds), tuple(rows), total=True)


def _key(total: int, pay_by: date) -> Key:
    return Key(((say("払う額"), Yen(total)), (say("この日までに払ってください"), Day(pay_by))))


def _crossed() -> Paragraphs:
    return Paragraphs(
        (say("この紙が届く前に払ったときは、行き違いです。もう一度払う必要はありません。"),),
        "small",
    )
