"""What the commands of the ledger have in common."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from kokuho.base.calendar import today
from kokuho.base.messages import translator
from kokuho.cli import office_runs
from kokuho.cli.office_runs import required_day

if TYPE_CHECKING:
    from kokuho.office.jobs.runs import Run

_ = translator("books")

T = TypeVar("T")

On = Annotated[str | None, typer.Option("--on", help="記帳日・基準日(指定しなければ今日)")]
Key = Annotated[str, typer.Option("--source", help="決裁・督促状等の番号。同じ番号は一度だけ記帳")]


def actor() -> str:
    """Who is at the keyboard."""
    return getpass.getuser()


def day(text: str | None) -> date:
    """A day in any form that offices use; today, in Japan, if none is given.

    Raises:
        InputError: it is no date.
    """
    return today() if text is None else required_day(text)


def with_progress(work: Callable[[Callable[[Run], None]], T]) -> T:
    """Post with a bar that shows how many receipts or households are done."""
    return office_runs.with_progress(work, _("posting"), "receipts", "households")


def summed(runs: Sequence[Run]) -> dict[str, Any]:
    """What some runs did, together."""
    names = ("households", "receipts", "amount", "journals", "entries")
    return {name: sum(run.counts.get(name, 0) for run in runs) for name in names}


def tell_run(runs: Sequence[Run], as_json: bool) -> None:
    """Say what some runs did; exit 1 where households were refused."""
    counts = summed(runs)
    refused = [one for run in runs for one in run.cursor.get("refused", [])]
    if as_json:
        states = [run.state for run in runs]
        typer.echo(json.dumps({"states": states, **counts, "refused": refused}, ensure_ascii=False))
    elif runs and all("already" in run.counts for run in runs):
        typer.echo(_("this was posted before; nothing was posted now"))
    else:
        typer.echo(
            _("{journals} journals with {entries} entries").format(
                journals=f"{counts['journals']:,}", entries=f"{counts['entries']:,}"
            )
        )
        for household, why in refused:
            typer.echo(_("refused: household {household}: {why}").format(
                household=household, why=why), err=True)  # fmt: skip
    if refused:
        raise typer.Exit(1)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table whose columns stand under each other; numbers to the right, nothing is cut.

    Args:
        heads: titles of the columns.
        rows: their texts.
    """
    from rich.cells import cell_len

    lines = [heads, *rows]
    widths = [max(cell_len(line[place]) for line in lines) for place in range(len(heads))]
    right = [
        all(row[place].lstrip("-").replace(",", "").isdecimal() for row in rows)
        for place in range(len(heads))
    ]
    for line in lines:
        cells = (
            f"{blank}{text}" if to_right else f"{text}{blank}"
            for text, width, to_right in zip(line, widths, right, strict=True)
            for blank in (" " * (width - cell_len(text)),)
        )
        typer.echo("  ".join(cells).rstrip())
