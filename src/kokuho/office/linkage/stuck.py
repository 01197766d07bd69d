"""What went out and is not registered: nobody sends it again by itself, so somebody has to look.

Until then the office takes it for told, and the other side may still show arrears that were paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from kokuho.office.linkage import copies
from kokuho.office.linkage.batch import CopyRecord
from kokuho.office.linkage.event import BatchEvent, RefusedCopy
from kokuho.office.linkage.status import unanswered
from kokuho.office.linkage.sweep import Sweep

WAITED = timedelta(days=1)
"""How long a batch may wait for its result before somebody has to look."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """A batch that did not arrive, or records that the other side did not take.

    Attributes:
        number: of the batch; 0 for records that the layout cannot carry.
        code: why it was refused; empty where there is no result yet.
        records: how many records are concerned; 0 where a file was refused whole or has no result.
        since: when it was refused, or went out last.
    """

    number: int
    code: str
    records: int
    since: datetime


def stuck(insurer: str, sent_before: datetime) -> list[Stuck]:
    """What somebody has to look at, by batch, inside ``seeing``.

    Args:
        insurer: the code of the insurer.
        sent_before: what went out since may still get its result.
    """
    rows = BatchEvent.objects.filter(
        insurer_id=insurer,
        batch__number__in=unanswered(insurer),
        kind__in=("sent", "answered", "refused"),
    ).order_by("pk")
    # the signed answers in the detail are large
    last = {}
    for number, part, kind, at, code in rows.values_list(
        "batch__number", "part", "kind", "at", "detail__code"
    ):
        last[number, part] = (kind, at, str(code or ""))
    found = {}
    for (number, _part), (kind, at, code) in last.items():
        if kind == "refused" or (kind == "sent" and at < sent_before):
            found[number] = Stuck(number, code, 0, localtime(at))
    everything = [*found.values(), *_records(insurer), *_unwritten(insurer)]
    return sorted(everything, key=lambda one: (one.number, one.code))


def _records(insurer: str) -> list[Stuck]:
    """Records that were refused and of which no later version was made."""
    rows = list(
        RefusedCopy.objects.filter(insurer_id=insurer).values_list(
            "batch__number", "batch__made_at", "code", "key", "version"
        )
    )
    if not rows:
        return []
    newest = copies.last_versions(insurer)
    counts: dict[tuple[int, datetime, str], int] = {}
    for number, made, code, key, version in rows:
        # a key that the other side could not read is none of ours
        if newest.get(key, version) == version:
            counts[number, made, code] = counts.get((number, made, code), 0) + 1
    return [
        Stuck(number, code, count, localtime(made))
        for (number, made, code), count in counts.items()
    ]


def _unwritten(insurer: str) -> list[Stuck]:
    """Records that the layout could not carry since the last whole look, and none has since."""
    sweeps = Sweep.objects.filter(insurer_id=insurer).order_by("number")
    whole = sweeps.filter(whole=True).last()
    found: dict[str, tuple[str, datetime]] = {}
    for one in sweeps.filter(number__gte=whole.number if whole else 0).exclude(problems=[]):
        found |= {key: (f"{field}: {code}", one.as_of) for key, field, code in one.problems}
    counts: dict[str, list[datetime]] = {}
    for key, (code, at) in found.items():
        own = CopyRecord.objects.filter(insurer_id=insurer, key=key, batch__as_of__gt=at)
        if not own.exists():
            counts.setdefault(code, []).append(at)
    return [Stuck(0, code, len(at), localtime(min(at))) for code, at in counts.items()]
