"""Notice of levy (納税通知書・納入通知書) and of its change (更正通知・変更決定通知)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kokuho.forms.papers.blocks import Block, Facts, Key, Paragraphs, Section, Table
from kokuho.forms.papers.instalments import instalment_blocks, overpaid_blocks
from kokuho.forms.papers.legal import LegalTexts, legal_blocks
from kokuho.forms.papers.letter import (
    Channel,
    Instalment,
    Letter,
    Sheet,
    consultation,
    contact,
    issued,
    payer_name,
    residence,
    year_row,
)
from kokuho.forms.papers.text import Day, Message, Month, Value, Yen, say

Part = Literal["medical", "support", "care", "child"]


@dataclass(frozen=True)
class PartAmount:
    """One part of the levy in yen; ``before`` where it is changed and the part stood before."""

    part: Part
    amount: int
    before: int | None = None
    income: int | None = None
    per_capita: int | None = None
    per_household: int | None = None


@dataclass(frozen=True)
class Insured:
    """A member and the months of the year, both included, for which the levy is."""

    name: str
    first: Month
    last: Month


@dataclass(frozen=True)
class LevyNotice:
    """A year's levy of a household. Amounts in yen, as decided; nothing is computed here."""

    letter: Letter
    fiscal_year: int
    payer: str
    household_number: str
    parts: tuple[PartAmount, ...]
    total: int
    reduction: int
    """Tenths of the automatic reduction (法定軽減): 0, 2, 5 or 7."""
    persons: tuple[Insured, ...]
    instalments: tuple[Instalment, ...]
    channel: Channel
    legal: LegalTexts
    exempted: int = 0
    """What a decided exemption (減免) takes off the parts; ``total`` is what is left."""


Cause = Literal[
    "joined", "left", "moved_in", "moved_out", "head", "head_died", "income", "declaration",
    "birth_date", "relief", "elders", "ordinance", "law",
]  # fmt: skip


@dataclass(frozen=True)
class Changed:
    """Why a levy was changed, and for whom."""

    cause: Cause
    person: str = ""


@dataclass(frozen=True)
class ChangeNotice:
    """A changed levy; parts and instalments carry what stood before."""

    letter: Letter
    fiscal_year: int
    payer: str
    household_number: str
    parts: tuple[PartAmount, ...]
    before: int
    total: int
    reduction: int
    causes: tuple[Changed, ...]
    instalments: tuple[Instalment, ...]
    overpaid: int
    """What was paid beyond the changed amount; another paper tells how it is returned."""
    channel: Channel
    legal: LegalTexts
    exempted: int = 0
    exempted_before: int = 0
    """What exemptions (減免) take off the parts, now and before."""


def part_name(part: Part) -> Message:
    """医療分 and so on."""
    return {
        "medical": say("医療分"),
        "support": say("後期高齢者支援金分"),
        "care": say("介護分"),
        "child": say("子ども・子育て支援金分"),
    }[part]


def cause_text(changed: Changed) -> Message:
    """The reason in words, with the person's name where it is one person's."""
    text = {
        "joined": say("国民健康保険に加入した"),
        "left": say("国民健康保険を脱退した"),
        "moved_in": say("ほかの世帯から移ってきた"),
        "moved_out": say("ほかの世帯へ移った"),
        "head": say("世帯主が変わった"),
        "head_died": say("世帯主が亡くなった"),
        "income": say("所得が変わった"),
        "declaration": say("所得の申告があった"),
        "birth_date": say("生年月日を訂正した"),
        "relief": say("減免または軽減を決定した"),
        "elders": say("後期高齢者医療制度へ移った人の数が変わった"),
        "ordinance": say("条例が変わった"),
        "law": say("法令が変わった"),
    }[changed.cause]
    return say("{person}:{what}", person=changed.person, what=text) if changed.person else text


def levy_notice(paper: LevyNotice) -> Sheet:
    """The notice with which the duty to pay begins."""
    kind = paper.letter.kind
    title = say("国民健康保険税 納税通知書") if kind == "tax" else say("国民健康保険料 納入通知書")
    opening = (
        say("次のとおり国民健康保険税を決定しましたので、通知します。")
        if kind == "tax"
        else say("次のとおり国民健康保険料を決定しましたので、通知します。")
    )
    first = paper.instalments[0] if paper.instalments else None
    key: list[tuple[Message, Value]] = [(say("1年間の額"), Yen(paper.total))]
    if first is not None:
        key += [
            (say("最初に払う額"), Yen(first.amount)),
            (say("最初の納期限"), Day(first.due)),
        ]
    blocks: list[Block] = [
        Key(tuple(key)),
        Facts(_facts(paper.letter, paper.fiscal_year, paper.payer, paper.household_number,
                     paper.reduction)),
        Section(say("額の内訳")),
        parts_table(paper.parts, paper.total, paper.exempted),
        *_persons(paper.persons),
        Section(say("納期限と額")),
        *instalment_blocks(paper.instalments, paper.channel),
        consultation(),
        *legal_blocks(paper.legal, kind),
        *residence(paper.letter),
        *contact(paper.letter.sender),
    ]  # fmt: skip
    return Sheet("levy", title, paper.letter, tuple(blocks), opening)


