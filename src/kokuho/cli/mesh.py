"""``kokuho mesh``: the rehearsal of the other side of the linkage, and the check of its log."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator

_ = translator("mesh")

app = typer.Typer(
    no_args_is_help=True, help="情報連携の演習: 相手側の代わりとなるサーバーと、その記録の検証"
)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="演習のフォルダー")]
Secrets = Annotated[
    Path | None, typer.Option("--secrets", help="鍵のファイル(指定しなければ DIR.keys)")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON で出力")]


@app.command()
def init(
    folder: Folder,
    secrets: Secrets = None,
    organisations: Annotated[
        Path | None, typer.Option("--organisations", help="参加する機関(YAML)")
    ] = None,
    rules: Annotated[Path | None, typer.Option("--rules", help="機関×事務×項目の表(YAML)")] = None,
    layout: Annotated[
        list[Path] | None, typer.Option("--layout", help="受け付けるレイアウト(YAML、複数可)")
    ] = None,
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="接続情報に書くポート(serve と同じもの)")
    ] = 8443,
) -> None:
    """演習を作ります: データベース、認証局、証明書、署名鍵、機関ごとの接続情報。"""
    from kokuho.mesh.founding import Wanted, make

    made = make(folder, Wanted(organisations, rules, tuple(layout or ()), secrets, port))
    typer.echo(_("Rehearsal: {folder}").format(folder=made.folder))
    typer.echo(_("Key file (keep it apart): {file}").format(file=made.secrets))
    for name, one in made.organisations.by_id.items():
        typer.echo(f"  {name}  {one.title}  {made.client(name)}")
    typer.echo(_("Start it with: kokuho mesh serve {folder}").format(folder=made.folder))


@app.command()
def serve(
    folder: Folder,
    secrets: Secrets = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="待ち受けるポート")] = 8443,
    host: Annotated[
        str, typer.Option(help="待ち受けるアドレス(既定はこの機械からだけ)")
    ] = "127.0.0.1",
) -> None:
    """演習のサーバーを動かします(止めるには Ctrl+C)。演習でないフォルダーでは動きません。"""
    from kokuho.mesh.rehearsal import open_rehearsal
    from kokuho.mesh.server import serve as run
    from kokuho.mesh.service import Service

    rehearsal = open_rehearsal(folder, secrets)
    Service.of(rehearsal).database.close()  # what is wrong is told here, and not by a worker
    typer.echo(
        _("Serving at {address} (Ctrl+C stops it)").format(address=f"https://{host}:{port}/")
    )
    sys.stdout.flush()
    run(rehearsal, host, port)


@app.command()
def take(
    folder: Folder,
    questions: Annotated[Path, typer.Option("--from", help="市が送信したファイルのフォルダー")],
    results: Annotated[Path, typer.Option("--to", help="結果のファイルを書くフォルダー")],
    secrets: Secrets = None,
    as_json: AsJson = False,
) -> None:
    """ファイルで届いた登録を受け付け、署名した結果をファイルで返します。拒んだものがあれば 1。"""
    import json
    from dataclasses import asdict

    from kokuho.mesh import folders
    from kokuho.mesh.rehearsal import open_rehearsal
    from kokuho.mesh.service import Service

    done = folders.take(Service.of(open_rehearsal(folder, secrets)).exchange, questions, results)
    if as_json:
        typer.echo(json.dumps(asdict(done), ensure_ascii=False))
    else:
        for name, status in done.refused:
            typer.echo(_("{name}: refused ({status})").format(name=name, status=status))
        for name in done.unanswered:
            typer.echo(_("{name}: signed by nobody who is known; no answer").format(name=name))
        typer.echo(_("{count} files answered").format(count=len(done.answered)))
    raise typer.Exit(1 if done.refused or done.unanswered else 0)


@app.command("verify-log")
def verify_log(
    file: Annotated[Path, typer.Argument(help="記録(1日分)、または1件の回答の証拠")],
    keys: Annotated[Path, typer.Option("--keys", help="公開鍵のファイル(ring.json)")],
    whole: Annotated[
        bool, typer.Option("--whole", help="記録の最初から始まるはずのファイルとして調べる")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """記録や回答が改変・削除・入替えされていないかを、このファイルと公開鍵だけで調べます。"""
    import json

    from kokuho.mesh.verification import verify

    found = verify(file, keys, whole=whole)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        for line in found.lines():
            typer.echo(line)
    if not found.holds:
        raise typer.Exit(1)


@app.command("export-log")
def export_log(
    folder: Folder,
    day: Annotated[str, typer.Option("--day", help="日(YYYY-MM-DD、日本時間)")],
    out: Annotated[Path, typer.Option("--out", help="書き出すファイル")],
    secrets: Secrets = None,
) -> None:
    """1日分の記録を、署名とタイムスタンプとともに書き出します。"""
    from kokuho.mesh.verification import export

    count = export(folder, secrets, day, out)
    typer.echo(_("{count} lines written to {file}").format(count=count, file=out))


@app.command()
def revoke(
    folder: Folder,
    organisation: Annotated[str, typer.Argument(help="機関の番号(client id)")],
    secrets: Secrets = None,
) -> None:
    """機関の証明書と署名鍵を失効させます。動いているサーバーは、次の接続から拒みます。"""
    from kokuho.mesh.revocation import revoke as withdraw

    withdraw(folder, secrets, organisation)
    typer.echo(_("{name}: certificate and signing key withdrawn").format(name=organisation))


@app.command("rotate-key")
def rotate_key(folder: Folder, secrets: Secrets = None) -> None:
    """暗号鍵を新しくし、すべてを新しい鍵で書き直します。サーバーを止めてから行ってください。"""
    from kokuho.mesh.rehearsal import open_rehearsal
    from kokuho.mesh.rotation import rotate

    count = rotate(open_rehearsal(folder, secrets))
    typer.echo(_("{count} values written with the new key").format(count=count))
