"""``kokuho linkage layout``: which layouts there are, what changed, the table of functions."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.calendar import today
from kokuho.base.messages import translator
from kokuho.cli.office_runs import AsJson, day_of

_ = translator("linkage")

app = typer.Typer(no_args_is_help=True, help="収納情報のレイアウト定義と、機能IDの対応表。")

_STANDINGS = {
    "public": "published",
    "not_public": "handed in by the operator, not public",
    "assumed": "made up, valid nowhere",
}
Folder = Annotated[
    list[Path] | None, typer.Option("--folder", help="運用者のレイアウトのフォルダー(複数可)")
]


@app.command("list")
def list_(
    folder: Folder = None,
    on: Annotated[str | None, typer.Option("--on", help="この日に使うものを示します。")] = None,
    as_json: AsJson = False,
) -> None:
    """レイアウトとその版、有効期間、性格を示します。日を指定すると、その日に使う版に印を付けます。"""
    from kokuho.linkage.layouts import SHIPPED, layout_on, load_all

    at = day_of(on) or today()
    layouts = load_all(SHIPPED, *(folder or ()))
    rows = []
    for one in layouts:
        held = one.holds(at)
        used = held and layout_on(layouts, one.id, at).reference == one.reference
        rows.append(
            {
                "layout": one.reference,
                "title": one.title,
                "standing": one.standing,
                "form": one.form,
                "valid_from": str(one.valid_from),
                "valid_to": str(one.valid_to) if one.valid_to else None,
                "holds": held,
                "used": used,
            }
        )
    if as_json:
        typer.echo(json.dumps({"on": str(at), "layouts": rows}, ensure_ascii=False))
        return
    for row in rows:
        mark = "*" if row["used"] else "+" if row["holds"] else " "
        until = row["valid_to"] or ""
        standing = _(_STANDINGS[str(row["standing"])])
        typer.echo(
            f"{mark} {row['layout']}  {row['valid_from']}〜{until}  {row['form']}  "
            f"{row['title']} [{standing}]"
        )
    typer.echo(_("* used on {day}, + still read on it").format(day=at))


@app.command()
def check(file: Path) -> None:
    """レイアウトのファイルを確かめます。誤りがあれば、項目ごとにすべて示します。"""
    from kokuho.linkage.messages.layout import load_layout

    layout = load_layout(file)
    typer.echo(
        _("{layout}: {fields} fields, {form}, {encoding}; it can be used").format(
            layout=layout.reference, fields=len(layout.fields), form=layout.form,
            encoding=layout.encoding,
        )
    )  # fmt: skip


@app.command()
def diff(old: Path, new: Path, as_json: AsJson = False) -> None:
    """二つのレイアウトの違い(追加・削除・変更・移動)を示します。違いがあれば終了コード 1。"""
    from kokuho.linkage.layouts import compare
    from kokuho.linkage.messages.layout import load_layout

    before, after = load_layout(old), load_layout(new)
    found = compare(before, after)
    if as_json:
        typer.echo(
            json.dumps(
                {"old": before.reference, "new": after.reference,
                 "changes": [asdict(one) for one in found]},
                ensure_ascii=False,
            )
        )  # fmt: skip
    else:
        for one in found:
            typer.echo(f"{_(one.kind)}  {one.what}  {one.before} → {one.after}".rstrip())
        typer.echo(
            _("{old} → {new}: {count} differences").format(
                old=before.reference, new=after.reference, count=len(found)
            )
        )
    raise typer.Exit(1 if found else 0)


@app.command()
def trace(
    file: Path,
    tests: Annotated[
        Path | None, typer.Option(help="ソースの tests フォルダー。試験があるかも確かめます。")
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help="記入用の空の表を書き出します。")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """機能IDと試験の対応表(CSV)を確かめます。公的な一覧は運用者が記入します。"""
    from kokuho.base.errors import InputError
    from kokuho.linkage.trace import read_trace
    from kokuho.linkage.trace import template as empty

    if template:
        if file.exists():
            raise InputError(_("{file} exists already").format(file=file))
        file.write_text(empty(), encoding="utf-8-sig", newline="")
        return
    rows = read_trace(file, tests)
    open_ = [one for one in rows if one.problem]
    if as_json:
        typer.echo(json.dumps({"rows": [asdict(one) for one in rows]}, ensure_ascii=False))
    else:
        for one in rows:
            said = _(one.problem) if one.problem else "○"
            typer.echo(
                f"{one.line}  {one.id}  {said}  {' '.join(one.unknown or one.tests)}".rstrip()
            )
        typer.echo(
            _("{count} functions: {done} with tests, {open} open").format(
                count=len(rows), done=len(rows) - len(open_), open=len(open_)
            )
        )
    raise typer.Exit(1 if open_ else 0)
