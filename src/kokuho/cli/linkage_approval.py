"""``kokuho linkage approve`` and ``limits``: what two persons decide."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.linkage_common import Who, entitled
from kokuho.cli.office_runs import AsJson, InsurerCode, start

_ = translator("linkage")


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command()(approve)
    app.command()(limits)


def approve(
    insurer: InsurerCode,
    user: Who,
    batch: Annotated[int | None, typer.Argument(help="副本登録の番号")] = None,
    limits: Annotated[
        int | None, typer.Option("--limits", help="日次差分の上限の番号を承認します。")
    ] = None,
    reject: Annotated[bool, typer.Option("--reject", help="却下します(理由が要ります)。")] = False,
    text: Annotated[str, typer.Option(help="承認・却下の理由")] = "",
) -> None:
    """承認: 異なる二人が承認すると送信できます。手作業の訂正は、起案した人には承認できません。"""
    if (batch is None) == (limits is None):
        raise InputError(_("name either a batch or limits (--limits)"))
    start()
    from kokuho.office.accounts.rights import LINKAGE_APPROVE
    from kokuho.office.linkage import approving
    from kokuho.office.linkage import limits as store

    who = entitled(user, LINKAGE_APPROVE, insurer)
    if limits is not None:
        done = store.approve(insurer, limits, who.username)
    elif reject:
        approving.reject(insurer, int(batch or 0), who, text)
        typer.echo(_("batch {number} is rejected").format(number=batch))
        return
    else:
        done = approving.approve(insurer, int(batch or 0), who, text)
    typer.echo(_("approved by two persons") if done else _("approved; another person has to"))


def limits(
    insurer: InsurerCode,
    records: Annotated[int | None, typer.Option(help="一回の件数の上限")] = None,
    percent: Annotated[int | None, typer.Option(help="登録済みに対する割合の上限(%)")] = None,
    withdrawn: Annotated[int | None, typer.Option(help="取消しの件数の上限")] = None,
    user: Annotated[str, typer.Option("--user", help="起案する利用者")] = "",
    as_json: AsJson = False,
) -> None:
    """日次差分の上限: 今の上限を示します。値を指定すると起案し、二人の承認で有効になります。"""
    start()
    from kokuho.linkage.approval import Limits
    from kokuho.office.accounts.rights import LINKAGE_REGISTER
    from kokuho.office.linkage import limits as store
    from kokuho.office.tenancy import seeing

    given = (records, percent, withdrawn)
    if any(one is not None for one in given):
        if records is None or percent is None or withdrawn is None:
            raise InputError(_("limits need all three: --records, --percent, --withdrawn"))
        who = entitled(user, LINKAGE_REGISTER, insurer)
        number = store.propose(insurer, Limits(records, percent, withdrawn), who.username)
        typer.echo(_("limits {number} are proposed").format(number=number))
        return
    with seeing([insurer]):
        held = store.in_force(insurer)
    if as_json:
        stated = None
        if held:
            stated = {
                "records": held.records, "percent": held.percent, "withdrawn": held.withdrawn,
            }  # fmt: skip
        typer.echo(json.dumps({"limits": stated}))
    elif held is None:
        typer.echo(_("no limits are approved: each difference needs two persons"))
    else:
        typer.echo(
            _("{records} records, {percent} percent, {withdrawn} withdrawals").format(
                records=held.records, percent=held.percent, withdrawn=held.withdrawn
            )
        )
