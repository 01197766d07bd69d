"""Approval (承認): which batches two persons must approve, and which go by themselves. Data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from kokuho.base.messages import translator
from kokuho.linkage.changes import Change

_ = translator("linkage")

PERSONS = 2
"""How many different persons approve."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a daily difference may be and still go by itself; two persons approved it.

    Attributes:
        records: most records of one difference.
        percent: of all that is registered, at most; whole percents.
        withdrawn: most withdrawals.
    """

    records: int
    percent: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Rules:
    """The shipped table: reasons by code, and how many withdrawals go at once."""

    reasons: Mapping[str, str]
    withdrawals: int
    withdrawals_percent: int


@cache
def rules() -> Rules:
    """The table ``rules/approval.yaml``."""
    text = resources.files("kokuho.linkage").joinpath("rules/approval.yaml")
    stated = yaml.safe_load(text.read_text(encoding="utf-8"))
    at_once = stated["withdrawals_at_once"]
    return Rules(stated["two_persons"], at_once["records"], at_once["percent"])


def split(changes: Sequence[Change], registered: int) -> tuple[list[Change], list[Change]]:
    """The changes that go at once, and the others.

    A fall of arrears always goes at once. So do withdrawals, unless they are so many that a fault
    is likelier; then they wait with the others.
    """
    gone = sum(one.urgent and one.nature == "withdrawn" for one in changes)
    most = max(rules().withdrawals, registered * rules().withdrawals_percent // 100)

    def at_once(one: Change) -> bool:
        return one.urgent and (one.nature != "withdrawn" or gone <= most)

    return [one for one in changes if at_once(one)], [one for one in changes if not at_once(one)]


def reasons_to_wait(
    changes: Sequence[Change],
    registered: int,
    limits: Limits | None,
    *,
    layout_changed: bool = False,
    by_hand: bool = False,
) -> tuple[str, ...]:
    """Why a batch needs two persons: codes of :attr:`Rules.reasons`; none if it goes by itself.

    Args:
        changes: those that are not urgent.
        registered: how many records are registered.
        limits: those that two persons approved; ``None`` while there are none.
        layout_changed: whether what is registered is in another layout or version.
        by_hand: whether a clerk states it, and not the books.
    """
    found = []
    if by_hand:
        found.append("correction")
    elif not registered:
        found.append("first")
    elif layout_changed:
        found.append("layout")
    elif limits is None:
        found.append("no_limits")
    elif _beyond(changes, registered, limits):
        found.append("mass")
    return tuple(found)


def _beyond(changes: Sequence[Change], registered: int, limits: Limits) -> bool:
    gone = sum(one.nature == "withdrawn" for one in changes)
    return (
        len(changes) > limits.records
        or len(changes) * 100 > registered * limits.percent
        or gone > limits.withdrawn
    )


def reason_title(code: str) -> str:
    """A reason for people."""
    return rules().reasons.get(code, code)
