"""``kokuho statistics log``: what was published from which data."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator

_ = translator("statistics")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("log")(log)


def log(
    folder: Annotated[Path, typer.Argument(help="公表の記録のあるフォルダー")] = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="JSON で出力します。")] = False,
) -> None:
    """公表の記録を示します。書き換えられた行があれば、どこかを示して終わります。"""
    from kokuho.statistics.published import read_log

    found = read_log(folder)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        typer.echo(f"{one.number}\t{one.at}\t{one.who}\t{one.kind}\t{one.name}\t{one.digest}")
        for source in one.sources:
            typer.echo(f"\t{source.name}\t{source.state}")
    typer.echo(_("{count} publications; every line follows the one before it").format(
        count=len(found)))  # fmt: skip
