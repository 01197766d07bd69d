"""``kokuho arrears demand``: letters of demand (催告) by rule, listed first, then recorded."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.messages import translator
from kokuho.cli.arrears_runs import stop, tell, write_list
from kokuho.cli.ledger_common import actor, day, with_progress
from kokuho.cli.office_runs import AsJson, InsurerCode, start

if TYPE_CHECKING:
    from kokuho.arrears import LetterRule

_ = translator("collecting")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command()(demand)


def demand(
    insurer: InsurerCode,
    pay_by: Annotated[str | None, typer.Option("--pay-by", help="催告書に書く納付の期限")] = None,
    on: Annotated[str | None, typer.Option("--on", help="発付日(指定しなければ今日)")] = None,
    days: Annotated[
        int | None, typer.Option(help="納期限からの日数(指定しなければ条例の設定)", min=1)
    ] = None,
    again: Annotated[
        int | None, typer.Option(help="前の催告からの日数(指定しなければ条例の設定)", min=1)
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="何も書かずに、対象と対象外の理由を示します。")
    ] = False,
    control: Annotated[
        Path | None, typer.Option("--list", help="対象の一覧(CSV)の書き出し先")
    ] = None,
    cancel: Annotated[
        bool, typer.Option("--cancel", help="進行中の催告を、区切りで止めます。")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """催告: 督促して日数を過ぎた期別を、世帯ごとに1通の催告書の対象として記録します。"""
    from kokuho.base.errors import InputError

    at = day(on)
    start()
    from kokuho.office.arrears import demanding
    from kokuho.office.tenancy import seeing

    if cancel:
        stop(insurer, demanding.KIND, at)
    with seeing([insurer]):
        rule = demanding.rule_on(insurer, at, days, again)
    if control is not None:
        _write(control, insurer, at, rule)
    if preview:
        _preview(insurer, at, rule, as_json)
        return
    if pay_by is None:
        raise InputError(_("Say with --pay-by until when the letters ask for payment."))
    until = day(pay_by)
    run = with_progress(
        lambda progress: demanding.demand(
            insurer, at, until, rule, actor=actor(), progress=progress
        )
    )
    counts = {name: run.counts.get(name, 0) for name in ("households", "demands", "yen")}
    if as_json:
        tell({"on": at, "pay_by": until, "state": run.state, **counts})
    else:
        typer.echo(
            _("{demands} demands of {households} households, {yen} yen").format(
                **{name: f"{number:,}" for name, number in counts.items()}
            )
        )
    raise typer.Exit(0 if run.state == run.State.DONE else 1)


def _preview(insurer: str, at: date, rule: LetterRule, as_json: bool) -> None:
    from dataclasses import asdict

    from kokuho.arrears import LEFT_OUT, left_out_title
    from kokuho.office.arrears.demanding import due
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        letters, left = due(insurer, at, rule)
    counts = {why: sum(one.why == why for one in left) for why in LEFT_OUT}
    if as_json:
        tell({
            "on": at, "rule": asdict(rule), "letters": [asdict(one) for one in letters],
            "left_out": [asdict(one) for one in left], "counts": counts,
        })  # fmt: skip
        return
    for one in letters:
        typer.echo(f"{one.household}  {len(one.demands):>3}  {one.total:>10,}  {one.reason}")
    typer.echo(
        _("{demands} demands of {households} households, {yen} yen").format(
            demands=f"{sum(len(one.demands) for one in letters):,}",
            households=f"{len(letters):,}",
            yen=f"{sum(one.total for one in letters):,}",
        )
    )
    for why, count in counts.items():
        if count:
            typer.echo(
                _("left out: {why}: {count} demands").format(
                    why=left_out_title(why), count=f"{count:,}"
                )
            )


def _write(path: Path, insurer: str, at: date, rule: LetterRule) -> None:
    """Every overdue demand: called for, or why not."""
    from kokuho.arrears import left_out_title
    from kokuho.office.arrears.demanding import control_rows
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        rows = control_rows(insurer, at, rule)
    listed: list[tuple[object, ...]] = [
        (house, name, yen, mark, left_out_title(why) if why else "")
        for house, name, yen, mark, why in rows
    ]
    called = [yen for _house, _name, yen, mark, _why in rows if mark]
    total = ("催告の合計", len(called), sum(called), "", "")
    write_list(path, ("世帯番号", "期別", "金額", "催告", "対象外の理由"), [*listed, total])
