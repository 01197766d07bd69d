"""Printing many papers (一括印刷): planned once, typeset file by file, recorded file by file.

A file is typeset outside of any transaction. One short transaction puts its PDF in place, records
its papers and moves on; a run that is killed makes the file again that was not recorded, under the
same name, so that nothing is lost and nothing is there twice.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils import timezone

from kokuho.base.errors import InputError, StoreError
from kokuho.base.messages import translator
from kokuho.forms.press import Pressed, Sides, press_apart, sides
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.printing.afterwards import note
from kokuho.office.printing.control import control, cover_pdf
from kokuho.office.printing.digests import content_digest, digest
from kokuho.office.printing.insurers import insurer_of
from kokuho.office.printing.kinds import COMPOSERS, Asked, Composer, Issue
from kokuho.office.printing.planning import plan
from kokuho.office.printing.record import Planned, Printed
from kokuho.office.printing.sender import Office
from kokuho.office.register.models import Insurer
from kokuho.office.tenancy import seeing
from kokuho.tables import write_bytes, write_csv

_ = translator("printing")

KIND = "print"
PER_FILE = 50
"""Papers in one PDF and one process: some 12 MB of memory each while it is typeset."""
MOST_PER_FILE = 500


@dataclass(frozen=True)
class Order:
    """A batch as it was asked for.

    Attributes:
        name: what the batch is called; the same name goes on with it.
        issued_on: the day on the papers.
        folder: where the PDFs and the control list go.
        per_file: papers in one PDF; 0 puts all into one.
        workers: processes that typeset side by side.
    """

    insurer: str
    name: str
    asked: Asked
    issued_on: date
    office: Office
    folder: Path
    actor: str
    per_file: int = PER_FILE
    workers: int = 1


@dataclass(frozen=True)
class _Proof:
    """One paper of a file: what is recorded of it."""

    planned: Planned
    languages: str
    digest: str
    content: str


@dataclass(frozen=True)
class _Made:
    file: int
    proofs: Sequence[_Proof]
    pressed: Future[Pressed]


def print_batch(order: Order, progress: Progress | None = None) -> Run:
    """Print a batch, or go on with it; a batch that is done is returned as it is.

    Raises:
        InputError: something is missing in what was asked for, or it differs from what the batch
            was begun with.
        StoreError: the papers do not add up to the books; nothing is printed.
    """
    composer = composer_of(order.asked)
    _check(order)
    run = runs.begin(order.insurer, KIND, order.name, order.actor)
    if run.state == Run.State.DONE:
        return run
    try:
        if not run.cursor:
            run = _planned(order, composer, run)
        else:
            _same(order, run)
        run = _print(order, composer, run, progress)
        if run.state == Run.State.RUNNING:
            run = _finish(order, run)
    except BaseException as error:
        if isinstance(error, Exception):
            runs.failed(order.insurer, KIND, order.name, error)
        raise
    return run


def file_name(order: Order, file: int) -> Path:
    """Where a PDF of a batch goes."""
    return order.folder / f"{order.asked.kind}-{file:04d}.pdf"


def composer_of(asked: Asked, *, complete: bool = True) -> Composer:
    """Who composes the papers that were asked for.

    Args:
        asked: what was asked for.
        complete: whether all that the kind needs must have been said.

    Raises:
        InputError: no such kind, or something that it needs was not said.
    """
    if asked.kind not in COMPOSERS:
        raise InputError(
            _("{kind} is none of the papers that can be printed: {kinds}").format(
                kind=asked.kind, kinds=", ".join(COMPOSERS)
            )
        )
    composer = COMPOSERS[asked.kind]
    lacking = [name for name in composer.needs() if getattr(asked, name) in (None, "")]
    if "household" in lacking and complete:
        raise InputError(
            _("{kind} is printed on application, with `kokuho print one`").format(kind=asked.kind)
        )
    if lacking and complete:
        raise InputError(
            _("{kind} needs {options}").format(
                kind=asked.kind,
                options=", ".join("--" + name.replace("_", "-") for name in lacking),
            )
        )
    return composer


def _check(order: Order) -> None:
    with seeing([order.insurer]):
        if not Insurer.objects.filter(code=order.insurer).exists():
            raise InputError(_("There is no insurer {code}.").format(code=order.insurer))


def _fingerprint(order: Order) -> dict[str, Any]:
    """What must be the same when a batch goes on."""
    said = order.office.said.model_dump(mode="json")
    seal = sha256(order.office.seal or b"").hexdigest()
    slots = sha256(json.dumps([said, seal], sort_keys=True).encode()).hexdigest()
    return {
        "asked": json.loads(json.dumps(asdict(order.asked), default=str)),
        "issued_on": order.issued_on.isoformat(),
        "per_file": order.per_file,
        "slots": slots,
    }


def _same(order: Order, run: Run) -> None:
    begun = run.cursor["begun"]
    for name, value in _fingerprint(order).items():
        if begun[name] != value:
            raise InputError(
                _(
                    "The batch {name} was begun with another {what}: {before}; now: {now}. Give it "
                    "another name to print anew."
                ).format(name=order.name, what=name, before=begun[name], now=value)
            )


def _planned(order: Order, composer: Composer, run: Run) -> Run:
    """Plan the batch in one transaction; the run behind it."""

    def step(run: Run) -> bool:
        if run.cursor:
            return True
        issue = Issue(insurer_of(order.insurer, order.asked), order.issued_on, order.office)
        rows = plan(composer, issue, order.asked, order.per_file)
        if order.per_file == 0 and len(rows) > MOST_PER_FILE:
            raise InputError(
                _("{count} papers do not go into one PDF; at most {most} do.").format(
                    count=len(rows), most=MOST_PER_FILE
                )
            )
        for row in rows:
            row.run = run
        Planned.objects.bulk_create(rows, batch_size=500)
        run.total = sum(row.file > 0 for row in rows)
        run.cursor = {
            "begun": _fingerprint(order),
            "file": 1,
            "files": max((row.file for row in rows), default=0),
        }
        run.counts = {"papers": 0, "pages": 0, "amount": 0}
        return True

    return runs.piece(order.insurer, run.pk, step)[0]


def _print(order: Order, composer: Composer, run: Run, progress: Progress | None) -> Run:
    """Typeset the files that are left; several at a time, recorded in their order."""
    with ThreadPoolExecutor(max_workers=order.workers) as pool:
        waiting: deque[_Made] = deque()
        ahead = _composed(order, composer, run, pool)
        while run.state == Run.State.RUNNING:
            while len(waiting) <= order.workers and (made := next(ahead, None)):
                waiting.append(made)
            if not waiting:
                break
            run = _record(order, run, waiting.popleft())
            if progress:
                progress(run)
        for made in waiting:
            made.pressed.cancel()
    return run


def _composed(
    order: Order, composer: Composer, run: Run, pool: ThreadPoolExecutor
) -> Iterator[_Made]:
    """The files that are left, composed and given to the pool, one after the other."""
    for file in range(run.cursor["file"], run.cursor["files"] + 1):
        with seeing([order.insurer]):
            rows = list(
                Planned.objects.filter(run=run.pk, file=file)
                .order_by("place")
                .select_related("household", "payer")
            )
            issue = Issue(insurer_of(order.insurer, order.asked), order.issued_on, order.office)
            issue.recipients.read(row.payer for row in rows)
            papers = composer.papers(issue, [row.reference for row in rows])
        proofs, pressing = [], []
        for row in rows:
            paper, recipient = papers[row.reference]
            made: Sides = sides(paper, recipient.languages)
            pressing.append(made)
            proofs.append(
                _Proof(row, " ".join(["ja", *recipient.languages]), digest(made),
                       content_digest(made))
            )  # fmt: skip
        yield _Made(file, proofs, pool.submit(press_apart, pressing, order.issued_on))


def _record(order: Order, run: Run, made: _Made) -> Run:
    """Put a file in its place and record its papers, unless another worker was quicker."""
    pressed = made.pressed.result()

    def step(run: Run) -> bool:
        if run.cursor["file"] != made.file:
            return True
        write_bytes(file_name(order, made.file), pressed.content)
        now = timezone.now()
        papers = Printed.objects.bulk_create(
            [
                Printed(
                    insurer_id=order.insurer, kind=order.asked.kind,
                    reference=proof.planned.reference, household=proof.planned.household,
                    payer=proof.planned.payer, batch=order.name, file=made.file,
                    place=proof.planned.place, languages=proof.languages, pages=pages,
                    amount=proof.planned.amount, digest=proof.digest, content=proof.content,
                    issued_on=order.issued_on, printed_at=now, actor=order.actor,
                )
                for proof, pages in zip(made.proofs, pressed.pages, strict=True)
            ],
            batch_size=500,
        )  # fmt: skip
        note(order.insurer, papers)
        run.count(
            papers=len(made.proofs),
            pages=sum(pressed.pages),
            amount=sum(proof.planned.amount for proof in made.proofs),
        )
        run.cursor["file"] += 1
        return True

    return runs.piece(order.insurer, run.pk, step)[0]


def cancel_all(insurer: str) -> int:
    """Ask the batches that run to stop after the file that they are at; how many there are."""
    with seeing([insurer]):
        running = Run.objects.filter(insurer_id=insurer, kind=KIND, state=Run.State.RUNNING)
        names = list(running.values_list("key", flat=True))
    return sum(runs.ask_to_cancel(insurer, KIND, name) for name in names)


def _finish(order: Order, run: Run) -> Run:
    """Check what was printed against the plan, write the control list, note that it is done.

    Raises:
        StoreError: a paper of the plan is recorded nowhere, or a PDF is not in its folder.
    """

    def step(run: Run) -> bool:
        rows = Planned.objects.filter(run=run.pk, file__gt=0)
        printed = Printed.objects.filter(
            insurer_id=order.insurer, kind=order.asked.kind, batch=order.name, copy=0
        )
        planned = sorted(rows.values_list("reference", "amount"))
        if planned != sorted(printed.values_list("reference", "amount")):
            raise StoreError(
                _("The batch {name} is not what was planned; look at its record.").format(
                    name=order.name
                )
            )
        absent = [
            str(file_name(order, file))
            for file in range(1, run.cursor["files"] + 1)
            if not os.path.exists(file_name(order, file))
        ]
        if absent:
            raise StoreError(_("Files are gone: {files}").format(files=", ".join(absent[:5])))
        listed = control(run, order.asked.kind)
        insurer = insurer_of(order.insurer, order.asked).name
        write_csv(listed.frame(), order.folder / "control.csv")
        cover = cover_pdf(listed, run, order.asked.kind, insurer, order.issued_on)
        write_bytes(order.folder / "control.pdf", cover)
        return False

    return runs.piece(order.insurer, run.pk, step)[0]
