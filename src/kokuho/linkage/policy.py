"""Which persons a demand has a record for: a dated table, as the official rule is not public."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import read_yaml
from kokuho.linkage.messages.layout import Source, Standing

_ = translator("linkage")
_CONFIG = ConfigDict(frozen=True, extra="forbid", strict=True)


class PersonRule(BaseModel):
    """The rule of some time.

    Attributes:
        valid_from: its first day; it holds until the next one's.
        roles: for whom: the debtor (納付義務者), each insured person (被保険者) of the household.
        only: of them, whom: residents without Japanese nationality (外国人住民), or everybody.
        insured: who counts as insured: on a day of the fiscal year meant, or at the as-of day.
        missed_agreement: how an agreement shows of which an instalment was missed, and which the
            office has not ended.
    """

    model_config = _CONFIG

    valid_from: date
    roles: tuple[Literal["debtor", "insured"], ...] = Field(min_length=1)
    only: Literal["foreign_residents", "everybody"] = "foreign_residents"
    insured: Literal["year_meant", "as_of"]
    missed_agreement: Literal["kept", "broken"]


class PersonPolicy(BaseModel):
    """The table, with where it comes from."""

    model_config = _CONFIG

    id: str
    standing: Standing
    source: Source
    versions: tuple[PersonRule, ...] = Field(min_length=1)

    def on(self, day: date) -> PersonRule:
        """The rule of a day.

        Raises:
            LinkageError: none holds yet.
        """
        held = [one for one in self.versions if one.valid_from <= day]
        if not held:
            raise LinkageError(
                _("the table {table} has no rule for {day}").format(table=self.id, day=day)
            )
        return max(held, key=lambda one: one.valid_from)


def load_policy(path: Path | None = None) -> PersonPolicy:
    """The table of a file, or the one that is shipped.

    Raises:
        LinkageError: it is no such table; each fault is named.
    """
    if path is None:
        shipped = resources.files("kokuho.linkage").joinpath("rules/persons-assumed.yaml")
        with resources.as_file(shipped) as file:
            return _read(file)
    return _read(path)


def _read(path: Path) -> PersonPolicy:
    stated = read_yaml(path, LinkageError)
    try:
        return PersonPolicy.model_validate(_tuples(stated))
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        head = _("{file} is not a table of persons:").format(file=path.name)
        raise LinkageError("\n  ".join([head, *lines])) from error


def _tuples(value: Any) -> Any:
    """YAML's lists as the tuples of a strict model."""
    if isinstance(value, dict):
        return {name: _tuples(one) for name, one in value.items()}
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
