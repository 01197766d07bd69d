"""The report of a rehearsal: for machines (JSON) and for people, in Japanese."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kokuho.base.messages import translator
from kokuho.rehearsal.checks import Check

_ = translator("rehearsal")

SHOWN = 20
"""Findings of a check that are shown to people; the JSON has more."""
KEPT = 1_000

TITLES: Mapping[str, str] = {
    "city_to_mesh": "each version that the city registered stands with the mesh, the same",
    "mesh_to_city": "the mesh holds no version that the city did not register",
    "once": "no record and version stands twice on either side",
    "standing": "of each record the highest version stands",
    "contents": "each encrypted copy says what was registered",
    "refused": "the mesh refused no record",
    "open": "no batch waits for approval or for an answer",
    "commands": "reconciliations agree, and in the morning nothing is past its limit",
    "books": "one more look at the books finds nothing to register",
    "answers": "no answer of the whole run shows arrears beyond the limits, or what is not true",
    "final_answers": "the last answer about everybody says what the books say",
    "provisions": "records of provision are those of the answers, each once",
    "receipts": "each file of receipts is recorded once",
    "ledger": "the ledger verifies",
    "sealed": "the mesh's log is sealed and time-stamped to its end",
    "mesh_log": "the mesh's log verifies with the public keys alone",
    "city_log": "what the city sent and was answered is signed and stands in the mesh's log",
    "kills": "all planned kills happened",
    "faults": "the way was damaged in each of the planned manners",
}


def write(out: Path, facts: Mapping[str, Any], checks: Sequence[Check]) -> bool:
    """Write ``report.json`` and ``report.txt``; whether all holds."""
    holds = all(one.holds for one in checks)
    stated = {
        **facts,
        "holds": holds,
        "checks": [
            {**asdict(one), "findings": list(one.findings[:KEPT]), "wrong": len(one.findings),
             "holds": one.holds}
            for one in checks
        ],
    }  # fmt: skip
    _put(out / "report.json", json.dumps(stated, ensure_ascii=False, indent=1, default=str) + "\n")
    _put(out / "report.txt", "\n".join(lines(facts, checks)) + "\n")
    return holds


def lines(facts: Mapping[str, Any], checks: Sequence[Check]) -> list[str]:
    """The report for people."""
    told = [
        _("Rehearsal of the linkage: {persons} insured, seed {seed}, {rounds} days").format(
            persons=f"{facts['persons']:,}", seed=facts["seed"], rounds=facts["rounds"]
        ),
        _(
            "{killed} kills (city {city}, mesh {mesh}); {messages} messages, {faults} of them "
            "damaged"
        ).format(
            killed=len(facts["kills"]), city=facts["killed"]["city"], mesh=facts["killed"]["mesh"],
            messages=f"{facts['messages']:,}", faults=sum(facts["faults"].values()),
        ),
        "  " + "  ".join(f"{_(name)} {count}" for name, count in sorted(facts["faults"].items())),
        _("{answers} answers of the examiner; {seconds} seconds").format(
            answers=f"{facts['answers']:,}", seconds=facts["seconds"]
        ),
        "",
    ]  # fmt: skip
    for one in checks:
        mark = _("holds") if one.holds else _("FAILS")
        told.append(f"{mark}  {_(TITLES[one.name])} ({one.count:,})")
        told += [f"      {finding}" for finding in one.findings[:SHOWN]]
        if len(one.findings) > SHOWN:
            told.append(f"      … {len(one.findings):,}")
    told.append("")
    all_hold = all(one.holds for one in checks)
    told.append(_("All holds.") if all_hold else _("It does not hold."))
    return told


def _put(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
