"""Batches as the pages show and start them: what there would be, where it lies, who is at it.

A batch that a page starts runs in a process of its own (:mod:`kokuho.office.printing.worker`), so
that it goes on when the server is stopped; the record of the run is all that both share.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.arrears.act import ActRow
from kokuho.office.collection.slips import SlipIssued
from kokuho.office.configuration import printing_folder
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Run
from kokuho.office.printing.batch import KIND, PER_FILE, Order, composer_of
from kokuho.office.printing.kinds import COMPOSERS, Asked
from kokuho.office.printing.kinds.acts import ACT_KINDS
from kokuho.office.printing.record import Planned, Printed
from kokuho.office.printing.sender import Office, load_office
from kokuho.office.printing.states import PRINT, STATES

_ = translator("printing")

SENDER = "sender.yaml"
STILL = timedelta(minutes=15)
"""A run that says it runs and has not moved for so long was probably killed; it can go on.

Planning a city moves nothing until it is done, and takes minutes."""

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,80}")
_AT_ONCE = 500


@dataclass(frozen=True)
class Preview:
    """What a batch would have: papers and yen by state, and the sum that the books have.

    Addresses are looked up when the batch is planned: who has none is left out then.
    """

    states: Sequence[tuple[str, int, int]]
    papers: int
    amount: int
    total: int
    booked: int

    @property
    def agrees(self) -> bool:
        """Whether papers and books come to one sum; if not, nothing can be printed."""
        return self.total == self.booked


def insurer_folder(insurer: str) -> Path:
    """The folder of an insurer's batches.

    Raises:
        InputError: the installation names none.
    """
    folder = printing_folder()
    if folder is None:
        raise InputError(
            _("KOKUHO_PRINTING names no folder in which papers could be put; the operator sets it.")
        )
    return folder / insurer


def office_of(insurer: str) -> Office:
    """The slots of an insurer's papers.

    Raises:
        InputError: there is no sender file where it is looked for, or it is wrong.
    """
    path = insurer_folder(insurer) / SENDER
    if not path.is_file():
        raise InputError(
            _("There is no sender file {file}; the operator puts it there.").format(file=path)
        )
    return load_office(path, insurer)


def preview(insurer: str, asked: Asked, on: date) -> Preview:
    """Count and sum of a batch, inside ``seeing``; nothing is composed.

    Raises:
        InputError: something was not said that the kind needs.
    """
    composer = composer_of(asked)
    items = list(composer.items(insurer, asked, on))
    printed: set[str] = set()
    for start in range(0, len(items), _AT_ONCE):
        some = [item.reference for item in items[start : start + _AT_ONCE]]
        rows = Printed.objects.filter(kind=asked.kind, reference__in=some)
        printed |= set(rows.values_list("reference", flat=True))
    count: Counter[str] = Counter()
    yen: Counter[str] = Counter()
    for item in items:
        state = "before" if item.state == PRINT and item.reference in printed else item.state
        count[state] += 1
        yen[state] += item.amount
    return Preview(
        [(state, count[state], yen[state]) for state in STATES if count[state]],
        count[PRINT], yen[PRINT], sum(yen.values()), composer.control(insurer, asked, on),
    )  # fmt: skip


_ALSO = {"slip": ("run", "fiscal_year"), "enrolment": ("since",)}


def name_of(asked: Asked, on: date) -> str:
    """What a batch is called: its kind, what was asked for, and its day."""
    scope = [asked.fiscal_year, asked.run, asked.since, asked.year]
    parts = [asked.kind, *(str(part) for part in scope if part is not None), f"{on:%Y%m%d}"]
    return re.sub("[^0-9A-Za-z]+", "-", "-".join(parts)).strip("-")[:80]


def asks(kind: str) -> tuple[str, ...] | None:
    """The fields of ``Asked`` that a page asks of a kind; none for a kind without batches.

    Slips are of an issue, or without one of a whole year.
    """
    needed = COMPOSERS[kind].needs()
    return None if "household" in needed else _ALSO.get(kind, needed)


def choices(insurer: str, kind: str) -> list[str]:
    """The runs that a kind can be printed of, newest first, inside ``seeing``."""
    if kind == "slip":
        found = SlipIssued.objects.filter(insurer_id=insurer).values_list("key", flat=True)
    elif kind in ACT_KINDS:
        acts = ActRow.objects.filter(insurer_id=insurer, kind=ACT_KINDS[kind]).exclude(run="")
        found = acts.values_list("run", flat=True)
    else:
        return []
    return sorted(set(found), reverse=True)


def batches(insurer: str) -> Any:
    """The runs of batches, newest first, inside ``seeing``."""
    return Run.objects.filter(insurer_id=insurer, kind=KIND).order_by("-started_at")


def stopped(run: Run) -> bool:
    """Whether a batch has more to do and nobody seems to be at it."""
    if run.state == Run.State.RUNNING:
        return timezone.now() - run.updated_at > STILL
    return run.state in (Run.State.CANCELLED, Run.State.FAILED)


def asked_of(run: Run) -> Asked | None:
    """What a batch was begun with; none before it was planned."""
    begun = run.cursor.get("begun")
    if not begun:
        return None
    given: dict[str, Any] = dict(begun["asked"])
    if given.get("since"):
        given["since"] = date.fromisoformat(given["since"])
    return Asked(**given)


def begin(insurer: str, asked: Asked, on: date, actor: str) -> int:
    """Start a batch in a process of its own; the row number of its run.

    Raises:
        InputError: the slots are missing or wrong, or a batch of this name was begun before.
    """
    office_of(insurer)
    composer_of(asked)
    name = name_of(asked, on)
    run = runs.begin(insurer, KIND, name, actor)
    if run.cursor:
        raise InputError(
            _("There is a batch {name} already; go on with it from its page.").format(name=name)
        )
    launch(_ticket(insurer, name, asked, on, actor, PER_FILE))
    return int(run.pk)


def go_on(run: Run, actor: str) -> None:
    """Go on with a batch that stopped.

    Raises:
        InputError: it was never planned, or the slots are missing.
    """
    asked = asked_of(run)
    if asked is None:
        raise InputError(_("The batch was not planned yet; begin it anew."))
    office_of(run.insurer_id)
    runs.begin(run.insurer_id, KIND, run.key, actor)
    begun = run.cursor["begun"]
    on = date.fromisoformat(begun["issued_on"])
    launch(_ticket(run.insurer_id, run.key, asked, on, actor, begun["per_file"]))


def _ticket(
    insurer: str, name: str, asked: Asked, on: date, actor: str, per_file: int
) -> dict[str, Any]:
    made = {"insurer": insurer, "name": name, "asked": asdict(asked), "issued_on": on,
            "actor": actor, "per_file": per_file}  # fmt: skip
    read: dict[str, Any] = json.loads(json.dumps(made, default=str))
    return read


def order_of(ticket: Mapping[str, Any]) -> Order:
    """The order that a ticket stands for.

    Raises:
        InputError: the slots are missing or wrong, or the name is none that names a folder.
    """
    insurer, name, asked = ticket["insurer"], ticket["name"], dict(ticket["asked"])
    if asked["since"]:
        asked["since"] = date.fromisoformat(asked["since"])
    return Order(
        insurer=insurer, name=name, asked=Asked(**asked),
        issued_on=date.fromisoformat(ticket["issued_on"]), office=office_of(insurer),
        folder=batch_folder(insurer, name), actor=ticket["actor"], per_file=ticket["per_file"],
    )  # fmt: skip


def batch_folder(insurer: str, name: str) -> Path:
    """Where the files of a batch are.

    Raises:
        InputError: the name could lead out of the folder.
    """
    if not _NAME.fullmatch(name):
        raise InputError(_("{name} is no name of a batch of these pages.").format(name=name))
    return insurer_folder(insurer) / name


def launch(ticket: Mapping[str, Any]) -> None:
    """Start the process of a batch; it outlives the server."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kokuho.office.printing.worker"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    with process.stdin as pipe:
        pipe.write(json.dumps(ticket, ensure_ascii=False).encode())
    # somebody has to take note of its end, or it stays in the table of processes
    threading.Thread(target=process.wait, daemon=True).start()


