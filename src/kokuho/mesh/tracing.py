"""What the mesh says and writes down of each message: the sealed answer, and the log's records.

The log names people by pseudonyms, and a purpose only if it is one of the table.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kokuho.linkage.messages import (
    Envelope,
    Happening,
    Refusal,
    RefusedError,
    SigningKey,
    digest_of_text,
    new_number,
    seal,
)
from kokuho.linkage.messages.bodies import Body
from kokuho.linkage.messages.signing import stated
from kokuho.mesh.journal import Journal
from kokuho.mesh.rehearsal import Rehearsal

NUMBER = re.compile(r"[0-9a-f]{32}")
"""The form of a message's number."""


@dataclass(frozen=True)
class Tracing:
    """The mesh's pen.

    Attributes:
        rehearsal: where it is.
        journal: its log.
        key: with which it signs.
    """

    rehearsal: Rehearsal
    journal: Journal
    key: SigningKey

    def sealed(
        self, kind: str, body: Body, receiver: str, answers: str, now: datetime, certificate: str
    ) -> str:
        """A sealed answer; ``certificate`` is the server's, or empty where it goes as a file."""
        envelope = Envelope(
            kind=kind,
            number=new_number(),
            sender=self.key.public.owner,
            receiver=receiver,
            sent_at=now,
            certificate=certificate,
            answers=answers,
            body=body.model_dump(),
        )
        return seal(envelope, self.key)

    def log_in(
        self,
        connection: sqlite3.Connection,
        sealed: str,
        envelope: Envelope | None,
        partner: str,
        outcome: str,
        now: datetime,
    ) -> None:
        """Write down a message that came."""
        self.journal.write(
            connection,
            Happening(
                now,
                "in",
                envelope.kind if envelope else "",
                partner=partner,
                message=_short(envelope.number) if envelope else "",
                content=digest_of_text(sealed) if sealed.isascii() else "",
                purpose=_purpose(self.rehearsal, envelope),
                outcome=outcome,
                persons=self._persons(envelope) if outcome == "taken" else (),
            ),
        )

    def log_out(
        self,
        connection: sqlite3.Connection,
        text: str,
        kind: str,
        question: Envelope | None,
        partner: str,
        outcome: str,
        now: datetime,
    ) -> None:
        """Write down an answer."""
        self.journal.write(
            connection,
            Happening(
                now,
                "out",
                kind,
                partner=partner,
                message=_short(question.number) if question else "",
                content=digest_of_text(text),
                purpose=_purpose(self.rehearsal, question),
                outcome=outcome,
            ),
        )

    def _persons(self, envelope: Envelope | None) -> tuple[str, ...]:
        """Pseudonyms of who is asked about; of a batch the copies name the message."""
        if envelope is None:
            return ()
        keys, body = self.rehearsal.keys, envelope.body
        if envelope.kind == "inquire":
            return tuple(keys.pseudonym("code", code) for code in body["codes"])
        if envelope.kind == "provisions":
            return (keys.pseudonym("address", body["municipality"], body["person"]),)
        return ()


def outcome_of(answer: Body) -> str:
    """What the log says of an answer: ``unknown_code`` where a code is nobody's."""
    persons: Any = getattr(answer, "persons", ())
    unknown = any(getattr(one, "state", "") == "unknown" for one in persons)
    return Refusal.UNKNOWN_CODE.value if unknown else "taken"


def _purpose(rehearsal: Rehearsal, envelope: Envelope | None) -> str:
    """The purpose stated, if it is one of the table; any other text stays out of the log."""
    said = envelope.body.get("purpose") if envelope else None
    known = {purpose for _who, purpose in rehearsal.rules.table}
    return str(said) if isinstance(said, str) and said in known else ""


def stated_number(sealed: str) -> str:
    """The number that an unreadable or unsigned message claims, so that its sender finds it."""
    try:
        number = stated(sealed)["number"]
    except (RefusedError, KeyError, TypeError):
        return ""
    return number if isinstance(number, str) and NUMBER.fullmatch(number) else ""


def _short(number: str) -> str:
    """A message's number; one that is none of ours is not kept whole."""
    return number[:64]
