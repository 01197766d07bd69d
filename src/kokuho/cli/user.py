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
_Right = Annotated[str, typer.Argument(help="権限(foreign_arrears: 外国人世帯主の世帯の滞納)")]
_Insurer = Annotated[str, typer.Option(help="保険者のコード")]


@app.command()
def allow(username: _Name, right: _Right, insurer: _Insurer) -> None:
    """利用者に権限を与えます。誰がいつ与えたかが残ります。"""
    import getpass

    from kokuho.office.start import start

    start()
    from kokuho.office.accounts import rights

    rights.allow(username, right, insurer, actor=getpass.getuser())
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
def refunds(
    username: Annotated[str, typer.Argument(help="利用者名")],
    insurer: Annotated[str, typer.Option(help="保険者コード")],
    role: Annotated[str, typer.Option(help="order(命令者)、audit(審査者)、none(なし)")],
) -> None:
    """還付を承認できる役割を定めます。一人に一つです。"""
    from kokuho.office.start import start

    start()
    from kokuho.office.accounts import users

    users.let_approve_refunds(username, insurer, None if role == "none" else role)
    typer.echo(_("{name}: {role}").format(name=username, role=role))
