"""One message in, one message out: checked, logged and answered in one transaction.

The order is the safeguard: signature and envelope, then the right (scope, municipality, rule), then
the form of the body; only then does anything ask the database about a person. What is refused is
refused with the same words for a known and an unknown person, as nobody has looked.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from kokuho.linkage.messages import (
    OLDEST,
    Envelope,
    Expected,
    Happening,
    Refusal,
    RefusedError,
    SigningKey,
    digest_of_text,
    new_number,
    seal,
    unseal,
)
from kokuho.linkage.messages.bodies import (
    ANSWERS,
    QUESTIONS,
    SCOPES,
    Body,
    Coded,
    Codes,
    Echo,
    Evidence,
    Evidenced,
    Inquire,
    Provisions,
    Reconcile,
    RefusedBody,
    Register,
    read_body,
)
from kokuho.linkage.messages.layout import Layout
from kokuho.linkage.messages.signing import stated
from kokuho.mesh import answers, copies, people, provisions
from kokuho.mesh.database import Database
from kokuho.mesh.journal import Journal
from kokuho.mesh.layouts import Layouts
from kokuho.mesh.organisations import Organisation
from kokuho.mesh.rehearsal import Rehearsal
from kokuho.mesh.rules import Rule
from kokuho.mesh.tokens import Token

NUMBER = re.compile(r"[0-9a-f]{32}")
"""The form of a message's number."""

STATUS: Mapping[Refusal, int] = {
    Refusal.TOO_LARGE: 413,
    Refusal.REPLAYED: 409,
    Refusal.BAD_BODY: 422,
    Refusal.UNKNOWN_LAYOUT: 422,
    Refusal.MALFORMED: 400,
    Refusal.UNKNOWN_KIND: 400,
    Refusal.STALE: 400,
    Refusal.FUTURE: 400,
}
"""HTTP status of a refusal; 403 for all others."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back.

    Attributes:
        status: of HTTP.
        text: the sealed answer.
    """

    status: int
    text: str


@dataclass(frozen=True, slots=True)
class _Question:
    """A message whose right was checked."""

    envelope: Envelope
    organisation: Organisation
    body: Body
    layout: Layout | None = None
    rule: Rule | None = None


