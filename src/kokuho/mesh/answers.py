"""Inquiries (照会) answered from the copies, for the items that the rule allows; nothing else."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from kokuho.linkage.messages import Envelope
from kokuho.linkage.messages.bodies import Answer, CopyOfRecord, Inquire, PersonAnswer
from kokuho.mesh import copies, people, provisions
from kokuho.mesh.keyfile import KeyFile
from kokuho.mesh.rules import Rule


@dataclass(frozen=True, slots=True)
class Asked:
    """An inquiry whose right was checked.

    Attributes:
        envelope: of the question.
        body: the question.
        rule: the row of the table that allows it.
    """

    envelope: Envelope
    body: Inquire
    rule: Rule


def answer(connection: sqlite3.Connection, keys: KeyFile, asked: Asked, now: datetime) -> Answer:
    """Answer, and keep a record of provision about each person that is known."""
    known = people.persons_by_code(connection, asked.envelope.sender, asked.body.codes)
    answers = {}
    for code in dict.fromkeys(asked.body.codes):
        person = known.get(code)
        if person is None:
            answers[code] = PersonAnswer(code=code, state="unknown", records=[])
            continue
        answers[code] = _about(connection, keys, asked.rule, code, person)
        provisions.keep(
            connection,
            person,
            asked_by=asked.envelope.sender,
            officer=asked.body.officer,
            reason=asked.body.reason,
            purpose=asked.rule.purpose,
            message=asked.envelope.number,
            asked_at=asked.envelope.sent_at,
            answered_at=now,
            outcome=answers[code].state,
            items=asked.rule.items if answers[code].state == "found" else (),
        )
    return Answer(persons=[answers[code] for code in asked.body.codes])


def _about(
    connection: sqlite3.Connection, keys: KeyFile, rule: Rule, code: str, person: int
) -> PersonAnswer:
    standing = copies.standing(connection, keys, person)
    if not standing:
        return PersonAnswer(code=code, state="none", records=[])
    if any(one.by_hand for one in standing):
        return PersonAnswer(code=code, state="by_hand", records=[])
    records = [
        CopyOfRecord(
            municipality=one.municipality,
            layout=one.layout,
            registered_at=one.registered_at,
            fields={name: one.fields[name] for name in rule.items if name in one.fields},
        )
        for one in standing
    ]
    return PersonAnswer(code=code, state="found", records=records)
