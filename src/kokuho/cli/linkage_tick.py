"""``kokuho linkage tick``: what a timer calls; it does what is due and says what presses."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from kokuho.base.messages import translator
from kokuho.cli.linkage_common import LinkFile, Who, entitled, link_of, tell_stuck
from kokuho.cli.office_runs import AsJson, InsurerCode, start

if TYPE_CHECKING:
    from kokuho.office.linkage.ticking import Ticked

_ = translator("linkage")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command()(tick)


def tick(insurer: InsurerCode, user: Who, link: LinkFile = None, as_json: AsJson = False) -> None:
    """定時: 期限の来た登録・送信・照合をまとめて行います。人が見るべきことがあれば終了コード 1。"""
    start()
    from kokuho.linkage.exchange import party_of
    from kokuho.linkage.transport import transport_of
    from kokuho.office.accounts.rights import LINKAGE_REGISTER
    from kokuho.office.linkage.ticking import tick as run

    who = entitled(user, LINKAGE_REGISTER, insurer)
    stated = link_of(link)
    done = run(insurer, stated, party_of(stated), transport_of(stated), actor=who.username)
    if as_json:
        typer.echo(json.dumps(_as_json(done), ensure_ascii=False, default=str))
    else:
        _tell(done)
    raise typer.Exit(1 if done.alarm else 0)


def _as_json(done: Ticked) -> dict[str, Any]:
    looked, compared = done.looked, done.reconciled
    return {
        "whole": done.whole,
        "urgent": looked.urgent if looked else 0,
        "ordinary": looked.ordinary if looked else 0,
        "problems": [asdict(one) for one in looked.problems] if looked else [],
        "sent": done.sent.parts,
        "taken": done.sent.taken,
        "refused": [list(one) for one in done.sent.refused],
        "reconciled": compared.persons if compared else None,
        "differences": [list(one) for one in compared.differences] if compared else [],
        "pressing": [asdict(one) | {"state": one.state} for one in done.pressing],
        "waited": [asdict(one) for one in done.waited],
        "stuck": [asdict(one) for one in done.stuck],
        "failures": [*done.failures, *done.sent.failures],
        "files": done.files,
        "alarm": done.alarm,
    }


def _tell(done: Ticked) -> None:
    what = _("all households") if done.whole else _("what was touched")
    if done.looked:
        typer.echo(
            _("looked at {what}: {urgent} at once, {others} others").format(
                what=what, urgent=len(done.looked.at_once), others=len(done.looked.others)
            )
        )
        for problem in done.looked.problems:
            typer.echo(f"{problem.key}: {problem.field}: {problem.code}", err=True)
    typer.echo(
        _("{parts} files sent, {answered} answered: {taken} records registered, "
          "{unchanged} stood there already").format(
            parts=done.sent.parts, answered=done.sent.answered, taken=f"{done.sent.taken:,}",
            unchanged=f"{done.sent.unchanged:,}",
        )
    )  # fmt: skip
    if done.reconciled:
        typer.echo(
            _("{persons} persons compared, {count} differ").format(
                persons=f"{done.reconciled.persons:,}", count=len(done.reconciled.differences)
            )
        )
    for batch, key, code, detail in done.sent.refused:
        typer.echo(
            _("refused: batch {batch}, {key}: {code} {detail}").format(
                batch=batch, key=key, code=code, detail=detail
            ),
            err=True,
        )
    for failure in (*done.failures, *done.sent.failures):
        typer.echo(failure, err=True)
    for arrival in done.pressing:
        typer.echo(
            f"{_(arrival.state)}  {arrival.arrived:%Y-%m-%d %H:%M}  {arrival.name}", err=True
        )
    tell_stuck(done.stuck)
    for one in done.waited:
        typer.echo(
            _("batch {number} waits for two persons since {since}: {restored} records in it "
              "raise what is unpaid; {looks} looks found more since").format(
                number=one.number, since=f"{one.since:%Y-%m-%d %H:%M}", restored=one.restored,
                looks=one.looks,
            ),
            err=True,
        )  # fmt: skip
