"""``kokuho papers``: the papers to payers, their languages, and how they look."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator

_ = translator("forms")

app = typer.Typer(no_args_is_help=True, help=_("Papers to payers, in many languages"))


@app.command("list")
def list_papers(
    as_json: Annotated[bool, typer.Option("--json", help=_("print JSON"))] = False,
) -> None:
    """Papers, languages, how complete each catalogue is, and whether it was reviewed.

    Exit status 1 where a catalogue is incomplete.
    """
    import json

    from kokuho.forms.papers import KINDS, coverage

    states = coverage()
    incomplete = any(state.missing for state in states)
    if as_json:
        data = {
            "papers": [{"key": kind.key, "name": kind.name} for kind in KINDS.values()],
            "languages": [state.as_dict() for state in states],
        }
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for kind in KINDS.values():
            typer.echo(f"{kind.key:<14}{kind.name}")
        typer.echo("")
        for state in states:
            typer.echo(state.line())
    raise typer.Exit(1 if incomplete else 0)


@app.command()
def sheet(
    out: Annotated[Path, typer.Option(help=_("folder for the contact sheets"))],
    language: Annotated[
        list[str] | None, typer.Option("--language", help=_("codes; all if left out"))
    ] = None,
    kind: Annotated[str, typer.Option(help=_("premium or tax"))] = "premium",
    papers: Annotated[
        bool, typer.Option("--papers", help=_("each paper as a PDF of its own, too"))
    ] = False,
) -> None:
    """Contact sheets of all papers in all languages, with fictional data: one PDF a language."""
    from kokuho.base.errors import InputError
    from kokuho.forms.papers import LANGUAGES, language_of, paper_pdf
    from kokuho.forms.papers.contact import contact_sheet
    from kokuho.forms.papers.samples import SAMPLES

    if kind not in ("premium", "tax"):
        raise InputError(_("{text}: expected is premium or tax").format(text=kind))
    codes = [language_of(code).code for code in language or LANGUAGES]
    out.mkdir(parents=True, exist_ok=True)
    for code in codes:
        _write(out / f"contact-{code}.pdf", contact_sheet(code, kind))  # type: ignore[arg-type]
        if papers:
            for key, sample in SAMPLES.items():
                made = paper_pdf(sample(kind), [code])  # type: ignore[arg-type]
                _write(out / f"{key}.{code}.pdf", made)


def _write(path: Path, content: bytes) -> None:
    from kokuho.tables import write_bytes

    write_bytes(path, content)
    typer.echo(str(path))
