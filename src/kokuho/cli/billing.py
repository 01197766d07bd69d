"""``kokuho billing``: due dates, demands of a year, changes, who is to prepay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli import billing_more
from kokuho.cli.billing_options import (
    AsJson,
    Assessment,
    Notice,
    OneOrdinance,
    Ordinances,
    Out,
    Year,
    day,
    print_json,
)

if TYPE_CHECKING:
    import polars as pl

_ = translator("billing")

app = typer.Typer(no_args_is_help=True, help="期別: 納期限、期別額、更正、前納")


@app.command()
def terms(ordinance: OneOrdinance, fiscal_year: Year, as_json: AsJson = False) -> None:
    """年度の期別と納期限を示します。

    土日・祝日・年末年始に当たる日は、その翌日になります。
    """
    from kokuho.base.calendar import era_date, fiscal_year_name
    from kokuho.billing import terms as terms_of
    from kokuho.cli.billing_wording import moved
    from kokuho.ordinance import load

    year = load(ordinance).year(fiscal_year)
    found = terms_of(year)
    if as_json:
        rows = [
            {
                "number": term.number,
                "day": term.day.isoformat(),
                "due": term.due.isoformat(),
                "provisional": term.provisional,
                "moved_over": moved(term.day, term.due),
            }
            for term in found
        ]
        print_json({"insurer_code": year.insurer.code, "fiscal_year": fiscal_year, "terms": rows})
        return
    typer.echo(f"{year.insurer.name} {fiscal_year_name(fiscal_year)}")
    for term in found:
        line = _("term {number}: {due}").format(number=term.number, due=era_date(term.due))
        if term.provisional:
            line += " " + _("(provisional)")
        if term.due != term.day:
            why = "、".join(moved(term.day, term.due))
            line += " " + _("(from {day}: {why})").format(day=era_date(term.day), why=why)
        typer.echo(line)


@app.command()
def instalments(
    assessment: Assessment,
    ordinance: Ordinances,
    out: Out,
    notice_date: Notice = None,
    channels: Annotated[
        Path | None, typer.Option(help="特別徴収・前納の世帯のファイル(ほかは普通徴収)")
    ] = None,
    demands: Annotated[
        Path | None,
        typer.Option(help="精算する仮算定の期別。--provisional のときは前年度の期別"),
    ] = None,
    provisional: Annotated[
        bool, typer.Option("--provisional", help="翌年度の仮算定の期別を作ります。")
    ] = False,
) -> None:
    """賦課結果から、全世帯の期別額(前納・特別徴収を含む)を作ります。"""
    import polars as pl

    from kokuho.base.calendar import fiscal_year_name
    from kokuho.billing import schedules
    from kokuho.cli import billing_files as files
    from kokuho.cli import billing_outcome as outcome
    from kokuho.ordinance import load

    files.check_ending(out)
    totals, fiscal_year = files.assessment(assessment)
    ordinances = [load(path) for path in ordinance]
    notice = None if notice_date is None else day(notice_date)
    given = [] if demands is None else [files.demands(demands)]
    ways = None if channels is None else files.channels(channels)
    tables = given + ([] if ways is None else [ways])
    totals = files.without_refused(totals, tables)
    before = files.without_refused(given[0].frame, tables) if given else None
    made = []
    if provisional:
        fiscal_year += 1
    for year, own in files.by_insurer(totals, ordinances, fiscal_year):
        if provisional:
            made.append(_provisional(own, year, before))
            continue
        if notice is None and ways is not None and _prepays(ways.frame):
            raise InputError(
                _("Households that prepay need the day of their notice (--notice-date).")
            )
        made.append(
            schedules(
                own,
                year,
                channels=None if ways is None else ways.frame,
                provisional=_of(before, year.insurer.code),
                notice=notice,
            )
        )
    result = pl.concat(made)
    files.write(result, out)
    outcome.summary(result, fiscal_year_name(fiscal_year), out)
    outcome.report(files.refusals(tables), out)


def _provisional(totals: pl.DataFrame, year: Any, before: pl.DataFrame | None) -> pl.DataFrame:
    import polars as pl

    from kokuho.billing import provisional

    last = None
    if (own := _of(before, year.insurer.code)) is not None:
        number = own.filter(channel="ordinary", reason="levy")["term"].max()
        last = own.filter(pl.col("channel") == "ordinary", pl.col("term") == number)
    setting = year.billing.provisional
    if last is None and setting is not None and setting.basis == "previous_last_term":
        raise InputError(
            _("The provisional terms repeat last year's last term; give its demands (--demands).")
        )
    return provisional(totals, year, last_terms=last)


def _of(demands: pl.DataFrame | None, code: str) -> pl.DataFrame | None:
    return None if demands is None else demands.filter(insurer_code=code)


def _prepays(channels: pl.DataFrame) -> bool:
    return not channels.filter(channel="prepaid").is_empty()


@app.command()
def change(
    demands: Annotated[Path, typer.Option(help="現在の期別のファイル")],
    assessment: Assessment,
    ordinance: Ordinances,
    notice_date: Annotated[str, typer.Option("--notice-date", help="更正の通知書を発する日")],
    out: Out,
    differences: Annotated[
        Path | None, typer.Option(help="増減した期別を書き出すファイル(調定の変更)")
    ] = None,
    stop_pension_from: Annotated[
        str | None,
        typer.Option("--stop-pension-from", help="特別徴収をやめる最初の月(YYYY-MM)"),
    ] = None,
) -> None:
    """新しい賦課結果により、期別額を改めます。納期限の過ぎた期はそのまま残します。"""
    import polars as pl

    from kokuho.base.calendar import fiscal_year_name
    from kokuho.billing import KEYS
    from kokuho.billing import change as change_demands
    from kokuho.billing import differences as between
    from kokuho.cli import billing_files as files
    from kokuho.cli import billing_outcome as outcome
    from kokuho.ordinance import load

    files.check_ending(out)
    totals, fiscal_year = files.assessment(assessment)
    table = files.demands(demands)
    totals = files.without_refused(totals, [table])
    sound = files.without_refused(table.frame, [table])
    current = sound.filter(pl.col("fiscal_year_meant") == fiscal_year)
    stop = None if stop_pension_from is None else day(f"{stop_pension_from}-01")
    notice = day(notice_date)
    codes = pl.concat([totals.select("insurer_code"), current.select("insurer_code")]).unique()
    done = [
        change_demands(
            current.filter(insurer_code=year.insurer.code),
            totals.filter(insurer_code=year.insurer.code),
            year,
            notice,
            stop_pension_from=stop,
        )
        for year, _codes in files.by_insurer(codes, list(map(load, ordinance)), fiscal_year)
    ]
    others = sound.filter(pl.col("fiscal_year_meant") != fiscal_year)
    result = pl.concat([*(one.demands for one in done), others])
    changed = pl.concat(one.households for one in done)
    missing = pl.concat(one.missing for one in done)
    files.write(result, out)
    if differences is not None:
        concerned = (table.join(changed, on=KEYS, how="semi") for table in (current, result))
        files.write(between(*concerned), differences)
    outcome.summary(result, fiscal_year_name(fiscal_year), out)
    rising, falling = (
        changed.filter(pl.col("difference") > 0),
        changed.filter(pl.col("difference") < 0),
    )
    typer.echo(
        _("{more} households owe more ({plus} yen), {less} less ({minus} yen)").format(
            more=f"{rising.height:,}",
            plus=f"{rising['difference'].sum():,}",
            less=f"{falling.height:,}",
            minus=f"{-falling['difference'].sum():,}",
        )
    )
    if not missing.is_empty():
        typer.echo(
            _(
                "{count} households have demands and no new amount; they were left as they are: "
                "{ids}. Give them in the assessment, with 0 if they owe nothing."
            ).format(count=missing.height, ids=", ".join(missing["household_id"].head(10))),
            err=True,
        )
    outcome.report(table.refusals, out, found=not missing.is_empty())


@app.command()
def prepayment(
    ordinance: OneOrdinance,
    persons: Annotated[Path, typer.Option(help="被保険者等のファイル(.csv, .xlsx, .parquet)")],
    households: Annotated[Path, typer.Option(help="世帯のファイル")],
    fiscal_year: Year,
    wanted: Annotated[str | None, typer.Option("--id", help="世帯番号(1 世帯を説明します)")] = None,
    notice_date: Notice = None,
    decisions: Annotated[
        Path | None, typer.Option(help="対象の判断と特別の事情の決定のファイル")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="処理リストのファイル(.csv, .parquet)")] = None,
    as_json: AsJson = False,
) -> None:
    """前納の対象かどうかを、用いた事実とともに示します。国籍と在留資格は用いません。"""
    from kokuho.cli import billing_decisions
    from kokuho.cli import billing_files as files
    from kokuho.cli import billing_outcome as outcome
    from kokuho.cli import billing_prepayment as explain
    from kokuho.ordinance import load

    if out is not None:
        files.check_ending(out)
    year = load(ordinance).year(fiscal_year)
    intake = explain.read(persons, households, year)
    decided = billing_decisions.Decisions()
    if decisions is not None:
        decided = billing_decisions.read(decisions, year)
    if wanted is not None:
        notice = None if notice_date is None else day(notice_date)
        found = explain.one(intake, wanted, year, notice, decided)
        if as_json:
            print_json(found)
        else:
            typer.echo(explain.text(found))
        return
    listed = explain.everybody(intake, year, decided)
    if out is not None:
        files.write(explain.table(listed), out)
    if as_json:
        print_json(explain.as_data(listed))
    else:
        typer.echo(explain.list_text(listed))
    outcome.report([*intake.refusals, *decided.refusals], out)


billing_more.register(app)
