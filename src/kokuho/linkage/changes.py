"""The difference between what the books say and what is registered (副本): new, changed, withdrawn.

A change that takes arrears off a person is *urgent*: it never waits for anybody's approval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from kokuho.linkage.messages.layout import Layout
from kokuho.linkage.messages.layout_values import carried
from kokuho.linkage.messages.record import CollectionRecord

Nature = Literal["new", "changed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it was last sent.

    Attributes:
        version: its version.
        said: digest of what the books said then (:attr:`ReadRecord.content`); that of the record
            itself, unless it was corrected by hand.
        record: the record.
    """

    version: int
    said: str
    record: CollectionRecord


@dataclass(frozen=True, slots=True)
class Change:
    """One record to register or to withdraw.

    Attributes:
        nature: ``new``, ``changed`` or ``withdrawn``.
        record: under its next version.
        said: digest of what the books say.
        urgent: whether it takes arrears off the person, or must not be answered any more.
    """

    nature: Nature
    record: CollectionRecord
    said: str
    urgent: bool


def differences(
    layout: Layout,
    now: Iterable[CollectionRecord],
    registered: Mapping[str, Standing],
    last_versions: Mapping[str, int],
    as_of: datetime,
) -> list[Change]:
    """What has to be registered so that the copy says what the books say, by key.

    Args:
        layout: in which it will be written: what it does not carry makes no difference.
        now: the records of the books.
        registered: what stands on the other side, by key; withdrawn records among it.
        last_versions: the highest version that was ever made of each key, sent or not.
        as_of: of the books; of a withdrawal too.
    """
    found: list[Change] = []
    seen = set()
    for record in now:
        seen.add(record.key)
        before = registered.get(record.key)
        said = carried(layout, record).content
        standing = before is not None and before.record.action == "register"
        # also where it was withdrawn by hand: that holds until the books say something else
        if before is not None and before.said == said:
            continue
        nature: Nature = "changed" if standing else "new"
        urgent = before is not None and standing and relieves(before.record, record)
        versioned = record.next_version(last_versions.get(record.key, 0) + 1)
        found.append(Change(nature, versioned, said, urgent))
    for key, before in registered.items():
        if key not in seen and before.record.action == "register":
            gone = replace(before.record, as_of=as_of)
            gone = gone.next_version(last_versions.get(key, 0) + 1, "withdraw")
            urgent = unpaid(before.record) > 0
            found.append(Change("withdrawn", gone, carried(layout, gone).content, urgent))
    return sorted(found, key=lambda one: one.record.key)


def unpaid(record: CollectionRecord) -> int:
    """What a reader takes for arrears: overdue, less what has arrived and is not posted."""
    return max(record.overdue - record.reported, 0)


def _owing(record: CollectionRecord) -> tuple[int, int, int, int]:
    """What a reader may take for a debt, the gravest first; each less what has arrived, then as is.

    Also what is paid before its due date: the copy must not call it unpaid once that has passed.
    """
    arrived_early = max(record.reported - record.overdue, 0)
    early = max(record.later - arrived_early, 0)
    return unpaid(record), record.overdue, early, record.later


_BETTER: Mapping[str, Mapping[Any, int]] = {
    "deferral": {"none": 0, "deferred": 1},
    "agreement": {"broken": 0, "none": 1, "kept": 2},
}


def relieves(before: CollectionRecord, after: CollectionRecord) -> bool:
    """Whether a change takes arrears off a person, or says something in their favour.

    What raises the unpaid amount is none of it, whatever else it says; the flag of 支援措置 always.
    So is a payment that was shown as not reflected and is posted now.
    """
    if after.by_hand and not before.by_hand:
        return True
    if _owing(after) != _owing(before):
        return _owing(after) < _owing(before)
    for name, rank in _BETTER.items():
        if rank[getattr(after, name)] > rank[getattr(before, name)]:
            return True
    return any(
        getattr(after, name) is not None and getattr(before, name) is None
        for name in ("suspended_on", "prescribed_on")
    )
