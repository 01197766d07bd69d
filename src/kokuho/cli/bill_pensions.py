"""``kokuho bill pensions`` and its neighbours: what is known of pensions, and what is not."""

from __future__ import annotations

import getpass
import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator
from kokuho.cli.office_runs import AsJson, InsurerCode, day_of, start

_ = translator("office_billing")

HINT = "kokuho bill pensions-undecided"


def register(app: typer.Typer) -> None:
    """Put the commands into the group."""
    app.command()(pensions)
    app.command("pensions-undecided")(pensions_undecided)


def pensions(
    file: Annotated[Path, typer.Argument(help="年金のファイル(.csv, .xlsx, .parquet)")],
    good_rows: Annotated[
        bool, typer.Option("--good-rows", help="受け付けられない行があっても、ほかの行を取り込む")
    ] = False,
) -> None:
    """特別徴収の資料(年金の額、介護保険料、仮徴収の額)を取り込みます。"""
    start()
    from kokuho.office.billing.pension_file import take

    done = take(file, actor=getpass.getuser(), good_rows=good_rows)
    for refusal in done.refused[:20]:
        typer.echo(refusal.message(), err=True)
    typer.echo(
        _("{taken} rows, {new} of them new or changed; {refused} refused").format(
            taken=done.rows, new=done.recorded, refused=len(done.refused_lines)
        )
    )
    if done.unknown:
        typer.echo(
            _(
                "{count} rows leave something open; those households stay undecided: {command}"
            ).format(count=f"{done.unknown:,}", command=HINT),
            err=True,
        )
    if done.refused:
        typer.echo(_("all refusals are in {file}").format(file=done.errors), err=True)
        raise typer.Exit(1)


def pensions_undecided(
    insurer: InsurerCode,
    fiscal_year: Annotated[int, typer.Option(help="年度(西暦)")],
    on: Annotated[
        str | None,
        typer.Option("--on", help="まだ期別のない世帯を、この日の通知として判定(なければ今日)"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """特別徴収の対象かどうか決まらない世帯と、わかっていない事実の一覧(普通徴収の期別になります)

    1 世帯でもあれば終了コードは 1 です。
    """
    day = day_of(on) or date.today()
    start()
    from kokuho.office.billing.undecided import undecided_pensions
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = undecided_pensions(insurer, fiscal_year, day)
    if as_json:
        rows = [
            {
                "household": one.household,
                "payer": one.payer,
                "billed": one.billed,
                "total": one.total,
                "unknown": [ground.as_dict() | {"text": ground.text} for ground in one.unknown],
            }
            for one in found
        ]
        typer.echo(json.dumps({"households": rows}, ensure_ascii=False))
    else:
        for one in found:
            state = _("billed in the terms") if one.billed else _("not billed yet")
            why = " / ".join(ground.text for ground in one.unknown)
            typer.echo(
                f"{one.household}\t{one.payer}\t{one.total:,}\t{state}\t"
                + _("not known: {grounds}").format(grounds=why)
            )
        if any(not one.billed for one in found):
            typer.echo(_("What is missing goes in by kokuho bill pensions, before the bills."))
    if found:
        raise typer.Exit(1)
