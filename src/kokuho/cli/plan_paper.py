"""``kokuho plan paper``: the council paper of a scenario, with the runs that it was made from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.calendar import today
from kokuho.base.messages import translator
from kokuho.cli.plan_forecast import ScenarioFile, read_variants, report_refusals

_ = translator("paper")

RUNS_SUFFIX = ".runs"
TRACE_SUFFIX = ".trace.json"


def register(app: typer.Typer) -> None:
    """Add the command to the group ``kokuho plan``."""
    app.command(help=_("The council paper of a scenario as PDF, its runs and trace beside it"))(
        paper
    )


def paper(
    scenario: ScenarioFile,
    out: Annotated[Path, typer.Option("--out", help=_("PDF to write"))],
    made_on: Annotated[
        str | None, typer.Option("--made-on", help=_("day printed on the paper; today without"))
    ] = None,
    solved: Annotated[
        Path | None,
        typer.Option(
            "--solved",
            help=_(
                "folder of an earlier `plan solve` or paper; used where its inputs are the same"
            ),
        ),
    ] = None,
) -> None:
    """Exit with 1 if the first pattern leaves a deficit or rows were refused, else with 0."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from kokuho.base.errors import InputError
    from kokuho.forms import council_paper_pdf
    from kokuho.plan.paper import compose, make_runs, patterns, trace, write_runs
    from kokuho.plan.scenario import load_scenarios
    from kokuho.plan.scenario.provenance import write_json
    from kokuho.tables import in_place

    if out.suffix.lower() != ".pdf":
        raise InputError(_("{file}: the paper is a PDF; name a file that ends in .pdf").format(
            file=out))  # fmt: skip
    if solved is not None and not solved.is_dir():
        raise InputError(_("{file}: there is no such folder").format(file=solved))
    day = _day(made_on)
    chosen = patterns(load_scenarios(scenario))
    inputs = read_variants(scenario, [one.variant for one in chosen])
    columns = (SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=None)
        runs = make_runs(
            chosen,
            inputs,
            solved=solved,
            progress=lambda words: bars.update(task, description=words),
            note=bars.console.print,
        )
        bars.update(task, description=_("the paper"))
        pdf = council_paper_pdf(compose(runs, day), made_on=day)
    folder = out.with_suffix(RUNS_SUFFIX)
    write_runs(runs, scenario, folder)
    in_place(out, lambda part: part.write_bytes(pdf))
    beside = out.with_suffix(TRACE_SUFFIX)
    write_json(trace(runs, scenario, folder, out), beside)
    for path in (out, beside, folder):
        typer.echo(_("wrote {file}").format(file=path))
    report_refusals(runs.inputs, folder)
    first = runs.first.solution
    if first is not None and not first.feasible:
        raise typer.Exit(1)


def _day(text: str | None) -> date:
    from kokuho.base.calendar import parse_date
    from kokuho.base.errors import InputError

    if text is None:
        return today()
    try:
        return parse_date(text).earliest()
    except ValueError:
        raise InputError(_("--made-on: {text} is not a date").format(text=text)) from None
