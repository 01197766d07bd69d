"""More of ``kokuho billing``: past years, who pays from a pension, what to ask before departure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.billing_options import (
    AsJson,
    Assessment,
    OneOrdinance,
    Ordinances,
    Out,
    Year,
    day,
    print_json,
)

_ = translator("billing")


def register(app: typer.Typer) -> None:
    """Put the commands into the group."""
    for command in (past, pension, departure):
        app.command()(command)


def past(
    assessment: Assessment,
    ordinance: Ordinances,
    notice_date: Annotated[str, typer.Option("--notice-date", help="通知書を発する日")],
    out: Out,
    channels: Annotated[
        Path | None, typer.Option(help="今年度に前納する世帯のファイル(--channels と同じ形)")
    ] = None,
) -> None:
    """過年度分(前の年度の月の分)の期別額を作ります。通知の日の年度の調定になります。"""
    import polars as pl

    from kokuho.base.calendar import fiscal_year_name, fiscal_year_of
    from kokuho.billing import KEYS, retroactive
    from kokuho.cli import billing_files as files
    from kokuho.cli import billing_outcome as outcome
    from kokuho.ordinance import load

    files.check_ending(out)
    totals, fiscal_year = files.assessment(assessment)
    notice = day(notice_date)
    current = fiscal_year_of(notice)
    if current <= fiscal_year:
        raise InputError(
            _(
                "{file} is of {year}, which is not past on {day}; use kokuho billing instalments."
            ).format(file=assessment, year=fiscal_year_name(fiscal_year), day=notice)
        )
    ordinances = [load(path) for path in ordinance]
    ways = [] if channels is None else [files.channels(channels)]
    totals = files.without_refused(totals, ways)
    ahead = [one.frame.filter(channel="prepaid").select(KEYS) for one in ways]
    ahead_keys = pl.concat([totals.select(KEYS).clear(), *ahead])
    years = {one.insurer.code: one for one in ordinances}
    made = []
    for year, own in files.by_insurer(totals, ordinances, fiscal_year):
        now = years[year.insurer.code].year(current)
        prepaying = own.join(ahead_keys, on=KEYS, how="semi")
        others = own.join(ahead_keys, on=KEYS, how="anti")
        made += [
            retroactive(some, year, now, notice, prepays=prepays)
            for some, prepays in ((prepaying, True), (others, False))
            if not some.is_empty()
        ]
    result = pl.concat(made)
    files.write(result, out)
    outcome.summary(result, fiscal_year_name(fiscal_year), out)
    outcome.report(files.refusals(ways), out)


def pension(
    ordinance: OneOrdinance,
    facts: Annotated[Path, typer.Option(help="世帯ごとの年金・介護保険料などのファイル")],
    fiscal_year: Year,
    on: Annotated[str | None, typer.Option("--on", help="判定する日(既定は年度の初日)")] = None,
    wanted: Annotated[str | None, typer.Option("--id", help="世帯番号(1 世帯を説明します)")] = None,
    out: Annotated[Path | None, typer.Option(help="判定結果のファイル(.csv, .parquet)")] = None,
    as_json: AsJson = False,
) -> None:
    """特別徴収(年金からの徴収)の対象かどうかを、理由とともに示します。"""
    from kokuho.base.calendar import first_day_of_year
    from kokuho.cli import billing_files as files
    from kokuho.cli import billing_outcome as outcome
    from kokuho.cli import billing_pension as pensions
    from kokuho.ordinance import load

    if out is not None:
        files.check_ending(out)
    year = load(ordinance).year(fiscal_year)
    found = pensions.judged(facts, year, first_day_of_year(fiscal_year) if on is None else day(on))
    if out is not None:
        files.write(pensions.table(found), out)
    if as_json:
        print_json(pensions.as_data(found, wanted))
    else:
        typer.echo(pensions.text(found, wanted))
    outcome.report(found.refusals, out)


def departure(
    ordinance: OneOrdinance,
    fiscal_year: Year,
    account_known: Annotated[
        bool, typer.Option("--account-known", help="還付金の口座が分かっている")
    ] = False,
    agent_named: Annotated[
        bool, typer.Option("--agent-named", help="納税管理人などが定められている")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """出国・転出の前に確かめることを示します(還付の口座、納税管理人など)。"""
    from kokuho.billing import before_departure
    from kokuho.ordinance import load

    year = load(ordinance).year(fiscal_year)
    tasks = before_departure(year, account_known=account_known, agent_named=agent_named)
    if as_json:
        print_json({"tasks": [{"code": task.code, "text": task.text} for task in tasks]})
    else:
        for task in tasks:
            typer.echo(f"- {task.text}")
