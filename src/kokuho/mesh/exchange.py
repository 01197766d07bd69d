"""One message in, one message out: checked, logged and answered in one transaction.

The order is the safeguard: signature and envelope, then the right (scope, municipality, rule), then
the form of the body; only then does anything ask the database about a person. What is refused is
refused with the same words for a known and an unknown person, as nobody has looked.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kokuho.linkage.messages import (
    Envelope,
    Expected,
    Refusal,
    RefusedError,
    SigningKey,
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
from kokuho.mesh import answers, copies, people, provisions
from kokuho.mesh.database import Database
from kokuho.mesh.journal import Journal
from kokuho.mesh.layouts import Layouts
from kokuho.mesh.organisations import Organisation
from kokuho.mesh.rehearsal import Rehearsal
from kokuho.mesh.rules import Rule
from kokuho.mesh.tokens import Token
from kokuho.mesh.tracing import Tracing, outcome_of, stated_number

FILE_OLDEST = timedelta(days=7)
"""How old a message may be that comes as a file; numbers are remembered twice as long."""
FILE_KINDS = frozenset({"register"})
"""What may be asked by a file."""

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

    @property
    def tracing(self) -> Tracing:
        """What seals and writes down."""
        return Tracing(self.rehearsal, self.journal, self.key)

    def take(self, sealed: str, token: Token, certificate: str, now: datetime) -> Reply:
        """Answer a message that came with a token over a connection with a certificate."""
        expected = Expected(
            self.rehearsal.organisations.mesh, token.organisation, certificate, frozenset(QUESTIONS)
        )
        if token.certificate != certificate:
            with self.database.writing() as connection:
                refusal = Refusal.WRONG_CERTIFICATE
                return self._refuse(connection, sealed, None, token.organisation, refusal, now)
        return self._take(sealed, expected, token.scopes, now)

    def take_file(self, sealed: str, keep: Callable[[str], object], now: datetime) -> Reply:
        """Answer a message that came as a file: who sent it is told by its signature alone.

        Args:
            sealed: what stood in the file.
            keep: given the answer before anything is committed, so that it outlives a kill.
            now: the moment.

        Returns:
            The answer; an empty one where nobody can be answered, as the signature is nobody's.
        """
        mesh = self.rehearsal.organisations.mesh
        expected = Expected(mesh, None, "", FILE_KINDS, FILE_OLDEST)
        return self._take(sealed, expected, None, now, keep)

    def _take(
        self,
        sealed: str,
        expected: Expected,
        scopes: Collection[str] | None,
        now: datetime,
        keep: Callable[[str], object] = lambda _text: None,
    ) -> Reply:
        """Answer a message; ``scopes`` are those of its token, ``None`` where it needs none."""
        envelope: Envelope | None = None
        sender = expected.sender or ""
        try:
            envelope = unseal(sealed, self.rehearsal.ring(), expected, now)
            sender = envelope.sender
            question = self._checked(envelope, scopes)
        except RefusedError as error:
            with self.database.writing() as connection:
                reply = self._refuse(connection, sealed, envelope, sender, error.refusal, now)
                keep(reply.text)
                return reply
        if question.envelope.kind == "evidence":
            self.journal.seal(now)  # opens transactions of its own
            self.journal.stamp()
        with self.database.writing() as connection:
            if not _is_new(connection, question.envelope, now):
                reply = self._refuse(connection, sealed, envelope, sender, Refusal.REPLAYED, now)
                keep(reply.text)
                return reply
            tracing = self.tracing
            tracing.log_in(connection, sealed, envelope, sender, "taken", now)
            answer = self._answer(connection, question, now)
            kind, _model = ANSWERS[envelope.kind]
            own = self.certificate if envelope.certificate else ""
            text = tracing.sealed(kind, answer, sender, envelope.number, now, own)
            tracing.log_out(connection, text, kind, envelope, sender, outcome_of(answer), now)
            keep(text)
            return Reply(200, text)

    def knows(self, number: str) -> bool:
        """Whether a message of this number was taken."""
        row = self.database.connection().execute(
            "SELECT 1 FROM message WHERE number = ?", (number,)
        )
        return row.fetchone() is not None

    def _checked(self, envelope: Envelope, scopes: Collection[str] | None) -> _Question:
        """The question, if the sender may ask it; nothing is looked up."""
        organisation = self.rehearsal.organisations.by_id.get(envelope.sender)
        scope = SCOPES[envelope.kind]
        # the token alone would outlive a right that was taken away
        if organisation is None or scope not in organisation.scopes:
            raise RefusedError(Refusal.NO_RIGHT)
        if scopes is not None and scope not in scopes:
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
        sender: str,
        refusal: Refusal,
        now: datetime,
    ) -> Reply:
        tracing = self.tracing
        tracing.log_in(connection, sealed, envelope, sender, refusal.value, now)
        if not sender:
            return Reply(STATUS.get(refusal, 403), "")
        body = RefusedBody(code=refusal.value)
        number = envelope.number if envelope else stated_number(sealed)
        own = self.certificate if envelope is None or envelope.certificate else ""
        text = tracing.sealed("refused", body, sender, number, now, own)
        tracing.log_out(connection, text, "refused", envelope, sender, refusal.value, now)
        return Reply(STATUS.get(refusal, 403), text)


def _is_new(connection: sqlite3.Connection, envelope: Envelope, now: datetime) -> bool:
    """Whether a number comes for the first time; older ones are refused as stale."""
    moment = int(envelope.sent_at.timestamp())
    connection.execute(
        "DELETE FROM message WHERE sender = ? AND sent_at < ?",
        (envelope.sender, int((now - 2 * FILE_OLDEST).timestamp())),
    )
    return bool(
        connection.execute(
            "INSERT INTO message (sender, number, sent_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (envelope.sender, envelope.number, moment),
        ).rowcount
    )


def _day(made_at: str) -> date:
    try:
        moment = datetime.fromisoformat(made_at)
    except ValueError as error:
        raise RefusedError(Refusal.BAD_BODY, "made_at") from error
    if moment.tzinfo is None:
        raise RefusedError(Refusal.BAD_BODY, "made_at")
    return moment.astimezone(UTC).date()
