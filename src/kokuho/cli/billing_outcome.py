"""What a run of ``kokuho billing`` says at its end: sums, and rows that were refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import typer

from kokuho.base.messages import translator
from kokuho.cli.billing_wording import channel_name
from kokuho.tables import Refusal, write_refusals

_ = translator("billing")


def summary(demands: pl.DataFrame, year: str, out: Path) -> None:
    """What was written: households, demands and yen, by way of paying."""
    typer.echo(_("wrote {file}").format(file=out))
    households = demands.select("insurer_code", "household_id").n_unique()
    typer.echo(
        _("{year}: {households} households, {demands} demands, {amount} yen").format(
            year=year,
            households=f"{households:,}",
            demands=f"{demands.height:,}",
            amount=f"{demands['amount'].sum():,}",
        )
    )
    sums = demands.group_by("channel").agg(pl.len(), pl.col("amount").sum()).sort("channel")
    for channel, count, amount in sums.iter_rows():
        typer.echo(f"  {channel_name(channel)}: {count:,} 件、{amount:,} 円")


def report(refused: Sequence[Refusal], out: Path | None, *, found: bool = False) -> None:
    """Name refused rows, write all of them beside a result, and end with 1 if there are some."""
    for refusal in refused[: len(refused) if out is None else 20]:
        typer.echo(refusal.message(), err=True)
    if refused and out is not None:
        errors = out.with_suffix(".errors.csv")
        write_refusals(errors, refused)
        typer.echo(
            _("{count} rows were refused; all of them are in {file}").format(
                count=len(refused), file=errors
            ),
            err=True,
        )
    if refused or found:
        raise typer.Exit(1)
