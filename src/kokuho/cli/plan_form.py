"""``kokuho plan form`` and ``collect``: the official form, a prefecture's table of plans."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.calendar import today
from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.plan.collect import Collection

_ = translator("plan_form")


def register(app: typer.Typer) -> None:
    """Put the commands into the group ``plan``."""
    app.command(help=_("The official form of a plan, as PDF or XLSX"))(form)
    app.command(help=_("One table of the plans of many insurers, as XLSX, CSV or PDF"))(collect)


def form(
    file: Annotated[Path, typer.Argument(help=_("plan file (YAML)"))],
    out: Annotated[Path, typer.Option("--out", help=_("file to write: .pdf or .xlsx"))],
    with_rates: Annotated[
        bool, typer.Option("--with-rates", help=_("fill in blank rates where a base is certain"))
    ] = False,
    progress: Annotated[
        bool, typer.Option("--progress", help=_("add the progress sheet (no official form)"))
    ] = False,
    measures: Annotated[
        Path | None,
        typer.Option(help=_("measure file (JSON); adds the progress sheet and the measures")),
    ] = None,
) -> None:
    """Exit with 0 if the form was written, 1 if it shows something that does not hold."""
    from kokuho.forms import plan_form_pdf, workbook_bytes
    from kokuho.plan import form_of, form_workbook, load_plan, progress_data
    from kokuho.plan.indicators import indicator_rows
    from kokuho.plan.measure_file import load_measure_file
    from kokuho.plan.measures_sheet import measures_data

    ending = _ending(out, (".pdf", ".xlsx"))
    plan = load_plan(file)
    made = form_of(plan, with_rates)
    told = None
    if measures:
        file_of = load_measure_file(measures)
        told = indicator_rows(plan, file_of), file_of.as_of
    progress = progress or told is not None
    if ending == ".pdf":
        table = measures_data(*told) if told else None
        content = plan_form_pdf(made.as_dict(), progress_data(plan, table) if progress else None)
    else:
        content = workbook_bytes(form_workbook(plan, made, progress, told), made.title)
    _write(out, content)
    for notice in made.notices:
        typer.echo(notice.line())
    typer.echo(_("wrote {file}").format(file=out))
    if any(notice.severity != "note" for notice in made.notices):
        raise typer.Exit(1)


def collect(
    folder: Annotated[Path, typer.Argument(help=_("folder with plan files (YAML), forms (XLSX)"))],
    out: Annotated[Path, typer.Option("--out", help=_("file to write: .xlsx, .csv or .pdf"))],
    year: Annotated[
        int | None,
        typer.Option(help=_("fiscal year at whose end the plans stand (default: the last one)")),
    ] = None,
) -> None:
    """Exit with 0 if all files are plans, 1 if one is not or an insurer has several."""
    from kokuho.base.calendar import fiscal_year_of
    from kokuho.plan.collect import collect_plans

    ending = _ending(out, (".xlsx", ".csv", ".pdf"))
    until = fiscal_year_of(today()) - 1 if year is None else year
    made = collect_plans(folder, until, leave_out=out)
    _write_table(made, out, ending)
    for broken in made.broken:
        typer.echo(_("{file}: not taken. {reason}").format(file=broken.file, reason=broken.reason))
    for name in made.passed:
        typer.echo(
            _("{file}: passed over, neither a plan file (YAML) nor a form (XLSX)").format(file=name)
        )
    for insurer, files in made.twice.items():
        typer.echo(
            _("{insurer} has more than one plan: {files}").format(
                insurer=insurer, files=", ".join(files)
            )
        )
    typer.echo(
        _("plans: {plans}, broken files: {broken}").format(
            plans=len(made.plans), broken=len(made.broken)
        )
    )
    typer.echo(_("wrote {file}").format(file=out))
    if made.broken or made.twice:
        raise typer.Exit(1)


def _write_table(made: Collection, out: Path, ending: str) -> None:
    from kokuho.forms import plan_collection_pdf, workbook_bytes
    from kokuho.plan import collection_table

    if ending == ".pdf":
        _write(out, plan_collection_pdf(collection_table.as_data(made)))
    elif ending == ".xlsx":
        _write(out, workbook_bytes(collection_table.as_pages(made), collection_table.TITLE))
    else:
        collection_table.write_csvs(made, out)


def _ending(out: Path, endings: tuple[str, ...]) -> str:
    from kokuho.base.errors import InputError

    ending = out.suffix.lower()
    if ending not in endings:
        raise InputError(
            _("{file}: the name must end in one of {endings}.").format(
                file=out, endings=", ".join(endings)
            )
        )
    return ending


def _write(out: Path, content: bytes) -> None:
    from kokuho.tables import write_bytes

    write_bytes(out, content)
