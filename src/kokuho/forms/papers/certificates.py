"""What was paid: certificate of payment (納付証明書), yearly statement (納付済額のお知らせ)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kokuho.forms.papers.blocks import Block, Facts, Key, Paragraphs, Section, Table
from kokuho.forms.papers.letter import Letter, Sheet, contact, issued, payer_name
from kokuho.forms.papers.text import Day, Message, Value, Year, Yen, say

State = Literal["none", "overdue", "deferred", "agreed", "consulting"]


@dataclass(frozen=True)
class YearPaid:
    """One fiscal year in yen: levied, paid, overdue, and not due yet."""

    fiscal_year: int
    levied: int
    paid: int
    overdue: int
    not_due: int


@dataclass(frozen=True)
class Certificate:
    """What was paid on a day, year by year; a deferral or an agreement kept is said as plainly."""

    letter: Letter
    payer: str
    as_of: date
    years: tuple[YearPaid, ...]
    states: tuple[State, ...]


@dataclass(frozen=True)
class Statement:
    """What one head of household paid in a calendar year, for the tax return."""

    letter: Letter
    payer: str
    year: int
    slip: int
    direct_debit: int
    pension: int
    total: int


def certificate(paper: Certificate) -> Sheet:
    """The certificate of payment."""
    kind = paper.letter.kind
    title = say("国民健康保険税 納付証明書") if kind == "tax" else say("国民健康保険料 納付証明書")
    opening = (
        say("国民健康保険税の納付について、次のとおり証明します。")
        if kind == "tax"
        else say("国民健康保険料の納付について、次のとおり証明します。")
    )
    states = {
        "none": say("この日に、納期限を過ぎて納付されていない額はありません。"),
        "overdue": say("この日に、納期限を過ぎて納付されていない額があります。"),
        "deferred": say("納付の猶予を受けています。"),
        "agreed": say("分割納付の約束があり、約束のとおり納付されています。"),
        "consulting": say("納付について市区町村と相談しています。"),
    }
    rows = tuple(
        (Year(row.fiscal_year), Yen(row.levied), Yen(row.paid), Yen(row.overdue), Yen(row.not_due))
        for row in paper.years
    )
    blocks: list[Block] = [
        Facts((issued(paper.letter), (say("基準の日"), Day(paper.as_of)),
               (payer_name(kind), paper.payer))),
        Table(
            (say("年度"), say("決定した額"), say("納付した額"), say("納期限を過ぎた未納額"),
             say("納期限がまだ来ない額")),
            ("words", "amount", "amount", "amount", "amount"),
            rows,
        ),
        Section(say("納付の状況")),
        Paragraphs(tuple(states[state] for state in paper.states), "points"),
        *contact(paper.letter.sender),
    ]  # fmt: skip
    return Sheet("certificate", title, paper.letter, tuple(blocks), opening)


def statement(paper: Statement) -> Sheet:
    """The yearly statement of payments."""
    kind = paper.letter.kind
    title = (
        say("国民健康保険税 納付済額のお知らせ")
        if kind == "tax"
        else say("国民健康保険料 納付済額のお知らせ")
    )
    opening = (
        say("次の年に納付した国民健康保険税の額をお知らせします。")
        if kind == "tax"
        else say("次の年に納付した国民健康保険料の額をお知らせします。")
    )
    first, last = date(paper.year, 1, 1), date(paper.year, 12, 31)
    facts: tuple[tuple[Message, Value], ...] = (
        (say("対象の期間"), say("{first}から{last}まで", first=Day(first), last=Day(last))),
        issued(paper.letter),
        (payer_name(kind), paper.payer),
    )
    blocks: list[Block] = [
        Key(((say("納付した額"), Yen(paper.total)),)),
        Facts(facts),
        Table(
            (say("払い方"), say("納付した額")),
            ("words", "amount"),
            (
                (say("納付書"), Yen(paper.slip)),
                (say("口座振替"), Yen(paper.direct_debit)),
                (say("年金からの特別徴収"), Yen(paper.pension)),
                (say("合計"), Yen(paper.total)),
            ),
            total=True,
        ),
        Section(say("この額の使い方")),
        Paragraphs((
            say("年末調整や確定申告で、社会保険料控除として使えます。"),
            say("年金から引かれた額は、年金を受けている本人だけが使えます。"),
            say("この紙を申告書に付ける必要はありません。"),
            say("延滞金と督促手数料は入っていません。還付した額は引いてあります。"),
        ), "points"),
        *contact(paper.letter.sender),
    ]  # fmt: skip
    return Sheet("statement", title, paper.letter, tuple(blocks), opening)
