"""``kokuho arrears``: what is to be done about what is owed, reminders, write-offs."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.messages import translator
from kokuho.cli import arrears_acts, arrears_demand, arrears_foreign
from kokuho.cli.arrears_runs import stop, tell, write_list
from kokuho.cli.ledger_common import actor, day, with_progress
from kokuho.cli.office_runs import AsJson, InsurerCode, start

if TYPE_CHECKING:
    from kokuho.arrears import Item

_ = translator("collecting")

app = typer.Typer(no_args_is_help=True, help="滞納整理: 作業一覧、督促、記録、時効、欠損")
arrears_acts.register(app)
arrears_foreign.register(app)
arrears_demand.register(app)

At = Annotated[str | None, typer.Option("--on", help="基準日(指定しなければ今日)")]
Household = Annotated[str, typer.Argument(help="世帯番号")]


@app.command("list")
def list_(
    insurer: InsurerCode,
    on: At = None,
    reason: Annotated[str | None, typer.Option(help="この理由のある世帯だけを示します。")] = None,
    group: Annotated[str | None, typer.Option(help="この区分の世帯だけを示します。")] = None,
    as_json: AsJson = False,
) -> None:
    """作業一覧: いまならまだ変えられることの順に、世帯と理由を示します。"""
    from kokuho.arrears import GROUPS, REASONS, group_title, state_title

    at = day(on)
    _one_of(reason, REASONS)
    _one_of(group, GROUPS)
    start()
    from kokuho.office.arrears.standing import read
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        items = read(insurer, at).work
    counts = {name: sum(item.first.group == name for item in items) for name in GROUPS}
    shown = [
        item
        for item in items
        if (reason is None or any(one.code == reason for one in item.reasons))
        and (group is None or item.first.group == group)
    ]
    if as_json:
        tell({"on": at, "counts": counts, "items": [_item(item) for item in shown]})
        return
    for item in shown:
        typer.echo(
            f"{group_title(item.first.group)}  {item.household.number}  {item.owed:>12,}  "
            f"{state_title(item.household.state)}"
        )
        for one in item.reasons:
            typer.echo(f"    {one.text}")
    typer.echo(
        _("{count} households: {counts}").format(
            count=len(shown),
            counts="、".join(f"{group_title(name)} {n}" for name, n in counts.items()),
        )
    )


def _item(item: Item) -> dict[str, Any]:
    first = item.first
    return {
        "household": item.household.number,
        "group": first.group,
        "reason": first.code,
        "day": first.day,
        "text": first.text,
        "owed": item.owed,
        "oldest": item.oldest,
        "state": item.household.state,
        "reasons": [
            {"code": one.code, "group": one.group, "day": one.day, "text": one.text}
            for one in item.reasons
        ],
    }


@app.command()
def remind(
    insurer: InsurerCode,
    pay_by: Annotated[str | None, typer.Option("--pay-by", help="督促状に指定する期限")] = None,
    on: Annotated[str | None, typer.Option("--on", help="発付日(指定しなければ今日)")] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="何も書かずに、対象だけを示します。")
    ] = False,
    control: Annotated[
        Path | None, typer.Option("--list", help="対象の一覧(CSV)の書き出し先")
    ] = None,
    cancel: Annotated[
        bool, typer.Option("--cancel", help="進行中の督促を、区切りで止めます。")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """督促: 納期限を過ぎて督促していない期別すべてを督促し、督促手数料を調定します。"""
    from kokuho.base.errors import InputError

    at = day(on)
    start()
    from kokuho.office.arrears import reminding

    if cancel:
        stop(insurer, reminding.KIND, at)
    if control is not None:
        _write_control(control, insurer, at)
    if preview:
        _preview(insurer, at, as_json)
        return
    if pay_by is None:
        raise InputError(_("Say with --pay-by until when the reminders ask for payment."))
    until = day(pay_by)
    run = with_progress(
        lambda progress: reminding.remind(insurer, at, until, actor=actor(), progress=progress)
    )
    names = ("households", "demands", "yen", "fees")
    counts = {name: run.counts.get(name, 0) for name in names}
    if as_json:
        tell({"on": at, "pay_by": until, "state": run.state, **counts})
    else:
        typer.echo(
            _("{households} households, {demands} demands, {yen} yen, fees {fees} yen").format(
                **{name: f"{number:,}" for name, number in counts.items()}
            )
        )
    raise typer.Exit(0 if run.state == run.State.DONE else 1)


def _preview(insurer: str, at: date, as_json: bool) -> None:
    from dataclasses import asdict

    from kokuho.office.arrears.reminding import due
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = due(insurer, at)
    if as_json:
        tell({"on": at, "reminders": [asdict(one) for one in found]})
        return
    for one in found:
        typer.echo(f"{one.household}  {one.demand}  {one.principal:>10,}  {one.reason}")
    typer.echo(
        _("{demands} demands of {households} households, {yen} yen").format(
            demands=f"{len(found):,}",
            households=f"{len({one.household for one in found}):,}",
            yen=f"{sum(one.principal for one in found):,}",
        )
    )


def _write_control(path: Path, insurer: str, at: date) -> None:
    """The control list: every demand that is due now, and those of today's run so far."""
    from kokuho.office.arrears.reminding import control_rows
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        rows = control_rows(insurer, at)
    total = ("合計", len(rows), "", sum(row[3] for row in rows), "")
    write_list(path, ("世帯番号", "期別", "納期限", "金額", "督促"), [*rows, total])


