"""The terms of a year (期別) on notices, with what stood before, and that too much was paid."""

from __future__ import annotations

from kokuho.forms.papers.blocks import Block, Paragraphs, Table
from kokuho.forms.papers.letter import Channel, Instalment
from kokuho.forms.papers.text import Day, Yen, say


def overpaid_blocks(overpaid: int) -> tuple[Block, ...]:
    """That more was paid than is owed by now, yen; nothing where it was not."""
    if not overpaid:
        return ()
    told = say(
        "払いすぎた額が{amount}あります。還付または充当を、別の通知でお知らせします。",
        amount=Yen(overpaid),
    )
    return (Paragraphs((told,), "strong"),)


def instalment_blocks(instalments: tuple[Instalment, ...], channel: Channel) -> tuple[Block, ...]:
    """The due dates, those of each channel together with how they are paid."""
    how = {
        "slip": say("納付書で払います。納付書は、銀行やコンビニエンスストアなどで使えます。"),
        "direct_debit": say("口座振替です。納期限の日に、登録した口座から引き落とします。"),
        "pension": say("年金から引かれます(特別徴収)。自分で払う必要はありません。"),
    }
    if not any(one.amount or one.before for one in instalments):
        return (Paragraphs((say("これから払う額はありません。"),), "strong"),)
    blocks: list[Block] = []
    for way, text in how.items():
        some = tuple(one for one in instalments if (one.channel or channel) == way)
        if some:
            blocks += [_dues(some), Paragraphs((text,))]
    return tuple(blocks)


def _dues(instalments: tuple[Instalment, ...]) -> Table:
    if any(one.before is not None for one in instalments):
        return Table(
            (say("期別"), say("納期限"), say("変更前"), say("変更後")),
            ("words", "words", "amount", "amount"),
            tuple(
                (one.name, Day(one.due),
                 None if one.before is None else Yen(one.before), Yen(one.amount))
                for one in instalments
            ),
        )  # fmt: skip
    return Table(
        (say("期別"), say("納期限"), say("払う額")),
        ("words", "words", "amount"),
        tuple((one.name, Day(one.due), Yen(one.amount)) for one in instalments),
    )
