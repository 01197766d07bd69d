"""The decision on an application for relief (減免決定通知書・減免不承認通知書)."""

from __future__ import annotations

from dataclasses import dataclass

from kokuho.forms.papers.blocks import Block, Facts, Key, Legal, Paragraphs, Section
from kokuho.forms.papers.instalments import instalment_blocks, overpaid_blocks
from kokuho.forms.papers.legal import legal_redress
from kokuho.forms.papers.letter import (
    Channel,
    Instalment,
    Letter,
    Sheet,
    contact,
    issued,
    payer_name,
    year_row,
)
from kokuho.forms.papers.text import Message, Value, Yen, say


@dataclass(frozen=True)
class ReliefNotice:
    """Granted or refused, with the reason in the office's words.

    Attributes:
        before: what was demanded before this decision, yen; ``after`` is ``before - relief``.
        instalments: the new terms with what stood before, as a notice of change tells them.
        elsewhere: the new terms stand on the notice of another decision, billed with this one.
        overpaid: what was paid beyond the new amount; another paper tells how it is returned.
    """

    letter: Letter
    fiscal_year: int
    payer: str
    granted: bool
    before: int
    relief: int
    after: int
    reason: str
    instalments: tuple[Instalment, ...]
    basis: tuple[str, ...]
    redress: tuple[str, ...]
    appeal_months: int
    channel: Channel = "slip"
    overpaid: int = 0
    elsewhere: bool = False


def relief_notice(paper: ReliefNotice) -> Sheet:
    """The notice of the decision."""
    kind = paper.letter.kind
    if paper.granted:
        title = (
            say("国民健康保険税 減免決定通知書")
            if kind == "tax"
            else say("国民健康保険料 減免決定通知書")
        )
        opening = say("申請のあった減免を、次のとおり承認します。")
    else:
        title = (
            say("国民健康保険税 減免不承認通知書")
            if kind == "tax"
            else say("国民健康保険料 減免不承認通知書")
        )
        opening = say("申請のあった減免は、次の理由により承認しません。")
    key: list[tuple[Message, Value]] = [(say("減免前の額"), Yen(paper.before))]
    if paper.granted:
        key += [(say("減免する額"), Yen(paper.relief)), (say("減免後の額"), Yen(paper.after))]
    blocks: list[Block] = [
        Key(tuple(key)),
        Facts((
            year_row(paper.fiscal_year),
            issued(paper.letter),
            (payer_name(kind), paper.payer),
            (say("理由"), paper.reason),
        )),
    ]  # fmt: skip
    if paper.elsewhere:
        blocks.append(
            Paragraphs(
                (say("これからの納期限と額は、同じときに送る別の減免の通知に書いてあります。"),)
            )
        )
    elif paper.granted:
        blocks += [
            Section(say("これからの納期限と額")),
            *instalment_blocks(paper.instalments, paper.channel),
            *overpaid_blocks(paper.overpaid),
        ]
    told = [say("事情が変わったときは、すぐに知らせてください。減免が取り消されることがあります。")]
    if not paper.granted:
        told = [say("分割納付や納付の猶予ができることがあります。窓口に相談してください。")]
    blocks += [
        Paragraphs(tuple(told)),
        Legal(say("根拠"), paper.basis, (say("減免は、法律と条例により決定します。"),)),
        legal_redress(paper.redress, paper.appeal_months, kind),
        *contact(paper.letter.sender),
    ]
    return Sheet("relief", title, paper.letter, tuple(blocks), opening)
