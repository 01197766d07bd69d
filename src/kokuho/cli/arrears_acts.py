"""``kokuho arrears owed``, ``record``, ``agreement``: one household."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.ledger_common import actor, day
from kokuho.cli.office_runs import AsJson, InsurerCode, start

if TYPE_CHECKING:
    from kokuho.arrears import Act, Promise

_ = translator("collecting")

_Household = Annotated[str, typer.Argument(help="世帯番号")]
_At = Annotated[str | None, typer.Option("--on", help="日付(指定しなければ今日)")]
_Demands = Annotated[
    list[str] | None, typer.Option("--demand", help="期別(複数可)。all は未納のすべて")
]
_Text = Annotated[str, typer.Option("--text", help="内容")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command()(owed)
    app.command()(record)
    app.command()(agreement)


def owed(
    household: _Household, insurer: InsurerCode, on: _At = None, as_json: AsJson = False
) -> None:
    """世帯の滞納: ある日の未納、状態、記録、分納の履行を示します。"""
    from kokuho.arrears import code_title, kind_title, state_title
    from kokuho.base.calendar import era_date

    at = day(on)
    start()
    from kokuho.office.arrears.standing import read
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = read(insurer, at, [household])
        houses = found.households
        acts = found.acts.get(household, ())
    rows = list(found.owed.iter_rows(named=True))
    state = houses[0].state if houses else ""
    if as_json:
        data = {
            "on": at, "household": household, "state": state, "owed": rows,
            "why_no_interest": found.why_no_interest,
            "agreements": [asdict(one) for house in houses for one in house.agreements],
            "acts": [asdict(act) for act in acts],
        }  # fmt: skip
        typer.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    typer.echo(state_title(state) if state else _("nothing is owed"))
    for row in rows:
        known = row["interest"] or row["running"] is not None
        interest = f"{row['interest'] + (row['running'] or 0):,}" if known else _("not known")
        typer.echo(
            f"{row['demand_id']}  {era_date(row['due'])}  {row['principal']:>10,}  "
            f"{interest:>8}  {row['fee']:>6,}"
        )
    if found.why_no_interest:
        typer.echo(
            _("interest that runs is not known: {why}").format(why=found.why_no_interest), err=True
        )
    for house in houses:
        for one in house.agreements:
            typer.echo(
                _("agreement {number}: paid {paid} yen of {promised} yen promised so far").format(
                    number=one.agreement.number, paid=f"{one.paid:,}",
                    promised=f"{one.promised:,}",
                )
            )  # fmt: skip
    for act in acts:
        words = " ".join(filter(None, (code_title(act.kind, act.code), act.text)))
        typer.echo(f"{act.number:>6}  {era_date(act.day)}  {kind_title(act.kind)}  {words}")


def record(
    kind: Annotated[str, typer.Argument(help="記録の種類(docs/arrears.md)")],
    household: _Household,
    insurer: InsurerCode,
    on: _At = None,
    demand: _Demands = None,
    until: Annotated[str | None, typer.Option(help="終わりの日、指定する期限")] = None,
    code: Annotated[str, typer.Option(help="区分")] = "",
    amount: Annotated[int | None, typer.Option(help="金額(円)")] = None,
    refers: Annotated[int | None, typer.Option(help="終わらせる、または取り消す記録の番号")] = None,
    text: _Text = "",
) -> None:
    """滞納整理の記録を一つ加えます。記録は消せません。誤りは withdrawal で取り消します。"""
    from kokuho.arrears import Act

    act = Act(
        number=0,
        kind=kind,
        day=day(on),
        household=household,
        until=day(until) if until else None,
        code=code,
        amount=amount,
        refers=refers,
        text=text,
        actor=actor(),
    )
    _keep(insurer, act, demand)
    if (kind, code) == ("exemption", "granted"):
        typer.echo(_("the amount is decided by: kokuho decision record exemption"), err=True)


def agreement(
    household: _Household,
    insurer: InsurerCode,
    pay: Annotated[list[str], typer.Option("--pay", help="納付の日と金額(DATE:YEN、複数可)")],
    demand: _Demands = None,
    text: _Text = "",
    on: _At = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="計画が未納の一部だけであることを確かめた")
    ] = False,
) -> None:
    """分納誓約を記録します。--demand を省くと、未納のすべてについての誓約です。"""
    from kokuho.arrears import Act

    plan = tuple(_promise(one) for one in pay)
    act = Act(
        number=0,
        kind="agreement",
        day=day(on),
        household=household,
        plan=plan,
        amount=sum(one.amount for one in plan) if partial else None,
        text=text,
        actor=actor(),
    )
    _keep(insurer, act, demand or ["all"])
    if not partial:
        _warn_of_the_rest(insurer, act, demand)


def _warn_of_the_rest(insurer: str, act: Act, demands: list[str] | None) -> None:
    """Say it where a plan adds up to less than is owed of its demands on its day."""
    from kokuho.office.arrears.standing import read
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = read(insurer, act.day, [act.household])
    named = set(demands or ["all"])
    owed = sum(
        row["principal"] + row["interest"] + row["fee"]
        for row in found.owed.iter_rows(named=True)
        if row["demand_id"] in named or ("all" in named and row["days"] > 0)
    )
    planned = sum(one.amount for one in act.plan)
    if planned < owed:
        typer.echo(
            _(
                "The plan adds up to {planned} yen and {owed} yen are owed: it is not printed. "
                "Withdraw it and record it again: with the whole, or with --partial where a part "
                "was meant."
            ).format(planned=f"{planned:,}", owed=f"{owed:,}"),
            err=True,
        )


def _promise(text: str) -> Promise:
    from kokuho.arrears import Promise

    first, _colon, yen = text.rpartition(":")
    if not first or not yen.isdecimal():
        raise InputError(
            _("{text} is not a day and an amount such as 2026-12-25:5000").format(text=text)
        )
    return Promise(day(first), int(yen))


def _keep(insurer: str, act: Act, demands: list[str] | None) -> None:
    from dataclasses import replace

    start()
    from kokuho.office.arrears.recording import record as keep
    from kokuho.office.arrears.standing import read
    from kokuho.office.tenancy import seeing

    named = tuple(demands or ())
    if named == ("all",):
        with seeing([insurer]):
            found = read(insurer, act.day, [act.household])
        named = tuple(
            name for house in found.households for name in house.due["demand_id"].to_list()
        )
    (kept,) = keep(insurer, [replace(act, demands=named)])
    typer.echo(str(kept.number))
