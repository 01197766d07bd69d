"""What a timer calls every quarter of an hour: it does what is due, and says what presses.

Each step is whole by itself and does nothing where nothing is due: called twice, late, or again
after a kill, it goes on. One step that fails (a line that is down) does not keep the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from kokuho.base.errors import KokuhoError
from kokuho.base.messages import translator
from kokuho.linkage.exchange import Party
from kokuho.linkage.link import Folders, Link
from kokuho.linkage.transport import Transport
from kokuho.office.jobs.runs import Run
from kokuho.office.linkage import status
from kokuho.office.linkage.audit import write_days
from kokuho.office.linkage.disposing import dispose
from kokuho.office.linkage.fresh import Arrival, freshness
from kokuho.office.linkage.reconciling import Outcome, reconcile
from kokuho.office.linkage.registering import Registration, register
from kokuho.office.linkage.sending import Sent, results, send
from kokuho.office.linkage.stuck import WAITED as NO_RESULT
from kokuho.office.linkage.stuck import Stuck, stuck
from kokuho.office.linkage.sweep import Reconciliation, Sweep
from kokuho.office.tenancy import seeing

_ = translator("linkage")

WAITED = timedelta(days=1)
"""How long a batch may wait for two persons before the timer says so."""


@dataclass
class Ticked:
    """What was done, and what presses.

    Attributes:
        whole: whether all households were looked at.
        looked: what the look found; ``None`` where it failed.
        sent: what went out and came back.
        reconciled: the outcome of the monthly reconciliation, if it was due.
        pressing: arrivals near or past a limit.
        waited: batches that have waited for two persons for too long.
        stuck: what went out and was refused, now or before, or has had no result for too long.
        failures: steps that failed, each with its reason.
        files: files of the office's log that were written, and files that were disposed of.
    """

    whole: bool = False
    looked: Registration | None = None
    sent: Sent = field(default_factory=Sent)
    reconciled: Outcome | None = None
    pressing: list[Arrival] = field(default_factory=list)
    waited: list[status.Held] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    @property
    def alarm(self) -> bool:
        """Whether somebody has to look."""
        return bool(
            self.failures
            or self.pressing
            or self.waited
            or self.stuck
            or self.sent.refused
            or self.sent.failures
            or (self.looked and self.looked.problems)
            or (self.reconciled and self.reconciled.differences)
        )


def tick(insurer: str, link: Link, party: Party, transport: Transport, *, actor: str) -> Ticked:
    """Do what is due now.

    A look at what was touched, and at all households once a night (``schedule.nightly``); what is
    released goes out and results are recorded; once a month all copies are compared
    (``schedule.reconcile_day``), by REST alone; the office's log goes out (``audit``) and files are
    disposed of where there are some; freshness last.
    """
    done = Ticked()
    now = timezone.localtime()
    night = _last_night(now, link)
    with seeing([insurer]):
        looks = Sweep.objects.filter(insurer_id=insurer, whole=True)
        done.whole = not looks.filter(as_of__gte=night).exists()

    def look() -> None:
        done.looked = register(insurer, link, actor=actor, only_touched=not done.whole)

    def go() -> None:
        done.sent.add(deliver(insurer, link, party, transport, actor=actor))

    def answers() -> None:
        done.sent.add(results(insurer, party, transport, actor=actor))

    def compare() -> None:
        if _reconciliation_due(insurer, now, night, link, transport):
            done.reconciled = reconcile(insurer, link, party, transport, actor=actor)
            if done.reconciled.batch:
                go()

    def log() -> None:
        if link.audit:
            with seeing([insurer]):
                key, until = party.key, now.date() - timedelta(days=1)
                done.files += [one.name for one in write_days(insurer, key, link.audit, until)]

    def files() -> None:
        if isinstance(link.transport, Folders):
            done.files += [one.name for one in dispose(insurer, link, actor=actor)]

    steps = {
        _("look"): look,
        _("sending"): go,
        _("results"): answers,
        _("reconciliation"): compare,
        _("office's log"): log,
        _("disposal"): files,
    }
    for title, step in steps.items():
        _try(done, title, step)
    with seeing([insurer]):
        arrivals = freshness(insurer, link.freshness.limits())
        done.pressing = [one for one in arrivals if one.open and one.state in ("alarm", "late")]
        done.stuck = stuck(insurer, now - NO_RESULT)
        done.waited = [one for one in status.held(insurer) if one.since < now - WAITED]
    return done


def _try(done: Ticked, title: str, step: Callable[[], None]) -> None:
    try:
        step()
    except (KokuhoError, OSError) as error:
        done.failures.append(f"{title}: {error}")


def _last_night(now: datetime, link: Link) -> datetime:
    """The last moment at which the nightly look became due."""
    tonight = datetime.combine(now.date(), time.fromisoformat(link.schedule.nightly), now.tzinfo)
    return tonight if tonight <= now else tonight - timedelta(days=1)


def _reconciliation_due(
    insurer: str, now: datetime, night: datetime, link: Link, transport: Transport
) -> bool:
    """Whether none was made since the day of the month on which it is due.

    While a file is under way it waits for the next call; files carry none at all.
    """
    if not transport.certificate:
        return False
    due = night.replace(day=link.schedule.reconcile_day)
    if due > now:
        due = (due.replace(day=1) - timedelta(days=1)).replace(day=link.schedule.reconcile_day)
    with seeing([insurer]):
        made = Reconciliation.objects.filter(insurer_id=insurer, at__gte=due).exists()
        begun = Sweep.objects.filter(insurer_id=insurer).exists()
        return begun and not made and not status.unanswered(insurer)


def deliver(
    insurer: str,
    link: Link,
    party: Party,
    transport: Transport,
    *,
    actor: str,
    again: tuple[int, ...] = (),
    progress: Callable[[Run], None] | None = None,
) -> Sent:
    """Send; what was paid while a batch waited for approval follows at once."""
    sent = send(insurer, party, transport, actor=actor, again=again, progress=progress)
    if sent.approved and not sent.failures and register(insurer, link, actor=actor).urgent:
        sent.add(send(insurer, party, transport, actor=actor))
    return sent
