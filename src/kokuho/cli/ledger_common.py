"""What the commands of the ledger have in common."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.office.jobs.runs import Run

_ = translator("books")

T = TypeVar("T")

InsurerCode = Annotated[str, typer.Option("--insurer", help="保険者コード")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON で出力します。")]
On = Annotated[str | None, typer.Option("--on", help="記帳日・基準日(指定しなければ今日)")]
Key = Annotated[str, typer.Option("--source", help="決裁・督促状等の番号。同じ番号は一度だけ記帳")]


def actor() -> str:
    """Who is at the keyboard."""
    return getpass.getuser()


def start() -> None:
    """Make the office ready."""
    from kokuho.office.start import start as office

    office()


def day(text: str | None) -> date:
    """A day in any form that offices use; today if none is given.

    Raises:
        InputError: it is no date.
    """
    from kokuho.base.calendar import parse_date

    if text is None:
        return date.today()
    try:
        found = parse_date(text)
    except ValueError:
        raise InputError(_("{text} is not a date.").format(text=text)) from None
    if not found.complete:
        raise InputError(_("{text} is not a date.").format(text=text))
    return found.earliest()


def with_progress(work: Callable[[Callable[[Run], None]], T]) -> T:
    """Do something with a bar that shows how far its run is."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(_("posting"), total=None)

        def tell(run: Run) -> None:
            done = run.counts.get("receipts", run.counts.get("households", 0))
            bar.update(task, completed=done, total=run.total)

        return work(tell)


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
