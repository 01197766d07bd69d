"""What a message says, by kind: strict models of the bodies, one pair for each question.

=============  ==============  ================================================================
question       answer          meaning
=============  ==============  ================================================================
``register``   ``registered``  a batch of collection information (副本登録) and its result
``reconcile``  ``reconciled``  digests of the copies of persons against those registered (照合)
``codes``      ``coded``       linkage codes for address numbers (符号の付番)
``inquire``    ``answer``      collection information of persons for a purpose (照会・提供)
``provisions`` ``provided``    records of provision about one person (情報提供等記録)
``evidence``   ``evidenced``   where the log holds an answer that we were given (証拠)
``echo``       ``echoed``      nothing: to measure and to see that the way is open
=============  ==============  ================================================================

The kinds and the bodies are of our own making: the interface of the 公共サービスメッシュ is not
public. Money and counts are integers; days and times are ISO 8601.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kokuho.linkage.messages.refusals import Refusal, RefusedError

Text = Annotated[str, Field(min_length=1, max_length=200)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Municipality = Annotated[str, Field(pattern=r"^\d{6}$")]
MOST_PERSONS = 1_000
"""Persons in one inquiry."""


class Body(BaseModel):
    """A body: unknown names are refused, and nothing is converted."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Part(Body):
    """One file of a batch, in the form of its layout.

    Attributes:
        name: of the file.
        content: its bytes in base64.
        digest: of its bytes.
        records: how many.
    """

    name: Text
    content: str
    digest: Digest
    records: Annotated[int, Field(ge=0)]


class Register(Body):
    """A batch to register.

    Attributes:
        batch: its number; a batch that is sent again keeps it, and changes nothing the second time.
        municipality: code of the municipality, six digits.
        layout: id of the layout.
        layout_version: its version.
        occasion: why it is sent: the first load, a nightly difference, an urgent one (a payment),
            a correction by hand, or what a reconciliation found.
        made_at: when it was made, with its zone.
        parts: the files.
    """

    batch: Text
    municipality: Municipality
    layout: Text
    layout_version: Text
    occasion: Literal["first", "difference", "urgent", "correction", "reconciliation"]
    made_at: Text
    parts: list[Part]


class RefusedRecord(Body):
    """A record that was not registered.

    Attributes:
        part: name of the file.
        record: its place in the file, from 1.
        key: of the record; empty where it could not be read.
        version: of the record.
        code: why.
        detail: what stood there and what was expected; without personal data.
    """

    part: Text
    record: int
    key: str
    version: int
    code: Text
    detail: str


class Registered(Body):
    """The result of a batch.

    Attributes:
        batch: its number.
        taken: how many records were registered by this batch, now or when it came first.
        unchanged: how many stood there already with this or a later version.
        refused: the others; the batch's other records stand.
        digest: over the keys, versions and contents of all records of the batch as they now stand.
    """

    batch: Text
    taken: int
    unchanged: int
    refused: list[RefusedRecord]
    digest: Digest


class PersonDigest(Body):
    """A person's copies, as one digest.

    Attributes:
        person: address number (宛名番号) in the municipality.
        records: how many.
        digest: over keys, versions and contents, by key; see ``docs/linkage.md``.
    """

    person: Text
    records: int
    digest: Digest


class Reconcile(Body):
    """All persons of a range of address numbers, with their digests.

    Attributes:
        municipality: code.
        after: the range starts behind this number (empty: at the first).
        until: and ends with this one (empty: with the last).
        persons: those of the range, in order.
    """

    municipality: Municipality
    after: str
    until: str
    persons: list[PersonDigest]


class Difference(Body):
    """A person whose copies are not those of the office.

    Attributes:
        person: address number.
        kind: ``missing`` (not registered), ``extra`` (registered, but not known to the office) or
            ``different``.
    """

    person: Text
    kind: Literal["missing", "extra", "different"]


class Reconciled(Body):
    """What a reconciliation found; nothing when both sides agree."""

    differences: list[Difference]


class Codes(Body):
    """Address numbers for which linkage codes are asked."""

    municipality: Municipality
    persons: list[Text]


class Coded(Body):
    """The linkage codes, by address number; one per person and organisation."""

    codes: dict[str, str]


