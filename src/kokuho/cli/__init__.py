"""The ``kokuho`` command: one module a group, each importing its room only when it runs."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import typer

from kokuho import __version__
from kokuho.base.errors import KokuhoError
from kokuho.base.messages import check_language
from kokuho.cli import help

help.fold()
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="国民健康保険の賦課・計画・収納を確かめ、説明し、公表するための道具。",
)
_HERE = Path(__file__).parent
_GROUPS = (
    *("law", "ordinance", "levy", "billing", "collection", "city", "plan", "papers"),
    *("insurer", "decision", "assess", "bill", "ledger", "arrears", "printing"),
    *("user", "statistics"),
)
_CALLED = {"printing": "print"}
"""Groups whose module cannot bear their name."""
_COMMANDS = ("check_table", "demo", "interest", "migrate", "imports", "serve")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"kokuho {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="版を表示します。"
    ),
) -> None:
    pass


for _name in _GROUPS:
    if (_HERE / f"{_name}.py").exists():
        app.add_typer(
            importlib.import_module(f"kokuho.cli.{_name}").app, name=_CALLED.get(_name, _name)
        )
for _name in _COMMANDS:
    if (_HERE / f"{_name}.py").exists():
        importlib.import_module(f"kokuho.cli.{_name}").register(app)


def main() -> None:
    """Run the command; what a clerk can act on is printed in one line, with exit status 2."""
    try:
        check_language()
        app()
    except KokuhoError as error:
        print(str(error), file=sys.stderr)
        raise SystemExit(2) from None
