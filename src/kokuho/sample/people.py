"""A person of a fictional city, as a register knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

_GENERATION = 16  # years between a parent and a child, at least


@dataclass(frozen=True)
class Person:
    """A row of the persons file, with a name, and with the days on which they came and went.

    ``loss`` is ``moved_out`` where they left the city on ``lost``; reasons are codes of
    ``kokuho import enrolments``.
    """

    row: Mapping[str, Any]
    names: Mapping[str, str]
    relationship: str
    came: date
    from_abroad: bool | None
    acquired: date
    acquisition: str
    lost: date | None
    loss: str


def relationship(row: Mapping[str, Any], head: Mapping[str, Any]) -> str:
    """続柄 by age and sex: what a member of a fictional household most likely is to its head."""
    if row["head"]:
        return "世帯主"
    woman = row["sex"] == "F"
    older = head["birth_date"].year - row["birth_date"].year
    if older >= _GENERATION:
        return "母" if woman else "父"
    if -older >= _GENERATION:
        return "子"
    if row["sex"] != head["sex"]:
        return "妻" if woman else "夫"
    return "同居人"
