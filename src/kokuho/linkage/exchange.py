"""One question to the other side and its answer: sealed, sent, unsealed, and held against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from kokuho.linkage.link import Link
from kokuho.linkage.messages import (
    Envelope,
    Expected,
    KeyRing,
    Refusal,
    RefusedError,
    SigningKey,
    new_number,
    seal,
    unseal,
)
from kokuho.linkage.messages.bodies import ANSWERS, Body, RefusedBody, read_body
from kokuho.linkage.messages.envelope import OLDEST
from kokuho.linkage.transport import Transport


@dataclass(frozen=True)
class Party:
    """What one side needs to speak with the other."""

    client: str
    receiver: str
    key: SigningKey
    ring: KeyRing


def party_of(link: Link) -> Party:
    """The party of a link.

    Raises:
        LinkageError: its keys cannot be read.
    """
    return Party(link.client, link.receiver, link.signing_key(), link.ring())


@dataclass(frozen=True)
class Question:
    """A sealed message, and its number."""

    number: str
    sealed: str


def ask(party: Party, transport: Transport, kind: str, body: Body) -> Question:
    """Seal a question."""
    number = new_number()
    envelope = Envelope(
        kind=kind,
        number=number,
        sender=party.client,
        receiver=party.receiver,
        sent_at=datetime.now(UTC),
        certificate=transport.certificate,
        answers="",
        body=body.model_dump(mode="json"),
    )
    return Question(number, seal(envelope, party.key))


def open_answer(party: Party, transport: Transport, sealed: str, kind: str) -> Envelope:
    """The envelope of an answer of a kind, or of a refusal; an old one where it is a file.

    Raises:
        RefusedError: it is not signed by the other side, or not meant for us.
    """
    file = not transport.certificate
    expected = Expected(
        receiver=party.client,
        sender=party.receiver,
        certificate=transport.theirs,
        kinds=frozenset({ANSWERS[kind][0], "refused"}),
        oldest=None if file else OLDEST,
    )
    return unseal(sealed, party.ring, expected, datetime.now(UTC))


def read_answer(envelope: Envelope, question: str) -> Body | RefusedBody:
    """The body of an answer to one of our questions.

    Raises:
        RefusedError: it answers another message, or is malformed.
    """
    if envelope.answers != question:
        raise RefusedError(Refusal.MALFORMED, "answers")
    if envelope.kind == "refused":
        return read_body(RefusedBody, envelope.body)
    model = next(model for kind, model in ANSWERS.values() if kind == envelope.kind)
    return read_body(model, envelope.body)
