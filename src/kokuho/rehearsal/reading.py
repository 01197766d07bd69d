"""What both sides hold at the end of a rehearsal, read from their databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kokuho.base.errors import KokuhoError
from kokuho.linkage.exchange import Party
from kokuho.linkage.messages import RefusedError, digest_of_text
from kokuho.linkage.messages.envelope import FORM
from kokuho.linkage.messages.signing import verify
from kokuho.mesh import copies
from kokuho.mesh.service import Service
from kokuho.rehearsal.checks import Provided, Version


def sent_versions(insurer: str) -> list[Version]:
    """What the city registered: all versions of released batches that were not refused."""
    from kokuho.office.linkage.batch import CopyRecord
    from kokuho.office.linkage.copies import states
    from kokuho.office.linkage.event import RefusedCopy
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        released = [number for number, state in states(insurer).items() if state == "released"]
        refused = set(RefusedCopy.objects.filter(insurer_id=insurer).values_list("key", "version"))
        rows = CopyRecord.objects.filter(insurer_id=insurer, batch__number__in=released)
        found = [
            Version(*row)
            for row in rows.values_list("person", "key", "version", "action", "content").iterator()
        ]
    return [one for one in found if (one.key, one.version) not in refused]


def held_versions(mesh: Service) -> list[Version]:
    """What the mesh holds: all versions."""
    return _versions(mesh, "")


def held_standing(mesh: Service) -> list[Version]:
    """What stands there."""
    return _versions(mesh, "JOIN standing s ON s.copy = c.id ")


def _versions(mesh: Service, join: str) -> list[Version]:
    rows = mesh.database.connection().execute(
        "SELECT p.address, c.record, c.version, c.action, c.content FROM copy c "
        f"JOIN person p ON p.id = c.person {join}ORDER BY c.id"
    )
    return [Version(*row) for row in rows]


def unreadable(mesh: Service) -> tuple[int, list[str]]:
    """How many copies were read back, and those that do not say what was registered."""
    rows = mesh.database.connection().execute(
        "SELECT person, record, version, content, sealed FROM copy"
    )
    count, wrong = 0, []
    for person, record, version, content, sealed in rows:
        count += 1
        try:
            copies.opened(mesh.rehearsal.keys, person, record, version, content, sealed)
        except KokuhoError as error:
            wrong.append(f"{record} v{version}: {error}")
    return count, wrong


def provided(mesh: Service) -> list[Provided]:
    """The mesh's records of provision."""
    rows = mesh.database.connection().execute(
        "SELECT v.message, p.address, v.outcome FROM provision v JOIN person p ON p.id = v.person"
    )
    return [Provided(*row) for row in rows]


def log_contents(mesh: Service) -> set[str]:
    """The digests of all messages that the mesh's log names."""
    rows = mesh.database.connection().execute("SELECT content FROM log WHERE content <> ''")
    return {content for (content,) in rows}


def log_days(mesh: Service) -> list[str]:
    """The days of the log, Japanese time."""
    rows = mesh.database.connection().execute(
        "SELECT DISTINCT date(at, '+9 hours') FROM log ORDER BY 1"
    )
    return [day for (day,) in rows]


def unsealed(mesh: Service) -> int:
    """Records of the log that no seal with a time-stamp holds yet."""
    [open_] = mesh.database.connection().execute(
        "SELECT count(*) FROM log WHERE number > (SELECT coalesce(max(s.last), 0) FROM seal s "
        "JOIN stamp t ON t.seal = s.number)"
    ).fetchone()  # fmt: skip
    return int(open_)


def events(insurer: str, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of a kind: file, and what is kept of it."""
    from kokuho.office.linkage.event import BatchEvent
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        rows = BatchEvent.objects.filter(insurer_id=insurer, kind=kind)
        found = list(rows.values_list("batch__number", "part", "detail"))
    for number, part, detail in found:
        yield f"{number}-{part}", detail


def answers_of_city(insurer: str, party: Party) -> tuple[dict[str, str], list[str]]:
    """The signed answers that the city keeps, by digest, and those whose signature is not valid."""
    from datetime import UTC, datetime

    found, wrong = {}, []
    for kind in ("answered", "refused"):
        for file, detail in events(insurer, kind):
            text = str(detail["answer"])
            try:
                verify(text, party.ring, form=FORM, at=datetime.now(UTC))
                found[digest_of_text(text)] = f"{kind} {file}"
            except RefusedError as error:
                wrong.append(f"{kind} {file}: {error}")
    return found, wrong


def messages_of_city(insurer: str) -> dict[str, str]:
    """The messages that the city wrote down as sent, by digest."""
    return {str(detail["digest"]): f"sent {file}" for file, detail in events(insurer, "sent")}


def recorded(insurer: str) -> dict[str, int]:
    """Yen by receipt file."""
    from kokuho.office.ledger.models import ReceiptFile
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        rows = ReceiptFile.objects.filter(insurer_id=insurer)
        return dict(rows.values_list("name", "amount"))


def open_batches(insurer: str) -> list[str]:
    """Batches that wait for approval or for an answer."""
    from kokuho.office.linkage import copies as here
    from kokuho.office.linkage.status import unanswered
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        waiting = [f"{one}: waits for approval" for one in here.waiting(insurer)]
        return waiting + [f"{one}: not answered" for one in unanswered(insurer)]
