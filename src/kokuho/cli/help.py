"""Help texts in Japanese: folded where the line ends, as there are no spaces to break at.

Rich cuts a word that is longer than its column with an ellipsis; a Japanese sentence is one word.
"""

from __future__ import annotations

from typing import Any

from rich.columns import Columns
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text
from typer import rich_utils


class _Table(Table):
    def add_column(self, *args: Any, **options: Any) -> None:
        super().add_column(*args, **{"overflow": "fold", **options})

    def add_row(self, *cells: Any, **options: Any) -> None:
        super().add_row(*cells, **options)
        for column in self.columns:
            column.overflow = "fold"


class _Columns(Columns):
    """A help text and what stands behind it, such as ``[required]``: one text."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        texts = [one for one in self.renderables if isinstance(one, Text)]
        if len(texts) == len(self.renderables):
            yield Text(" ").join(texts)
        else:
            yield from super().__rich_console__(console, options)


def fold() -> None:
    """Have Typer fold its help texts."""
    vars(rich_utils).update(Table=_Table, Columns=_Columns)
