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


@dataclass(frozen=True)
class Said(Generic[V]):
    """What is recorded: a fact that holds on its days, or (``holds`` false) that nothing does.

    ``whole``: it stands in place of the version that begins on the same day, all of its days.
    """

    fact: V
    holds: bool = True
    whole: bool = False


def record(moment: Moment, facts: Iterable[V]) -> Changes[V]:
    """Record that each fact holds on its days; what was known of those days is superseded.

    Of a version that reached beyond those days, the rest is recorded again as it was. A fact that
    is known already in full changes nothing, so that the same facts may be recorded twice.

    Args:
        moment: the recording that this is part of.
        facts: new versions, all of one model, without insurer and without recorded time.
    """
    return change(moment, [Said(fact) for fact in facts])


def retract(moment: Moment, periods: Iterable[V]) -> Changes[V]:
    """Record that nothing is known of the subjects of ``periods`` on their days."""
    return change(moment, [Said(period, holds=False) for period in periods])


def amend(moment: Moment, version: V, **changes: Any) -> Changes[V]:
    """Record one known version with other values or other days, in place of what it said."""
    after = version.again(version.valid_from, version.valid_to)
    for name, value in changes.items():
        setattr(after, name, value)
    same_days = (after.valid_from, after.valid_to) == (version.valid_from, version.valid_to)
    if same_days and after.says() == version.says():
        return Changes()
    return change(moment, [Said(version, holds=False), Said(after)])


def change(moment: Moment, said: Iterable[Said[V]]) -> Changes[V]:
    """Record what is said, one after the other for each subject; all of one model.

    Args:
        moment: the recording that this is part of.
        said: what holds, and where nothing does.
    """
    changes = changes_of(moment.insurer_id, said)
    if changes:
        write(moment, changes)
    return changes


def changes_of(insurer: str, said: Iterable[Said[V]]) -> Changes[V]:
    """What :func:`change` would do to the register as it is now; nothing is written."""
    by_subject: dict[tuple[Any, ...], list[Said[V]]] = defaultdict(list)
    for one in said:
        by_subject[one.fact.about()].append(one)
    changes: Changes[V] = Changes()
    subjects = list(by_subject)
    for start in range(0, len(subjects), _AT_ONCE):
        some = subjects[start : start + _AT_ONCE]
        model = type(by_subject[some[0]][0].fact)
        known = _known(model, insurer, some)
        for subject in some:
            line = _Timeline(known[subject])
            for one in by_subject[subject]:
                line.change(one)
            gone, new = line.result()
            changes.superseded += gone
            changes.inserted += new
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
        self.known = known
        self.pieces = list(known)

    def change(self, said: Said[V]) -> None:
        fact = said.fact
        over = [piece for piece in self.pieces if _overlap(piece, fact)]
        replaced = [p for p in over if said.whole and p.valid_from == fact.valid_from]
        longer = any(_end(piece) > _end(fact) for piece in replaced)
        if said.holds and not longer and _covered(over, fact):
            return
        for piece in over:
            self.pieces.remove(piece)
            if piece.valid_from < fact.valid_from:
                self.pieces.append(piece.again(piece.valid_from, fact.valid_from))
            if piece in replaced or fact.valid_to is None:
                continue
            if fact.valid_to < _end(piece):
                self.pieces.append(piece.again(fact.valid_to, piece.valid_to))
        if said.holds:
            self.pieces.append(fact)

    def result(self) -> tuple[list[V], list[V]]:
        """The versions that are superseded, and the new ones; what is as before is neither."""
        before = {_key(version): version for version in self.known}
        after = {_key(piece): piece for piece in self.pieces}
        gone = [version for key, version in before.items() if key not in after]
        return gone, [piece for key, piece in after.items() if key not in before]


def _key(version: Version) -> tuple[Any, ...]:
    return (version.valid_from, version.valid_to, version.says())


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


def write(moment: Moment, changes: Changes[V]) -> None:
    """Write what is to be superseded and inserted, at a moment; all of one model, not nothing."""
    model: Any = type((changes.superseded or changes.inserted)[0])
    manager = model.objects
    ids = [version.pk for version in changes.superseded]
    for start in range(0, len(ids), _AT_ONCE):
        manager.filter(pk__in=ids[start : start + _AT_ONCE]).update(
            superseded_at=moment.recorded_at
        )
    for version in changes.inserted:
        version.insurer_id = moment.insurer_id
        version.recorded_at = moment.recorded_at
    manager.bulk_create(cast("list[Any]", changes.inserted), batch_size=_AT_ONCE)
