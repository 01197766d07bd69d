"""``kokuho collection``: files of banks and collecting agents, slips, matching of receipts."""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.calendar import today
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli import (
    collection_cancelled,
    collection_held,
    collection_issue,
    collection_measures,
    collection_office,
)
from kokuho.cli import collection_outcome as outcome
from kokuho.cli.collection_layout import app as layout_app

if TYPE_CHECKING:
    import polars as pl

    from kokuho.collection import FileProblem

_ = translator("collection")

app = typer.Typer(
    no_args_is_help=True,
    help="口座振替、納付書の符号、収納ファイル、消込。ファイルを読み書きします。",
)
app.add_typer(layout_app, name="layout")
collection_office.register(app)
collection_issue.register(app)
collection_held.register(app)
collection_cancelled.register(app)
collection_measures.register(app)

LayoutName = Annotated[
    str, typer.Option("--layout", help="レイアウト(付属の名前、または .yaml ファイル)")
]
Payables = Annotated[Path, typer.Option(help="納付できる期別のファイル(.csv, .xlsx, .parquet)")]
Insurer = Annotated[str, typer.Option(help="保険者コード")]
Seen = Annotated[
    list[Path] | None, typer.Option(help="以前の実行の lines.csv(二重に処理しないため)")
]
ReadOn = Annotated[str | None, typer.Option(help="読み取る日(省略時は今日)")]
OutDir = Annotated[Path, typer.Option("--out", help="結果を書くフォルダー")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON で表示します。")]


class PictureFormat(StrEnum):
    """The format of the pictures of codes."""

    SVG = "svg"
    PNG = "png"


@app.command("debit-file")
def debit_file(
    layout: LayoutName,
    orders: Annotated[Path, typer.Option(help="口座振替を依頼する期別と口座のファイル")],
    day: Annotated[str, typer.Option(help="引落日")],
    out: Annotated[Path, typer.Option(help="銀行に渡すファイル")],
    made_on: Annotated[str | None, typer.Option(help="作成日(省略時は今日)")] = None,
    sent: Annotated[
        list[Path] | None, typer.Option(help="前に渡した依頼ファイル(同じ日に二度依頼しないため)")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """口座振替の依頼ファイルを作ります。同じ依頼からは、同じファイルができます。"""
    from kokuho import collection
    from kokuho.cli import collection_files as files

    chosen, book = collection.load_book(layout)
    table = files.debits(orders)
    outcome.warn(chosen)
    earlier = [
        collection.read_file(files.content(path), chosen, book, path.name, results=False)
        for path in sent or []
    ]
    made = collection.debit_file(
        chosen, book, files.debit_frame(table), _day(day), _day(made_on), orders.name, earlier
    )
    files.keep(out, made.content)
    refused = [*table.refusals, *made.refused]
    if as_json:
        outcome.print_json(
            {
                "file": str(out),
                "digest": made.digest,
                "count": made.count,
                "total": made.total,
                "refused": [refusal.message() for refusal in refused],
            }
        )
    else:
        typer.echo(
            _("{file}: {count} debits, {total} yen (SHA-256 {digest})").format(
                file=out, count=f"{made.count:,}", total=f"{made.total:,}", digest=made.digest[:16]
            )
        )
    outcome.end(refused, beside=out)


@app.command("debit-results")
def debit_results(
    file: Annotated[Path, typer.Argument(help="銀行から戻った結果ファイル")],
    layout: LayoutName,
    sent: Annotated[Path, typer.Option(help="銀行に渡した依頼ファイル")],
    payables: Payables,
    insurer: Insurer,
    out: OutDir,
    seen: Seen = None,
    read_on: ReadOn = None,
    as_json: AsJson = False,
) -> None:
    """口座振替の結果を依頼と照合し、消し込むもの、仮受にするもの、振替不能に分けます。"""
    from kokuho import collection
    from kokuho.cli import collection_files as files

    chosen, book = collection.load_book(layout)
    outcome.warn(chosen)
    try:
        asked = collection.read_file(files.content(sent), chosen, book, sent.name, results=False)
        answer = collection.read_file(files.content(file), chosen, book, file.name)
        results = collection.debit_results(asked, answer, _day(read_on))
    except collection.BrokenFileError as error:
        outcome.refuse(error.problems, as_json)
    table = files.payables(payables)
    frame = files.payable_frame(table, insurer)
    matched = collection.match(results.incoming, frame, insurer, files.seen(seen or []))
    more = {
        "returned": collection.with_demands(results.returned, frame),
        "missing": collection.with_demands(results.missing, frame),
    }
    strange = results.returned["doubt"].drop_nulls().len() + results.missing.height
    outcome.report(matched, more, out, as_json, [])
    outcome.end(
        table.refusals, beside=out / "payables.csv", found=strange > 0 or outcome.waiting(matched)
    )


@app.command()
def receipts(
    files_in: Annotated[list[Path], typer.Argument(metavar="FILE...", help="収納ファイル")],
    layout: LayoutName,
    payables: Payables,
    insurer: Insurer,
    out: OutDir,
    seen: Seen = None,
    read_on: ReadOn = None,
    as_json: AsJson = False,
) -> None:
    """収納ファイル(コンビニ、ペイジー、QR)を読み、消し込むものと仮受にするものに分けます。"""
    import polars as pl

    from kokuho import collection
    from kokuho.cli import collection_files as files

    chosen, book = collection.load_book(layout)
    outcome.warn(chosen)
    day = _day(read_on)
    frames: list[pl.DataFrame] = []
    problems: list[FileProblem] = []
    for path in files_in:
        try:
            read = collection.read_file(files.content(path), chosen, book, path.name)
            frames.append(collection.incoming_receipts(read, day))
        except collection.BrokenFileError as error:
            problems += error.problems
    if not frames:  # nothing was read, so nothing is written either
        outcome.refuse(problems, as_json)
    table = files.payables(payables)
    matched = collection.match(
        pl.concat(frames),
        files.payable_frame(table, insurer),
        insurer,
        files.seen(seen or []),
    )
    outcome.report(matched, {}, out, as_json, problems)
    for problem in problems:
        typer.echo(problem.message(), err=True)
    outcome.end(
        table.refusals,
        beside=out / "payables.csv",
        found=bool(problems) or outcome.waiting(matched),
    )


@app.command()
def slip(
    payables: Payables,
    out: OutDir,
    layout: Annotated[
        list[str] | None,
        typer.Option("--layout", help="バーコード、QR、番号のレイアウト(種類ごとに一つ)"),
    ] = None,
    wanted: Annotated[str | None, typer.Option("--id", help="収納番号(1 枚だけ作ります)")] = None,
    issued_on: Annotated[str | None, typer.Option(help="発行日(省略時は今日)")] = None,
    form: Annotated[PictureFormat, typer.Option("--format", help="図の形式")] = PictureFormat.SVG,
    as_json: AsJson = False,
) -> None:
    """納付書に載せる符号(バーコード、QR、番号)の図と、載せないものとその理由を作ります。"""
    from kokuho import collection
    from kokuho.cli import collection_files as files
    from kokuho.tables import LINE, write_bytes

    layouts = [collection.load_book(name) for name in layout or []]
    table = files.payables(payables)
    collection.check_payables(table.frame)
    day = _day(issued_on)
    made = [
        (row, collection.make_slip(row, layouts, day))
        for row in table.frame.drop(LINE).iter_rows(named=True)
        if (wanted is None or row["reference"] == wanted) and row["amount"] > 0
    ]
    if not made:
        raise InputError(_("There is nothing to pay: no slip was made."))
    listed = []
    for row, one in made:
        pictures = {}
        for code in one.codes:
            drawn = collection.png_of(code) if form == "png" else collection.svg_of(code)
            if drawn is not None:
                picture = out / f"{one.reference}.{code.kind}.{form}"
                write_bytes(picture, drawn if isinstance(drawn, bytes) else drawn.encode())
                pictures[code.kind] = picture.name
        listed.append(
            {
                **{name: str(row[name]) for name in ("reference", "demand_id", "amount", "due")},
                "codes": {code.kind: code.content for code in one.codes},
                "lines": {code.kind: [list(line) for line in code.lines] for code in one.codes},
                "pictures": pictures,
                "notes": list(one.notes),
            }
        )
    text = json.dumps(listed, ensure_ascii=False, indent=1)
    write_bytes(out / "slips.json", text.encode())
    if as_json:
        typer.echo(text)
    else:
        typer.echo(_("{count} slips in {out}").format(count=len(listed), out=out))
        for note in dict.fromkeys(note for _row, one in made for note in one.notes):
            count = sum(note in one.notes for _row, one in made)
            typer.echo(_("  {note} ({count} slips)").format(note=note, count=count))
    outcome.end(table.refusals, beside=out / "payables.csv")


def _day(text: str | None) -> date:
    """A day as it was written; today where none was."""
    from kokuho.base.calendar import complete_date

    if text is None:
        return today()
    try:
        return complete_date(text)
    except ValueError:
        raise InputError(
            _("{text} is not a complete date; write 2026-04-01 or 令和8年4月1日").format(text=text)
        ) from None
