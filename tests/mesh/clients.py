"""What clients of a mesh do in tests: records, batches, questions, read answers."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from kokuho.linkage.messages import (
    Envelope,
    Expected,
    SigningKey,
    digest,
    fingerprint,
    new_number,
    seal,
    unseal,
)
from kokuho.linkage.messages.bodies import ANSWERS
from kokuho.linkage.messages.layout_files import write_files
from kokuho.linkage.messages.record import CollectionRecord
from kokuho.mesh.exchange import Reply
from kokuho.mesh.founding import certificate_of
from kokuho.mesh.service import Service
from kokuho.mesh.tokens import Token

CITY, AGENCY, HOSPITAL = "city", "immigration", "hospital"
MUNICIPALITY = "139998"
PURPOSE = "K-RESIDENCE"
LAYOUT = ("kokuho-assumed", "1")


def now() -> datetime:
    return datetime.now(UTC)


def record(person: str = "1001", **other: Any) -> CollectionRecord:
    usual: dict[str, Any] = {
        "municipality": MUNICIPALITY, "person": person, "debtor": person, "household": "77",
        "role": "debtor", "kind": "premium", "year_levied": 2026, "year_meant": 2026,
        "channel": "ordinary", "term": 1, "assessed": 20_000, "paid": 0, "refunded": 0,
        "reported": 0, "overdue": 20_000, "later": 0, "due": date(2026, 7, 31),
        "as_of": datetime(2026, 9, 1, 3, 0, tzinfo=UTC), "version": 1,
    }  # fmt: skip
    return CollectionRecord(**(usual | other))


def inquiry(codes: Sequence[str], **other: Any) -> dict[str, Any]:
    usual = {"purpose": PURPOSE, "officer": "officer-7", "reason": "case-1", "codes": list(codes)}
    return usual | other


@dataclass(frozen=True)
class Heard:
    """An answer."""

    status: int
    kind: str
    body: Mapping[str, Any]
    text: str


@dataclass
class Mesh:
    """A mesh, and its clients, without a network between them."""

    service: Service
    statements: list[str]

    def __post_init__(self) -> None:
        self.keys: dict[str, SigningKey] = {}

    def key(self, who: str) -> SigningKey:
        if who not in self.keys:
            self.keys[who] = self.service.key_of(who)
        return self.keys[who]

    def certificate(self, who: str) -> str:
        found = certificate_of(self.service.rehearsal.client(who))
        return fingerprint(found.public_bytes(Encoding.DER))

    def token(self, who: str, scopes: Sequence[str] | None = None) -> Token:
        own = self.service.rehearsal.organisations.by_id[who].scopes
        held = frozenset(own if scopes is None else scopes)
        return Token(who, self.certificate(who), held, 0)

    def letter(self, who: str, kind: str, body: Mapping[str, Any], **other: Any) -> str:
        usual: dict[str, Any] = {
            "kind": kind, "number": new_number(), "sender": who, "receiver": "mesh",
            "sent_at": now(), "certificate": self.certificate(who), "answers": "", "body": body,
        }  # fmt: skip
        return seal(Envelope(**(usual | other)), self.key(who))

    def send(self, who: str, sealed: str, token: Token | None = None) -> Heard:
        token = token or self.token(who)
        return self.heard(
            who, self.service.exchange.take(sealed, token, self.certificate(who), now())
        )

    def heard(self, who: str, reply: Reply) -> Heard:
        kinds = {kind for kind, _model in ANSWERS.values()} | {"refused"}
        own = self.service.exchange.certificate
        expected = Expected(who, "mesh", own, frozenset(kinds))
        envelope = unseal(reply.text, self.service.rehearsal.ring(), expected, now())
        return Heard(reply.status, envelope.kind, envelope.body, reply.text)

    def ask(self, who: str, kind: str, body: Mapping[str, Any]) -> Heard:
        return self.send(who, self.letter(who, kind, body))

    def batch(
        self,
        records: Sequence[CollectionRecord],
        batch: str = "b1",
        of: tuple[str, str] = LAYOUT,
        **other: Any,
    ) -> dict[str, Any]:
        layout = self.service.exchange.layouts.known[of]
        parts = [
            {
                "name": f"part-{place}",
                "content": base64.b64encode(raw).decode(),
                "digest": digest(raw),
                "records": min(layout.split, len(records) - layout.split * (place - 1)),
            }
            for place, raw in enumerate(write_files(layout, records), 1)
        ]
        return {
            "batch": batch, "municipality": MUNICIPALITY, "layout": of[0],
            "layout_version": of[1], "occasion": "difference", "made_at": now().isoformat(),
            "parts": parts,
        } | other  # fmt: skip

    def register(self, *records: CollectionRecord, batch: str = "b1") -> Heard:
        return self.ask(CITY, "register", self.batch(records, batch))

    def code(self, person: str = "1001", who: str = AGENCY) -> str:
        body = {"municipality": MUNICIPALITY, "persons": [person]}
        return str(self.ask(who, "codes", body).body["codes"][person])

    def log(self) -> list[dict[str, Any]]:
        import json

        rows = self.service.database.connection().execute("SELECT record FROM log ORDER BY number")
        return [json.loads(text) for (text,) in rows]
