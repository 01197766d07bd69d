"""The stage of a rehearsal: its processes, its clock, and how one step of the office is done.

A step is one command in the city's process. When the process is killed the command is given again,
unless what it does stands already; when the mesh is away it is given again until it is there.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as clock_time
from pathlib import Path
from typing import Any

from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.rehearsal.city import City
from kokuho.rehearsal.clock import Clock, Pace
from kokuho.rehearsal.kills import Killer
from kokuho.rehearsal.processes import Done, KilledError, Mesh, Worker

_ = translator("rehearsal")

TRIES = 100
_PAUSE = 0.2

Probe = Callable[[], bool]
"""Whether what a command does stands already."""


@dataclass
class Stage:
    """Everything that runs.

    Attributes:
        city: of the rehearsal.
        worker, mesh: its processes.
        killer: kills them.
        clock: of the office, in this process too.
        findings: what commands said that they should not.
        refused: records that the mesh did not take.
        tries: how often something was sent anew.
        files_doubled: files that came twice.
    """

    city: City
    worker: Worker
    mesh: Mesh
    killer: Killer
    clock: Clock
    findings: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    tries: int = 0
    files_doubled: int = 0

    def now(self) -> datetime:
        """The office's time."""
        return timezone.localtime(self.clock.pace.at())

    def open_day(self, day: date, hour: int, minute: int = 0) -> None:
        """From here on it is that time of that day."""
        office = timezone.make_aware(datetime.combine(day, clock_time(hour, minute)))
        self.clock.pace = Pace(time.time(), office, self.clock.pace.factor)

    def step(
        self,
        kind: str,
        *words: str,
        probe: Probe | None = None,
        text: str = "",
        ok: tuple[int, ...] = (0,),
    ) -> Done | None:
        """Run a command; ``None`` where it was killed and its work stands.

        Raises:
            LinkageError: it failed.
        """
        self.killer.arm(kind)
        try:
            while True:
                try:
                    done = self.worker.call(self.clock.pace, words, text)
                    break
                except KilledError:
                    if not self.killer.struck():
                        raise LinkageError(
                            _("the city's process ended by itself; see {file}").format(
                                file=self.worker.log
                            )
                        ) from None
                    if probe and probe():
                        return None
        finally:
            self.killer.disarm(kind)
        if done.code not in ok:
            said = (done.err or done.out).strip()
            raise LinkageError(f"kokuho {' '.join(words)}: {done.code}\n{said}")
        return done

    def linkage(self, kind: str, *words: str, user: str = "yakan", **more: Any) -> Done | None:
        """A command of ``kokuho linkage``."""
        insurer = ("--insurer", self.city.insurer)
        return self.step(kind, "linkage", *words, *insurer, "--user", user, **more)

    def send(self, link: str) -> None:
        """Send until everything has arrived and is answered."""
        for _try in range(TRIES):
            self.mesh.wait()
            done = self.linkage("send", "send", "--link", link, "--json", ok=(0, 1))
            assert done is not None
            sent = done.json()
            self.refused += [f"{one['key']}: {one['code']}" for one in sent["refused"]]
            if not sent["failures"]:
                return
            self.tries += 1
            time.sleep(_PAUSE)
        raise LinkageError(_("what is sent does not arrive: {why}").format(why=sent["failures"]))

    def send_files(self, link: str, folders: Path) -> None:
        """The same by the way of files: one of them comes twice, and the mesh takes them."""
        done = self.linkage("send", "send", "--link", link, "--json", ok=(0, 1))
        if done:
            self.findings += [f"send: {one}" for one in done.json()["failures"]]
        out, results = folders / "out", folders / "results"
        for file in sorted(out.glob("*.jws"))[:1]:
            shutil.copyfile(file, out / f"again-{file.name}")
            self.files_doubled += 1
        made = self.mesh.rehearsal
        self.step(
            "take", "mesh", "take", str(made.folder), "--secrets", str(made.secrets),
            "--from", str(out), "--to", str(results), ok=(0, 1),
        )  # fmt: skip
        done = self.linkage("results", "results", "--link", link, "--json", ok=(0, 1))
        if done:
            sent = done.json()
            self.refused += [f"{one['key']}: {one['code']}" for one in sent["refused"]]
        # of a file that came twice the first answer may come second
        self.linkage("results", "results", "--link", link, "--json", ok=(0, 1))

    def quarter(self, link: str) -> None:
        """What runs every quarter of an hour: what was touched goes out."""
        words = ("register", "--touched", "--link", link, "--json")
        self._looked(self.linkage("register", *words, ok=(0, 1)))
        self.send(link)

    def night(self, link: str, files: Path | None = None) -> None:
        """The whole difference; what waits for two persons is approved.

        Args:
            link: file of the link.
            files: the folders of the way by files, with its own ``link.yaml``; where it is given
                the batches go by it.
        """
        words = ("register", "--link", link, "--json")
        self._looked(self.linkage("register", *words, ok=(0, 1)))
        for number in self.waiting():
            self.approve(number)
        if files is None:
            self.send(link)
        else:
            self.send_files(str(files / "link.yaml"), files)

    def _looked(self, done: Done | None) -> None:
        for one in done.json()["problems"] if done else ():
            self.findings.append(f"register: {one['key']}: {one['field']}: {one['code']}")

    def waiting(self) -> list[int]:
        """Batches that wait for two persons."""
        from kokuho.office.linkage import copies
        from kokuho.office.tenancy import seeing

        with seeing([self.city.insurer]):
            return copies.waiting(self.city.insurer)

    def approve(self, number: int) -> None:
        """Two persons approve a batch."""
        from kokuho.office.linkage.event import BatchEvent
        from kokuho.office.tenancy import seeing

        def approved(name: str) -> bool:
            with seeing([self.city.insurer]):
                rows = BatchEvent.objects.filter(batch__number=number, kind="approved", actor=name)
                return bool(rows.exists())

        for name in ("kakari", "kacho"):
            self.linkage(
                "approve", "approve", str(number), user=name, probe=lambda name=name: approved(name)
            )

    def reconcile(self, link: str) -> None:
        """Compare all copies; both sides have to agree."""
        said = ""
        for _try in range(TRIES):
            self.mesh.wait()
            done = self.linkage("reconcile", "reconcile", "--link", link, "--json", ok=(0, 1, 2))
            if done is None or done.code == 2:
                said = done.err if done else said
                self.tries += 1
                time.sleep(_PAUSE)
                continue
            for one in done.json()["differences"]:
                self.findings.append(f"reconcile: {one['person']}: {one['kind']}")
            return
        raise LinkageError(_("the reconciliation gets no answer: {why}").format(why=said))

    def freshness(self, link: str) -> None:
        """Nothing is past its limit in the morning, and nothing is open from the day before."""
        insurer = ("--insurer", self.city.insurer)
        done = self.step("freshness", "linkage", "freshness", *insurer, "--link", link, "--json",
                         ok=(0, 1))  # fmt: skip
        assert done is not None
        for one in done.json()["arrivals"]:
            if one["state"] != "done":
                self.findings.append(f"freshness: {one['name']}: {one['state']}")
