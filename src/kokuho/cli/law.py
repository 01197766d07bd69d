"""``kokuho law``: statutory numbers with their article, source, certainty and history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kokuho.base.calendar import today
from kokuho.base.errors import KokuhoError
from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.law import DatedValue, Parameter

_ = translator("law")

ANSWERS = {
    "insured": "insured",
    "not_insured": "not insured",
    "look": "a clerk must look",
}
"""What a row of an eligibility table answers, in words; messages of the room."""

app = typer.Typer(no_args_is_help=True, help=_("Statutory numbers with source and history"))

With = Annotated[
    list[Path] | None,
    typer.Option("--with", help=_("a file of law that is enacted but not yet in force")),
]
AsJson = Annotated[bool, typer.Option("--json", help=_("print JSON"))]


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _day(text: str | None) -> date:
    from kokuho.base.calendar import complete_date

    if text is None:
        return today()
    try:
        return complete_date(text)
    except ValueError:
        _stop(
            _("{text} is not a complete date; write 2026-04-01 or 令和8年4月1日").format(text=text)
        )


def _load(files: list[Path] | None) -> None:
    from kokuho.law import load_extra

    for file in files or []:
        load_extra(file)


@app.command(help=_("One number: value on a day, article, source, history"))
def show(
    name: Annotated[
        str, typer.Argument(metavar="PARAMETER", help=_("name of the number, such as cap.medical"))
    ],
    on: Annotated[str | None, typer.Option("--on", help=_("the day; today if left out"))] = None,
    with_files: With = None,
    as_json: AsJson = False,
) -> None:
    """Print one statutory number: value on a day, article, source, certainty and history."""
    from kokuho.law import parameter

    day = _day(on)
    try:
        _load(with_files)
        entry = parameter(name)
        current = entry.on(day)
    except KokuhoError as error:
        _stop(str(error))
    if as_json:
        typer.echo(json.dumps(_data(entry, current, day), ensure_ascii=False, indent=2))
    else:
        typer.echo(_text(entry, current, day))


@app.command("list", help=_("The names and titles of all numbers"))
def list_all(with_files: With = None, as_json: AsJson = False) -> None:
    """Print the names and titles of all statutory numbers."""
    from kokuho.law import parameter, parameters

    try:
        _load(with_files)
        entries = [parameter(name) for name in parameters()]
    except KokuhoError as error:
        _stop(str(error))
    if as_json:
        rows = [{"name": entry.name, "title": entry.title, "unit": entry.unit} for entry in entries]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max(len(entry.name) for entry in entries)
    for entry in entries:
        typer.echo(f"{entry.name:<{width}}  {entry.title}")


@app.command(help=_("Who may be insured: the row of the table that decides, or all rows"))
def eligibility(
    facts: Annotated[
        list[str] | None,
        typer.Argument(metavar="FACT=VALUE", help=_("what is known, such as status=official")),
    ] = None,
    on: Annotated[str | None, typer.Option("--on", help=_("the day; today if left out"))] = None,
    as_json: AsJson = False,
) -> None:
    """Print the row that decides for some facts, all others unknown; without facts, the table."""
    from kokuho.law import certainty_label, table

    day = _day(on)
    try:
        found = table("eligibility")
        rows = [found.decide(_facts(facts, found.facts), day)] if facts else found.on(day)
    except KokuhoError as error:
        _stop(str(error))
    if as_json:
        data = [
            {name: getattr(row, name) for name in
             ("id", "answer", "reason", "article", "source", "certainty", "note")}
            for row in rows
        ]  # fmt: skip
        typer.echo(json.dumps({"rows": data}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(f"{_(ANSWERS[row.answer])}: {row.reason}")
        label = certainty_label(row.certainty)
        typer.echo(
            "    " + _("{article}; certainty: {label}").format(article=row.article, label=label)
        )
        if row.note:
            typer.echo("    " + _("Note: {note}").format(note=row.note))


def _facts(given: list[str], known: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """The facts of a table: those given, all others unknown (or no, where that is not a value)."""
    facts = {name: "unknown" if "unknown" in values else "no" for name, values in known.items()}
    for text in given:
        name, _equals, value = text.partition("=")
        if value not in known.get(name, ()):
            choices = "; ".join(f"{one}={'|'.join(values)}" for one, values in known.items())
            _stop(_("{text} is not a fact of the table; known are {choices}").format(
                text=text, choices=choices))  # fmt: skip
        facts[name] = value
    return facts


def _value_data(dated: DatedValue) -> dict[str, object]:
    from kokuho.law import certainty_label, value_data

    return {
        "first": dated.first.isoformat(),
        "last": dated.last.isoformat(),
        "value": value_data(dated.value),
        "article": {"premium": dated.article_premium, "tax": dated.article_tax},
        "source": dated.source,
        "certainty": dated.certainty,
        "certainty_label": certainty_label(dated.certainty),
        "note": dated.note,
    }


def _data(entry: Parameter, current: DatedValue, day: date) -> dict[str, object]:
    return {
        "name": entry.name,
        "title": entry.title,
        "unit": entry.unit,
        "on": day.isoformat(),
        **_value_data(current),
        "history": [_value_data(dated) for dated in entry.values],
    }


def _text(entry: Parameter, current: DatedValue, day: date) -> str:
    from kokuho.base.calendar import era_date
    from kokuho.law import certainty_label, value_text

    def value(dated: DatedValue) -> str:
        text = value_text(dated.value, entry.unit)
        return "\n    " + text.replace("\n", "\n    ") if "\n" in text else text

    lines = [
        f"{entry.name}  {entry.title}",
        _("Value on {day} ({era}): {value}").format(
            day=day, era=era_date(day), value=value(current)
        ),
        _("In force: {first} to {last}").format(first=current.first, last=current.last),
    ]
    if current.article_premium == current.article_tax:
        lines.append(_("Article: {article}").format(article=current.article))
    else:
        lines.append(_("Article for premiums: {article}").format(article=current.article_premium))
        lines.append(_("Article for the tax: {article}").format(article=current.article_tax))
    lines.append(_("Source: {source}").format(source=current.source))
    lines.append(_("Certainty: {label}").format(label=certainty_label(current.certainty)))
    if current.note:
        lines.append(_("Note: {note}").format(note=current.note))
    lines.append(_("History:"))
    for dated in reversed(entry.values):
        lines.append(
            f"  {dated.first}..{dated.last}  {certainty_label(dated.certainty)}  {value(dated)}"
        )
        lines.append("    " + _("Source: {source}").format(source=dated.source))
        if dated.note:
            lines.append("    " + _("Note: {note}").format(note=dated.note))
    return "\n".join(line.rstrip() for line in "\n".join(lines).split("\n"))
