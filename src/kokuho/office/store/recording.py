"""Recording versions: what is known from now on, what it supersedes, and what stays as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar, cast

from kokuho.office.store.versions import Version

V = TypeVar("V", bound=Version)

_AT_ONCE = 500  # subjects in one query; SQLite takes so many parameters in any version


class Moment(Protocol):
    """When something is recorded, and for whom (see ``kokuho.office.register.recordings``)."""

    insurer_id: str
    recorded_at: datetime


@dataclass
class Changes(Generic[V]):
    """What a recording did to a table."""

    superseded: list[V] = field(default_factory=list)
    inserted: list[V] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.superseded or self.inserted)


def record(moment: Moment, facts: Iterable[V]) -> Changes[V]:
    """Record that each fact holds on its days; what was known of those days is superseded.

    Of a version that reached beyond those days, the rest is recorded again as it was. A fact that
    is known already in full changes nothing, so that the same facts may be recorded twice.

    Args:
        moment: the recording that this is part of.
        facts: new versions, all of one model, without insurer and without recorded time.
    """
    given = list(facts)
    return _change(moment, given, {id(fact) for fact in given}) if given else Changes()


def retract(moment: Moment, periods: Iterable[V]) -> Changes[V]:
    """Record that nothing is known of the subjects of ``periods`` on their days."""
    given = list(periods)
    return _change(moment, given, set()) if given else Changes()


def amend(moment: Moment, version: V, **changes: Any) -> Changes[V]:
    """Record one known version with other values or other days, in place of what it said."""
    after = version.again(version.valid_from, version.valid_to)
    for name, value in changes.items():
        setattr(after, name, value)
    before = version.again(version.valid_from, version.valid_to)
    if (after.says(), after.valid_from, after.valid_to) == (
        before.says(), before.valid_from, before.valid_to,
    ):  # fmt: skip
        return Changes()
    return _change(moment, [before, after], {id(after)})


def _change(moment: Moment, facts: Sequence[V], holding: set[int]) -> Changes[V]:
    """Go through the facts in order; those in ``holding`` hold, of the others nothing is known."""
    model = type(facts[0])
    changes: Changes[V] = Changes()
    by_subject: dict[tuple[Any, ...], list[V]] = defaultdict(list)
    for fact in facts:
        by_subject[fact.about()].append(fact)
    subjects = list(by_subject)
    for start in range(0, len(subjects), _AT_ONCE):
        some = subjects[start : start + _AT_ONCE]
        known = _known(model, moment.insurer_id, some)
        for subject in some:
            line = _Timeline(known[subject])
            for fact in by_subject[subject]:
                line.change(fact, holds=id(fact) in holding)
            changes.superseded += line.gone
            changes.inserted += line.new()
    _write(model, moment, changes)
    return changes


def _known(
    model: type[V], insurer: str, subjects: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], list[V]]:
    manager: Any = model.objects
    # the first field narrows it down enough; what belongs to other subjects is left alone
    first = {subject[0] for subject in subjects}
    found: dict[tuple[Any, ...], list[V]] = defaultdict(list)
    rows = manager.known().filter(**{f"{model.subject[0]}__in": first}, insurer_id=insurer)
    for version in rows.order_by("valid_from"):
        found[version.about()].append(version)
    return found


class _Timeline(Generic[V]):
    """What is known of one subject, from day to day, while it is changed."""

    def __init__(self, known: Sequence[V]) -> None:
        self.pieces = list(known)
        self.gone: list[V] = []

    def change(self, fact: V, *, holds: bool) -> None:
        over = [piece for piece in self.pieces if _overlap(piece, fact)]
        if holds and _covered(over, fact):
            return
        for piece in over:
            self.pieces.remove(piece)
            if piece.pk is not None:
                self.gone.append(piece)
            if piece.valid_from < fact.valid_from:
                self.pieces.append(piece.again(piece.valid_from, fact.valid_from))
            if fact.valid_to is not None and _end(fact) < _end(piece):
                self.pieces.append(piece.again(fact.valid_to, piece.valid_to))
        if holds:
            self.pieces.append(fact)

    def new(self) -> list[V]:
        return [piece for piece in self.pieces if piece.pk is None]


def _end(version: Version) -> date:
    return version.valid_to or date.max


def _overlap(a: Version, b: Version) -> bool:
    return a.valid_from < _end(b) and b.valid_from < _end(a)


def _covered(pieces: Sequence[Version], fact: Version) -> bool:
    """Whether the pieces say the same as the fact, on each of its days."""
    reached = fact.valid_from
    for piece in sorted(pieces, key=lambda piece: piece.valid_from):
        if piece.valid_from > reached or piece.says() != fact.says():
            return False
        reached = _end(piece)
    return bool(pieces) and reached >= _end(fact)


def _write(model: type[V], moment: Moment, changes: Changes[V]) -> None:
    manager: Any = model.objects
    ids = [version.pk for version in changes.superseded]
    for start in range(0, len(ids), _AT_ONCE):
        manager.filter(pk__in=ids[start : start + _AT_ONCE]).update(
            superseded_at=moment.recorded_at
        )
    for version in changes.inserted:
        version.insurer_id = moment.insurer_id
        version.recorded_at = moment.recorded_at
    manager.bulk_create(cast("list[Any]", changes.inserted), batch_size=_AT_ONCE)
