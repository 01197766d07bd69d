"""The end of a rehearsal: everything is held against everything, each a line of the report."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kokuho.linkage.exchange import party_of
from kokuho.linkage.link import load_link
from kokuho.mesh.proxy import FAULTS, Proxy
from kokuho.mesh.service import Service
from kokuho.rehearsal import checks, reading
from kokuho.rehearsal.checks import Check
from kokuho.rehearsal.examiner import PURPOSE, Answered
from kokuho.rehearsal.story import Story

SEALING = 30.0
"""Seconds until the last records of the log are sealed and stamped."""
ALL_FAULTS = 120
"""Messages of a client from which on each fault must have happened."""


def settle(story: Story, proxy: Proxy) -> list[Answered]:
    """Let what is under way arrive, then ask about everybody once more."""
    while proxy.flush():
        pass
    answers = story.examiner.inquire(sorted(story.examiner.persons))
    while proxy.flush():
        pass
    return answers


def sealed(mesh: Service) -> None:
    """Wait until all of the mesh's log is sealed and time-stamped."""
    until = time.monotonic() + SEALING
    while reading.unsealed(mesh) and time.monotonic() < until:
        time.sleep(0.2)


def checked(
    story: Story, proxy: Proxy, mesh: Service, last: list[Answered], out: Path
) -> Iterator[Check]:
    """All checks, one after the other; mesh and city are at rest."""
    stage, insurer = story.stage, story.stage.city.insurer
    here, there = reading.sent_versions(insurer), reading.held_versions(mesh)
    yield _check("city_to_mesh", len(here), checks.absent(here, there))
    yield _check("mesh_to_city", len(there), checks.absent(there, here))
    yield _check("once", len(here) + len(there), [*checks.doubled(here), *checks.doubled(there)])
    stand = reading.held_standing(mesh)
    yield _check("standing", len(stand), checks.standing(here, stand))
    count, wrong = reading.unreadable(mesh)
    yield _check("contents", count, wrong)
    yield _check("refused", len(here), stage.refused)
    yield _check("open", len(here), reading.open_batches(insurer))
    yield _check("commands", len(here), stage.findings)
    yield _books(story)
    answers = story.examiner.answers
    yield _check("answers", len(answers), story.cast.truth.judge(answers, story.events))
    yield _final(story, mesh, last)
    kept = reading.provided(mesh)
    asked = story.examiner.asked
    yield _check("provisions", len(answers), checks.provisions(answers, asked, kept))
    yield _money(story)
    yield _ledger(story)
    yield from _logs(story, mesh, out)
    if story.plan.kills:
        yield _check("kills", len(stage.killer.done), [
            f"{one.number}: {one.step} {one.target} {one.moment}: never came in time"
            for one in stage.killer.pending
        ])  # fmt: skip
    busy = max(proxy.seen.messages.values()) >= ALL_FAULTS
    yield _check("faults", sum(proxy.seen.faults.values()),
                 checks.faults(proxy.seen.faults, FAULTS) if busy else ())  # fmt: skip


def _check(name: str, count: int, findings: Any) -> Check:
    return Check(name, count, tuple(findings))


def _books(story: Story) -> Check:
    """One more look at the books finds nothing to register."""
    words = ("register", "--link", story.link, "--dry-run", "--json")
    done = story.stage.linkage("look", *words, ok=(0, 1))
    assert done is not None
    found = done.json()
    changes = [
        f"{name}: {count} {nature}"
        for name in ("at_once", "others") for nature, count in found[name].items() if count
    ]  # fmt: skip
    return Check("books", 1, (*changes, *(str(one) for one in found["problems"])))


def _final(story: Story, mesh: Service, last: list[Answered]) -> Check:
    institution = mesh.rehearsal.organisations.by_id["immigration"].institution
    rule = mesh.rehearsal.rules.allowed(institution, PURPOSE)
    items = [one for one in rule.items if one != "as_of"]
    books: dict[str, list[Any]] = {}
    hidden, corrected = set(), {}
    for one in story.stage.city.records():
        fields = one.as_json()
        books.setdefault(one.person, []).append(fields)
        if one.by_hand:
            hidden.add(one.person)
        if one.key in story.corrected:
            corrected[one.person, checks.term_of(fields)] = {"overdue": 0}
    return _check(
        "final_answers", len(last), checks.final_answers(last, books, hidden, corrected, items)
    )


def _money(story: Story) -> Check:
    """Each receipt file is recorded once, with its yen."""
    there = reading.recorded(story.stage.city.insurer)
    wrong = [
        f"{name}: {there.get(name)} yen, {yen} came"
        for name, yen in story.paid.items() if there.get(name) != yen
    ]  # fmt: skip
    return Check("receipts", len(story.paid), tuple(wrong))


def _ledger(story: Story) -> Check:
    stage = story.stage
    done = stage.step(
        "look", "ledger", "verify", "--insurer", stage.city.insurer, "--json", ok=(0, 1)
    )
    assert done is not None
    found = done.json()["findings"]
    return Check("ledger", 1, tuple(f"{one['code']}: {one['place']}" for one in found))


def _logs(story: Story, mesh: Service, out: Path) -> Iterator[Check]:
    stage, insurer = story.stage, story.stage.city.insurer
    yield Check("sealed", 1, ("records without seal or time-stamp",) * bool(reading.unsealed(mesh)))
    records, wrong = 0, []
    for place, day in enumerate(reading.log_days(mesh)):
        file = out / f"log-{day}.jsonl"
        made = mesh.rehearsal
        stage.step(
            "look", "mesh", "export-log", str(made.folder), "--secrets", str(made.secrets),
            "--day", day, "--out", str(file),
        )  # fmt: skip
        done = stage.step(
            "look", "mesh", "verify-log", str(file), "--keys", str(made.ring_file), "--json",
            *(() if place else ("--whole",)), ok=(0, 1),
        )  # fmt: skip
        assert done is not None
        found = done.json()
        records += found["records"]
        wrong += [f"{day}: record {one['record']}: {one['code']}" for one in found["findings"]]
        wrong += [f"{day}: not closed"] * (not found["closed"])
    yield Check("mesh_log", records, tuple(wrong))
    known = reading.log_contents(mesh)
    answers, unsigned = reading.answers_of_city(insurer, party_of(load_link(Path(story.link))))
    sent = reading.messages_of_city(insurer)
    yield _check("city_log", len(answers) + len(sent),
                 [*unsigned, *checks.logged(answers | sent, known)])  # fmt: skip
