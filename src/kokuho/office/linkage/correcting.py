"""Corrections by hand (手作業の訂正): a record that the books cannot say rightly yet.

A correction holds until the books themselves say something else about that record; two persons
approve it, neither of them who stated it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.changes import Change
from kokuho.linkage.layouts import layout_on
from kokuho.linkage.link import Link
from kokuho.linkage.messages.record import KEY, OPTIONAL, TYPES, VALUES
from kokuho.office.ledger.books import lock
from kokuho.office.linkage import copies
from kokuho.office.linkage.making import keep, prepare
from kokuho.office.linkage.registering import problem_of
from kokuho.office.tenancy import seeing

_ = translator("linkage")

FIXED = {*KEY, "municipality", "role", "as_of", "version", "action"}
"""Fields that a correction does not touch: another key is another record."""


def correct(
    insurer: str,
    link: Link,
    key: str,
    *,
    actor: str,
    reason: str,
    fields: Mapping[str, str] | None = None,
    withdraw: bool = False,
) -> int:
    """State a correction of one registered record; the number of its batch.

    Args:
        insurer: the code of the insurer.
        link: which layout.
        key: of the record (``kokuho linkage history`` shows it).
        actor: who states it.
        reason: why; shown with the record for good.
        fields: the values that are right, by field, as in ``kokuho linkage history``.
        withdraw: withdraw the record.

    Raises:
        LinkageError: there is no such record, or a value is none of its field.
    """
    if not reason.strip():
        raise LinkageError(_("say why the record is corrected (--reason)"))
    if bool(fields) == withdraw:
        raise LinkageError(_("a correction either sets fields or withdraws the record"))
    now = timezone.localtime().replace(microsecond=0)
    with seeing([insurer], writing=True):
        lock(insurer)
        person = key.split("/")[0]
        standing = copies.registered(insurer, "person", [person]).get(key)
        if standing is None or standing.record.action != "register":
            raise LinkageError(_("no record {key} is registered").format(key=key))
        version = copies.last_versions(insurer, "person", [person])[key] + 1
        values = {name: _value(name, text) for name, text in (fields or {}).items()}
        record = dataclasses.replace(standing.record, as_of=now, **values)
        record = record.next_version(version, "withdraw" if withdraw else "register")
        layout = layout_on(link.known_layouts(), link.layout, now.date())
        if problem := problem_of(layout, record):
            raise LinkageError(
                _("the layout cannot carry {field}: {code}").format(
                    field=problem.field, code=problem.code
                )
            )
        nature: Any = "withdrawn" if withdraw else "changed"
        change = Change(nature, record, standing.said, False)
        ready = prepare(insurer, layout, [change])
        return keep(insurer, ready, "correction", ("correction",), now, actor, reason)


def _value(name: str, text: str) -> Any:
    """The value of a field of :class:`CollectionRecord`."""
    if name in FIXED or name not in TYPES:
        known = ", ".join(one for one in TYPES if one not in FIXED)
        raise LinkageError(
            _("{field} cannot be corrected; fields are: {known}").format(field=name, known=known)
        )
    kind = TYPES[name]
    try:
        if not text and name in OPTIONAL:
            return None
        if kind == "int":
            return int(text)
        if kind == "bool":
            return {"yes": True, "no": False}[text]
        if kind == "date":
            return date.fromisoformat(text)
        if name in VALUES and text not in VALUES[name]:
            raise ValueError(text)
    except (ValueError, KeyError) as error:
        expected = " / ".join(VALUES.get(name, {"bool": ("yes", "no")}.get(kind, (kind,))))
        raise LinkageError(
            _("{field}: {value} is no value of it; expected {expected}").format(
                field=name, value=text, expected=expected
            )
        ) from error
    return text
