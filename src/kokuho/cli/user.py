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
