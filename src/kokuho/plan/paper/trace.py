"""The trace beside a paper: each figure with the files and columns that it was taken from.

``F.trace.json`` names every table, chart and paragraph with figures; ``F.runs/`` holds the files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kokuho.plan.paper.blocks import Block, Chart, Table, numbered
from kokuho.plan.paper.compose import sections_of
from kokuho.plan.paper.runs import Runs
from kokuho.plan.scenario.inputs import digest
from kokuho.plan.scenario.provenance import provenance

FORMAT = "kokuho-trace/1"


def trace(runs: Runs, scenario_file: Path, folder: Path, paper: Path) -> dict[str, Any]:
    """The trace of a written paper; the runs must stand in their folder."""
    sections = sections_of(runs)
    labels = {id(block): label for label, block in numbered(sections)}
    return {
        "format": FORMAT,
        "paper": {"file": paper.name, "sha256": digest(paper)},
        "scenario": {"file": scenario_file.name, "sha256": digest(scenario_file)},
        "runs": {
            "folder": folder.name,
            "files": {
                path.relative_to(folder).as_posix(): digest(path)
                for path in sorted(folder.rglob("*"))
                if path.is_file()
            },
            "patterns": [
                {
                    "variant": one.pattern.variant,
                    "title": one.pattern.title,
                    "run": one.run if one.solution is not None else None,
                }
                for one in runs.patterns
            ],
        },
        "figures": [
            {
                "section": section.key,
                "label": labels.get(id(block)),
                "kind": type(block).__name__.lower(),
                "title": _title(block),
                "sources": [source.as_dict() for source in block.sources],
            }
            for section in sections
            for block in section.blocks
            if block.sources
        ],
        "provenance": provenance(runs.inputs, runs.first.pattern.variant),
    }


def _title(block: Block) -> str:
    return block.title if isinstance(block, Table | Chart) else block.text
