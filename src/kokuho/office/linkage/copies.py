"""What stands on the other side (副本), read from the history of batches; not stored twice."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import polars as pl
from django.db.models import Count, Q

from kokuho.linkage.approval import PERSONS
from kokuho.linkage.changes import Standing
from kokuho.linkage.messages.record import CollectionRecord
from kokuho.office.ledger.rows import among, read
from kokuho.office.linkage.batch import Batch, CopyRecord
from kokuho.office.linkage.event import RefusedCopy

_COPY: dict[str, Any] = {
    "batch_id": pl.Int64(),
    "key": pl.String(),
    "version": pl.Int64(),
    "person": pl.String(),
    "action": pl.String(),
    "said": pl.String(),
    "content": pl.String(),
    "fields": pl.String(),
}
CLOSED = ("rejected", "superseded")
"""States of batches of which nothing will ever be registered."""


def states(insurer: str) -> dict[int, str]:
    """The state of each batch by its number: ``waiting``, ``released``, ``rejected``,
    ``superseded``; inside ``seeing``.
    """
    return {number: state for number, _pk, state in _states(insurer)}


def _states(insurer: str) -> list[tuple[int, int, str]]:
    rows = Batch.objects.filter(insurer_id=insurer).annotate(
        approvals=Count("events", filter=Q(events__kind="approved")),
        rejections=Count("events", filter=Q(events__kind="rejected")),
        followers=Count("events", filter=Q(events__kind="superseded")),
    )
    found = []
    names = ("number", "pk", "reasons", "approvals", "rejections", "followers")
    for number, pk, reasons, approvals, rejections, followers in rows.values_list(*names):
        if rejections or followers:
            state = "rejected" if rejections else "superseded"
        else:
            state = "waiting" if reasons and approvals < PERSONS else "released"
        found.append((number, pk, state))
    return found


def waiting(insurer: str) -> list[int]:
    """The numbers of the batches that wait for approval, inside ``seeing``."""
    return [number for number, state in states(insurer).items() if state == "waiting"]


def _last(insurer: str, where: str, values: list[Any], *columns: str) -> pl.DataFrame:
    """The last released version of each key that was not refused; withdrawn ones too."""
    schema = {name: _COPY[name] for name in ("batch_id", "key", "version", *columns)}
    rows = read(CopyRecord, schema, insurer, where, values)
    released = [pk for _number, pk, state in _states(insurer) if state == "released"]
    refused = read(RefusedCopy, {"key": pl.String(), "version": pl.Int64()}, insurer)
    return (
        rows.filter(pl.col("batch_id").is_in(released))
        .join(refused.unique(), on=["key", "version"], how="anti", maintain_order="left")
        .sort("version")
        .unique("key", keep="last", maintain_order=True)
    )


def registered(
    insurer: str, column: str = "household", among_these: Collection[str] | None = None
) -> dict[str, Standing]:
    """What stands on the other side, by key, inside ``seeing``.

    Args:
        insurer: the code of the insurer.
        column: ``household`` or ``person``.
        among_these: numbers; all if left out.
    """
    rows = _last(insurer, *_where(column, among_these), "said", "fields")
    return {
        key: Standing(version, said, CollectionRecord.from_json(json.loads(fields)))
        for key, version, said, fields in rows.select(
            "key", "version", "said", "fields"
        ).iter_rows()
    }


def digests(insurer: str) -> pl.DataFrame:
    """The records that stand, withdrawn ones too: ``person, key, version, content, action``."""
    rows = _last(insurer, "TRUE", [], "person", "action", "content")
    return rows.select("person", "key", "version", "content", "action")


def count(insurer: str) -> int:
    """How many records are registered and not withdrawn."""
    return digests(insurer).filter(pl.col("action") == "register").height


def last_versions(
    insurer: str, column: str = "household", among_these: Collection[str] | None = None
) -> dict[str, int]:
    """The highest version that was ever made of each key, whatever became of it."""
    schema: dict[str, Any] = {"key": pl.String(), "version": pl.Int64()}
    rows = read(CopyRecord, schema, insurer, *_where(column, among_these))
    return dict(rows.group_by("key").agg(pl.col("version").max()).iter_rows())


def _where(column: str, numbers: Collection[str] | None) -> tuple[str, list[Any]]:
    if numbers is None:
        return "TRUE", []
    return among(column, pl.Series(sorted(numbers), dtype=pl.String))
