"""``kokuho statistics``: figures that people can look at, checked and protected."""

from __future__ import annotations

import importlib

import typer

app = typer.Typer(no_args_is_help=True, help="統計: 指標を作り、確かめ、まとめ、公表します。")

_PARTS = ("measure", "verify", "combine", "bulk", "publish", "definitions", "log")

for _name in _PARTS:
    importlib.import_module(f"kokuho.cli.statistics_{_name}").register(app)