@dataclass(frozen=True)
class BatchFile:
    """A file of a batch: papers and pages of a PDF, and whether it is that of protected payers."""

    name: str
    papers: int = 0
    pages: int = 0
    protected: bool = False


def files(run: Run) -> list[BatchFile]:
    """The files that are there to be taken, inside ``seeing``; none of a batch made elsewhere."""
    asked = asked_of(run)
    if asked is None or printing_folder() is None or not _NAME.fullmatch(run.key):
        return []
    folder = batch_folder(run.insurer_id, run.key)
    pages: Counter[int] = Counter()
    papers: Counter[int] = Counter()
    rows = Printed.objects.filter(insurer_id=run.insurer_id, kind=asked.kind, batch=run.key, copy=0)
    for file, count in rows.values_list("file", "pages"):
        papers[file] += 1
        pages[file] += count
    hidden = set(
        Planned.objects.filter(run=run.pk, protected=True, file__gt=0)
        .values_list("file", flat=True)
        .distinct()
    )
    found = [
        BatchFile(f"{asked.kind}-{file:04d}.pdf", papers[file], pages[file], file in hidden)
        for file in sorted(papers)
    ]
    lists = [BatchFile(name) for name in ("control.pdf", "control.csv")]
    return [one for one in (*lists, *found) if (folder / one.name).is_file()]


def inside(run: Run, name: str) -> Any:
    """The planned papers that a file shows, inside ``seeing``."""
    rows = Planned.objects.filter(run=run.pk)
    number = re.fullmatch(r"[a-z]+-(\d{4})\.pdf", name)
    if number:
        return rows.filter(file=int(number[1]))
    # neither name nor number of who is protected stands on the control list
    return rows.filter(protected=False)
