"""The examiner's side: inquiries (照会) about persons, their signed answers, and the evidence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from kokuho.base.calendar import JAPAN
from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.exchange import Party, ask, open_answer, read_answer
from kokuho.linkage.messages import MessageEvidence, digest_of_text, reading
from kokuho.linkage.messages.bodies import (
    MOST_PERSONS,
    SCOPES,
    Answer,
    Body,
    Coded,
    Codes,
    Evidence,
    Evidenced,
    Inquire,
)
from kokuho.linkage.messages.refusals import words_of
from kokuho.linkage.transport import Transport

_ = translator("linkage")

LONGEST = 200
"""Characters of a code, an officer's or a case's number (``Text`` of the messages)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One signed answer.

    Attributes:
        case: number of the case in which it was asked.
        number, answers: of the answer, and of the question.
        answered_at: Japanese time.
        signer: number of the key.
        sealed: as it came, and ``digest`` of it.
        evidence: where the other side's log holds it; ``None`` where it was not handed out.
        persons: in the order of the question.
    """

    case: str
    number: str
    answers: str
    answered_at: datetime
    signer: str
    sealed: str
    digest: str
    evidence: MessageEvidence | None
    persons: list[reading.Person]


@dataclass
class Inquired:
    """The answers, and why there is none for a case: ``case, words``."""

    answers: list[Answered] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question.

    Attributes:
        purpose: code of the purpose (事務).
        officer: number of who asks; no name.
        codes: linkage codes by the number of the case in which they are asked.
    """

    purpose: str
    officer: str
    codes: Mapping[str, Sequence[str]]


def inquire(party: Party, transport: Transport, asked: Asked) -> Inquired:
    """Ask about persons, case by case; a case that is refused leaves the others alone.

    Where the line breaks, what was answered before is given, and the case at which it did.

    Raises:
        LinkageError: purpose, officer or case is not named, or the other side was never reached.
    """
    named = {"purpose": asked.purpose, "officer": asked.officer}
    for name, text in (*named.items(), *(("case", case) for case in asked.codes)):
        if not 0 < len(text.strip()) <= LONGEST:
            raise LinkageError(
                _("an inquiry needs its {name}, of at most {most} characters").format(
                    name=_(name), most=LONGEST
                )
            )
    found = Inquired()
    for case, codes in asked.codes.items():
        each = list(dict.fromkeys(codes))
        for start in range(0, len(each), MOST_PERSONS):
            body = Inquire(
                purpose=asked.purpose, officer=asked.officer, reason=case,
                codes=each[start : start + MOST_PERSONS],
            )  # fmt: skip
            try:
                found.answers.append(_asked(party, transport, body))
            except _OtherSideRefusedError as error:
                found.failures.append((case, str(error)))
            except LinkageError as error:
                if not found.answers:
                    raise
                # what was answered is not lost with the line; the rest is not asked in vain
                found.failures.append((case, str(error)))
                return found
    return found


class _OtherSideRefusedError(LinkageError):
    """The other side refused a question with a code."""


T = TypeVar("T", bound=Body)


def _put(
    party: Party, transport: Transport, kind: str, body: Body, model: type[T]
) -> tuple[T, str, Any]:
    """The body of the answer, as it came, and its envelope."""
    question = ask(party, transport, kind, body)
    sealed = transport.send(f"{kind}-{question.number}", question.sealed, SCOPES[kind])
    if sealed is None:
        raise LinkageError(_("files carry no inquiry; it needs REST (transport)"))
    envelope = open_answer(party, transport, sealed, kind)
    answer = read_answer(envelope, question.number)
    if not isinstance(answer, model):
        raise _OtherSideRefusedError(
            _("the other side refused the inquiry: {code}").format(
                code=words_of(getattr(answer, "code", "-"))
            )
        )
    return answer, sealed, envelope


def _asked(party: Party, transport: Transport, body: Inquire) -> Answered:
    answer, sealed, envelope = _put(party, transport, "inquire", body, Answer)
    if [one.code for one in answer.persons] != body.codes:
        raise LinkageError(_("the answer is not about the persons who were asked about"))
    digest = digest_of_text(sealed)
    return Answered(
        case=body.reason,
        number=envelope.number,
        answers=envelope.answers,
        answered_at=envelope.sent_at.astimezone(JAPAN),
        signer=_signer(sealed),
        sealed=sealed,
        digest=digest,
        evidence=_evidence(party, transport, sealed, digest),
        persons=[reading.Person.of(one.model_dump()) for one in answer.persons],
    )


def _signer(sealed: str) -> str:
    from joserfc import jws

    return str(jws.extract_compact(sealed.encode("ascii")).headers()["kid"])


def _evidence(
    party: Party, transport: Transport, sealed: str, digest: str
) -> MessageEvidence | None:
    try:
        found, _text, _envelope = _put(
            party, transport, "evidence", Evidence(content=digest), Evidenced
        )
    except LinkageError:
        return None  # the answer stands without it, and says that it is missing
    if not found.seal:
        return None
    return MessageEvidence(sealed, found.record, found.seal, found.stamp)


def codes_of(
    party: Party, transport: Transport, municipality: str, persons: Sequence[str]
) -> dict[str, str]:
    """Linkage codes by address number: in a rehearsal, as a stand-in for the agency's numbering."""
    body = Codes(municipality=municipality, persons=list(persons))
    found, _text, _envelope = _put(party, transport, "codes", body, Coded)
    return found.codes


def as_json(answered: Answered) -> dict[str, Any]:
    """An answer for a machine; amounts by class, what the person owes apart from the head's."""
    return {
        "case": answered.case,
        "message": answered.number,
        "answered_at": answered.answered_at.isoformat(),
        "sha256": answered.digest,
        "evidence": answered.evidence is not None,
        "persons": [_person_json(one) for one in answered.persons],
    }


def _person_json(person: reading.Person) -> dict[str, Any]:
    return {
        "code": person.code,
        "state": person.state,
        "as_of": person.as_of.isoformat() if person.as_of else None,
        "own": dict(person.totals()).get(True),
        "household_head": dict(person.totals()).get(False),
        "demands": [
            {
                "own": line.own,
                "amounts": dict(line.amounts),
                "municipality": line.municipality,
                "registered_at": line.registered_at.isoformat(),
                "fields": dict(line.fields),
            }
            for line in person.lines
        ],
    }


def keep(answered: Answered, folder: Path, sheet: str) -> list[Path]:
    """Write an answer into a folder: the sheet for people, and the evidence for a verifier.

    Without evidence the sealed answer alone is kept (``.jws``).

    Raises:
        LinkageError: it cannot be written.
    """
    files = {folder / f"answer-{answered.number}.txt": sheet}
    if answered.evidence:
        text = json.dumps(asdict(answered.evidence), ensure_ascii=False) + "\n"
        files[folder / f"answer-{answered.number}.json"] = text
    else:
        files[folder / f"answer-{answered.number}.jws"] = answered.sealed + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path, text in files.items():
            part = path.with_name(path.name + ".part")
            part.write_text(text, encoding="utf-8")
            part.chmod(0o600)
            part.replace(path)
    except OSError as error:
        raise LinkageError(
            _("{file} cannot be written: {error}").format(file=folder, error=error.strerror)
        ) from error
    return list(files)
