"""How a person's records are to be read: each yen in one class, so that none is taken for another.

What is unpaid and past its due date is *overdue* only as far as nothing stands against that: no
payment that was reported but is not in the books yet, no deferral, no agreement that is kept, no
suspension, no prescription. What is not yet due is never overdue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kokuho.base.calendar import JAPAN

CLASSES = (
    "paid", "reported", "overdue", "broken", "deferred", "agreed", "suspended", "prescribed",
    "later",
)  # fmt: skip
"""Classes of amounts, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record, to be shown.

    Attributes:
        fields: as answered.
        amounts: yen by class; what a record has nothing of is left out.
        own: whether the person is the debtor; else it is the household head who owes.
        due: the due date.
        as_of: the moment of the books, Japanese time.
        municipality, registered_at: who registered it, and when, Japanese time.
    """

    fields: Mapping[str, Any]
    amounts: Mapping[str, int]
    own: bool
    due: date | None
    as_of: datetime | None
    municipality: str
    registered_at: datetime


def amounts_of(fields: Mapping[str, Any]) -> dict[str, int]:
    """A record's yen by class.

    ``reported`` is taken off what is overdue first, then off what is not yet due: the unpaid
    amounts of a record are those before it.
    """
    overdue, later = int(fields.get("overdue") or 0), int(fields.get("later") or 0)
    reported = int(fields.get("reported") or 0)
    open_overdue = max(overdue - reported, 0)
    open_later = max(later - max(reported - overdue, 0), 0)
    amounts = {
        "paid": int(fields.get("paid") or 0),
        "reported": reported,
        _class_of(fields): open_overdue,
        "later": open_later,
    }
    return {name: amounts[name] for name in CLASSES if amounts.get(name)}


def _class_of(fields: Mapping[str, Any]) -> str:
    """In which class what is unpaid and due stands."""
    if fields.get("prescribed_on"):
        return "prescribed"
    if fields.get("suspended_on"):
        return "suspended"
    if fields.get("deferral") == "deferred":
        return "deferred"
    if fields.get("agreement") == "kept":
        return "agreed"
    return "broken" if fields.get("agreement") == "broken" else "overdue"


def lines_of(records: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The records of an answer, oldest due date first."""
    lines = [_line(one) for one in records]
    return sorted(lines, key=lambda line: (line.due or date.max, str(line.fields)))


def _line(record: Mapping[str, Any]) -> Line:
    fields = record["fields"]
    due, as_of = fields.get("due"), fields.get("as_of")
    return Line(
        fields=fields,
        amounts=amounts_of(fields),
        own=fields.get("role") == "debtor",
        due=date.fromisoformat(due) if due else None,
        as_of=datetime.fromisoformat(as_of).astimezone(JAPAN) if as_of else None,
        municipality=record["municipality"],
        registered_at=datetime.fromisoformat(record["registered_at"]).astimezone(JAPAN),
    )


def totals(lines: Sequence[Line]) -> dict[str, int]:
    """The sums by class, all classes in their order."""
    return {name: sum(line.amounts.get(name, 0) for line in lines) for name in CLASSES}


@dataclass(frozen=True, slots=True)
class Person:
    """What was answered about one person.

    Attributes:
        code: linkage code of the question.
        state: ``found``, ``none``, ``by_hand`` or ``unknown``.
        lines: what is registered, oldest due date first.
        as_of: the oldest moment of the books among them, Japanese time.
    """

    code: str
    state: str
    lines: Sequence[Line]
    as_of: datetime | None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Person:
        """The person of an answer (:class:`~kokuho.linkage.messages.bodies.PersonAnswer`)."""
        lines = lines_of(answer["records"])
        times = [line.as_of for line in lines if line.as_of]
        return cls(answer["code"], answer["state"], lines, min(times, default=None))

    @property
    def of_others(self) -> bool:
        """Whether amounts are among it that another person owes."""
        return any(not line.own for line in self.lines)

    def totals(self) -> Iterator[tuple[bool, dict[str, int]]]:
        """The sums by class: of what the person owes, then of what the household head does."""
        for own in (True, False):
            lines = [line for line in self.lines if line.own is own]
            if lines:
                yield own, totals(lines)
