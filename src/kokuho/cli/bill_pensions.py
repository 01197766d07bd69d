"""``kokuho bill pensions`` and its neighbours: what is known of pensions, and what is not."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.calendar import today
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.office_runs import AsJson, InsurerCode, day_of, start

_ = translator("office_billing")

Layout = Annotated[
    str | None, typer.Option("--layout", help="運用者のレイアウト定義(なければ当方の列の表)")
]

HINT = "kokuho bill pensions-undecided"


def register(app: typer.Typer) -> None:
    """Put the commands into the group."""
    app.command()(pensions)
    app.command("pensions-undecided")(pensions_undecided)
    app.command("pension-requests")(pension_requests)


def pensions(
    file: Annotated[
        Path, typer.Argument(help="年金のファイル(.csv, .xlsx, .parquet、または --layout の形)")
    ],
    layout: Layout = None,
    insurer: Annotated[
        str | None, typer.Option("--insurer", help="保険者コード(レイアウトにない場合)")
    ] = None,
    fiscal_year: Annotated[
        int | None, typer.Option(help="年度(西暦。レイアウトにない場合)")
    ] = None,
    good_rows: Annotated[
        bool, typer.Option("--good-rows", help="受け付けられない行があっても、ほかの行を取り込む")
    ] = False,
) -> None:
    """特別徴収の資料(年金の額、介護保険料、仮徴収の額)を取り込みます。"""
    if layout is None and (insurer is not None or fiscal_year is not None):
        raise InputError(_("--insurer and --fiscal-year go with --layout alone."))
    start()
    from kokuho.office.billing.pension_file import take

    done = take(
        file, actor=getpass.getuser(), good_rows=good_rows, layout=layout, insurer=insurer,
        fiscal_year=fiscal_year,
    )  # fmt: skip
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


def pension_requests(
    insurer: InsurerCode,
    fiscal_year: Annotated[int, typer.Option(help="年度(西暦)")],
    out: Annotated[Path, typer.Option(help="書き出すファイル")],
    layout: Layout = None,
    made_on: Annotated[str | None, typer.Option("--on", help="作成日(指定しなければ今日)")] = None,
) -> None:
    """年金から徴収する額(特別徴収の依頼)を、月ごとに書き出します。"""
    day = day_of(made_on) or today()
    start()
    from kokuho.cli.billing_files import write
    from kokuho.office.billing import pension_layouts
    from kokuho.office.billing.pension_requests import asked
    from kokuho.office.tenancy import seeing
    from kokuho.tables import write_bytes

    with seeing([insurer]):
        frame = asked(insurer, fiscal_year)
    if layout is None:
        write(frame, out)
        typer.echo(_("This is a table of ours (参考様式): no layout of the exchange was given."))
    else:
        given = {"insurer_code": insurer, "fiscal_year": fiscal_year}
        content = pension_layouts.requests(layout, frame.to_dicts(), given, day)
        write_bytes(out, content)
    typer.echo(_("wrote {file}: {count} pensions").format(file=out, count=f"{frame.height:,}"))


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
    day = day_of(on) or today()
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
