"""``kokuho linkage send`` and what follows it: results, resend, correct, reconcile."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.linkage_common import LinkFile, Who, entitled, link_of
from kokuho.cli.office_runs import AsJson, InsurerCode, start, with_progress

if TYPE_CHECKING:
    from kokuho.office.linkage.sending import Sent

_ = translator("linkage")


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    for command in (send, results, resend, correct, reconcile, dispose):
        app.command()(command)


def send(insurer: InsurerCode, user: Who, link: LinkFile = None, as_json: AsJson = False) -> None:
    """送信: 承認の要らないもの・済んだものを順に送り、結果を記録します。途中からも続けます。"""
    _send(insurer, user, link, (), as_json)


def resend(
    batch: Annotated[list[int], typer.Argument(help="副本登録の番号(複数可)")],
    insurer: InsurerCode,
    user: Who,
    link: LinkFile = None,
    as_json: AsJson = False,
) -> None:
    """再送: 送ったものをもう一度送ります。同じ版は相手で二度登録されません。"""
    _send(insurer, user, link, batch, as_json)


def _send(insurer: str, user: str, link: LinkFile, again: list[int] | tuple[()],
          as_json: bool) -> None:  # fmt: skip
    start()
    from kokuho.linkage.exchange import party_of
    from kokuho.linkage.transport import transport_of
    from kokuho.office.accounts.rights import LINKAGE_REGISTER
    from kokuho.office.linkage.ticking import deliver

    who = entitled(user, LINKAGE_REGISTER, insurer)
    stated = link_of(link)
    party, way = party_of(stated), transport_of(stated)
    sent = with_progress(
        lambda progress: deliver(
            insurer, stated, party, way, actor=who.username, again=tuple(again), progress=progress
        ),
        _("sending"),
        "parts",
    )
    _tell(sent, as_json)


def results(
    insurer: InsurerCode, user: Who, link: LinkFile = None, as_json: AsJson = False
) -> None:
    """結果: ファイルで届いた結果を記録し、登録されなかった記録を理由とともに示します。"""
    start()
    from kokuho.linkage.exchange import party_of
    from kokuho.linkage.transport import transport_of
    from kokuho.office.accounts.rights import LINKAGE_REGISTER
    from kokuho.office.linkage.sending import results as run

    who = entitled(user, LINKAGE_REGISTER, insurer)
    stated = link_of(link)
    _tell(run(insurer, party_of(stated), transport_of(stated), actor=who.username), as_json)


def _tell(sent: Sent, as_json: bool) -> None:
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "parts": sent.parts, "answered": sent.answered, "taken": sent.taken,
                    "unchanged": sent.unchanged, "failures": sent.failures,
                    "refused": [
                        {"batch": batch, "key": key, "code": code, "detail": detail}
                        for batch, key, code, detail in sent.refused
                    ],
                },
                ensure_ascii=False,
            )
        )  # fmt: skip
    else:
        typer.echo(
            _("{parts} files sent, {answered} answered: {taken} records registered, "
              "{unchanged} stood there already").format(
                parts=sent.parts, answered=sent.answered, taken=f"{sent.taken:,}",
                unchanged=f"{sent.unchanged:,}",
            )
        )  # fmt: skip
        for batch, key, code, detail in sent.refused:
            typer.echo(
                _("refused: batch {batch}, {key}: {code} {detail}").format(
                    batch=batch, key=key, code=code, detail=detail
                ),
                err=True,
            )
        for failure in sent.failures:
            typer.echo(failure, err=True)
    raise typer.Exit(1 if sent.refused or sent.failures else 0)


def correct(
    key: Annotated[str, typer.Argument(help="記録のキー(history で確かめます)")],
    insurer: InsurerCode,
    user: Who,
    reason: Annotated[str, typer.Option(help="訂正の理由")],
    value: Annotated[
        list[str] | None, typer.Option("--set", help="項目=値(複数可)。例: overdue=0")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="この記録を取り消します。")] = False,
    link: LinkFile = None,
) -> None:
    """訂正: 台帳ですぐに直せない記録を手作業で直します。起案者以外の二人の承認が要ります。"""
    start()
    from kokuho.office.accounts.rights import LINKAGE_REGISTER
    from kokuho.office.linkage.correcting import correct as run

    fields = dict(_pair(one) for one in value or ())
    who = entitled(user, LINKAGE_REGISTER, insurer)
    number = run(
        insurer, link_of(link), key, actor=who.username, reason=reason, fields=fields,
        withdraw=withdraw,
    )  # fmt: skip
    typer.echo(_("batch {number} waits for two persons").format(number=number))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(_("{text}: write FIELD=VALUE").format(text=text))
    return name, value


def reconcile(
    insurer: InsurerCode,
    user: Who,
    link: LinkFile = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="照合だけをして、登録し直しません。")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """全件照合: 登録済みの副本を人ごとの要約値で照合し、違う人を登録し直します。"""
    start()
    from kokuho.linkage.exchange import party_of
    from kokuho.linkage.transport import transport_of
    from kokuho.office.accounts.rights import LINKAGE_REGISTER
    from kokuho.office.linkage.reconciling import reconcile as run

    who = entitled(user, LINKAGE_REGISTER, insurer)
    stated = link_of(link)
    found = run(
        insurer, stated, party_of(stated), transport_of(stated), actor=who.username,
        dry_run=dry_run,
    )  # fmt: skip
    if as_json:
        typer.echo(
            json.dumps(
                {"persons": found.persons, "batch": found.batch,
                 "differences": [{"person": p, "kind": k} for p, k in found.differences]},
                ensure_ascii=False,
            )
        )  # fmt: skip
    else:
        for person, kind in found.differences:
            typer.echo(f"{person}  {_(kind)}")
        typer.echo(
            _("{persons} persons compared, {count} differ").format(
                persons=f"{found.persons:,}", count=len(found.differences)
            )
            + (_(" (batch {number})").format(number=found.batch) if found.batch else "")
        )
    raise typer.Exit(1 if found.differences else 0)


def dispose(
    insurer: InsurerCode,
    user: Who,
    link: LinkFile = None,
    days: Annotated[int, typer.Option(min=0, help="記録した後、残しておく日数")] = 7,
    as_json: AsJson = False,
) -> None:
    """廃棄: 記録の済んだ送受信のファイルを消し、消した証拠(要約値・日時・操作者)を残します。"""
    start()
    from kokuho.office.accounts.rights import LINKAGE_REGISTER
    from kokuho.office.linkage.disposing import dispose as run

    who = entitled(user, LINKAGE_REGISTER, insurer)
    done = run(insurer, link_of(link), actor=who.username, days=days)
    if as_json:
        rows = [{"file": one.name, "sha256": one.digest} for one in done]
        typer.echo(json.dumps({"disposed": rows}, ensure_ascii=False))
        return
    for one in done:
        typer.echo(f"{one.name}  {one.digest}")
    typer.echo(_("{count} files deleted").format(count=len(done)))
