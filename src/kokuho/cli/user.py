"""``kokuho user``: who may sign in to the office."""

from __future__ import annotations

from typing import Annotated

import typer

from kokuho.base.messages import translator

_ = translator("web")

app = typer.Typer(no_args_is_help=True, help="利用者: 窓口の画面にサインインする職員")


@app.command()
def add(
    username: Annotated[str, typer.Argument(help="利用者名")],
    insurer: Annotated[list[str], typer.Option(help="担当する保険者のコード(複数可)")],
    full_name: Annotated[str, typer.Option("--name", help="職氏名(画面に表示)")] = "",
    from_input: Annotated[
        bool, typer.Option("--password-stdin", help="パスワードを標準入力の1行目から読みます。")
    ] = False,
) -> None:
    """利用者を加えます。パスワードは尋ねます(12 文字以上)。"""
    import sys

    from kokuho.office.start import start

    start()
    from kokuho.office.accounts import users

    if from_input:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt(_("Password"), hide_input=True, confirmation_prompt=True)
    user = users.add(username, password, insurer, full_name)
    typer.echo(_("{name} was added.").format(name=user.username))


_Name = Annotated[str, typer.Argument(help="利用者名")]
_Right = Annotated[str, typer.Argument(help="権限(一覧は kokuho user rights)")]
_Insurer = Annotated[str, typer.Option(help="保険者のコード")]


@app.command()
def allow(
    username: _Name,
    right: _Right,
    insurer: _Insurer,
    until: Annotated[str | None, typer.Option(help="最後の日(なければ取り消すまで)")] = None,
) -> None:
    """利用者に権限を与えます。誰がいつ与えたかが残ります。"""
    import getpass

    from kokuho.cli.ledger_common import day
    from kokuho.office.start import start

    last = day(until) if until else None
    start()
    from kokuho.office.accounts import rights

    rights.allow(username, right, insurer, actor=getpass.getuser(), until=last)
    typer.echo(_("{name} has the right {right}.").format(name=username, right=right))


@app.command()
def deny(username: _Name, right: _Right, insurer: _Insurer) -> None:
    """利用者の権限を取り消します。"""
    import getpass

    from kokuho.office.start import start

    start()
    from kokuho.office.accounts import rights

    had = rights.deny(username, right, insurer, actor=getpass.getuser())
    text = _("{name} has the right {right} no more.") if had else _("{name} did not have it.")
    typer.echo(text.format(name=username, right=right))
    raise typer.Exit(0 if had else 1)


@app.command()
def rights(
    insurer: Annotated[str, typer.Option(help="保険者のコード(なければ全部)")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON で出力します。")] = False,
) -> None:
    """権限の一覧と、今日それを持つ利用者を表示します。"""
    import json

    from kokuho.office.start import start

    start()
    from kokuho.office.accounts import rights as store

    held = store.standing().select_related("user").order_by("user__username", "insurer_code")
    if insurer:
        held = held.filter(insurer_code=insurer)

    def users(right: str) -> list[dict[str, str | None]]:
        return [
            {
                "user": one.user.username,
                "insurer": one.insurer_code,
                "granted_by": one.granted_by,
                "granted_at": one.granted_at.isoformat(),
                "until": one.until.isoformat() if one.until else None,
            }
            for one in held
            if one.right == right
        ]

    rights_held = {code: users(code) for code in store.table()}
    if as_json:
        rows = [
            {"right": code, "name": right.name, "opens": right.opens, "users": rights_held[code]}
            for code, right in store.table().items()
        ]
        typer.echo(json.dumps({"rights": rows}, ensure_ascii=False))
        return
    for code, right in store.table().items():
        typer.echo(f"{code}\t{right.name}\t{right.opens}")
        for one in rights_held[code]:
            until = f"\t{one['until']}まで" if one["until"] else ""
            typer.echo(f"  {one['user']}\t{one['insurer']}\t{one['granted_by']}{until}")
