"""Full reconciliation (全件照合): copies against what we registered, by digest per person.

Each month, and after a restore on either side. Persons go in ranges of address numbers, so that the
other side finds those that we know nothing of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.approval import reasons_to_wait
from kokuho.linkage.changes import Change, Standing
from kokuho.linkage.exchange import Party, ask, open_answer, read_answer
from kokuho.linkage.layouts import layout_on
from kokuho.linkage.link import Link
from kokuho.linkage.messages.bodies import SCOPES, PersonDigest, Reconcile, Reconciled
from kokuho.linkage.messages.record import person_digest
from kokuho.linkage.transport import Transport
from kokuho.office.ledger.books import lock
from kokuho.office.linkage import copies, limits
from kokuho.office.linkage.making import keep, prepare
from kokuho.office.linkage.snapshot import municipality_of
from kokuho.office.linkage.status import unanswered
from kokuho.office.linkage.sweep import Reconciliation
from kokuho.office.tenancy import seeing

_ = translator("linkage")

AT_ONCE = 2_000
"""Persons in one message."""


@dataclass
class Outcome:
    """What a reconciliation found.

    Attributes:
        persons: how many were compared.
        differences: ``person, kind`` (``missing``, ``extra``, ``different``).
        batch: number of the batch that registers them anew; 0 for none.
        reasons: why that batch waits for two persons.
    """

    persons: int = 0
    differences: list[tuple[str, str]] = field(default_factory=list)
    batch: int = 0
    reasons: tuple[str, ...] = ()


def reconcile(
    insurer: str,
    link: Link,
    party: Party,
    transport: Transport,
    *,
    actor: str,
    dry_run: bool = False,
    at_once: int = AT_ONCE,
) -> Outcome:
    """Compare all copies; register anew what the other side has otherwise, or has not.

    A copy that we know nothing of (``extra``) is told and left to a person.

    Raises:
        LinkageError: batches are under way, or no answer came.
    """
    with seeing([insurer]):
        _check_quiet(insurer)
        persons = _persons(insurer)
        municipality = municipality_of(insurer)
    outcome = Outcome(persons=len(persons))
    for after, until, some in _ranges(persons, at_once):
        body = Reconcile(municipality=municipality, after=after, until=until, persons=list(some))
        question = ask(party, transport, "reconcile", body)
        name = f"{insurer}-reconcile-{question.number}"
        sealed = transport.send(name, question.sealed, SCOPES["reconcile"])
        if sealed is None:
            raise LinkageError(_("files carry no reconciliation; it needs REST (transport)"))
        envelope = open_answer(party, transport, sealed, "reconcile")
        answer = read_answer(envelope, question.number)
        if not isinstance(answer, Reconciled):
            raise LinkageError(
                _("the other side refused the reconciliation: {code}").format(
                    code=getattr(answer, "code", "-")
                )
            )
        outcome.differences += [(one.person, one.kind) for one in answer.differences]
    if dry_run:
        return outcome
    return _keep(insurer, link, outcome, actor)


def _check_quiet(insurer: str) -> None:
    """What is under way would look like a difference."""
    if open_ := unanswered(insurer):
        raise LinkageError(
            _("batch {number} is released and not answered yet; send it first").format(
                number=open_[0]
            )
        )


def _persons(insurer: str) -> list[PersonDigest]:
    found = []
    rows = copies.digests(insurer).sort("person", "key")
    for (person,), own in rows.partition_by("person", as_dict=True, maintain_order=True).items():
        records = list(own.select("key", "version", "content").iter_rows())
        found.append(
            PersonDigest(person=person, records=len(records), digest=person_digest(records))
        )
    return found


def _ranges(
    persons: Sequence[PersonDigest], at_once: int
) -> Iterator[tuple[str, str, Sequence[PersonDigest]]]:
    """Ranges that cover all numbers that there can be, without a gap."""
    after = ""
    for start in range(0, max(len(persons), 1), at_once):
        some = persons[start : start + at_once]
        last = start + at_once >= len(persons)
        until = "" if last else some[-1].person
        yield after, until, some
        after = until


def _keep(insurer: str, link: Link, outcome: Outcome, actor: str) -> Outcome:
    again = {person for person, kind in outcome.differences if kind != "extra"}
    now = timezone.localtime()
    with seeing([insurer], writing=True):
        lock(insurer)
        if again:
            standing = copies.registered(insurer, "person", again)
            versions = copies.last_versions(insurer, "person", again)
            changes = _anew(standing, versions)
            layout = layout_on(link.known_layouts(), link.layout, now.date())
            total = copies.count(insurer)
            reasons = reasons_to_wait(changes, total, limits.in_force(insurer))
            outcome.reasons = reasons
            outcome.batch = keep(
                insurer, prepare(insurer, layout, changes), "reconciliation", reasons,
                now.replace(microsecond=0), actor,
            )  # fmt: skip
        Reconciliation.objects.create(
            insurer_id=insurer, at=now, actor=actor, persons=outcome.persons,
            differences=[list(one) for one in outcome.differences], batch=outcome.batch,
        )  # fmt: skip
    return outcome


def _anew(standing: dict[str, Standing], versions: dict[str, int]) -> list[Change]:
    """The records as we hold them, under their next versions."""
    return [
        Change(
            "withdrawn" if one.record.action == "withdraw" else "changed",
            one.record.next_version(
                versions[key] + 1, "withdraw" if one.record.action == "withdraw" else "register"
            ),
            one.said,
            False,
        )
        for key, one in standing.items()
    ]
