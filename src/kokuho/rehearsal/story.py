"""The story of a rehearsal: the first load, then rounds of a business day each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.law.workdays import open_day
from kokuho.rehearsal.cast import Cast
from kokuho.rehearsal.city import YEAR, Demand
from kokuho.rehearsal.examiner import Examiner
from kokuho.rehearsal.plan import Plan
from kokuho.rehearsal.stage import Stage
from kokuho.rehearsal.truth import Event

_ = translator("rehearsal")

MORE = 10
"""Rounds that may follow the planned ones, for kills that came too late for theirs."""
INQUIRIES = 12
"""In the background of each round."""


@dataclass
class Story:
    """What happens.

    Attributes:
        plan, stage, examiner: of the rehearsal.
        link: file of the city's link.
        files: folder of its link by files.
        events: what happened, for :class:`~kokuho.rehearsal.truth.Truth`.
        paid: yen by receipt file.
        corrected: keys of records that were corrected by hand.
        rounds: how many there were.
        tell: told of each step.
    """

    plan: Plan
    stage: Stage
    examiner: Examiner
    link: str
    files: Path
    tell: Callable[[str], None]
    events: list[Event] = field(default_factory=list)
    paid: dict[str, int] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)
    rounds: int = 0
    _broken: Exception | None = None
    _begun: dict[str, tuple[datetime, list[tuple[Demand, int]]]] = field(default_factory=dict)

    def run(self) -> None:
        """The first load, the rounds, and as many more as planned kills need."""
        self.first_load()
        while self.rounds < self.plan.rounds or self.stage.killer.pending:
            if self.rounds >= self.plan.rounds + MORE:
                return
            self.rounds += 1
            self.stage.killer.round = self.rounds
            self.round(self.rounds)

    def first_load(self) -> None:
        """Limits, the first registration with both approvals, and the codes for the examiner."""
        stage, insurer = self.stage, ("--insurer", self.stage.city.insurer)
        stage.open_day(self.plan.day(0), 8, 30)
        records = stage.city.records()
        self.cast = Cast.of(self.plan, stage.city, records)
        self.tell(_("first load: {count} records").format(count=f"{len(records):,}"))
        stage.linkage(
            "limits", "limits", "--records", "2000", "--percent", "20", "--withdrawn", "1000",
            user="kakari",
        )  # fmt: skip
        for name in ("kakari", "kacho"):
            stage.step("limits", "linkage", "approve", "--limits", "1", *insurer, "--user", name)
        stage.night(self.link)
        self.tell(_("first load: registered"))
        self.examiner.learn([one.person for one in records])

    def round(self, number: int) -> None:
        """One business day, from 9:30 to 9:05 of the next."""
        day = self.plan.day(number)
        self.stage.open_day(day, 9, 30)
        people = self.plan.shuffled(f"asked/{number}", sorted(self.cast.truth.places))
        asking = threading.Thread(target=self._ask, args=(people,), daemon=True)
        self._broken = None
        asking.start()
        self._pay(number, day, posted=True)
        self._hear(number, day)
        self._pay(number, day, posted=False)
        self._act(number, day)
        self._examine(number)
        asking.join()
        if self._broken:
            raise LinkageError(_("the examiner broke: {why}").format(why=self._broken))
        self._evening(number, day)
        self.tell(_("round {number}: night").format(number=number))
        # every other night goes by files
        self.stage.night(self.link, None if number % 2 else self.files)
        self._examine(number)
        self.stage.reconcile(self.link)
        self.stage.open_day(open_day(day + timedelta(days=1), ()), 9, 5)
        self.stage.freshness(self.link)
        self._examine(number)
        self.tell(
            _("round {number}: done; {kills} kills so far").format(
                number=number, kills=len(self.stage.killer.done)
            )
        )

    def _ask(self, people: list[str]) -> None:
        """The examiner, all day long."""
        try:
            for place in range(INQUIRIES):
                self.examiner.inquire(people[place * 15 : place * 15 + 15])
        except Exception as error:  # told by the story, whose thread is another
            self._broken = error

    def _examine(self, number: int) -> None:
        """The examiner asks about those to whom something happened."""
        touched = {one.household for one in self.events}
        places = self.cast.truth.places
        houses = {place: one.household for place, one in self.cast.truth.demands.items()}
        people = [one for one, own in places.items() if houses[own[0]] in touched]
        self.stage.killer.arm("examine")
        try:
            self.examiner.inquire(self.plan.pick(f"examined/{number}", number, people, 200))
        finally:
            self.stage.killer.disarm("examine")

    def _pay(self, number: int, day: date, *, posted: bool) -> None:
        """A file with receipts comes; posted at once, or taken in while its posting waits."""
        name = f"receipts-{number:02d}-{'a' if posted else 'b'}"
        self.tell(_("round {number}: {what}").format(number=number, what=name))
        count = max(4, len(self.cast.truth.demands) // 400)
        taken, self.cast.paying = self.cast.paying[:count], self.cast.paying[count:]
        paid = [
            (one, one.owed if self.plan.number(f"{name}/{one.place}", 3) else max(one.owed // 2, 1))
            for one in taken
        ]
        if not paid:
            return
        path = self.stage.city.receipts(paid, day, name)
        self._begun[path.name] = self.stage.now(), paid
        self.paid[path.name] = sum(yen for _demand, yen in paid)
        if posted:
            self.stage.step("receipts", "import", "receipts", str(path), "--on", str(day))
        else:
            self.stage.step("receipts", "record", str(path), "rehearsal")
        self._arrived(path.name, day)
        self.stage.quarter(self.link)

    def _arrived(self, name: str, day: date) -> None:
        """The clock starts when the file was taken in."""
        from kokuho.office.ledger.models import ReceiptFile
        from kokuho.office.tenancy import seeing

        with seeing([self.stage.city.insurer]):
            at = ReceiptFile.objects.get(name=name).recorded_at
        begun, paid = self._begun[name]
        for one, yen in paid:
            self.events.append(
                Event("paid", one.household, one.place, yen, begun, timezone.localtime(at),
                      self._morning(day))
            )  # fmt: skip

    def _morning(self, day: date) -> datetime:
        following = open_day(day + timedelta(days=1), ())
        return timezone.make_aware(datetime(following.year, following.month, following.day, 9))

    def _hear(self, number: int, day: date) -> None:
        """Losses, deaths, other heads; somebody comes under protection measures."""
        for kind, path in self.stage.city.slice(number, self.plan.rounds):
            self.stage.step("import", "import", kind, str(path), ok=(0, 1))
        chosen, self.cast.protecting = self.cast.protecting[:2], self.cast.protecting[2:]
        if chosen:
            path = self.stage.city.protect([one for one, _house in chosen], f"protect-{number:02d}")
            begun = self.stage.now()
            self.stage.step("import", "import", "residents", str(path), ok=(0, 1))
            for _person, house in chosen:
                self._happened("hidden", house, "", begun, day)
        self.stage.quarter(self.link)

    def _happened(self, kind: str, house: str, place: str, begun: datetime, day: date) -> None:
        self.events.append(
            Event(kind, house, place, 0, begun, self.stage.now(), self._morning(day))
        )

    def _act(self, number: int, day: date) -> None:
        """A deferral of collection, and a correction by hand."""
        insurer = self.stage.city.insurer
        for one in self._next(self.cast.deferring, 2):
            begun, text = self.stage.now(), f"演習 {number} {one.household}"
            self.stage.step(
                "acts", "arrears", "record", "deferral", one.household, "--insurer", insurer,
                "--on", str(day), "--demand", one.demand, "--until", str(day + timedelta(days=90)),
                "--code", "collection_hardship", "--text", text,
            )  # fmt: skip
            self._happened("deferred", one.household, one.place, begun, day)
        for one in self._next(self.cast.correcting, 1):
            begun, key = self.stage.now(), self.cast.keys[one.place][0]
            self.stage.linkage(
                "acts", "correct", key, "--link", self.link, "--reason", f"演習 {number}",
                "--set", "overdue=0",
            )  # fmt: skip
            self._happened("corrected", one.household, one.place, begun, day)
            self.corrected.add(key)
            for batch in self.stage.waiting():
                self.stage.approve(batch)
        self.stage.quarter(self.link)

    def _next(self, of: list[Demand], count: int) -> list[Demand]:
        taken = of[:count]
        del of[:count]
        return taken

    def _evening(self, number: int, day: date) -> None:
        """Receipts that wait are posted, changes are levied and billed, a refund is paid."""
        self.tell(_("round {number}: evening").format(number=number))
        stage, insurer = self.stage, ("--insurer", self.stage.city.insurer)
        on = ("--on", str(day))
        stage.open_day(day, 17, 30)
        stage.step("post", "ledger", "post", *insurer, *on)
        stage.step("assess", "assess", "changes", *insurer, "--decided-on", str(day), ok=(0, 1))
        stage.step("assess", "bill", "changes", *insurer, "--notice-date", str(day), ok=(0, 1))
        stage.step("post", "ledger", "post", *insurer, "--fiscal-year", str(YEAR), *on, ok=(0, 1))
        done = stage.step("refund", "ledger", "refund", "open", *insurer, *on, "--json")
        assert done is not None
        free = [one for one in done.json()["overpaid"] if not one["asked"] and one["amount"] > 0]
        for one in self.plan.pick("refund", number, free, 2):
            self._refund(one, insurer, on)

    def _refund(self, one: dict[str, Any], insurer: tuple[str, ...], on: tuple[str, ...]) -> None:
        stage, words = self.stage, ("ledger", "refund")
        asked = stage.step(
            "refund", *words, "ask", one["demand_id"], *insurer, "--amount", str(one["amount"]),
            "--reason", "演習", "--cause", "mistake", "--component", one["component"], *on,
        )  # fmt: skip
        assert asked is not None
        number = asked.out.split()[0]
        for user in ("kakari", "kacho"):
            stage.step(
                "refund", *words, "approve", number, *insurer, "--user", user, "--password-stdin",
                *on, text=stage.city.password + "\n",
            )  # fmt: skip
        stage.step("refund", *words, "pay", number, *insurer, *on)
