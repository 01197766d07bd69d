"""Options that several commands of ``kokuho billing`` share, and how they are read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator

_ = translator("billing")

AsJson = Annotated[bool, typer.Option("--json", help="JSON で出力します。")]
Ordinances = Annotated[list[Path], typer.Option("--ordinance", help="条例ファイル(複数可)")]
OneOrdinance = Annotated[Path, typer.Option("--ordinance", help="条例ファイル")]
Year = Annotated[int, typer.Option("--fiscal-year", help="年度(西暦。2026 = 令和8年度)")]
Assessment = Annotated[Path, typer.Option("--assessment", help="賦課結果のファイル")]
Out = Annotated[Path, typer.Option("--out", help="書き出すファイル(.csv, .parquet)")]
Notice = Annotated[str | None, typer.Option("--notice-date", help="通知書を発する日")]


def print_json(data: object) -> None:
    """Data for machines."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1))


def day(text: str) -> date:
    """A complete date in any form that offices use.

    Raises:
        InputError: it is none.
    """
    from kokuho.base.calendar import complete_date

    try:
        return complete_date(text)
    except ValueError:
        raise InputError(
            _("{text} is not a complete date; write 2026-09-15 or 令和8年9月15日.").format(
                text=text
            )
        ) from None
