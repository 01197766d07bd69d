"""Receipt files (収納情報) of collecting agents: convenience stores, Pay-easy, QR payments."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator
from kokuho.collection.files import Delivery
from kokuho.collection.incoming import Incoming, Keys, frame_of_incoming
from kokuho.collection.layout import Stage
from kokuho.collection.payables import plain_number
from kokuho.collection.problems import BrokenFileError, FileProblem

_ = translator("collection")


def incoming_receipts(delivery: Delivery, read_on: date) -> pl.DataFrame:
    """The payments that an agent's file reports: :data:`kokuho.collection.INCOMING`.

    A file that has no stages reports final payments.

    Raises:
        BrokenFileError: a payment on a day after ``read_on``, the day of reading.
        CollectionError: the layout is not one of receipts.
    """
    rule = delivery.layout.receipts
    if rule is None:
        raise CollectionError(
            _("{layout} is no layout of receipts.").format(layout=delivery.layout.id)
        )
    keys = Keys(rule.channel)
    rows, early = [], []
    for number, row in delivery.of_kind("data"):
        stage: Stage = rule.stages[row[rule.stage]] if rule.stage else "final"
        payer = row.get("payer")
        paid_on = date.fromisoformat(f"20{row['paid_on']}"[-8:])
        if paid_on > read_on:
            early.append(_too_early(delivery, number, row["paid_on"], read_on))
        rows.append(
            Incoming(
                channel=rule.channel,
                file=delivery.file,
                record=number,
                key=keys.key(stage, *(row[name] for name in rule.key)),
                stage=stage,
                reference=plain_number(row["reference"]),
                payer=None if payer is None else plain_number(payer),
                amount=int(row["amount"]),
                paid_on=paid_on,
            )
        )
    if early:
        raise BrokenFileError(early)
    return frame_of_incoming(rows)


def _too_early(delivery: Delivery, number: int, value: str, read_on: date) -> FileProblem:
    field = delivery.layout.record("data").field("paid_on")
    byte, title = (field.offset, field.title) if field else (1, "")
    return FileProblem(
        delivery.file,
        number,
        byte,
        title,
        value,
        "future",
        str(read_on),
        delivery.layout.unit,
    )
