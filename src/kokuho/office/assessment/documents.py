"""What an assessment is made from, as documents that are kept with it (賦課の根拠の保存).

Law, ordinance and inputs are JSON. From them alone the assessment is made again to the same yen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from pydantic import ValidationError

from kokuho.base.errors import StoreError
from kokuho.base.messages import translator
from kokuho.levy.frames import (
    HOUSEHOLD_SCHEMA,
    MAY_BE_EMPTY,
    PERSON_SCHEMA,
    household_frame,
    person_frame,
)
from kokuho.office.assessment.frames import Unit
from kokuho.office.register.models import Document
from kokuho.ordinance import OrdinanceYear

_ = translator("assessment")

MEDIA_TYPE = "application/json"
_AT_ONCE = 500


@dataclass(frozen=True)
class Inputs:
    """The inputs of one assessment.

    Attributes:
        payer: the address number of the head who pays.
        since: the day on which the head became it, 1 April at the earliest.
        first_month, end_month: the months for which the head pays, from April (0).
        persons, household: rows in the columns of the levy; what is not there is the default.
        reasons: by person, why the enrolment began and ended, and 住所地特例.
    """

    fiscal_year: int
    household_number: str
    payer: str
    since: date
    first_month: int
    end_month: int
    persons: tuple[Mapping[str, Any], ...]
    household: Mapping[str, Any]
    reasons: Mapping[str, Mapping[str, Any]]

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Persons and household as the levy takes them; both empty if nobody is insured."""
        households = [self.household] if self.persons else []
        return person_frame(self.persons), household_frame(households)


def inputs_of(unit: Unit, fiscal_year: int) -> Inputs:
    """What a unit is levied from."""
    return Inputs(
        fiscal_year=fiscal_year,
        household_number=unit.number,
        payer=unit.payer_number,
        since=unit.period.since,
        first_month=unit.period.first_month,
        end_month=unit.period.end_month,
        persons=tuple(_given(row) for row in unit.persons),
        household=_given(unit.household_row),
        reasons=unit.reasons,
    )


def write_inputs(inputs: Inputs) -> bytes:
    """The document of inputs; the same facts give the same bytes."""
    return _json(vars(inputs))


def read_inputs(document: Document) -> Inputs:
    """The inputs of a kept document.

    Raises:
        StoreError: it is no such document.
    """
    try:
        raw = json.loads(bytes(document.content))
        persons = tuple(_typed(row, PERSON_SCHEMA) for row in raw["persons"])
        household = _typed(raw["household"], HOUSEHOLD_SCHEMA)
        since = date.fromisoformat(raw["since"])
        return Inputs(**{**raw, "persons": persons, "household": household, "since": since})
    except (ValueError, TypeError, KeyError) as error:
        raise _unreadable(document, error) from None


def write_ordinance(year: OrdinanceYear) -> bytes:
    """One year of an ordinance."""
    return _json(year.model_dump(mode="json"))


def read_ordinance(document: Document) -> OrdinanceYear:
    """One year of an ordinance as it was kept; nothing in it is compared with the law again.

    Raises:
        StoreError: it is no such document.
    """
    try:
        return OrdinanceYear.model_validate_json(bytes(document.content))
    except ValidationError as error:
        raise _unreadable(document, error) from None


def keep(insurer: str, kind: str, contents: Sequence[bytes]) -> list[Document]:
    """Keep documents of one kind, each once; those that are kept already are found."""
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    wanted = dict(zip(digests, contents, strict=True))
    found: dict[str, Document] = {}
    names = list(wanted)
    for start in range(0, len(names), _AT_ONCE):
        rows = Document.objects.filter(
            insurer_id=insurer, kind=kind, digest__in=names[start : start + _AT_ONCE]
        )
        found |= {row.digest: row for row in rows.defer("content")}
    new = [
        Document(
            insurer_id=insurer, kind=kind, digest=digest, media_type=MEDIA_TYPE, content=content
        )
        for digest, content in wanted.items()
        if digest not in found
    ]
    found |= {row.digest: row for row in Document.objects.bulk_create(new, batch_size=_AT_ONCE)}
    return [found[digest] for digest in digests]


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, default=str).encode()


def _given(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says beyond the defaults of the levy's frames."""

    def says(name: str, value: Any) -> bool:
        nothing = value is None or (type(value) is int and value == 0)
        return not nothing or (value == 0 and name in MAY_BE_EMPTY)

    return {name: value for name, value in row.items() if says(name, value)}


def _typed(row: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if schema[name] == pl.Date else value
        for name, value in row.items()
    }


def _unreadable(document: Document, error: Exception) -> StoreError:
    return StoreError(
        _("Document {id} cannot be read as it was kept: {reason}").format(
            id=document.pk, reason=error
        )
    )
