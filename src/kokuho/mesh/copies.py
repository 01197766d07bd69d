"""The copy store (副本): what municipalities registered, every version of it.

A record is the same one by its key; of its versions the highest stands. So a batch that comes
twice, late or out of order changes nothing the second time and never puts an older state back.
"""

from __future__ import annotations

import base64
import binascii
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kokuho.base.errors import StoreError
from kokuho.base.messages import translator
from kokuho.linkage.messages import Refusal, canonical, digest, digest_of
from kokuho.linkage.messages.bodies import (
    Difference,
    Part,
    PersonDigest,
    Reconcile,
    Reconciled,
    RefusedRecord,
    Register,
    Registered,
)
from kokuho.linkage.messages.layout import Layout
from kokuho.linkage.messages.layout_files import BrokenFileError, read_file
from kokuho.linkage.messages.layout_values import ReadRecord
from kokuho.linkage.messages.record import person_digest
from kokuho.mesh.keyfile import KeyFile
from kokuho.mesh.people import person_of

_ = translator("mesh")


@dataclass
class _Batch:
    """What is being registered, and what became of it so far."""

    body: Register
    layout: Layout
    message: str
    at: str
    taken: int = 0
    unchanged: int = 0
    refused: list[RefusedRecord] = field(default_factory=list)
    keys: set[tuple[int, str]] = field(default_factory=set)

    def refuse(self, part: str, place: int, code: str, read: ReadRecord | None = None) -> None:
        key, version = (read.key, read.version) if read else ("", 0)
        self.refused.append(
            RefusedRecord(part=part, record=place, key=key, version=version, code=code, detail="")
        )


def register(
    connection: sqlite3.Connection,
    keys: KeyFile,
    body: Register,
    layout: Layout,
    message: str,
    at: datetime,
) -> Registered:
    """Register a batch; a record that is refused leaves the others alone.

    A record's own reasons: ``out_of_order`` (a later version stands, and this one was never here),
    ``conflict`` (another content under the same version), ``municipality`` (another's record), a
    code of :class:`~kokuho.linkage.messages.layout_values.FieldError` with the field in ``detail``.
    A file is refused as record 0: ``digest``, ``count``, ``base64``, or a code of
    :class:`~kokuho.linkage.messages.layout_files.BrokenFileError`.
    """
    batch = _Batch(body, layout, message, at.isoformat(timespec="milliseconds"))
    for part in body.parts:
        for place, read in _records(batch, part):
            _take(connection, keys, batch, part.name, place, read)
    connection.execute(
        "INSERT INTO batch (municipality, batch, message, occasion, layout, made_at, "
        "registered_at, taken, unchanged, refused) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            body.municipality, body.batch, message, body.occasion, layout.reference, body.made_at,
            batch.at, batch.taken, batch.unchanged, len(batch.refused),
        ),
    )  # fmt: skip
    standing = sorted(_standing_of(connection, batch.keys))
    return Registered(
        batch=body.batch,
        taken=batch.taken,
        unchanged=batch.unchanged,
        refused=batch.refused,
        digest=digest_of([list(one) for one in standing]),
    )


def _records(batch: _Batch, part: Part) -> Iterator[tuple[int, ReadRecord]]:
    try:
        content = base64.b64decode(part.content, validate=True)
    except (binascii.Error, ValueError):
        batch.refuse(part.name, 0, "base64")
        return
    if digest(content) != part.digest:
        batch.refuse(part.name, 0, "digest")
        return
    try:
        read = read_file(batch.layout, content)
    except BrokenFileError as error:
        batch.refuse(part.name, error.record, error.code)
        return
    if len(read.records) + len(read.problems) != part.records:
        batch.refuse(part.name, 0, "count")
        return
    for problem in read.problems:
        batch.refused.append(
            RefusedRecord(
                part=part.name, record=problem.record, key=problem.key, version=problem.version,
                code=problem.code, detail=problem.field,
            )
        )  # fmt: skip
    bad = {problem.record for problem in read.problems}
    places = (place for place in range(1, part.records + 1) if place not in bad)
    yield from zip(places, read.records, strict=True)


