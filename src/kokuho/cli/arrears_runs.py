"""What the runs of reminders and letters of demand share: stopping one, lists, answers in JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import typer

from kokuho.base.messages import translator

_ = translator("collecting")


def stop(insurer: str, kind: str, on: date) -> None:
    """Ask the run of a day to stop, and end the command: exit 1 if none is running."""
    from kokuho.office.jobs.runs import ask_to_cancel

    stopped = ask_to_cancel(insurer, kind, on.isoformat())
    typer.echo(_("it stops after the piece that it is at") if stopped else _("none is running"))
    raise typer.Exit(0 if stopped else 1)


def write_list(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a list as CSV that Excel reads, in full or not at all.

    Raises:
        TableError: the folder or disk does not take it.
    """
    from kokuho.tables import in_place

    def write(part: Path) -> None:
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            out = csv.writer(file)
            out.writerow(heads)
            out.writerows(rows)

    in_place(path, write)


def tell(data: Mapping[str, Any]) -> None:
    """An answer for machines."""
    typer.echo(json.dumps(data, ensure_ascii=False, default=str))
