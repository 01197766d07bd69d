"""What a run of ``kokuho collection`` says and writes at its end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from kokuho.base.messages import translator

if TYPE_CHECKING:
    import polars as pl

    from kokuho.collection import FileProblem, Layout, Matched
    from kokuho.tables import Refusal

_ = translator("collection")


def report(
    matched: Matched,
    more: dict[str, pl.DataFrame],
    out: Path,
    as_json: bool,
    problems: list[FileProblem],
) -> None:
    """Write what became of the money, and say it in sums."""
    from kokuho.cli import collection_files as files
    from kokuho.collection import DOUBTS, OUTCOMES

    tables = {"post": matched.post(), "suspense": matched.suspense(), **more}
    for name, frame in {"lines": matched.lines, **tables}.items():
        files.keep(out / f"{name}.csv", files.csv_bytes(frame))
    totals = matched.totals()
    if as_json:
        sums = {
            name: {"count": frame.height, "amount": int(frame["amount"].sum())}
            for name, frame in tables.items()
        }
        print_json(
            {
                "outcomes": totals.to_dicts(),
                **sums,
                "problems": [problem.as_dict() for problem in problems],
            }
        )
        return
    for outcome, count, amount in totals.iter_rows():
        typer.echo(
            _("{outcome}: {count} payments, {amount} yen").format(
                outcome=_(OUTCOMES[outcome]), count=f"{count:,}", amount=f"{amount:,}"
            )
        )
    doubtful = matched.lines.filter(matched.lines["doubt"].is_not_null())
    for row in doubtful.head(20).iter_rows(named=True):
        typer.echo(
            _("  {file}, record {record}: {amount} yen, reference {reference}: {doubt}").format(
                file=row["file"],
                record=row["record"],
                amount=f"{row['amount']:,}",
                reference=row["reference"],
                doubt=_(DOUBTS[row["doubt"]]),
            )
        )
    if "returned" in more:
        by_reason = more["returned"].group_by("reason", maintain_order=True).len()
        for reason, count in by_reason.iter_rows():
            typer.echo(_("returned, {reason}: {count}").format(reason=reason, count=count))
        if more["missing"].height:
            typer.echo(_("not answered: {count}").format(count=more["missing"].height))
    typer.echo(_("written to {out}").format(out=out))


def refuse(problems: Sequence[FileProblem], as_json: bool) -> NoReturn:
    """Name what is wrong with the only files that there are, and end with 1."""
    if as_json:
        print_json({"problems": [problem.as_dict() for problem in problems]})
    for problem in problems:
        typer.echo(problem.message(), err=True)
    raise typer.Exit(1)


def warn(layout: Layout) -> None:
    """Say that a layout is made up, wherever it is used."""
    if layout.standing == "assumed":
        note = _("{layout}: a made-up layout, for rehearsal only").format(layout=layout.title)
        typer.echo(note, err=True)


def waiting(matched: Matched) -> bool:
    """Whether a clerk must look at something."""
    return matched.lines["doubt"].drop_nulls().len() > 0


def end(refused: list[Refusal], beside: Path, *, found: bool = False) -> None:
    """Name refused rows, write them beside the result, and end with 1 if there is something."""
    from kokuho.tables import write_refusals

    for refusal in refused[:20]:
        typer.echo(refusal.message(), err=True)
    if refused:
        write_refusals(beside.with_suffix(".errors.csv"), refused)
    if refused or found:
        raise typer.Exit(1)


def print_json(data: dict[str, Any]) -> None:
    """Print something for machines."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