@dataclass(frozen=True)
class Exchange:
    """The mesh's side of the exchange.

    Attributes:
        rehearsal: where it runs.
        database: its database.
        journal: its log.
        layouts: that are taken.
        key: with which it signs.
        certificate: fingerprint of the server's certificate.
    """

    rehearsal: Rehearsal
    database: Database
    journal: Journal
    layouts: Layouts
    key: SigningKey
    certificate: str

    def take(self, sealed: str, token: Token, certificate: str, now: datetime) -> Reply:
        """Answer a message that came with a token over a connection with a certificate."""
        envelope: Envelope | None = None
        try:
            if token.certificate != certificate:
                raise RefusedError(Refusal.WRONG_CERTIFICATE)
            expected = Expected(
                self.rehearsal.organisations.mesh,
                token.organisation,
                certificate,
                frozenset(QUESTIONS),
            )
            envelope = unseal(sealed, self.rehearsal.ring(), expected, now)
            question = self._checked(envelope, token)
        except RefusedError as error:
            with self.database.writing() as connection:
                return self._refuse(connection, sealed, envelope, token, error.refusal, now)
        if question.envelope.kind == "evidence":
            self.journal.seal(now)  # opens transactions of its own
            self.journal.stamp()
        with self.database.writing() as connection:
            if not _is_new(connection, question.envelope, now):
                return self._refuse(connection, sealed, envelope, token, Refusal.REPLAYED, now)
            self._log_in(connection, sealed, question.envelope, token, "taken", now)
            answer = self._answer(connection, question, now)
            kind, _model = ANSWERS[question.envelope.kind]
            text = self._seal(kind, answer, token.organisation, question.envelope.number, now)
            self._log_out(connection, text, kind, question.envelope, _outcome(answer), now)
            return Reply(200, text)

    def _checked(self, envelope: Envelope, token: Token) -> _Question:
        """The question, if the sender may ask it; nothing is looked up."""
        organisation = self.rehearsal.organisations.by_id.get(token.organisation)
        scope = SCOPES[envelope.kind]
        # the token alone would outlive a right that was taken away
        if organisation is None or scope not in token.scopes & set(organisation.scopes):
            raise RefusedError(Refusal.NO_RIGHT)
        if envelope.kind == "inquire" and not self.rehearsal.rules.of(organisation.institution):
            raise RefusedError(Refusal.NO_RIGHT)
        body = read_body(QUESTIONS[envelope.kind], envelope.body)
        rule = layout = None
        if isinstance(body, Inquire):
            rule = self.rehearsal.rules.allowed(organisation.institution, body.purpose)
        elif isinstance(body, Register | Reconcile | Provisions):
            if body.municipality not in organisation.municipalities:
                raise RefusedError(Refusal.NO_RIGHT)
        elif isinstance(body, Codes):
            # who registers asks for its own people; who inquires rehearses its own numbering
            own = organisation.municipalities
            if own and body.municipality not in own:
                raise RefusedError(Refusal.NO_RIGHT)
        if isinstance(body, Register):
            layout = self.layouts.take(body.layout, body.layout_version, _day(body.made_at))
        return _Question(envelope, organisation, body, layout, rule)

    def _answer(self, connection: sqlite3.Connection, question: _Question, now: datetime) -> Body:
        keys, body, envelope = self.rehearsal.keys, question.body, question.envelope
        match body:
            case Register() if question.layout:
                return copies.register(
                    connection, keys, body, question.layout, envelope.number, now
                )
            case Reconcile():
                return copies.reconcile(connection, body)
            case Codes():
                return self._codes(connection, question.organisation, body)
            case Inquire() if question.rule:
                asked = answers.Asked(envelope, body, question.rule)
                return answers.answer(connection, keys, asked, now)
            case Provisions():
                person = people.find(connection, body.municipality, body.person)
                return provisions.of_person(connection, person)
            case Evidence():
                found = self.journal.place(connection, body.content, envelope.sender)
                record, seal_text, stamp = found or ({}, "", "")
                return Evidenced(record=record, seal=seal_text, stamp=stamp)
            case _:
                return Echo()

    def _codes(
        self, connection: sqlite3.Connection, organisation: Organisation, body: Codes
    ) -> Coded:
        """The asking organisation's own codes; a municipality's people are numbered at once."""
        codes = {}
        for address in body.persons:
            if organisation.municipalities:
                person: int | None = people.person_of(
                    connection, self.rehearsal.keys, body.municipality, address
                )
            else:
                person = people.find(connection, body.municipality, address)
            if person is not None:
                codes[address] = people.code_of(connection, person, organisation.id)
        return Coded(codes=codes)

    def _refuse(
        self,
        connection: sqlite3.Connection,
        sealed: str,
        envelope: Envelope | None,
        token: Token,
        refusal: Refusal,
        now: datetime,
    ) -> Reply:
        self._log_in(connection, sealed, envelope, token, refusal.value, now)
        body = RefusedBody(code=refusal.value)
        number = envelope.number if envelope else _stated_number(sealed)
        text = self._seal("refused", body, token.organisation, number, now)
        self._log_out(connection, text, "refused", envelope, refusal.value, now, token)
        return Reply(STATUS.get(refusal, 403), text)

    def _seal(self, kind: str, body: Body, receiver: str, answers: str, now: datetime) -> str:
        envelope = Envelope(
            kind=kind,
            number=new_number(),
            sender=self.key.public.owner,
            receiver=receiver,
            sent_at=now,
            certificate=self.certificate,
            answers=answers,
            body=body.model_dump(),
        )
        return seal(envelope, self.key)

    def _log_in(
        self,
        connection: sqlite3.Connection,
        sealed: str,
        envelope: Envelope | None,
        token: Token,
        outcome: str,
        now: datetime,
    ) -> None:
        self.journal.write(
            connection,
            Happening(
                now,
                "in",
                envelope.kind if envelope else "",
                partner=token.organisation,
                message=_short(envelope.number) if envelope else "",
                content=digest_of_text(sealed) if sealed.isascii() else "",
                purpose=_purpose(self.rehearsal, envelope),
                outcome=outcome,
                persons=self._persons(envelope) if outcome == "taken" else (),
            ),
        )

    def _log_out(
        self,
        connection: sqlite3.Connection,
        text: str,
        kind: str,
        question: Envelope | None,
        outcome: str,
        now: datetime,
        token: Token | None = None,
    ) -> None:
        partner = token.organisation if token else question.sender if question else ""
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


def _is_new(connection: sqlite3.Connection, envelope: Envelope, now: datetime) -> bool:
    """Whether a number comes for the first time; older ones are refused as stale."""
    moment = int(envelope.sent_at.timestamp())
    connection.execute(
        "DELETE FROM message WHERE sender = ? AND sent_at < ?",
        (envelope.sender, int((now - 2 * OLDEST).timestamp())),
    )
    return bool(
        connection.execute(
            "INSERT INTO message (sender, number, sent_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (envelope.sender, envelope.number, moment),
        ).rowcount
    )


def _outcome(answer: Body) -> str:
    """What the log says of an answer: ``unknown_code`` where a code is nobody's."""
    persons: Any = getattr(answer, "persons", ())
    unknown = any(getattr(one, "state", "") == "unknown" for one in persons)
    return Refusal.UNKNOWN_CODE.value if unknown else "taken"


def _purpose(rehearsal: Rehearsal, envelope: Envelope | None) -> str:
    """The purpose stated, if it is one of the table; any other text stays out of the log."""
    said = envelope.body.get("purpose") if envelope else None
    known = {purpose for _who, purpose in rehearsal.rules.table}
    return str(said) if isinstance(said, str) and said in known else ""


def _stated_number(sealed: str) -> str:
    """The number that an unreadable or unsigned message claims, so that its sender finds it."""
    try:
        number = stated(sealed)["number"]
    except (RefusedError, KeyError, TypeError):
        return ""
    return number if isinstance(number, str) and NUMBER.fullmatch(number) else ""


def _short(number: str) -> str:
    """A message's number; one that is none of ours is not kept whole."""
    return number[:64]


def _day(made_at: str) -> date:
    try:
        moment = datetime.fromisoformat(made_at)
    except ValueError as error:
        raise RefusedError(Refusal.BAD_BODY, "made_at") from error
    if moment.tzinfo is None:
        raise RefusedError(Refusal.BAD_BODY, "made_at")
    return moment.astimezone(UTC).date()
