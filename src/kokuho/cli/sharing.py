"""``kokuho sharing``: lists of arrears for others; off until the office sets them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.linkage_common import Who
from kokuho.cli.office_runs import AsJson, InsurerCode, start

_ = translator("sharing")

app = typer.Typer(
    no_args_is_help=True,
    help="滞納情報の共有リスト。役所が根拠とともに設定し、二人が承認するまで使えません。",
)

Number = Annotated[int, typer.Argument(help="リストの番号")]


@app.command()
def settings(
    insurer: Annotated[str, typer.Option("--insurer", help="保険者コード")] = "",
    user: Annotated[str, typer.Option("--user", help="操作する利用者")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="起案する設定(YAML)")] = None,
    approve: Annotated[int | None, typer.Option("--approve", help="承認する設定の番号")] = None,
    stop: Annotated[str, typer.Option("--stop", help="すべての設定をすぐに止めます(理由)")] = "",
    template: Annotated[
        bool, typer.Option("--template", help="空の設定ファイルを標準出力に書きます。")
    ] = False,
) -> None:
    """設定: 今の設定を示し、起案・承認(起案者以外の二人)・停止を行います。"""
    from kokuho.linkage.sharing import template as empty

    if template:
        typer.echo(empty(), nl=False)
        return
    if not insurer or sum((file is not None, approve is not None, bool(stop))) > 1:
        raise InputError(_("name --insurer, and one of --file, --approve, --stop"))
    start()
    from kokuho.base.errors import LinkageError
    from kokuho.base.strict_yaml import text_of
    from kokuho.office.accounts.rights import user_named
    from kokuho.office.sharing import making
    from kokuho.office.tenancy import seeing

    if file is not None:
        number = making.propose(insurer, text_of(file, LinkageError), user_named(user))
        typer.echo(
            _("settings {number} are proposed; two others have to approve").format(number=number)
        )
    elif approve is not None:
        done = making.approve_settings(insurer, approve, user_named(user))
        typer.echo(_("the settings hold now") if done else _("approved; another person has to"))
    elif stop:
        count = making.stop(insurer, stop, user_named(user))
        typer.echo(_("{count} settings are stopped").format(count=count))
    else:
        with seeing([insurer]):
            stated, _held = making.in_force(insurer)
            text, number = stated.text, stated.number
        typer.echo(_("settings {number} hold:").format(number=number))
        typer.echo(text.rstrip())


@app.command()
def make(insurer: InsurerCode, user: Who) -> None:
    """設定のとおりに、今日の台帳からリストを作ります。承認されるまで書き出せません。"""
    start()
    from kokuho.office.accounts.rights import user_named
    from kokuho.office.sharing.making import make as run

    number = run(insurer, user_named(user))
    typer.echo(_("list {number} is made; two others have to approve it").format(number=number))


@app.command()
def show(number: Number, insurer: InsurerCode, user: Who, as_json: AsJson = False) -> None:
    """リストの内容と、承認・出力の経過を示します。見た人が記録されます。"""
    start()
    from kokuho.linkage.sharing import column_title
    from kokuho.office.accounts.rights import user_named
    from kokuho.office.sharing.making import look

    found = look(insurer, number, user_named(user), "sharing_show")
    outputs = [
        {"at": one.at, "by": one.actor, "recipient": one.recipient, "purpose": one.text,
         "digest": one.digest}
        for one in found.outputs
    ]  # fmt: skip
    if as_json:
        data = {
            "number": number, "state": found.state, "on": found.on, "made_by": found.actor,
            "approved_by": found.approved_by, "left_out": found.left_out,
            "columns": found.settings.columns, "rows": found.rows, "outputs": outputs,
        }  # fmt: skip
        typer.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    typer.echo("\t".join(column_title(name) for name in found.settings.columns))
    for row in found.rows:
        typer.echo("\t".join(_text(row[name]) for name in found.settings.columns))
    typer.echo(
        _("list {number} of {on}: {count} households, {state}, approved by {by}").format(
            number=number, on=found.on, count=len(found.rows), state=_(found.state),
            by="、".join(found.approved_by) or "-",
        )
    )  # fmt: skip
    for reason, count in found.left_out.items():
        typer.echo(_("not named ({reason}): {count}").format(reason=_(reason), count=count))
    for one in outputs:
        typer.echo(
            _("written {at} by {by} for {recipient}: {purpose}").format(
                at=f"{one['at']:%Y-%m-%d %H:%M}", by=one["by"], recipient=one["recipient"],
                purpose=one["purpose"],
            )
        )  # fmt: skip


@app.command()
def approve(
    number: Number,
    insurer: InsurerCode,
    user: Who,
    reject: Annotated[str, typer.Option("--reject", help="却下します(理由)")] = "",
) -> None:
    """リストを承認します。作成者以外の、異なる二人の承認が要ります。"""
    start()
    from kokuho.office.accounts.rights import user_named
    from kokuho.office.sharing import making

    who = user_named(user)
    if reject:
        making.reject(insurer, number, reject, who)
        typer.echo(_("list {number} is rejected").format(number=number))
        return
    done = making.approve(insurer, number, who)
    typer.echo(_("the list may be written out") if done else _("approved; another person has to"))


@app.command()
def write(
    number: Number,
    insurer: InsurerCode,
    user: Who,
    to: Annotated[str, typer.Option("--to", help="提供先(設定にあるもの)")],
    purpose: Annotated[str, typer.Option(help="何のために書き出すか。記録されます。")],
    out: Annotated[Path, typer.Option(help="書き出すファイル(.csv または .xlsx)")],
) -> None:
    """承認されたリストを書き出します。書き出す前に、納付がなかったかをもう一度確かめます。"""
    if out.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError(_("{file} is neither .csv nor .xlsx").format(file=out))
    start()
    from kokuho.office.accounts.rights import user_named
    from kokuho.office.sharing.making import write as run
    from kokuho.office.sharing.output import FORMS
    from kokuho.tables.writing import write_bytes

    render = FORMS[out.suffix.lower()]
    content = run(insurer, number, to, purpose, user_named(user), render)
    write_bytes(out, content)
    typer.echo(_("written: {file}").format(file=out))


@app.command()
def log(insurer: InsurerCode, user: Who, as_json: AsJson = False) -> None:
    """リストの作成・承認・出力の記録を、古い順に示します。人は示しません。"""
    start()
    from kokuho.office.accounts.rights import user_named
    from kokuho.office.sharing.history import history

    lines = history(insurer, user_named(user))
    if as_json:
        typer.echo(json.dumps({"events": lines}, ensure_ascii=False, default=str))
        return
    for one in lines:
        words = f"{one['at']:%Y-%m-%d %H:%M}  {_(one['what'])} {one['number']}  {_(one['kind'])}"
        typer.echo(f"{words}  {one['actor']}  {one['recipient']}  {one['text']}".rstrip())
    typer.echo(_("{count} events").format(count=len(lines)))


def _text(value: Any) -> str:
    return "" if value is None else str(value)
