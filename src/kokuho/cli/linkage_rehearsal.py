"""``kokuho linkage rehearse``: the whole exchange, with kills and a damaged way."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator

_ = translator("rehearsal")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command()(rehearse)


def rehearse(
    out: Annotated[Path, typer.Option(help="すべてを書き出すフォルダー(空か、まだないもの)")],
    persons: Annotated[int, typer.Option(min=100, help="架空の市の被保険者数")] = 2_000,
    kills: Annotated[int, typer.Option(min=0, help="強制終了の回数")] = 5,
    seed: Annotated[int, typer.Option(help="計画の種。同じなら同じ計画になります。")] = 1,
    pace: Annotated[
        int, typer.Option(min=1, max=600, help="市の時計の速さ(20 なら、15 分が 45 秒)")
    ] = 20,
    anew: Annotated[
        bool, typer.Option("--anew", help="フォルダーにある前の演習を消して、始めから行います。")
    ] = False,
) -> None:
    """総合演習: 架空の市と相手側を動かし、強制終了と通信障害の中で登録・照会し、照合します。

    すべての確認が成り立つときだけ、終了コードは 0 です。報告は DIR の report.txt と report.json。
    """
    from kokuho.rehearsal.run import Wish
    from kokuho.rehearsal.run import rehearse as run

    def tell(text: str) -> None:
        typer.echo(text, err=True)
        sys.stderr.flush()

    try:
        holds, lines = run(out, Wish(persons, kills, seed, pace), tell, anew=anew)
    except KeyboardInterrupt:
        tell(_("stopped; nothing runs any more"))
        raise typer.Exit(130) from None
    for line in lines:
        typer.echo(line)
    if not holds:
        raise typer.Exit(1)
