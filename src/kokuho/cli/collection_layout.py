"""``kokuho collection layout``: which layouts there are, what is in one, whether it holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.collection import Layout

_ = translator("collection")

app = typer.Typer(no_args_is_help=True, help="銀行・収納代行・納付書のレイアウト定義。")
AsJson = Annotated[bool, typer.Option("--json", help="JSON で表示します。")]
_STANDINGS = {
    "public": "read in public sources",
    "operator": "handed in by the operator",
    "assumed": "made up, for rehearsals only",
}


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """Kokuho に付いているレイアウトの一覧を示します。"""
    from kokuho.collection import load_layout, shipped

    layouts = [load_layout(name) for name in shipped()]
    if as_json:
        rows = [
            {"id": o.id, "title": o.title, "kind": o.kind, "standing": o.standing} for o in layouts
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for one in layouts:
        typer.echo(f"{one.id}: {one.title} [{_(_STANDINGS[one.standing])}]")


@app.command()
def show(layout: str, as_json: AsJson = False) -> None:
    """レイアウトの項目、位置、桁数、出典を示します。"""
    from kokuho.collection import load_layout

    loaded = load_layout(layout)
    typer.echo(loaded.model_dump_json(indent=1) if as_json else _text(loaded))


@app.command()
def check(files: list[str], as_json: AsJson = False) -> None:
    """レイアウトの定義に誤りや未記入がないかを調べます。"""
    from kokuho.collection import load_layout

    findings = []
    for file in files:
        try:
            slots = load_layout(file).slots()
            lines = [_("{field}: to be filled by its owner").format(field=slot) for slot in slots]
        except CollectionError as error:
            lines = str(error).splitlines()
        findings += [{"file": file, "finding": line} for line in lines]
    if as_json:
        typer.echo(json.dumps({"findings": findings}, ensure_ascii=False, indent=1))
    else:
        for found in findings:
            typer.echo(f"{found['file']}: {found['finding']}")
        typer.echo(_("{count} findings").format(count=len(findings)))
    if findings:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """レイアウトの定義の JSON Schema を出力します(extends を使わない、完全な定義のもの)。"""
    from kokuho.collection import Layout

    typer.echo(json.dumps(Layout.model_json_schema(), ensure_ascii=False, indent=1))


def _text(layout: Layout) -> str:
    lines = [
        f"{layout.id} {layout.version}: {layout.title}",
        f"  {_(_STANDINGS[layout.standing])}",
        *(f"  {source.text} {source.url or ''}".rstrip() for source in layout.sources),
    ]
    if layout.note:
        lines.append(f"  {layout.note}")
    for record in layout.records:
        lines += ["", record.title]
        for field in record.fields:
            last = field.offset + field.length - 1
            fixed = f" = {field.constant}" if field.constant is not None else ""
            lines.append(f"  {field.offset:>4}-{last:<4} {field.type:<8} {field.title}{fixed}")
            lines += [f"{'':>21} {code} {text}" for code, text in (field.codes or {}).items()]
    for limit in layout.limits:
        yen = "-" if limit.yen is None else f"{limit.yen:,}"
        lines += ["", f"{limit.name}: {yen} ({limit.first} -) {limit.source}"]
    return "\n".join(lines)
