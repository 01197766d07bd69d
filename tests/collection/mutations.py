"""Damage to files, and what must then happen, from the text of the layouts alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Shape:
    """What a reader of the layout's text knows: sizes and the bytes that guard themselves.

    ``guarded`` has the places (from 0) of each kind of record, by its first byte, where every other
    allowed byte is wrong: constants, blanks, sums, and what sums or check digits cover.
    """

    length: int
    end: bytes
    tail: bytes
    allowed: frozenset[int]
    guarded: dict[bytes, frozenset[int]]

    @property
    def stride(self) -> int:
        return self.length + len(self.end)


class Damage(NamedTuple):
    content: bytes
    what: str
    must_refuse: bool
    place: tuple[int, int] | None = None
    """Record and byte, from 1, that a refusal must name: of a byte that no field may hold."""


def damage(content: bytes, shape: Shape, chance: random.Random) -> Damage:
    """One change at random."""
    make = chance.choice([_byte, _byte, _byte, _byte, _insert, _delete, _swap, _record, _cut])
    return make(content, shape, chance)


def _byte(content: bytes, shape: Shape, chance: random.Random) -> Damage:
    """One byte becomes another; half of them one that is allowed."""
    place = chance.randrange(len(content))
    new = chance.choice(sorted(shape.allowed)) if chance.random() < 0.7 else chance.randrange(256)
    old = content[place]
    changed = content[:place] + bytes([new]) + content[place + 1 :]
    return Damage(
        changed, f"byte {place} {old:#x} to {new:#x}", _broken(content, place, new, shape),
        _named(content, place, new, shape),
    )  # fmt: skip


def _named(content: bytes, place: int, new: int, shape: Shape) -> tuple[int, int] | None:
    record, at = divmod(place, shape.stride)
    if new in shape.allowed or at >= shape.length or place >= len(content) - len(shape.tail):
        return None
    return record + 1, at + 1


def _broken(content: bytes, place: int, new: int, shape: Shape) -> bool:
    if content[place] == new:
        return False
    record, at = divmod(place, shape.stride)
    if at >= shape.length or record * shape.stride + at >= len(content) - len(shape.tail):
        return True  # a line end or the mark at the end is no longer one
    first = content[record * shape.stride : record * shape.stride + 1]
    return new not in shape.allowed or at in shape.guarded[first]


def _insert(content: bytes, shape: Shape, chance: random.Random) -> Damage:
    """A byte too much, before the end."""
    place = chance.randrange(len(content) - len(shape.tail) - len(shape.end))
    new = bytes([chance.choice(sorted(shape.allowed))])
    return Damage(content[:place] + new + content[place:], f"insert at {place}", True)


def _delete(content: bytes, shape: Shape, chance: random.Random) -> Damage:
    """Some bytes too few, before the last line end."""
    end = len(content) - len(shape.tail) - len(shape.end)
    first = chance.randrange(end)
    last = min(end, first + chance.choice([1, 1, 2, 7, 50]))
    return Damage(content[:first] + content[last:], f"delete {first}-{last}", True)


def _swap(content: bytes, shape: Shape, chance: random.Random) -> Damage:
    """Two neighbours change places: what a check digit may miss."""
    place = chance.randrange(len(content) - 1)
    one, two = content[place], content[place + 1]
    changed = content[:place] + bytes([two, one]) + content[place + 2 :]
    return Damage(changed, f"swap at {place}", False)


def _record(content: bytes, shape: Shape, chance: random.Random) -> Damage:
    """A record lacks, stands twice or elsewhere."""
    body = content[: len(content) - len(shape.tail)]
    records = [body[n : n + shape.stride] for n in range(0, len(body), shape.stride)]
    one, two = chance.randrange(len(records)), chance.randrange(len(records))
    kind = chance.choice(["lacks", "twice", "moved"])
    if kind == "lacks":
        changed = records[:one] + records[one + 1 :]
    elif kind == "twice":
        changed = [*records[:one], records[two], *records[one:]]
    else:
        changed = list(records)
        changed[one], changed[two] = changed[two], changed[one]
    of_same_kind = records[one][:1] == records[two][:1]
    return Damage(
        b"".join(changed) + shape.tail, f"record {one} {kind} {two}",
        kind != "moved" or not of_same_kind,
    )  # fmt: skip


def _cut(content: bytes, shape: Shape, chance: random.Random) -> Damage:
    """The file ends early, before its last record is complete."""
    place = chance.randrange(len(content) - len(shape.tail) - len(shape.end))
    return Damage(content[:place], f"cut at {place}", True)
