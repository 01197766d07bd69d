"""``kokuho ordinance``: look at ordinance files, print the schema of the format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.ordinance import Finding, Ordinance

_ = translator("ordinance")

app = typer.Typer(
    help=_("One municipality's ordinance as data: what is missing or wrong in a file."),
    no_args_is_help=True,
)


@app.command(help=_("Say what is wrong with ordinance files, and what they still lack."))
def validate(
    files: Annotated[list[Path], typer.Argument(help=_("Ordinance files (YAML)"))],
    as_json: Annotated[
        bool, typer.Option("--json", help=_("Print the findings for machines"))
    ] = False,
) -> None:
    """Exit with 0 if every file can be used, 1 if one cannot, 2 if one cannot be read."""
    import json

    from kokuho.base.errors import KokuhoError
    from kokuho.ordinance import examine
    from kokuho.ordinance.findings import errors

    findings: list[dict[str, Any]] = []
    refused, unreadable = 0, 0
    for path in files:
        try:
            ordinance, found = examine(path)
        except KokuhoError as error:
            unreadable += 1
            typer.echo(str(error), err=True)
            continue
        refused += bool(errors(found))
        findings += [{"file": str(path), **one.as_dict()} for one in found]
        if not as_json:
            typer.echo(_report(path, ordinance, found))
    if as_json:
        counts = {"files": len(files), "refused": refused, "unreadable": unreadable}
        typer.echo(json.dumps({**counts, "findings": findings}, ensure_ascii=False, indent=2))
    raise typer.Exit(2 if unreadable else 1 if refused else 0)


@app.command(help=_("Print the JSON Schema of an ordinance file."))
def schema() -> None:
    """The schema that ``docs/ordinance.schema.json`` holds."""
    from kokuho.ordinance.schema import schema_text

    typer.echo(schema_text(), nl=False)


def _report(path: Path, ordinance: Ordinance | None, found: list[Finding]) -> str:
    from kokuho.base.calendar import fiscal_year_name
    from kokuho.ordinance.findings import describe, errors

    wrong = len(errors(found))
    if wrong or ordinance is None:
        head = _("{file}: {count} to put right").format(file=path, count=wrong)
    else:
        head = _("{file}: OK ({insurer}, {years})").format(
            file=path,
            insurer=ordinance.insurer.name,
            years=", ".join(map(fiscal_year_name, sorted(ordinance.fiscal_years))),
        )
    ordered = sorted(found, key=lambda one: (one.severity != "error", one.line or 0))
    body = "\n".join(map(describe, ordered))
    return "\n".join([head, *(f"  {line}" for line in body.splitlines())])
