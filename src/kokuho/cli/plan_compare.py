"""``kokuho plan compare``: runs of several scenario files side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator
from kokuho.cli.plan_forecast import million

_ = translator("forecast")


def register(app: typer.Typer) -> None:
    """Add the command to the group ``kokuho plan``."""
    app.command(help=_("Runs of several scenario files side by side, from their folders"))(compare)


def compare(
    folders: Annotated[
        list[Path], typer.Argument(help=_("folders of `plan solve`, or of `plan forecast`"))
    ],
    out: Annotated[Path, typer.Option("--out", help=_("table to write (CSV)"))],
) -> None:
    """Solutions give a row each, forecasts a row for each year, path and figure."""
    from kokuho.base.calendar import fiscal_year_name
    from kokuho.plan.compare import compare_folders
    from kokuho.tables import write_csv

    table = compare_folders(folders)
    write_csv(table, out)
    if "feasible" in table.columns:
        for row in table.iter_rows(named=True):
            typer.echo(
                _(
                    "{run}: deficit of {year} {deficit} million yen, largest rise {yen} yen, "
                    "{percent}%"
                ).format(
                    run=row["run"], year=fiscal_year_name(row["target_year"]),
                    deficit=million(row["final_deficit"]), yen=f"{row['largest_rise_yen']:,}",
                    percent=row["largest_rise_percent"],
                )
            )  # fmt: skip
    typer.echo(_("wrote {file}").format(file=out))
