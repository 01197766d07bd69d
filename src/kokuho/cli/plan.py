"""``kokuho plan``: read a fiscal soundness plan from paper, check it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.messages import translator
from kokuho.cli import plan_compare, plan_forecast, plan_form, plan_paper

if TYPE_CHECKING:
    from kokuho.plan import PlanRead

_ = translator("plan")

app = typer.Typer(
    no_args_is_help=True, help=_("Fiscal soundness plan: read it from paper, check it")
)

AsJson = Annotated[bool, typer.Option("--json", help=_("print JSON"))]


@app.command(help=_("Read a plan from a council paper; say what was repaired and what is open"))
def read(
    file: Annotated[Path, typer.Argument(help=_("council paper (text) or form (XLSX)"))],
    out: Annotated[Path, typer.Option("--out", help=_("plan file to write (YAML)"))],
    as_json: Annotated[
        bool, typer.Option("--json", help=_("print every cell: printed, taken, why"))
    ] = False,
) -> None:
    """Exit with 0 if every cell is confirmed or repaired, 1 if a person must look at some."""
    import json

    from kokuho.plan import plan_to_yaml, read_plan
    from kokuho.tables import in_place

    made = read_plan(file)
    text = plan_to_yaml(made.plan)
    in_place(out, lambda part: part.write_text(text, encoding="utf-8"))
    if as_json:
        typer.echo(json.dumps(made.report.as_dict(), ensure_ascii=False, indent=1))
    else:
        _tell(made)
        typer.echo(_("wrote {file}").format(file=out))
    if made.report.counts["flagged"]:
        raise typer.Exit(1)


def _tell(made: PlanRead) -> None:
    for line in made.report.lines():
        typer.echo(line)
    counts = made.report.counts
    typer.echo(
        _(
            "{confirmed} cells confirmed, {repaired} repaired, {flagged} for a person to look at"
        ).format(**counts)
    )


def _tell_course(last: dict[str, int | str | None]) -> None:
    from kokuho.plan.places import title

    year, left, cleared = (last[key] for key in ("year", "remaining", "cleared"))
    if left is not None:
        typer.echo(
            _(
                "{year}: {left:,} thousand yen of the deficit remain, {cleared} percent are cleared"
            ).format(year=title(f"years.{year}"), left=left, cleared=cleared)
        )


@app.command(help=_("Check a plan: totals, deficit, rates, measures, print, results"))
def check(
    file: Annotated[Path, typer.Argument(help=_("plan file (YAML)"))],
    measures: Annotated[
        Path | None, typer.Option(help=_("measure file (JSON): targets and actual figures"))
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Exit with 0 if nothing was found (notes do not count), 1 if something was."""
    import json

    from kokuho.plan import answer, check_plan, course, load_plan
    from kokuho.plan.indicators import indicator_rows
    from kokuho.plan.measure_file import load_measure_file

    plan = load_plan(file)
    rows = indicator_rows(plan, load_measure_file(measures)) if measures else []
    found = check_plan(plan)
    said = answer(found)
    years = course(plan)
    if as_json:
        told = {"measures": [row.as_dict() for row in rows]} if measures else {}
        typer.echo(json.dumps({**said, "course": years, **told}, ensure_ascii=False, indent=2))
    else:
        for one in found:
            typer.echo(one.line())
        if years:
            _tell_course(years[-1])
        for row in rows:
            typer.echo(row.line())
        typer.echo(
            _("{findings} findings, {notes} notes").format(
                findings=len(said["findings"]), notes=len(said["notes"])
            )
        )
    if said["findings"]:
        raise typer.Exit(1)


plan_form.register(app)
plan_forecast.register(app)
plan_compare.register(app)
plan_paper.register(app)