def change_notice(paper: ChangeNotice) -> Sheet:
    """The notice that an amount is another from now on, with the reason."""
    kind = paper.letter.kind
    title = (
        say("国民健康保険税 更正(決定)通知書")
        if kind == "tax"
        else say("国民健康保険料 変更決定通知書")
    )
    opening = (
        say("国民健康保険税の額を次のとおり変更しましたので、通知します。")
        if kind == "tax"
        else say("国民健康保険料の額を次のとおり変更しましたので、通知します。")
    )
    key: tuple[tuple[Message, Value], ...] = (
        (say("変更前の額"), Yen(paper.before)),
        (say("変更後の額"), Yen(paper.total)),
        (say("増減"), Yen(paper.total - paper.before)),
    )
    blocks: list[Block] = [
        Key(key),
        Facts(_facts(paper.letter, paper.fiscal_year, paper.payer, paper.household_number,
                     paper.reduction)),
        Section(say("変更の理由")),
        Paragraphs(tuple(map(cause_text, paper.causes)), "points"),
        Section(say("額の内訳")),
        _changed_parts(paper),
        Section(say("これからの納期限と額")),
        *instalment_blocks(paper.instalments, paper.channel),
        *overpaid_blocks(paper.overpaid),
        consultation(),
        *legal_blocks(paper.legal, kind),
        *residence(paper.letter),
        *contact(paper.letter.sender),
    ]  # fmt: skip
    return Sheet("change", title, paper.letter, tuple(blocks), opening)


def _facts(
    letter: Letter, year: int, payer: str, household: str, reduction: int
) -> tuple[tuple[Message, Value], ...]:
    cut = say("{tenths}割軽減", tenths=reduction) if reduction else say("軽減なし")
    return (
        year_row(year),
        issued(letter),
        (payer_name(letter.kind), payer),
        (say("世帯番号"), household),
        (say("軽減(自動的に引かれる額)"), cut),
    )


def parts_table(parts: tuple[PartAmount, ...], total: int, exempted: int = 0) -> Table:
    """The parts of the levy, with their components where these are given, and what is taken off."""
    shown = any(part.income is not None for part in parts)

    def yen(amount: int | None) -> Yen | None:
        return None if amount is None else Yen(amount)

    if not shown:
        rows = tuple((part_name(part.part), Yen(part.amount)) for part in parts)
        if exempted:
            rows += ((say("減免する額"), Yen(-exempted)),)
        return Table(
            (say("区分"), say("額")), ("words", "amount"), (*rows, (say("合計"), Yen(total))), True
        )
    full = tuple(
        (part_name(part.part), yen(part.income), yen(part.per_capita), yen(part.per_household),
         Yen(part.amount))
        for part in parts
    )  # fmt: skip
    if exempted:
        full += ((say("減免する額"), None, None, None, Yen(-exempted)),)
    return Table(
        (say("区分"), say("所得割"), say("均等割"), say("平等割"), say("額")),
        ("words", "amount", "amount", "amount", "amount"),
        (*full, (say("合計"), None, None, None, Yen(total))),
        True,
    )


def _changed_parts(paper: ChangeNotice) -> Table:
    rows: tuple[tuple[Value | None, ...], ...] = tuple(
        (
            part_name(part.part),
            None if part.before is None else Yen(part.before),
            Yen(part.amount),
            Yen(part.amount - (part.before or 0)),
        )
        for part in paper.parts
    )
    was, now = paper.exempted_before, paper.exempted
    if was or now:
        rows += ((say("減免する額"), Yen(-was), Yen(-now), Yen(was - now)),)
    before, total = paper.before, paper.total
    return Table(
        (say("区分"), say("変更前"), say("変更後"), say("増減")),
        ("words", "amount", "amount", "amount"),
        (*rows, (say("合計"), Yen(before), Yen(total), Yen(total - before))),
        True,
    )


def _persons(persons: tuple[Insured, ...]) -> tuple[Block, ...]:
    if not persons:
        return ()
    rows = tuple(
        (person.name, say("{first}から{last}まで", first=person.first, last=person.last))
        for person in persons
    )
    return (
        Section(say("対象となる人と月")),
        Table((say("氏名"), say("加入している月")), ("words", "words"), rows),
    )
