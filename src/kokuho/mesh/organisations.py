"""Who takes part in a rehearsal, and what each may do: read from YAML, deny by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.base.numbers import is_municipality_code
from kokuho.base.strict_yaml import read_yaml
from kokuho.linkage.messages.bodies import SCOPES

_ = translator("mesh")
_CONFIG = ConfigDict(frozen=True, extra="forbid", strict=True)


class Organisation(BaseModel):
    """One that takes part.

    Attributes:
        id: its client id.
        title: its name in the language of the people who read it.
        institution: what it is in the rule table, such as ``municipality`` or ``immigration``.
        municipalities: codes of municipalities that it registers for; empty for others.
        scopes: what it may do; nothing unless it is listed.
    """

    model_config = _CONFIG

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    institution: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    municipalities: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()


class _File(BaseModel):
    model_config = _CONFIG

    mesh: str = "mesh"
    clock: str = "clock"
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    organisations: tuple[Organisation, ...]


@dataclass(frozen=True)
class Organisations:
    """All that take part.

    Attributes:
        mesh: client id of the mesh itself.
        clock: of the time-stamp service.
        hosts: names and addresses under which the mesh is reached.
        by_id: the organisations.
    """

    mesh: str
    clock: str
    hosts: tuple[str, ...]
    by_id: Mapping[str, Organisation]


def load_organisations(path: Path) -> Organisations:
    """Those of a YAML file.

    Raises:
        LinkageError: unreadable, an unknown key or scope, a wrong code, an id twice.
    """
    stated = read_yaml(path, LinkageError)
    try:
        file = _File.model_validate(tuples(stated))
    except ValidationError as error:
        raise LinkageError(not_usable(path, error)) from error
    names = [one.id for one in file.organisations] + [file.mesh, file.clock]
    for name in names:
        if names.count(name) > 1:
            raise LinkageError(_("{file}: {name} stands twice.").format(file=path, name=name))
    for one in file.organisations:
        for scope in one.scopes:
            if scope not in SCOPES.values():
                raise LinkageError(
                    _("{file}: {name}: {scope} is no scope; there are: {known}").format(
                        file=path, name=one.id, scope=scope, known=", ".join(SCOPES.values())
                    )
                )
        for code in one.municipalities:
            if not is_municipality_code(code):
                raise LinkageError(
                    _("{file}: {name}: {code} is no municipality's code (six digits).").format(
                        file=path, name=one.id, code=code
                    )
                )
    return Organisations(
        file.mesh, file.clock, file.hosts, {one.id: one for one in file.organisations}
    )


def tuples(stated: Any) -> Any:
    """Lists as tuples, which the frozen models hold."""
    if isinstance(stated, dict):
        return {key: tuples(value) for key, value in stated.items()}
    return tuple(map(tuples, stated)) if isinstance(stated, list) else stated


def not_usable(path: Path, error: ValidationError) -> str:
    """What is wrong with a file, place by place."""
    places = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return _("{file} cannot be used: {places}").format(file=path, places=places)
