"""What was paid too much: refund (過誤納還付通知) and appropriation (充当通知)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kokuho.forms.papers.blocks import Block, Facts, Key, Lines, Paragraphs, Section, Table
from kokuho.forms.papers.letter import (
    Letter,
    Sheet,
    contact,
    issued,
    payer_name,
    term_name,
)
from kokuho.forms.papers.text import Day, Message, Year, Yen, say


@dataclass(frozen=True)
class Overpaid:
    """What was paid too much for one instalment on one day, in yen; no day where none is known."""

    fiscal_year: int
    number: int
    paid_on: date | None
    amount: int


@dataclass(frozen=True)
class Appropriated:
    """What is used for one overdue instalment (充当), in yen."""

    fiscal_year: int
    number: int
    due: date
    amount: int


@dataclass(frozen=True)
class RefundNotice:
    """A refund; it has to be claimed where no account is known."""

    letter: Letter
    payer: str
    overpaid: tuple[Overpaid, ...]
    appropriated: tuple[Appropriated, ...]
    interest: int
    """Interest on the refund (還付加算金)."""
    refund: int
    claim_by: date
    """The last day before the claim is barred by prescription (時効)."""
    known_account: bool = False


@dataclass(frozen=True)
class AppropriationNotice:
    """Overpaid money used for what is overdue; nothing is left, or a refund notice follows."""

    letter: Letter
    payer: str
    overpaid: tuple[Overpaid, ...]
    appropriated: tuple[Appropriated, ...]
    interest: int
    """Interest that the appropriation earned (充当に係る還付加算金), in ``total`` or ``left``."""
    total: int
    left: int
    """What is returned beside it, told by a refund notice."""


def refund_notice(paper: RefundNotice) -> Sheet:
    """The notice of a refund with the lines for the account."""
    kind = paper.letter.kind
    title = (
        say("国民健康保険税 過誤納還付通知書")
        if kind == "tax"
        else say("国民健康保険料 過誤納還付通知書")
    )
    opening = (
        say("国民健康保険税が納めすぎになっていますので、次のとおり還付します。")
        if kind == "tax"
        else say("国民健康保険料が納めすぎになっていますので、次のとおり還付します。")
    )
    blocks: list[Block] = [
        Key((
            (say("返す額"), Yen(paper.refund)),
            (say("この日までに請求してください"), Day(paper.claim_by)),
        )),
        Facts((
            issued(paper.letter),
            (payer_name(kind), paper.payer),
            (say("還付加算金"), Yen(paper.interest)),
        )),
        Section(say("納めすぎの額")),
        _overpaid(paper.overpaid),
    ]  # fmt: skip
    if paper.appropriated:
        blocks += [Section(say("滞納している額に充当する額")), _appropriated(paper.appropriated)]
    how: list[Message] = []
    if paper.known_account:
        how.append(say("登録している口座に振り込みます。手続きは必要ありません。"))
    else:
        how += [
            say("下に振込先の口座を書いて、市区町村に出してください。"),
            say("マイナンバーカードで登録した公金受取口座も使えます。"),
        ]
    how += [
        say("日本を出るときは、その前に請求するか、受け取る人(代理人)を決めてください。"),
        say("役所がATMの操作をお願いすることはありません。詐欺に気をつけてください。"),
    ]
    blocks += [Section(say("受け取り方")), Paragraphs(tuple(how), "points")]
    if not paper.known_account:
        lines = (say("金融機関と支店"), say("預金の種類と口座番号"), say("口座名義(カタカナ)"),
                 say("請求した日"), say("氏名(署名)"))  # fmt: skip
        blocks.append(Lines(lines))
    blocks += contact(paper.letter.sender)
    return Sheet("refund", title, paper.letter, tuple(blocks), opening)


def appropriation_notice(paper: AppropriationNotice) -> Sheet:
    """The notice of an appropriation."""
    kind = paper.letter.kind
    title = (
        say("国民健康保険税 過誤納充当通知書")
        if kind == "tax"
        else say("国民健康保険料 過誤納充当通知書")
    )
    opening = (
        say("国民健康保険税の納めすぎの額を、滞納している額に充当しました。")
        if kind == "tax"
        else say("国民健康保険料の納めすぎの額を、滞納している額に充当しました。")
    )
    blocks: list[Block] = [
        Key((
            (say("充当した額"), Yen(paper.total)),
            (say("このほかに返す額"), Yen(paper.left)),
        )),
        Facts((
            issued(paper.letter),
            (payer_name(kind), paper.payer),
            *(((say("還付加算金"), Yen(paper.interest)),) if paper.interest else ()),
        )),
        Section(say("納めすぎの額")),
        _overpaid(paper.overpaid),
        Section(say("充当した先")),
        _appropriated(paper.appropriated),
        Paragraphs((
            say("充当とは、納めすぎのお金を、まだ払っていない額の支払いに使うことです。"),
            say("充当した額は、払ったことになります。もう一度払う必要はありません。"),
        ), "points"),
        *contact(paper.letter.sender),
    ]  # fmt: skip
    return Sheet("appropriation", title, paper.letter, tuple(blocks), opening)


def _overpaid(rows: tuple[Overpaid, ...]) -> Table:
    return Table(
        (say("年度"), say("期別"), say("払った日"), say("納めすぎの額")),
        ("words", "words", "words", "amount"),
        tuple(
            (
                Year(row.fiscal_year),
                term_name(row.number),
                None if row.paid_on is None else Day(row.paid_on),
                Yen(row.amount),
            )
            for row in rows
        ),
    )


def _appropriated(rows: tuple[Appropriated, ...]) -> Table:
    return Table(
        (say("年度"), say("期別"), say("納期限"), say("充当する額")),
        ("words", "words", "words", "amount"),
        tuple(
            (Year(row.fiscal_year), term_name(row.number), Day(row.due), Yen(row.amount))
            for row in rows
        ),
    )