@app.command()
def prescription(
    household: Household, insurer: InsurerCode, on: At = None, as_json: AsJson = False
) -> None:
    """時効: 期別ごとに、徴収する権利がいつまでか、何がそれを動かしたかを示します。"""
    from dataclasses import asdict

    from kokuho.base.calendar import era_date

    at = day(on)
    start()
    from kokuho.office.arrears.standing import read
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = read(insurer, at, [household])
        made = {
            demand: one
            for house in found.households
            for demand, one in found.prescriptions(house).items()
        }
    if as_json:
        tell({"on": at, "demands": {name: asdict(one) for name, one in made.items()}})
        return
    for name, one in made.items():
        last = _("open: it cannot end now") if one.completes is None else era_date(one.completes)
        typer.echo(f"{name}  {last}")
        for line in one.lines:
            typer.echo(f"    {era_date(line.day)}  {line.says}")


@app.command()
def special(insurer: InsurerCode, on: At = None, as_json: AsJson = False) -> None:
    """特別療養費: 納期限から1年を過ぎた世帯と、決める前に足りないものを示します。"""
    from dataclasses import asdict

    at = day(on)
    start()
    from kokuho.arrears import kind_title
    from kokuho.office.arrears.standing import read
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = read(insurer, at).candidates()
    if as_json:
        tell({"on": at, "candidates": [asdict(one) for one in found]})
        return
    for one in found:
        lacking = "、".join(_(name) for name in one.lacking) or _("nothing is lacking")
        said = [f"{kind_title('special_notice')} {one.noticed}"] if one.noticed else []
        said += [f"{kind_title('special_benefit')} {one.applied}"] if one.applied else []
        typer.echo("  ".join([one.household, str(one.since), lacking, *said]))
    typer.echo(_("{count} households; a clerk decides about each").format(count=len(found)))


@app.command()
def writeoff(
    insurer: InsurerCode,
    demand: Annotated[
        list[str] | None, typer.Option("--demand", help="欠損とする期別(複数可)")
    ] = None,
    text: Annotated[str, typer.Option(help="決裁の内容")] = "",
    on: At = None,
    as_json: AsJson = False,
) -> None:
    """不納欠損: 権利が消滅した期別と事由を示します。期別を指定すると決定し、台帳に記帳します。"""
    from dataclasses import asdict

    from kokuho.arrears import code_title

    at = day(on)
    start()
    from kokuho.office.arrears.standing import read
    from kokuho.office.arrears.writing_off import decide, proposals
    from kokuho.office.tenancy import seeing

    if demand:
        rows = decide(insurer, demand, at, actor=actor(), text=text)
    else:
        with seeing([insurer]):
            rows = proposals(read(insurer, at))
    if as_json:
        tell({"on": at, "posted": bool(demand), "demands": [asdict(one) for one in rows]})
        return
    for one in rows:
        ground = code_title("write_off", one.ground)
        typer.echo(f"{one.household}  {one.demand}  {one.total:>10,}  {ground}  {one.since}")
    typer.echo(
        _("{count} demands, {yen} yen").format(
            count=f"{len(rows):,}", yen=f"{sum(one.total for one in rows):,}"
        )
    )


def _one_of(given: str | None, codes: Any) -> None:
    from kokuho.base.errors import InputError

    if given is not None and given not in codes:
        raise InputError(
            _("{given} is not one of: {codes}").format(given=given, codes=", ".join(codes))
        )
