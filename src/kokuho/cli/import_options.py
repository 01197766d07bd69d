"""Options that all imports have, and how refused rows are told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.tables import Refusal

_ = translator("office")

File = Annotated[Path, typer.Argument(help="ファイル(.csv, .xlsx, .parquet)")]
GoodRows = Annotated[
    bool, typer.Option("--good-rows", help="受け付けられない行があっても、ほかの行を取り込みます。")
]
Map = Annotated[
    Path | None, typer.Option("--map", help="自庁の項目名・コードとの対応を書いた YAML")
]


def tell_refusals(refusals: Sequence[Refusal], errors: Path | None) -> None:
    """Name the first refused rows, and the file that names all of them."""
    for refusal in refusals[:20]:
        typer.echo(refusal.message(), err=True)
    if refusals:
        lines = len({refusal.line for refusal in refusals})
        typer.echo(
            _("{count} rows were refused; all of them are in {file}").format(
                count=f"{lines:,}", file=errors
            ),
            err=True,
        )
