"""Notice of prepayment (前納): the year's levy with one early due date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kokuho.forms.papers.blocks import Block, Facts, Key, Paragraphs, Section
from kokuho.forms.papers.legal import LegalTexts, legal_blocks
from kokuho.forms.papers.letter import (
    Letter,
    Sheet,
    consultation,
    contact,
    issued,
    payer_name,
    residence,
    year_row,
)
from kokuho.forms.papers.levy import PartAmount, parts_table
from kokuho.forms.papers.text import Day, Month, Yen, say


@dataclass(frozen=True)
class PrepaymentNotice:
    """One due date for all months of a year. Whom it concerns is decided by the room of bills."""

    letter: Letter
    fiscal_year: int
    payer: str
    household_number: str
    first: Month
    last: Month
    parts: tuple[PartAmount, ...]
    total: int
    due: date
    rule: str
    """The article of the ordinance, as the municipality cites it."""
    legal: LegalTexts
    exempted: int = 0
    """What a decided exemption (減免) takes off the parts; ``total`` is what is left."""


def prepayment_notice(paper: PrepaymentNotice) -> Sheet:
    """The notice that a year's amount is due on one day."""
    kind = paper.letter.kind
    title = say("国民健康保険税 前納通知書") if kind == "tax" else say("国民健康保険料 前納通知書")
    blocks: list[Block] = [
        Key(((say("払う額"), Yen(paper.total)), (say("納期限"), Day(paper.due)))),
        Facts((
            year_row(paper.fiscal_year),
            issued(paper.letter),
            (payer_name(kind), paper.payer),
            (say("世帯番号"), paper.household_number),
            (say("対象となる月"), say("{first}から{last}まで", first=paper.first, last=paper.last)),
            (say("前納の根拠"), paper.rule),
        )),
        Section(say("額の内訳")),
        parts_table(paper.parts, paper.total, paper.exempted),
        Section(say("前納について")),
        Paragraphs((
            say("前納では、その年度の額を、上の納期限までに1回で払います。"),
            say("1年間の額は変わりません。払う日だけが早くなります。"),
            say("対象になるかどうかは、世帯主が基準の日に日本で住民登録をしていたかどうかで決まります。国籍は関係ありません。"),
            say("加入の手続きのときに窓口で払うこともできます。窓口で払うかどうかは自由です。"),
            say("年度の途中で脱退したときは、額を計算し直します。払いすぎた額は、還付または充当します。"),
            say("特別な事情があるときは、前納の対象にならないことがあります。窓口に相談してください。"),
        ), "points"),
        consultation(),
        *legal_blocks(paper.legal, kind),
        *residence(paper.letter),
        *contact(paper.letter.sender),
    ]  # fmt: skip
    opening = (
        say("次の国民健康保険税は、前納の対象です。")
        if kind == "tax"
        else say("次の国民健康保険料は、前納の対象です。")
    )
    return Sheet("prepayment", title, paper.letter, tuple(blocks), opening)
