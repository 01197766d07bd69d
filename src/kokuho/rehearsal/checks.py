"""What has to hold at the end of a rehearsal: pure comparisons, each naming what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from kokuho.rehearsal.examiner import Answered


class Version(NamedTuple):
    """One version of one record, on either side."""

    person: str
    key: str
    version: int
    action: str
    content: str


class Provided(NamedTuple):
    """A record of provision (情報提供等記録): number of the question, person, outcome."""

    message: str
    person: str
    outcome: str


@dataclass(frozen=True)
class Check:
    """One line of the report.

    Attributes:
        name: of the check.
        count: how many things were compared.
        findings: what is wrong; none where it holds.
    """

    name: str
    count: int
    findings: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether it does; a check that compared nothing proves nothing."""
        return not self.findings and self.count > 0


def absent(here: Iterable[Version], there: Iterable[Version]) -> Iterator[str]:
    """What stands here and not, or otherwise, there."""
    known = {(one.key, one.version): one for one in there}
    for one in here:
        other = known.get((one.key, one.version))
        if other is None:
            yield f"{one.key} v{one.version}: not there"
        elif other != one:
            names = [name for name in Version._fields if getattr(one, name) != getattr(other, name)]
            yield f"{one.key} v{one.version}: other {', '.join(names)}"


def doubled(rows: Iterable[Version]) -> Iterator[str]:
    """Keys with a version that stands more than once."""
    for (key, version), count in Counter((one.key, one.version) for one in rows).items():
        if count > 1:
            yield f"{key} v{version}: {count} times"


def newest(rows: Iterable[Version]) -> dict[str, Version]:
    """The version of each record that should stand."""
    found: dict[str, Version] = {}
    for one in rows:
        before = found.get(one.key)
        if before is None or before.version < one.version:
            found[one.key] = one
    return found


def standing(rows: Iterable[Version], stand: Iterable[Version]) -> Iterator[str]:
    """Records of which another version stands than the highest."""
    wanted, there = newest(rows), {one.key: one for one in stand}
    for key in sorted(wanted.keys() | there.keys()):
        if wanted.get(key) != there.get(key):
            yield f"{key}: another version stands"


def provisions(
    answers: Iterable[Answered], asked: Collection[str], provided: Iterable[Provided]
) -> Iterator[str]:
    """Records of provision against the answers that the examiner has.

    Each answer has one record, with its outcome; a record without an answer is of a question that
    the examiner put, and whose answer was lost on the way.
    """
    rows = list(provided)
    for row, count in Counter((one.message, one.person) for one in rows).items():
        if count > 1:
            yield f"{row[0]} {row[1]}: {count} records"
    outcomes = {(one.message, one.person): one.outcome for one in rows}
    for answer in answers:
        outcome = outcomes.get((answer.message, answer.person))
        if outcome != answer.state:
            yield f"{answer.message} {answer.person}: answered {answer.state}, kept {outcome}"
    yield from (f"{one.message} {one.person}: nobody asked" for one in rows
                if one.message not in asked)  # fmt: skip


def final_answers(
    answers: Iterable[Answered],
    books: Mapping[str, list[Mapping[str, Any]]],
    hidden: Collection[str],
    corrected: Mapping[tuple[str, str], Mapping[str, Any]],
    items: Collection[str],
) -> Iterator[str]:
    """The last answer about everybody, against what the books say then.

    Args:
        answers: one for each person.
        books: by person, the fields of each record.
        hidden: persons under 支援措置, about whom nothing is answered.
        corrected: by person and term, the fields that were stated by hand.
        items: the fields that may be answered, but the moment of the books.
    """
    told = {one.person: one for one in answers}
    for person in sorted(books.keys() | told.keys()):
        answer = told.get(person)
        if answer is None:
            yield f"{person}: not answered"
        elif person in hidden:
            if answer.state != "by_hand" or answer.records:
                yield f"{person}: answered as {answer.state}"
        else:
            here = {term_of(one): one for one in answer.records}
            there = {term_of(one): one for one in books.get(person, ())}
            for term in sorted(here.keys() | there.keys()):
                right = {**there.get(term, {}), **corrected.get((person, term), {})}
                said = here.get(term, {})
                wrong = [name for name in items if said.get(name) != right.get(name)]
                if wrong:
                    yield f"{person} {term}: {', '.join(wrong)}"


def term_of(fields: Mapping[str, Any]) -> str:
    """What tells a person's records apart in an answer, which has no key."""
    names = ("role", "kind", "year_levied", "year_meant", "channel", "term", "assessed", "due")
    return "/".join(str(fields.get(name)) for name in names)


def logged(messages: Mapping[str, str], log: Collection[str]) -> Iterator[str]:
    """Messages of the city (what each is, by its digest) that the mesh's log does not name."""
    yield from (f"{what}: not in the log" for digest, what in messages.items() if digest not in log)


def faults(happened: Mapping[str, int], wanted: Iterable[str]) -> Iterator[str]:
    """Faults that never happened: what was to be survived was not there."""
    yield from (f"{one}: never happened" for one in wanted if not happened.get(one))
