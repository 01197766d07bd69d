"""What the commands of the office share: starting it, days as offices write them, progress."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.office.jobs.runs import Run

_ = translator("assessment")

T = TypeVar("T")

InsurerCode = Annotated[str, typer.Option("--insurer", help="保険者コード")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON で出力します。")]


def start() -> None:
    """Start the office; its database is looked at first."""
    from kokuho.office.start import start as start_office

    start_office()


def day_of(text: str | None) -> date | None:
    """A day in any form that offices use; none for none.

    Raises:
        InputError: it is no date, or a part of it is unknown.
    """
    return None if text is None else required_day(text)


def required_day(text: str) -> date:
    """A day in any form that offices use.

    Raises:
        InputError: it is no date, or a part of it is unknown.
    """
    from kokuho.base.calendar import complete_date

    try:
        return complete_date(text)
    except ValueError:
        raise InputError(_("{text} is not a date.").format(text=text)) from None


def with_progress(work: Callable[[Callable[[Run], None]], T], title: str, *counts: str) -> T:
    """Do a long job with a bar that shows how far its run is, where somebody looks.

    Args:
        work: the job, which is given what it tells of its progress.
        title: what is done.
        counts: the counts of the run that the bar shows: the first of them that the run has;
            households if none is named.
    """
    from rich.console import Console
    from rich.progress import Progress

    shown = counts or ("households",)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def tell(run: Run) -> None:
            done = next((run.counts[name] for name in shown if name in run.counts), 0)
            bar.update(task, completed=done, total=run.total)

        return work(tell)
