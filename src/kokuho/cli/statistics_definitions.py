"""``kokuho statistics definitions``: the page of the definitions, made from the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator

_ = translator("statistics")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("definitions")(definitions)


def definitions(
    out: Annotated[
        Path | None, typer.Option(help="書くファイル(.md)。省略すると画面に出します")
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="指標ファイルの JSON Schema を出します。")
    ] = False,
) -> None:
    """指標の定義(式、単位、出典、範囲、時点、端数処理)の一覧です。"""
    import json

    from kokuho.statistics.page import definitions_page
    from kokuho.statistics.schema import measure_schema
    from kokuho.tables import write_bytes

    text = definitions_page()
    if schema:
        text = json.dumps(measure_schema(), ensure_ascii=False, indent=1) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_bytes(out, text.encode())
        typer.echo(_("written to {out}").format(out=out))
