"""``kokuho import``: files of the office's other systems into the register."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.messages import translator
from kokuho.cli.claims import claims
from kokuho.cli.import_options import File, GoodRows, Map, tell_refusals
from kokuho.cli.receipts import receipts

if TYPE_CHECKING:
    from kokuho.office.imports.run import Outcome

_ = translator("office")

KINDS = {
    "residents": "住民: 氏名、住所、在留資格等",
    "households": "世帯: 世帯員と世帯主",
    "enrolments": "被保険者資格の得喪",
    "incomes": "所得と申告の状態(年度ごと)",
    "benefits": "給付の申請(事実のみ)",
    "decisions": "決定: 非自発的失業、産前産後、旧被扶養者、減免等",
}

AsJson = Annotated[bool, typer.Option("--json", help="JSON で出力します。")]


def register(app: typer.Typer) -> None:
    """Add the group to the main application."""
    group = typer.Typer(
        no_args_is_help=True, help="取込み: 住民・世帯・資格・所得・給付・決定・収納・レセプト"
    )
    for kind, what in KINDS.items():
        group.command(kind, help=what)(_command(kind))
    group.command()(receipts)
    group.command()(claims)
    group.command("cancel")(cancel)
    app.add_typer(group, name="import")


def _command(kind: str) -> Callable[..., None]:
    def command(
        file: File, good_rows: GoodRows = False, map_file: Map = None, as_json: AsJson = False
    ) -> None:
        _import(kind, file, good_rows, map_file, as_json)

    return command


def cancel(insurer: Annotated[str, typer.Option("--insurer", help="保険者コード")]) -> None:
    """実行中の取込みを止めます。止めた取込みの内容は、何も台帳に残りません。"""
    from kokuho.office.start import start

    start()
    from kokuho.office.imports import staging

    count = staging.cancel(insurer)
    typer.echo(_("{count} imports were asked to stop").format(count=count))


def _import(kind: str, file: Path, good_rows: bool, map_file: Path | None, as_json: bool) -> None:
    from rich.console import Console
    from rich.progress import Progress

    from kokuho.office.start import start

    start()
    from kokuho.office.imports.run import run

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(_("importing"), total=None)
        outcome = run(
            kind,
            file,
            good_rows=good_rows,
            map_file=map_file,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if as_json:
        typer.echo(json.dumps(_data(outcome), ensure_ascii=False))
    else:
        _tell(outcome)
    if outcome.refusals or outcome.cancelled:
        raise typer.Exit(1)


def _data(outcome: Outcome) -> dict[str, object]:
    return {
        "imported": outcome.imported,
        "cancelled": outcome.cancelled,
        "rows": outcome.rows,
        "refused": len({refusal.line for refusal in outcome.refusals}),
        "errors": str(outcome.errors) if outcome.errors else None,
        **outcome.counts,
    }


def _tell(outcome: Outcome) -> None:
    tell_refusals(outcome.refusals, outcome.errors)
    if outcome.cancelled:
        typer.echo(_("The import was stopped; nothing of the file was imported."), err=True)
    elif not outcome.imported:
        typer.echo(_("Nothing was imported; --good-rows imports the other rows."), err=True)
    elif not any(outcome.counts.values()):
        typer.echo(_("{rows} rows: nothing new").format(rows=f"{outcome.rows:,}"))
    else:
        typer.echo(
            _(
                "{rows} rows: {residents} new residents, {households} new households, {inserted} "
                "versions recorded, {superseded} superseded"
            ).format(
                rows=f"{outcome.rows:,}",
                **{name: f"{number:,}" for name, number in outcome.counts.items()},
            )
        )
