"""Withdrawing what an organisation connects and signs with, before its time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.mesh.authority import Authority
from kokuho.mesh.founding import certificate_of
from kokuho.mesh.rehearsal import open_rehearsal
from kokuho.mesh.service import Service

_ = translator("mesh")


def revoke(folder: Path, secrets: Path | None, organisation: str) -> None:
    """Withdraw an organisation's certificate and signing key; a running server sees it at once.

    Raises:
        LinkageError: no such organisation.
    """
    rehearsal = open_rehearsal(folder, secrets)
    if organisation not in rehearsal.organisations.by_id:
        raise LinkageError(
            _("{name} does not take part; there are: {known}").format(
                name=organisation, known=", ".join(rehearsal.organisations.by_id)
            )
        )
    now = datetime.now(UTC)
    Authority(rehearsal.authority).revoke(certificate_of(rehearsal.client(organisation)), now)
    ring = rehearsal.ring()
    for key in list(ring.keys.values()):
        if key.owner == organisation and key.revoked_at is None:
            ring = ring.with_revoked(key.number, now)
    part = rehearsal.ring_file.with_suffix(".part")
    part.write_text(ring.to_json(), encoding="utf-8")
    part.replace(rehearsal.ring_file)
    service = Service.of(rehearsal)
    service.journal.event("withdrawn", organisation, now)
    service.database.close()
