"""``kokuho check-table``: whether printed ratios and totals can come from their printed counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator

_ = translator("plan")


def register(app: typer.Typer) -> None:
    """Put the command into the main one."""
    app.command("check-table", help=_("Test a printed table for consistency under rounding"))(run)


def run(
    file: Annotated[Path, typer.Argument(help=_("check-table file (CSV or XLSX)"))],
    as_json: Annotated[bool, typer.Option("--json", help=_("print JSON"))] = False,
) -> None:
    """Exit with 0 if every printed ratio and total is possible, 1 if one is not or rows were
    refused."""
    import json

    from kokuho.plan.consistency import check_cells, tested
    from kokuho.plan.findings import answer
    from kokuho.plan.table_cells import read_cells

    table = read_cells(file)
    found = check_cells(table.cells)
    count = tested(table.cells)
    said = answer(found)
    if as_json:
        more = {"tested": count, "refused": list(table.refused)}
        typer.echo(json.dumps({**said, **more}, ensure_ascii=False, indent=2))
    else:
        for line in [*table.refused, *(one.line() for one in found)]:
            typer.echo(line)
        typer.echo(
            _(
                "{tested} ratios and totals tested: {count} cannot follow from the printed counts"
            ).format(tested=count, count=len(said["findings"]))
        )
    if said["findings"] or table.refused:
        raise typer.Exit(1)
