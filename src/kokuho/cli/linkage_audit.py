"""``kokuho linkage audit``: the office's own log as signed files of a day, and its check."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator
from kokuho.cli.linkage_common import LinkFile, Who, entitled, link_of
from kokuho.cli.office_runs import AsJson, InsurerCode, start

_ = translator("linkage")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command()(audit)


def audit(
    insurer: InsurerCode,
    user: Who,
    folder: Annotated[Path, typer.Option(help="1日分ずつの署名されたファイルを置くフォルダー")],
    check: Annotated[
        bool, typer.Option("--check", help="書き出さずに、ファイルと今の記録を突き合わせます。")
    ] = False,
    link: LinkFile = None,
    as_json: AsJson = False,
) -> None:
    """記録の保全: 閲覧・送信・承認の記録を1日ごとに署名して書き出し、後の改変を見つけます。"""
    start()
    from django.utils import timezone

    from kokuho.office.accounts.rights import LINKAGE_REGISTER
    from kokuho.office.linkage import audit as room
    from kokuho.office.tenancy import seeing

    entitled(user, LINKAGE_REGISTER, insurer)
    stated = link_of(link)
    if check:
        with seeing([insurer]):
            agree, wrong = room.check(insurer, stated.ring(), folder)
        if as_json:
            rows = [asdict(one) for one in wrong]
            typer.echo(json.dumps({"agree": agree, "wrong": rows}, default=str))
        else:
            for one in wrong:
                typer.echo(f"{one.day}  {one.row}  {one.what}")
            typer.echo(
                _("{agree} rows agree, {wrong} do not").format(
                    agree=f"{agree:,}", wrong=f"{len(wrong):,}"
                )
            )
        raise typer.Exit(1 if wrong else 0)
    key = stated.signing_key()
    with seeing([insurer]):
        yesterday = timezone.localdate() - timedelta(days=1)
        written = room.write_days(insurer, key, folder, yesterday)
    if as_json:
        typer.echo(json.dumps({"written": [str(one) for one in written]}))
        return
    for path in written:
        typer.echo(_("written: {file}").format(file=path))
    typer.echo(_("{count} days written").format(count=len(written)))
