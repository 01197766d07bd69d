"""``kokuho insurer``: the insurers that an installation serves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator

_ = translator("office")

app = typer.Typer(no_args_is_help=True, help="保険者: この導入環境で扱う市町村")


@app.callback()
def _group() -> None:
    """Keep ``add`` a command of a group, though it is alone so far."""


@app.command()
def add(
    ordinances: Annotated[list[Path], typer.Argument(help="条例ファイル(複数可)")],
) -> None:
    """条例ファイルの保険者を登録します。登録済みなら、名称等を改めます。"""
    from kokuho.office.start import start
    from kokuho.ordinance import load

    insurers = [load(path).insurer for path in ordinances]
    start()
    from kokuho.office.register import insurers as register

    for insurer in insurers:
        new = register.add(
            insurer.code, insurer.name, insurer.prefecture, insurer.municipality_code
        )
        text = _("{code} {name} was added") if new else _("{code} {name} was there already")
        typer.echo(text.format(code=insurer.code, name=insurer.name))
