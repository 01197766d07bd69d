"""Keeping a batch: its files and records written beforehand, its number taken at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import Max
from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.changes import Change
from kokuho.linkage.messages import canonical, digest
from kokuho.linkage.messages.layout import Layout
from kokuho.linkage.messages.layout_files import write_files
from kokuho.linkage.messages.layout_values import carried
from kokuho.office.ledger.rows import append
from kokuho.office.linkage.batch import Batch, CopyRecord, Part
from kokuho.office.linkage.event import BatchEvent

_ = translator("linkage")


@dataclass(frozen=True)
class Prepared:
    """A batch that has no number yet; it is made outside of any transaction.

    Attributes:
        layout: in which it is written.
        files: their bytes, in order.
        rows: its records, in the columns of :class:`CopyRecord` but the batch.
        withdrawn: how many of them.
    """

    layout: Layout
    files: Sequence[bytes]
    rows: pl.DataFrame
    withdrawn: int


def prepare(insurer: str, layout: Layout, changes: Sequence[Change]) -> Prepared | None:
    """Write the files and records of some changes; ``None`` where there are none."""
    if not changes:
        return None
    ordered = sorted(changes, key=lambda one: one.record.key)
    rows = [
        {
            "insurer_code": insurer,
            "part": place // layout.split + 1,
            "place": place % layout.split + 1,
            "key": one.record.key,
            "version": one.record.version,
            "person": one.record.person,
            "household": one.record.household,
            "action": one.record.action,
            "nature": one.nature,
            "said": one.said,
            "content": carried(layout, one.record).content,
            "fields": canonical(one.record.as_json()).decode(),
        }
        for place, one in enumerate(ordered)
    ]
    return Prepared(
        layout,
        list(write_files(layout, [one.record for one in ordered])),
        pl.DataFrame(rows),
        sum(one.record.action == "withdraw" for one in ordered),
    )


def keep(
    insurer: str,
    prepared: Prepared | None,
    occasion: str,
    reasons: Sequence[str],
    as_of: datetime,
    actor: str,
    text: str = "",
) -> int:
    """Keep a batch with its files, inside ``seeing(…, writing=True)`` and after ``lock``.

    Returns:
        Its number; 0 where there is nothing to register.
    """
    if prepared is None:
        return 0
    layout, count = prepared.layout, prepared.rows.height
    last = Batch.objects.filter(insurer_id=insurer).aggregate(last=Max("number"))["last"]
    number = int(last or 0) + 1
    batch = Batch.objects.create(
        insurer_id=insurer, number=number, occasion=occasion, layout=layout.id,
        layout_version=layout.version, as_of=as_of, made_at=timezone.now(), actor=actor,
        reasons=list(reasons), records=count, withdrawn=prepared.withdrawn, text=text,
    )  # fmt: skip
    for place, content in enumerate(prepared.files, 1):
        Part.objects.create(
            insurer_id=insurer, batch=batch, place=place,
            name=f"{insurer}-{number:06d}-{place:04d}", content=content, digest=digest(content),
            records=min(layout.split, count - (place - 1) * layout.split),
        )  # fmt: skip
    append(CopyRecord, prepared.rows.with_columns(batch_id=pl.lit(batch.pk, pl.Int64)))
    return number


def note(insurer: str, number: int, kind: str, actor: str, text: str = "", **more: Any) -> None:
    """Write down what became of a batch, inside ``seeing(…, writing=True)``."""
    BatchEvent.objects.create(
        insurer_id=insurer, batch=batch_of(insurer, number), kind=kind, actor=actor,
        at=timezone.now(), text=text, **more,
    )  # fmt: skip


def batch_of(insurer: str, number: int) -> Batch:
    """A batch by its number.

    Raises:
        LinkageError: there is none.
    """
    found: Batch | None = Batch.objects.filter(insurer_id=insurer, number=number).first()
    if found is None:
        raise LinkageError(_("there is no batch {number}").format(number=number))
    return found
