"""Which institution may ask which items for which purpose: a table, deny by default.

The official codes of this information (事務コード JM…, 事務手続コード JT…, 特定個人情報名コード
TM…) are not public: the codes of the purposes are our own and say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import read_yaml
from kokuho.linkage.messages import Refusal, RefusedError
from kokuho.linkage.messages.record import TYPES
from kokuho.mesh.organisations import not_usable, tuples

_ = translator("mesh")


class Rule(BaseModel):
    """One row.

    Attributes:
        institution: who, as organisations state it.
        purpose: code of the purpose, of our own making.
        title: the purpose in words.
        items: fields of a collection record that may be answered.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    institution: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    purpose: Annotated[str, Field(min_length=1, max_length=40)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    items: Annotated[tuple[str, ...], Field(min_length=1)]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Rules:
    """The table, by institution and purpose."""

    table: Mapping[tuple[str, str], Rule]

    def of(self, institution: str) -> list[Rule]:
        """All that an institution may ask."""
        return [rule for (who, _purpose), rule in self.table.items() if who == institution]

    def allowed(self, institution: str, purpose: str) -> Rule:
        """The row that allows it.

        Raises:
            RefusedError: the institution may ask nothing, or not for this purpose.
        """
        rule = self.table.get((institution, purpose))
        if rule is None:
            raise RefusedError(Refusal.WRONG_PURPOSE if self.of(institution) else Refusal.NO_RIGHT)
        return rule


def load_rules(path: Path) -> Rules:
    """The table of a YAML file.

    Raises:
        LinkageError: unreadable, an item that no record has, a row twice.
    """
    try:
        file = _File.model_validate(tuples(read_yaml(path, LinkageError)))
    except ValidationError as error:
        raise LinkageError(not_usable(path, error)) from error
    table: dict[tuple[str, str], Rule] = {}
    for rule in file.rules:
        key = (rule.institution, rule.purpose)
        if key in table:
            raise LinkageError(
                _("{file}: {name} stands twice.").format(file=path, name=" × ".join(key))
            )
        for item in rule.items:
            if item not in TYPES:
                raise LinkageError(
                    _("{file}: {name}: {item} is no item of a collection record.").format(
                        file=path, name=" × ".join(key), item=item
                    )
                )
        table[key] = rule
    return Rules(table)
