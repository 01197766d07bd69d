"""The envelope of every message: who, to whom, when, which kind, over which certificate; signed.

The sender's identity is its client id (OAuth2) and its signature; the envelope names the
fingerprint of the certificate with which the connection was made, so that neither can be used
without the other.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kokuho.linkage.messages.canonical import digest
from kokuho.linkage.messages.keys import KeyRing, SigningKey
from kokuho.linkage.messages.refusals import Refusal, RefusedError
from kokuho.linkage.messages.signing import sign, verify

FORM = "kokuho-message+jws"
OLDEST = timedelta(minutes=10)
"""How old a message may be when it arrives; a repeat within that time is found by its number."""
AHEAD = timedelta(minutes=2)
"""How far the sender's clock may be before the receiver's."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message.

    Attributes:
        kind: what it asks or says; see :mod:`kokuho.linkage.messages.bodies`.
        number: of this message, never used twice.
        sender: client id.
        receiver: client id.
        sent_at: with its zone.
        certificate: SHA-256 fingerprint of the sender's certificate, hexadecimal; empty where the
            message goes as a file.
        answers: number of the message that this one answers; empty for a first one.
        body: the content, a JSON object.
    """

    kind: str
    number: str
    sender: str
    receiver: str
    sent_at: datetime
    certificate: str
    answers: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """What the receiver knows apart from the message itself.

    Attributes:
        receiver: who it is.
        sender: the client that authenticated itself; ``None`` where a file is read.
        certificate: fingerprint of the certificate of the connection; ``None`` for a file.
        kinds: kinds that are taken here.
        oldest: how old a message may be; ``None`` where evidence of the past is read.
    """

    receiver: str
    sender: str | None
    certificate: str | None
    kinds: frozenset[str]
    oldest: timedelta | None = OLDEST


def new_number() -> str:
    """A number for a message: random, 32 hexadecimal digits."""
    return uuid.uuid4().hex


def fingerprint(certificate: bytes) -> str:
    """The SHA-256 fingerprint of a certificate in DER form."""
    return digest(certificate)


def seal(envelope: Envelope, key: SigningKey) -> str:
    """The envelope, signed by its sender.

    Raises:
        RefusedError: the key is another sender's.
    """
    if key.public.owner != envelope.sender:
        raise RefusedError(Refusal.WRONG_SENDER)
    value = {
        "kind": envelope.kind,
        "number": envelope.number,
        "sender": envelope.sender,
        "receiver": envelope.receiver,
        "sent_at": envelope.sent_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "certificate": envelope.certificate,
        "answers": envelope.answers,
        "body": dict(envelope.body),
    }
    return sign(value, key, form=FORM)


def unseal(sealed: str, ring: KeyRing, expected: Expected, now: datetime) -> Envelope:
    """The envelope of a signed text, after every check that needs no memory.

    Whether the number came before is the receiver's to look up
    (:attr:`~kokuho.linkage.messages.refusals.Refusal.REPLAYED`).

    Raises:
        RefusedError: with the code of the first check that fails.
    """
    value, key = verify(sealed, ring, form=FORM, at=now)
    envelope = read_envelope(value)
    if envelope.sender != key.owner or expected.sender not in (None, envelope.sender):
        raise RefusedError(Refusal.WRONG_SENDER)
    if envelope.receiver != expected.receiver:
        raise RefusedError(Refusal.WRONG_RECEIVER)
    if expected.certificate not in (None, envelope.certificate):
        raise RefusedError(Refusal.WRONG_CERTIFICATE)
    if expected.oldest is not None and envelope.sent_at < now - expected.oldest:
        raise RefusedError(Refusal.STALE)
    if envelope.sent_at > now + AHEAD:
        raise RefusedError(Refusal.FUTURE)
    if envelope.kind not in expected.kinds:
        raise RefusedError(Refusal.UNKNOWN_KIND)
    return envelope


_TEXTS = ("kind", "number", "sender", "receiver", "sent_at", "certificate", "answers")


def read_envelope(value: Any) -> Envelope:
    """The envelope of what was signed.

    Raises:
        RefusedError: it has not the form of one.
    """
    if not isinstance(value, dict) or set(value) != {*_TEXTS, "body"}:
        raise RefusedError(Refusal.MALFORMED)
    if not all(isinstance(value[name], str) for name in _TEXTS):
        raise RefusedError(Refusal.MALFORMED)
    try:
        sent_at = datetime.fromisoformat(value["sent_at"])
    except ValueError as error:
        raise RefusedError(Refusal.MALFORMED) from error
    if sent_at.tzinfo is None or not isinstance(value["body"], dict):
        raise RefusedError(Refusal.MALFORMED)
    return Envelope(**{**value, "sent_at": sent_at})