def _take(
    connection: sqlite3.Connection,
    keys: KeyFile,
    batch: _Batch,
    part: str,
    place: int,
    read: ReadRecord,
) -> None:
    if read.municipality != batch.body.municipality:
        batch.refuse(part, place, "municipality", read)
        return
    person = person_of(connection, keys, read.municipality, read.person)
    batch.keys.add((person, read.key))
    before = connection.execute(
        "SELECT content, batch FROM copy WHERE person = ? AND record = ? AND version = ?",
        (person, read.key, read.version),
    ).fetchone()
    if before is not None:
        content, first_batch = before
        if content != read.content:
            batch.refuse(part, place, "conflict", read)
        elif first_batch == batch.body.batch:
            batch.taken += 1
        else:
            batch.unchanged += 1
        return
    [newest] = connection.execute(
        "SELECT max(version) FROM copy WHERE person = ? AND record = ?", (person, read.key)
    ).fetchone()
    if newest is not None and newest > read.version:
        batch.refuse(part, place, Refusal.OUT_OF_ORDER.value, read)
        return
    belongs_to = belonging(person, read.key, read.version)
    [made] = connection.execute(
        "INSERT INTO copy (person, record, version, action, by_hand, layout, batch, message, "
        "registered_at, content, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            person, read.key, read.version, read.action, bool(read.fields.get("by_hand")),
            batch.layout.reference, batch.body.batch, batch.message, batch.at, read.content,
            keys.encrypt(canonical(dict(read.fields)), belongs_to),
        ),
    ).fetchone()  # fmt: skip
    connection.execute(
        "INSERT INTO standing (person, record, copy) VALUES (?, ?, ?) "
        "ON CONFLICT (person, record) DO UPDATE SET copy = excluded.copy",
        (person, read.key, made),
    )
    batch.taken += 1


def belonging(person: int, record: str, version: int) -> str:
    """What an encrypted copy is bound to."""
    return f"copy/{person}/{record}/{version}"


def _standing_of(
    connection: sqlite3.Connection, keys: set[tuple[int, str]]
) -> Iterator[tuple[str, int, str]]:
    for person, record in keys:
        row = connection.execute(
            "SELECT c.record, c.version, c.content FROM standing s JOIN copy c ON c.id = s.copy "
            "WHERE s.person = ? AND s.record = ?",
            (person, record),
        ).fetchone()
        if row:
            yield row


def reconcile(connection: sqlite3.Connection, body: Reconcile) -> Reconciled:
    """Compare the digests of persons with those of what stands here, withdrawals included."""
    ours = {
        one.person: one for one in _digests(connection, body.municipality, body.after, body.until)
    }
    theirs = {one.person: one for one in body.persons}
    differences = [
        Difference(person=person, kind=kind)
        for person in sorted(ours.keys() | theirs.keys())
        if (kind := _difference(ours.get(person), theirs.get(person)))
    ]
    return Reconciled(differences=differences)


def _difference(here: PersonDigest | None, there: PersonDigest | None) -> Any:
    if here is None:
        return "missing"
    if there is None:
        return "extra"
    return "" if here == there else "different"


def _digests(
    connection: sqlite3.Connection, municipality: str, after: str, until: str
) -> Iterator[PersonDigest]:
    rows = connection.execute(
        "SELECT p.address, c.record, c.version, c.content FROM person p "
        "JOIN standing s ON s.person = p.id JOIN copy c ON c.id = s.copy "
        "WHERE p.municipality = ? AND p.address > ? AND (? = '' OR p.address <= ?) "
        "ORDER BY p.address",
        (municipality, after, until, until),
    )
    of_one: list[tuple[str, int, str]] = []
    last = ""
    for address, *record in rows:
        if address != last and of_one:
            yield PersonDigest(person=last, records=len(of_one), digest=person_digest(of_one))
            of_one = []
        last = address
        of_one.append((record[0], record[1], record[2]))
    if of_one:
        yield PersonDigest(person=last, records=len(of_one), digest=person_digest(of_one))


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that stands.

    Attributes:
        municipality: who registered it.
        layout: id and version.
        registered_at: when.
        by_hand: whether it may not be answered automatically.
        fields: what it says, by meaning.
    """

    municipality: str
    layout: str
    registered_at: str
    by_hand: bool
    fields: Mapping[str, str | int | bool | None]


def standing(connection: sqlite3.Connection, keys: KeyFile, person: int) -> list[Copy]:
    """What stands about a person, withdrawn records left out.

    Raises:
        StoreError: a copy does not say what it said when it was registered.
    """
    rows = connection.execute(
        "SELECT p.municipality, c.layout, c.registered_at, c.by_hand, c.record, c.version, "
        "c.content, c.sealed FROM standing s JOIN copy c ON c.id = s.copy "
        "JOIN person p ON p.id = s.person "
        "WHERE s.person = ? AND c.action = 'register' ORDER BY s.record",
        (person,),
    )
    return [
        Copy(municipality, layout, at, bool(by_hand), opened(keys, person, *rest))
        for municipality, layout, at, by_hand, *rest in rows
    ]


def opened(
    keys: KeyFile, person: int, record: str, version: int, content: str, sealed: bytes
) -> dict[str, Any]:
    """What an encrypted copy says, compared with the digest that was kept with it."""
    fields: dict[str, Any] = json.loads(keys.decrypt(sealed, belonging(person, record, version)))
    if content != digest_of({k: v for k, v in fields.items() if k not in ("as_of", "version")}):
        raise StoreError(_("A copy does not say what was registered."))
    return fields
