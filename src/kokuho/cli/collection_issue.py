"""``kokuho collection``: slips of the register, and the demand of a scanned code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.ledger_common import actor, day, with_progress
from kokuho.cli.office_runs import AsJson, InsurerCode, start

if TYPE_CHECKING:
    from kokuho.office.collection.slips import SlipIssued

_ = translator("office_collection")


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("issue")(issue)
    app.command("scan")(scan)


def issue(
    insurer: InsurerCode,
    key: Annotated[str, typer.Option(help="発行の名前。同じ名前では、期別ごとに 1 枚だけ")],
    out: Annotated[Path, typer.Option(help="結果を書くフォルダー")],
    due: Annotated[str | None, typer.Option(help="納期限(その期のすべて)")] = None,
    demand: Annotated[str | None, typer.Option(help="期別番号(1 枚だけ)")] = None,
    layout: Annotated[
        list[str] | None,
        typer.Option("--layout", help="バーコード、QR、番号のレイアウト(種類ごとに一つ)"),
    ] = None,
    with_accounts: Annotated[
        bool, typer.Option("--with-accounts", help="口座振替の世帯の分も発行します。")
    ] = False,
    on: Annotated[str | None, typer.Option("--on", help="発行日(省略時は今日)")] = None,
    form: Annotated[str, typer.Option("--format", help="図の形式(svg, png)")] = "svg",
    as_json: AsJson = False,
) -> None:
    """台帳の期別の納付書を発行し、載せる符号の図と内容を書きます。"""
    if (due is None) == (demand is None):
        raise InputError(_("Say either --due or --demand."))
    if form not in ("svg", "png"):
        raise InputError(_("--format is svg or png."))
    issued_on = day(on)
    start()
    from kokuho.office.collection.slipping import Wanted, issued_of
    from kokuho.office.collection.slipping import issue as work
    from kokuho.office.tenancy import seeing

    names = layout or []
    wanted = Wanted(day(due) if due else None, demand, with_accounts)
    run = with_progress(
        lambda progress: work(
            insurer, key, wanted, names, issued_on=issued_on, actor=actor(), progress=progress
        )
    )
    with seeing([insurer]):
        slips = issued_of(insurer, key)
    text = _write(slips, names, out, form)
    if as_json:
        typer.echo(text)
    else:
        typer.echo(_("{count} slips in {out}").format(count=len(slips), out=out))
        for note in dict.fromkeys(note for slip in slips for note in slip.notes):
            typer.echo(f"  {note}")
    if run.state != "done":
        typer.echo(_("The run was stopped; the same command goes on with it."), err=True)
        raise typer.Exit(1)


def scan(
    code: Annotated[str, typer.Argument(help="読み取った符号の内容")],
    insurer: InsurerCode,
    layout: Annotated[str, typer.Option(help="レイアウト")],
) -> None:
    """読み取った符号の期別番号を、台帳から示します。"""
    start()
    from kokuho.office.collection.slipping import scanned

    typer.echo(scanned(insurer, code, layout))


def _write(slips: list[SlipIssued], names: list[str], out: Path, form: str) -> str:
    """The pictures and ``slips.json`` of slips; the text of that."""
    from kokuho.collection import load_book, png_of, svg_of
    from kokuho.office.collection.slipping import drawn
    from kokuho.tables import write_bytes

    layouts = [load_book(name) for name in names]
    listed = []
    for slip in slips:
        pictures = {}
        for code in drawn(slip, layouts):
            picture = png_of(code) if form == "png" else svg_of(code)
            if picture is not None:
                path = out / f"{slip.reference}.{code.kind}.{form}"
                write_bytes(path, picture if isinstance(picture, bytes) else picture.encode())
                pictures[code.kind] = path.name
        listed.append(
            {"reference": str(slip.reference), "demand_id": slip.demand_id, "amount": slip.amount,
             "due": slip.due.isoformat(), "issued_on": slip.issued_on.isoformat(),
             "reissue": slip.reissue, "codes": slip.codes, "pictures": pictures,
             "notes": slip.notes}
        )  # fmt: skip
    text = json.dumps(listed, ensure_ascii=False, indent=1)
    write_bytes(out / "slips.json", text.encode())
    return text
