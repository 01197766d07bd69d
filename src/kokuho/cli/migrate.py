"""``kokuho migrate``: bring the database up to date."""

from __future__ import annotations

import typer

from kokuho.base.messages import translator

_ = translator("office")


def register(app: typer.Typer) -> None:
    """Add the command to the main application."""
    app.command("migrate")(migrate)


def migrate() -> None:
    """データベースを最新の形にし、保護(トリガー等)を付け直します。"""
    from kokuho.office.start import migrate as bring_up_to_date

    applied = bring_up_to_date()
    for name in applied:
        typer.echo(f"  {name}")
    typer.echo(_("The database is up to date and guarded."))
