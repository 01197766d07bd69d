"""Notice of what a pension pays provisionally from April to August (特別徴収の仮徴収)."""

from __future__ import annotations

from dataclasses import dataclass

from kokuho.forms.papers.blocks import Block, Facts, Key, Paragraphs, Section
from kokuho.forms.papers.instalments import instalment_blocks
from kokuho.forms.papers.legal import LegalTexts, legal_basis, legal_redress
from kokuho.forms.papers.letter import (
    Instalment,
    Letter,
    Sheet,
    contact,
    issued,
    payer_name,
    residence,
    year_row,
)
from kokuho.forms.papers.text import Yen, say


@dataclass(frozen=True)
class ProvisionalNotice:
    """What is withheld before the levy of the year is known; amounts in yen, as decided."""

    letter: Letter
    fiscal_year: int
    payer: str
    household_number: str
    total: int
    instalments: tuple[Instalment, ...]
    """Each with the month of its pension."""
    legal: LegalTexts


def provisional_notice(paper: ProvisionalNotice) -> Sheet:
    """The notice before the pension of April."""
    kind = paper.letter.kind
    title = (
        say("国民健康保険税 特別徴収(仮徴収)通知書")
        if kind == "tax"
        else say("国民健康保険料 特別徴収(仮徴収)通知書")
    )
    opening = (
        say("次の国民健康保険税を、年金から仮に引きます(仮徴収)。")
        if kind == "tax"
        else say("次の国民健康保険料を、年金から仮に引きます(仮徴収)。")
    )
    legal = paper.legal
    blocks: list[Block] = [
        Key(((say("仮徴収の額の合計"), Yen(paper.total)),)),
        Facts((
            year_row(paper.fiscal_year),
            issued(paper.letter),
            (payer_name(kind), paper.payer),
            (say("世帯番号"), paper.household_number),
        )),
        Section(say("納期限と額")),
        *instalment_blocks(paper.instalments, "pension"),
        Section(say("仮徴収について")),
        Paragraphs((
            say("1年間の額は、前の年の所得が分かった後で決まります。決まったら、別の通知でお知らせします。"),
            say("決まった1年間の額から仮徴収の額を引いた残りを、10月から翌年2月までの年金から引きます。"),
            say("決まった1年間の額が仮徴収の額より少ないときは、払いすぎた額を還付または充当します。"),
            say("年金から引く代わりに、口座振替で払えることがあります。窓口に相談してください。"),
        ), "points"),
        legal_basis(legal.basis, kind),
        legal_redress(legal.redress, legal.appeal_months, kind),
        *residence(paper.letter),
        *contact(paper.letter.sender),
    ]  # fmt: skip
    return Sheet("provisional", title, paper.letter, tuple(blocks), opening)
