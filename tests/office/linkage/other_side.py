"""The other side in memory: it registers, answers and reconciles as the contract says."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from kokuho.base.errors import LinkageError
from kokuho.linkage.exchange import Party
from kokuho.linkage.messages import (
    Envelope,
    Expected,
    KeyRing,
    SigningKey,
    digest_of,
    new_number,
    seal,
    unseal,
)
from kokuho.linkage.messages.bodies import (
    Difference,
    Reconcile,
    Reconciled,
    RefusedBody,
    RefusedRecord,
    Register,
    Registered,
    read_body,
)
from kokuho.linkage.messages.layout_files import read_file
from kokuho.linkage.messages.layout_values import ReadRecord
from kokuho.linkage.messages.record import person_digest
from tests.linkage.layouts.records import ASSUMED

CITY, MESH = "city-992011", "mesh"
_FROM, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
KEYS = {owner: SigningKey.generate(owner, _FROM, _UNTIL) for owner in (CITY, MESH)}
RING = KeyRing.of(key.public for key in KEYS.values())
PARTY = Party(CITY, MESH, KEYS[CITY], RING)
KINDS = frozenset({"register", "reconcile"})


def no_faults(_record: ReadRecord) -> str:
    return ""


@dataclass
class OtherSide:
    """A transport that ends at a copy store.

    ``lose`` answers are lost after the message was taken; ``refuses`` gives the code with which a
    record is refused, ``broken`` that with which each file is; ``as_files`` keeps the answers until
    they are asked for.
    """

    certificate: str = "ab" * 32
    theirs: str | None = None
    copies: dict[str, ReadRecord] = field(default_factory=dict)
    lose: int = 0
    down: bool = False
    refuse_all: str = ""
    broken: str = ""
    as_files: bool = False
    refuses: Callable[[ReadRecord], str] = no_faults
    taken_at: dict[tuple[str, int], str] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    put_away: list[str] = field(default_factory=list)

    def send(self, name: str, sealed: str, scope: str) -> str | None:
        if self.down:
            raise LinkageError("the line is down")
        question = unseal(
            sealed, RING, Expected(MESH, CITY, self.certificate, KINDS), datetime.now(UTC)
        )
        self.messages.append(question.number)
        if self.refuse_all:
            answer = self._sealed(question, "refused", RefusedBody(code=self.refuse_all))
        elif question.kind == "register":
            body = self._register(read_body(Register, question.body))
            answer = self._sealed(question, "registered", body)
        else:
            found = self._reconcile(read_body(Reconcile, question.body))
            answer = self._sealed(question, "reconciled", found)
        if self.lose:
            self.lose -= 1
            raise LinkageError("the answer was lost")
        if self.as_files:
            self.waiting[f"{name}.jws"] = answer
            return None
        return answer

    def results(self) -> Iterator[tuple[str, str]]:
        yield from list(self.waiting.items())

    def taken(self, name: str) -> None:
        self.put_away.append(name)
        del self.waiting[name]

    def _sealed(self, question: Envelope, kind: str, body: Any) -> str:
        envelope = Envelope(
            kind, new_number(), MESH, CITY, datetime.now(UTC), "cd" * 32 if not self.as_files
            else "", question.number, body.model_dump(mode="json"),
        )  # fmt: skip
        return seal(envelope, KEYS[MESH])

    def _register(self, body: Register) -> Registered:
        taken = unchanged = 0
        refused: list[RefusedRecord] = []
        stands = []
        for part in body.parts:
            if self.broken:
                refused.append(
                    RefusedRecord(part=part.name, record=0, key="", version=0, code=self.broken,
                                  detail="")
                )  # fmt: skip
                continue
            for place, one in enumerate(
                read_file(ASSUMED, base64.b64decode(part.content)).records, 1
            ):
                if code := self.refuses(one):
                    refused.append(
                        RefusedRecord(part=part.name, record=place, key=one.key,
                                      version=one.version, code=code, detail="架空")
                    )  # fmt: skip
                    continue
                before = self.copies.get(one.key)
                if self.taken_at.get((one.key, one.version)) == body.batch:
                    taken += 1
                elif before is not None and before.version >= one.version:
                    unchanged += 1
                else:
                    self.copies[one.key] = one
                    self.taken_at[one.key, one.version] = body.batch
                    taken += 1
                now = self.copies[one.key]
                stands.append([now.key, now.version, now.content])
        return Registered(
            batch=body.batch, taken=taken, unchanged=unchanged, refused=refused,
            digest=digest_of(sorted(stands)),
        )  # fmt: skip

    def standing(self) -> dict[str, ReadRecord]:
        """What is registered: withdrawn records are left out."""
        return {key: one for key, one in self.copies.items() if one.action == "register"}

    def _reconcile(self, body: Reconcile) -> Reconciled:
        here: dict[str, list[tuple[str, int, str]]] = {}
        for one in self.copies.values():
            if body.after < one.person and (not body.until or one.person <= body.until):
                here.setdefault(one.person, []).append((one.key, one.version, one.content))
        theirs = {one.person: one.digest for one in body.persons}
        found = []
        for person in sorted({*here, *theirs}):
            if person not in here:
                found.append(Difference(person=person, kind="missing"))
            elif person not in theirs:
                found.append(Difference(person=person, kind="extra"))
            elif person_digest(here[person]) != theirs[person]:
                found.append(Difference(person=person, kind="different"))
        return Reconciled(differences=found)


def later(moment: datetime, minutes: int) -> datetime:
    return moment + timedelta(minutes=minutes)
