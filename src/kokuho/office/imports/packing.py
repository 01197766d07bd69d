"""Changes of the register as JSON, to be kept until all of a file is prepared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import models

from kokuho.base.calendar import PartialDate
from kokuho.office.imports.ids import Ids, Numbers
from kokuho.office.register.models import Household, Resident
from kokuho.office.store.fields import PartialDateField
from kokuho.office.store.recording import Changes
from kokuho.office.store.versions import Version


def pack(changes: Changes[Any], model: type[Version]) -> dict[str, Any]:
    """What is superseded, by id, and the values of what is inserted, in the order of the fields."""
    names = _names(model)
    return {
        "gone": [version.pk for version in changes.superseded],
        "new": [[_plain(getattr(one, name)) for name in names] for one in changes.inserted],
    }


def unpack(
    content: Mapping[str, Any], model: type[Version], numbers: Numbers, ids: Ids
) -> Changes[Any]:
    """The changes again, stand-ins of residents and households replaced by their ids."""
    make: Any = model
    names = _names(model)
    readers = [_reader(model, name, numbers, ids) for name in names]
    new = [
        make(
            **{
                name: read(value) if read and value is not None else value
                for name, read, value in zip(names, readers, values, strict=True)
            }
        )
        for values in content["new"]
    ]
    return Changes(superseded=[make(pk=pk) for pk in content["gone"]], inserted=new)


def _names(model: type[Version]) -> list[str]:
    return ["valid_from", "valid_to", *model.subject_names(), *model.fact_names()]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, PartialDate) else value


def _reader(
    model: type[Version], name: str, numbers: Numbers, ids: Ids
) -> Callable[[Any], Any] | None:
    """How a value of a field is read back; ``None``: it is as it was."""
    field: Any = model._meta.get_field(name.removesuffix("_id"))
    if isinstance(field, models.DateField | PartialDateField):
        return field.to_python
    if field.related_model in (Resident, Household):
        return lambda value: numbers.real(field.related_model, ids, value)
    return None
