"""Running a rehearsal from its beginning to its report."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.mesh.founding import Wanted
from kokuho.mesh.founding import make as make_mesh
from kokuho.mesh.proxy import Proxy
from kokuho.mesh.rehearsal import Rehearsal
from kokuho.mesh.service import Service
from kokuho.rehearsal import city as cities
from kokuho.rehearsal import report, verdict
from kokuho.rehearsal.clock import Clock, Pace
from kokuho.rehearsal.examiner import Examiner
from kokuho.rehearsal.kills import Killer
from kokuho.rehearsal.plan import Plan
from kokuho.rehearsal.processes import Mesh, Worker, free_port
from kokuho.rehearsal.stage import Stage
from kokuho.rehearsal.story import Story

_ = translator("rehearsal")

_PERSONS = Path(__file__).with_name("persons.yaml")
"""The rehearsal's own table of persons, with everybody."""
MARK = "linkage-rehearsal.json"
PACE = 20
"""Seconds of the office in a real one: 15 minutes are 45 seconds."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What is rehearsed: insured, kills, seed, and how much faster the office's clock runs."""

    persons: int
    kills: int
    seed: int
    pace: int = PACE


def rehearse(out: Path, wish: Wish, tell: Tell, *, anew: bool = False) -> tuple[bool, list[str]]:
    """Run a rehearsal; whether all held, and the report for people.

    Args:
        out: a folder for everything, not there yet or empty.
        wish: what.
        tell: told how far it is.
        anew: take the place of an earlier rehearsal in that folder.

    Raises:
        InputError: the folder holds something else.
        KokuhoError: a process or a command failed.
    """
    out = out.absolute()
    _open(out, wish, anew=anew)
    began = time.monotonic()

    def told(text: str) -> None:
        tell(f"{time.monotonic() - began:6.1f}  {text}")

    plan = Plan.of(wish.kills, wish.seed)
    (out / "plan.json").write_text(json.dumps(asdict(plan), indent=1) + "\n", encoding="utf-8")
    url = cities.open_database(out / "city")
    clock = _clock(plan, wish.pace)
    city = cities.make(out / "city", url, wish.persons, wish.seed, plan.day(0), told)
    port, mesh_port = free_port(), free_port()
    rehearsal = _found(out, city.municipality, port)
    told(_("mesh: {folder}").format(folder=rehearsal.folder))
    worker = Worker({"KOKUHO_DATABASE": city.url}, out / "city.log")
    mesh = Mesh(rehearsal, mesh_port, out / "mesh.log")
    killer = Killer(plan.kills, worker, mesh)
    proxy = Proxy(rehearsal, mesh_port, plan.fault, killer.watch, port)
    try:
        mesh.begin()
        stage = Stage(city, worker, mesh, killer, clock)
        link = str(rehearsal.client("city") / "link.yaml")
        examiner = Examiner(
            rehearsal.client("immigration") / "link.yaml", city.municipality, stage.now
        )
        mesh.wait()
        story = Story(plan, stage, examiner, link, _files(rehearsal, out), told)
        story.run()
        told(_("checks"))
        last = verdict.settle(story, proxy)
        held = Service.of(rehearsal)
        verdict.sealed(held)
        mesh.close()
        checks = list(verdict.checked(story, proxy, held, last, out))
        facts = _facts(wish, story, proxy, round(time.monotonic() - began))
        return report.write(out, facts, checks), report.lines(facts, checks)
    finally:
        proxy.close()
        worker.close()
        mesh.close()


def _open(out: Path, wish: Wish, *, anew: bool) -> None:
    if out.exists() and any(out.iterdir()):
        if not (out / MARK).is_file():
            raise InputError(_("{folder} is not empty and no rehearsal").format(folder=out))
        if not anew:
            raise InputError(
                _("{folder} holds a rehearsal; --anew takes its place").format(folder=out)
            )
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).write_text(json.dumps(asdict(wish)) + "\n", encoding="utf-8")


def _clock(plan: Plan, factor: int) -> Clock:
    """The office's time in this process; while the city is made it stands at the first day."""
    from django.utils import timezone

    day = plan.day(0)
    morning = timezone.make_aware(datetime(day.year, day.month, day.day, 8))
    clock = Clock(Pace(time.time(), morning, 1))
    clock.install()
    clock.pace = Pace(time.time(), morning, factor)
    return clock


def _found(out: Path, municipality: str, port: int) -> Rehearsal:
    """The mesh of the shipped organisations, with this city's municipality."""
    shipped = resources.files("kokuho.mesh") / "data" / "organisations.yaml"
    stated = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    for one in stated["organisations"]:
        if one["id"] == "city":
            one["municipalities"] = [municipality]
    file = out / "organisations.yaml"
    file.write_text(yaml.safe_dump(stated, allow_unicode=True), encoding="utf-8")
    made = make_mesh(out / "mesh", Wanted(organisations=file, port=port))
    link = made.client("city") / "link.yaml"
    own = yaml.safe_load(link.read_text(encoding="utf-8")) | {"persons": str(_PERSONS)}
    link.write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")
    return made


def _files(rehearsal: Rehearsal, out: Path) -> Path:
    """A folder with a link of the city by files, with the same keys."""
    folder, own = out / "files", rehearsal.client("city")
    for name in ("out", "results"):
        (folder / name).mkdir(parents=True)
    stated = yaml.safe_load((own / "link.yaml").read_text(encoding="utf-8"))
    stated["keys"] = {name: str(own / file) for name, file in stated["keys"].items()}
    stated["transport"] = {"form": "files", "out": "out", "results": "results"}
    (folder / "link.yaml").write_text(yaml.safe_dump(stated), encoding="utf-8")
    return folder


def _facts(wish: Wish, story: Story, proxy: Proxy, seconds: int) -> dict[str, Any]:
    killed = story.stage.killer.done
    targets = Counter(one.kill.target for one in killed)
    return {
        **asdict(wish),
        "rounds": story.rounds,
        "kills": [
            {**asdict(one.kill), "happened_in": one.round, "after": round(one.after, 3)}
            for one in killed
        ],
        "killed": {one: targets[one] + targets["both"] for one in ("city", "mesh")},
        "messages": sum(proxy.seen.messages.values()),
        "by_client": dict(proxy.seen.messages),
        "faults": dict(proxy.seen.faults),
        "unreachable": proxy.seen.unreachable,
        "sent_again": story.stage.tries,
        "files_doubled": story.stage.files_doubled,
        "answers": len(story.examiner.answers),
        "events": Counter(one.kind for one in story.events),
        "seconds": seconds,
    }
