"""``kokuho collection measures``: the figures of the plan's measures, as a measure file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator
from kokuho.cli import collection_outcome as outcome
from kokuho.cli.ledger_common import day
from kokuho.cli.office_runs import AsJson, InsurerCode, start

_ = translator("office_collection")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("measures")(measures)


def measures(
    insurer: InsurerCode,
    fiscal_year: Annotated[int, typer.Option(help="年度(西暦)")],
    out: Annotated[Path, typer.Option(help="書くファイル(.json)")],
    typed: Annotated[
        Path | None, typer.Option(help="目標と、Kokuho の外で作る実績の表(.csv, .xlsx)")
    ] = None,
    on: Annotated[str | None, typer.Option("--on", help="基準日(省略時は今日)")] = None,
    as_json: AsJson = False,
) -> None:
    """赤字削減計画の取組の目標と実績を、計画に渡すファイルにします。"""
    as_of = day(on)
    start()
    from kokuho.office.collection.measure_table import Typed, read_typed, together
    from kokuho.office.collection.measures import counted
    from kokuho.office.tenancy import seeing
    from kokuho.plan.indicators import indicators
    from kokuho.plan.measure_file import TARGET, measure_file, measure_json
    from kokuho.tables import write_bytes

    given = read_typed(typed) if typed else Typed((), ())
    with seeing([insurer]):
        figures = together(counted(insurer, fiscal_year, as_of), given.figures)
    file = measure_file(insurer, as_of, figures)
    text = measure_json(file)
    write_bytes(out, text.encode())
    if as_json:
        typer.echo(text, nl=False)
    else:
        for name, one in indicators().items():
            figure, target = file.figure(name), file.figure(name + TARGET)
            if figure is None and target is None:
                typer.echo(f"{one.title}\t{_('not typed in')}")
                continue
            actual = figure.value if figure else None
            typer.echo(
                f"{one.title}\t{_shown(actual, one.unit)}\t"
                f"{_('target')} {_shown(target.value if target else None, one.unit)}"
            )
        typer.echo(_("written to {out}").format(out=out))
    outcome.end(list(given.refusals), beside=typed or out)


def _shown(value: object, unit: str) -> str:
    units = {"percent": "%", "yen": _(" yen"), "count": ""}
    return "-" if value is None else f"{value:,}{units[unit]}"
