"""The examining agency in a rehearsal: it asks about persons, and keeps every answer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.exchange import ask, open_answer, party_of, read_answer
from kokuho.linkage.link import load_link
from kokuho.linkage.messages import RefusedError
from kokuho.linkage.messages.bodies import SCOPES, Answer, Body, Coded, Codes, Inquire
from kokuho.linkage.transport import transport_of

_ = translator("rehearsal")

B = TypeVar("B", bound=Body)

PURPOSE = "K-RESIDENCE"
OFFICER = "rehearsal-1"
AT_ONCE = 500
PATIENCE = 600.0
"""Seconds of asking again, while the mesh is killed and the way is damaged."""
PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Answered:
    """What the examiner was told about a person.

    Attributes:
        message: number of the question.
        person: address number, which the examiner itself does not know.
        state: of the answer.
        records: fields of each.
        asked, received: the office's time when the question went out and when the answer came.
    """

    message: str
    person: str
    state: str
    records: tuple[dict[str, Any], ...]
    asked: datetime
    received: datetime


@dataclass
class Examiner:
    """The agency's client.

    Attributes:
        link: its file.
        municipality: whose people.
        now: the office's time.
        answers: all of them.
        asked: numbers of all questions that went out, answered or not.
    """

    link: Path
    municipality: str
    now: Callable[[], datetime]
    answers: list[Answered] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    persons: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stated = load_link(self.link)
        self._party, self._way = party_of(stated), transport_of(stated)
        self._lock = threading.Lock()

    def learn(self, persons: Sequence[str]) -> None:
        """Get the linkage codes of persons."""
        for some in _some(sorted(set(persons) - self.persons.keys())):
            body = Codes(municipality=self.municipality, persons=some)
            self.persons |= self._ask("codes", body, Coded)[0].codes

    def inquire(self, persons: Sequence[str]) -> list[Answered]:
        """Ask about persons, again and again until there is an answer."""
        found = []
        for some in _some(persons):
            codes = {self.persons[one]: one for one in some if one in self.persons}
            if not codes:
                continue
            body = Inquire(purpose=PURPOSE, officer=OFFICER, reason="rehearsal", codes=list(codes))
            answer, message, asked = self._ask("inquire", body, Answer)
            received = self.now()
            found += [
                Answered(
                    message, codes[one.code], one.state,
                    tuple(dict(record.fields) for record in one.records), asked, received,
                )
                for one in answer.persons
            ]  # fmt: skip
        with self._lock:
            self.answers += found
        return found

    def _ask(self, kind: str, body: Body, model: type[B]) -> tuple[B, str, datetime]:
        until = time.monotonic() + PATIENCE
        while True:
            question, asked = ask(self._party, self._way, kind, body), self.now()
            self.asked.add(question.number)
            try:
                sealed = self._way.send("", question.sealed, SCOPES[kind])
                assert sealed is not None
                envelope = open_answer(self._party, self._way, sealed, kind)
                answer = read_answer(envelope, question.number)
                if isinstance(answer, model):
                    return answer, question.number, asked
                failure: Exception | None = None
            except (LinkageError, RefusedError) as error:
                failure = error
            if time.monotonic() > until:
                raise LinkageError(_("the examiner gets no answer")) from failure
            time.sleep(PAUSE)


def _some(persons: Iterable[str]) -> Iterable[list[str]]:
    listed = list(persons)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
