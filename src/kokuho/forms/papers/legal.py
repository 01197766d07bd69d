"""Texts that the law asks for (根拠・滞納・教示): given in Japanese, summed up in translation."""

from __future__ import annotations

from dataclasses import dataclass

from kokuho.forms.papers.blocks import Block, Legal
from kokuho.forms.papers.letter import Kind
from kokuho.forms.papers.text import say


@dataclass(frozen=True)
class LegalTexts:
    """Texts of the law that holds on the day of issue, in Japanese, and the months to appeal in."""

    basis: tuple[str, ...]
    late: tuple[str, ...]
    redress: tuple[str, ...]
    appeal_months: int


def legal_late(paragraphs: tuple[str, ...]) -> Legal:
    """What follows when it is not paid in time."""
    return Legal(
        say("納期限までに払わないとき"),
        paragraphs,
        (
            say("納期限までに払わないと、督促状が届き、延滞金がかかることがあります。"),
            say("それでも払わないと、財産の差押えなどの滞納処分を受けることがあります。"),
        ),
    )


def legal_redress(paragraphs: tuple[str, ...], months: int, kind: Kind) -> Legal:
    """Where to turn against the decision (教示)."""
    to = (
        say("審査請求は、市区町村長に対して行います。")
        if kind == "tax"
        else say("審査請求は、都道府県の国民健康保険審査会に対して行います。")
    )
    return Legal(
        say("この決定に不服があるとき(教示)"),
        paragraphs,
        (
            say(
                "この決定に不服があるときは、決定を知った日の翌日から{months}か月以内に、審査請求をすることができます。",
                months=months,
            ),
            to,
            say("正確な内容は、日本語の面にあります。窓口で聞くこともできます。"),
        ),
    )


def legal_basis(paragraphs: tuple[str, ...], kind: Kind) -> Legal:
    """Under which law and ordinance."""
    summary = (
        say(
            "国民健康保険税は、法律と条例により、世帯主が払います。世帯主が加入していなくても同じです。"
        )
        if kind == "tax"
        else say(
            "国民健康保険料は、法律と条例により、世帯主が払います。世帯主が加入していなくても同じです。"
        )
    )
    return Legal(say("根拠"), paragraphs, (summary,))


def legal_blocks(legal: LegalTexts, kind: Kind) -> tuple[Block, ...]:
    """The three of them, as they stand on a notice of levy."""
    return (
        legal_basis(legal.basis, kind),
        legal_late(legal.late),
        legal_redress(legal.redress, legal.appeal_months, kind),
    )
