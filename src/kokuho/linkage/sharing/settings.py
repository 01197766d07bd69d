"""The office's settings for sharing arrears: all of them, with their legal basis, or nothing.

Nothing is shipped but an empty file. Criteria and columns are closed sets; what is not set is
named, and no list is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kokuho.arrears import KINDS, STATES
from kokuho.base.errors import LinkageError
from kokuho.base.messages import japanese, translator
from kokuho.base.strict_yaml import values_of

_ = translator("sharing")
_CONFIG = ConfigDict(frozen=True, extra="forbid", strict=True)

COLUMNS: Mapping[str, str] = {
    "household": "household number",
    "name": "name",
    "kana": "name in kana",
    "latin": "name in Latin letters",
    "birth_date": "date of birth",
    "sex": "sex",
    "nationality": "nationality",
    "status": "status of residence",
    "stay_until": "end of the period of stay",
    "address": "address",
    "overdue": "overdue, in yen",
    "oldest_due": "oldest due date",
    "months_overdue": "months overdue",
    "state": "state of the household",
    "last_contact": "last contact",
}
"""What a list may show of a household and its head; no other column can be set."""

STAY_KINDS: Mapping[str, str] = {
    "mid_to_long_term": "中長期在留者",
    "special_permanent": "特別永住者",
    "temporary_refuge": "一時庇護許可者・仮滞在許可者",
    "transitional": "出生・国籍喪失による経過滞在者",
}
"""The classes of 住民基本台帳法30条の45, as the register has them."""

REQUIRED = ("legal_basis", "decided_on", "purpose", "recipients", "criteria", "columns")
"""Without any of these no list is made."""

MEASURES = ("months_overdue", "least_overdue")
"""The criteria of which at least one has to be set."""


class Criteria(BaseModel):
    """Whom a list names; a criterion that is left out does not narrow it.

    Attributes:
        heads: households headed by a foreign national, or all.
        months_overdue: full months since the oldest due date, at least.
        least_overdue: yen of principal whose due date has passed, at least.
        states: states of :data:`kokuho.arrears.STATES`; none: any but the two of who is in touch
            by deferral or a kept agreement.
        acts: kinds of :data:`kokuho.arrears.KINDS` that must all be recorded of the household.
        excluded_statuses: statuses of residence (在留資格) whose holders are not named.
        excluded_kinds: classes of foreign residents (:data:`STAY_KINDS`) who are not named.
    """

    model_config = _CONFIG

    heads: Literal["foreign", "all"]
    months_overdue: int | None = Field(default=None, ge=1)
    least_overdue: int | None = Field(default=None, ge=1)
    states: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    excluded_statuses: tuple[str, ...] = ()
    excluded_kinds: tuple[str, ...] = ()


class Settings(BaseModel):
    """What the office set, as two persons approve it."""

    model_config = _CONFIG

    legal_basis: str = Field(min_length=1)
    decided_on: date
    purpose: str = Field(min_length=1)
    recipients: tuple[str, ...] = Field(min_length=1)
    criteria: Criteria
    columns: tuple[str, ...] = Field(min_length=1)


def template() -> str:
    """The empty file, with what each setting is."""
    return (
        resources.files("kokuho.linkage.sharing").joinpath("empty.yaml").read_text(encoding="utf-8")
    )


def missing(stated: Mapping[str, Any] | None) -> list[str]:
    """The settings that are not set, each by its name in the file."""
    stated = stated or {}
    found = [name for name in REQUIRED if name != "criteria" and not _set(stated.get(name))]
    criteria = stated.get("criteria")
    criteria = criteria if isinstance(criteria, Mapping) else {}
    if not _set(criteria.get("heads")):
        found.append("criteria.heads")
    if not any(_set(criteria.get(name)) for name in MEASURES):
        found.append(" / ".join(f"criteria.{name}" for name in MEASURES))
    return found


def _set(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value not in ([], (), {})


def refuse_missing(names: Sequence[str]) -> LinkageError:
    """The error that names each setting which is not set."""
    return LinkageError(
        "\n  ".join([_("no list of arrears is made; not set or not approved:"), *names])
    )


def settings_of(text: str, name: str = "settings") -> Settings:
    """The settings of a file.

    Raises:
        LinkageError: a setting is missing, unknown or impossible; each is named.
    """
    stated = values_of(text, name, LinkageError)
    if not isinstance(stated, Mapping):
        raise refuse_missing(missing(None))
    if lacking := missing(stated):
        raise refuse_missing(lacking)
    try:
        made = Settings.model_validate(_cleaned(stated))
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise LinkageError(
            "\n  ".join([_("{file} cannot be used:").format(file=name), *lines])
        ) from error
    _check_codes("columns", made.columns, COLUMNS)
    _check_codes("criteria.states", made.criteria.states, STATES)
    _check_codes("criteria.acts", made.criteria.acts, dict.fromkeys(KINDS, ""))
    _check_codes("criteria.excluded_kinds", made.criteria.excluded_kinds, STAY_KINDS)
    if not all(one.strip() for one in made.recipients):
        raise refuse_missing(["recipients"])
    return made


def _check_codes(name: str, given: Sequence[str], known: Mapping[str, str]) -> None:
    wrong = sorted(set(given) - set(known))
    if wrong or len(set(given)) != len(given):
        raise LinkageError(
            _("{name}: {given} is not one of these, each once: {known}").format(
                name=name, given=", ".join(wrong or given), known=", ".join(known)
            )
        )


def _cleaned(value: Any) -> Any:
    """YAML's lists as the tuples of a strict model; what is left empty is left out."""
    if isinstance(value, Mapping):
        return {name: _cleaned(one) for name, one in value.items() if _set(one)}
    return tuple(map(_cleaned, value)) if isinstance(value, list) else value


def column_title(column: str) -> str:
    """What a column is called on a list: Japanese, as all that stands in files."""
    return japanese("sharing", COLUMNS[column])
