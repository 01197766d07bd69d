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

_ = translator("collection")


def incoming_receipts(delivery: Delivery) -> pl.DataFrame:
    """The payments that an agent's file reports: :data:`kokuho.collection.INCOMING`.

    A file that has no stages reports final payments.

    Raises:
        CollectionError: the layout is not one of receipts.
    """
    rule = delivery.layout.receipts
    if rule is None:
        raise CollectionError(
            _("{layout} is no layout of receipts.").format(layout=delivery.layout.id)
        )
    keys = Keys(rule.channel)
    rows = []
    for number, row in delivery.of_kind("data"):
        stage: Stage = rule.stages[row[rule.stage]] if rule.stage else "final"
        payer = row.get("payer")
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
                paid_on=date.fromisoformat(f"20{row['paid_on']}"[-8:]),
            )
        )
    return frame_of_incoming(rows)