class Inquire(Body):
    """A question about persons.

    Attributes:
        purpose: code of the purpose (事務); required.
        officer: pseudonymous key of who asks.
        reason: number of the case in which it is asked.
        codes: linkage codes of the persons, as the asking organisation knows them.
    """

    purpose: Text
    officer: Text
    reason: Text
    codes: Annotated[list[Text], Field(min_length=1, max_length=MOST_PERSONS)]


class CopyOfRecord(Body):
    """One record, as it was registered.

    Attributes:
        municipality: who registered it.
        layout: id and version, joined by ``@``.
        registered_at: when the mesh took it.
        fields: by the meanings of the layout; see ``docs/linkage.md``.
    """

    municipality: Municipality
    layout: Text
    registered_at: Text
    fields: dict[str, str | int | bool | None]


class PersonAnswer(Body):
    """What is known of one person.

    Attributes:
        code: the linkage code of the question.
        state: ``found``; ``none`` (known, nothing registered); ``by_hand`` (not answered
            automatically: the municipality is asked by hand); ``unknown`` (no such code).
        records: of all municipalities.
    """

    code: Text
    state: Literal["found", "none", "by_hand", "unknown"]
    records: list[CopyOfRecord]


class Answer(Body):
    """The answer to :class:`Inquire`, one for each code, in its order."""

    persons: list[PersonAnswer]


class Provisions(Body):
    """The records of provision about a person, for the person's own look.

    Attributes:
        municipality: whose person.
        person: address number.
    """

    municipality: Municipality
    person: Text


class Provision(Body):
    """A record of provision (情報提供等記録, 番号法23条).

    Attributes:
        asked_by: the organisation.
        purpose: code.
        asked_at: when the question came.
        answered_at: when it was answered.
        outcome: state of the answer.
        items: what was provided.
        dispose_on: the day from which on the record may be disposed of.
    """

    asked_by: Text
    purpose: Text
    asked_at: Text
    answered_at: Text
    outcome: Text
    items: list[Text]
    dispose_on: Text


class Provided(Body):
    """The records, oldest first."""

    provisions: list[Provision]


class Evidence(Body):
    """A question for the evidence of an answer, by the organisation that was given it.

    Attributes:
        content: digest of the sealed answer.
    """

    content: Digest


class Evidenced(Body):
    """Where the log holds the answer; see :class:`~kokuho.linkage.messages.MessageEvidence`.

    Attributes:
        record: of the log; empty where it holds no such answer to this organisation.
        seal, stamp: over it; the stamp is empty while the time-stamp service is not reached.
    """

    record: dict[str, Any]
    seal: str
    stamp: str


class Echo(Body):
    """Nothing."""


class RefusedBody(Body):
    """The answer to a message that was refused.

    Attributes:
        code: a :class:`~kokuho.linkage.messages.refusals.Refusal`.
    """

    code: Text


QUESTIONS: Mapping[str, type[Body]] = {
    "register": Register,
    "reconcile": Reconcile,
    "codes": Codes,
    "inquire": Inquire,
    "provisions": Provisions,
    "evidence": Evidence,
    "echo": Echo,
}
ANSWERS: Mapping[str, tuple[str, type[Body]]] = {
    "register": ("registered", Registered),
    "reconcile": ("reconciled", Reconciled),
    "codes": ("coded", Coded),
    "inquire": ("answer", Answer),
    "provisions": ("provided", Provided),
    "evidence": ("evidenced", Evidenced),
    "echo": ("echoed", Echo),
}
"""The answer's kind and model, by the question's kind; a refusal has the kind ``refused``."""

SCOPES: Mapping[str, str] = {
    "register": "nhi:collection:register",
    "reconcile": "nhi:collection:reconcile",
    "codes": "nhi:codes:read",
    "inquire": "nhi:collection:inquire",
    "provisions": "nhi:provisions:read",
    "evidence": "mesh:evidence:read",
    "echo": "mesh:echo:read",
}
"""The scope that each kind of question needs (業務:リソース:操作)."""


B = TypeVar("B", bound=Body)


def read_body(model: type[B], body: Mapping[str, Any]) -> B:
    """The body of a message.

    Raises:
        RefusedError: it has not the form of its kind; the detail names the places, not the values.
    """
    try:
        return model.model_validate(dict(body))
    except ValidationError as error:
        places = ", ".join(".".join(map(str, one["loc"])) or "-" for one in error.errors()[:5])
        raise RefusedError(Refusal.BAD_BODY, places) from error
