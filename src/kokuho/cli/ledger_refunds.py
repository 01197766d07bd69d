"""``kokuho ledger refund``: asked for, approved by two, paid."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from kokuho.base.messages import translator
from kokuho.cli.ledger_common import On, actor, day, tell_run
from kokuho.cli.office_runs import AsJson, InsurerCode, start

_ = translator("books")

app = typer.Typer(no_args_is_help=True, help="還付: 伺い、二人の承認、支払、取下げ")

Number = Annotated[int, typer.Argument(metavar="ID", help="還付番号")]


@app.command()
def ask(
    demand: Annotated[str, typer.Argument(help="期別番号")],
    insurer: InsurerCode,
    amount: Annotated[int, typer.Option(help="還付額(円)")],
    reason: Annotated[str, typer.Option(help="過誤納の理由")],
    cause: Annotated[
        str, typer.Option(help="還付加算金の起算: assessment, income_tax, annulled, law, mistake")
    ],
    happened: Annotated[
        str | None, typer.Option(help="申告・更正・決定・改正の日(原因による)")
    ] = None,
    objected: Annotated[str | None, typer.Option(help="不服の申立ての日(annulled)")] = None,
    component: Annotated[str, typer.Option(help="principal, interest, fee")] = "principal",
    on: On = None,
) -> None:
    """還付を伺います。還付番号と、出国の前に届け出た還付先を表示します。

    還付加算金は、納付の日から計算します。
    """
    asked_on = day(on)
    happened_on, objected_on = (day(text) if text else None for text in (happened, objected))
    start()
    from kokuho.office.billing.departures import said_text
    from kokuho.office.ledger import payees, refunding
    from kokuho.office.tenancy import seeing

    number = refunding.ask(
        insurer, demand, amount, cause=cause, component=component, happened_on=happened_on,
        objected_on=objected_on, reason=reason, asked_by=actor(), asked_on=asked_on,
    )  # fmt: skip
    typer.echo(str(number))
    with seeing([insurer]):
        for word in payees.said_of(insurer, [demand]).values():
            typer.echo(said_text(word), err=True)


@app.command()
def approve(
    number: Number,
    insurer: InsurerCode,
    user: Annotated[
        str, typer.Option(help="承認する利用者(権限 refund_order か refund_audit が必要)")
    ],
    from_input: Annotated[
        bool, typer.Option("--password-stdin", help="パスワードを標準入力の1行目から読みます。")
    ] = False,
    on: On = None,
) -> None:
    """還付を承認します。命令者、次に別の審査者。パスワードを尋ね、還付加算金を表示します。"""
    import sys

    approved_on = day(on)
    start()
    from kokuho.office.accounts import users
    from kokuho.office.ledger import refunding

    password = (
        sys.stdin.readline().rstrip("\r\n")
        if from_input
        else typer.prompt(_("Password"), hide_input=True)
    )
    interest = refunding.approve(insurer, number, users.signed_in(user, password), approved_on)
    typer.echo(_("approved; interest {interest} yen").format(interest=f"{interest:,}"))


@app.command()
def withdraw(
    number: Number,
    insurer: InsurerCode,
    reason: Annotated[str, typer.Option(help="取り下げる理由")],
    on: On = None,
) -> None:
    """まだ支払っていない還付の伺いを取り下げます。"""
    withdrawn_on = day(on)
    start()
    from kokuho.office.ledger import refunding

    refunding.withdraw(insurer, number, reason=reason, by=actor(), on=withdrawn_on)
    typer.echo(_("withdrawn"))


@app.command()
def pay(number: Number, insurer: InsurerCode, on: On = None, as_json: AsJson = False) -> None:
    """承認のそろった還付を記帳します。"""
    posted_on = day(on)
    start()
    from kokuho.office.ledger import refunding

    run = refunding.pay(insurer, number, posted_on=posted_on, actor=actor())
    tell_run([run], as_json)


@app.command("list")
def list_waiting(insurer: InsurerCode, as_json: AsJson = False) -> None:
    """まだ支払っていない還付の一覧。出国の前に届け出た還付先と納税管理人も示します。"""
    start()
    from kokuho.office.billing.departures import said_data, said_text
    from kokuho.office.ledger import payees, refunding
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        asked = refunding.waiting(insurer)
        words = payees.said_of(insurer, (one.demand_id for one in asked))
        rows: list[dict[str, Any]] = [
            {
                "number": one.pk, "demand_id": one.demand_id, "component": one.component,
                "amount": one.amount, "cause": one.cause, "reason": one.reason,
                "asked_by": one.asked_by,
                "approvals": [
                    [by.role, by.by, str(by.on), by.interest]
                    for by in one.approvals.order_by("pk")
                ],
                "said": said_data(words.get(one.demand_id)),
            }
            for one in asked
        ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps({"refunds": rows}, ensure_ascii=False))
        return
    for row in rows:
        who = "、".join(f"{role}: {by}" for role, by, _on, _interest in row["approvals"])
        word = words.get(row["demand_id"])
        where = said_text(word) if word else ""
        typer.echo(
            f"{row['number']}\t{row['demand_id']}\t{row['amount']:,}\t{row['reason']}\t{who}\t{where}"
        )


@app.command("open")
def list_open(insurer: InsurerCode, on: On = None, as_json: AsJson = False) -> None:
    """過誤納の一覧: 充当・還付すべき額、請求できる最後の日(時効)、届け出られた還付先"""
    as_of = day(on)
    start()
    from kokuho.base.calendar import era_date
    from kokuho.office.billing.departures import said_data, said_text
    from kokuho.office.ledger.overpaid import overpaid
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = overpaid(insurer, as_of)
    if as_json:
        names = ("household_id", "demand_id", "component", "debtor", "amount", "asked")
        rows = [
            {name: getattr(one, name) for name in names}
            | {"arose": str(one.arose), "claimable_until": str(one.claimable_until)}
            | {"said": said_data(one.said)}
            for one in found
        ]
        typer.echo(json.dumps({"overpaid": rows}, ensure_ascii=False))
        return
    for one in found:
        where = said_text(one.said) if one.said else ""
        until = _("claimable until {day}").format(day=era_date(one.claimable_until))
        asked = _("asked for: {yen}").format(yen=f"{one.asked:,}")
        typer.echo(f"{one.demand_id}\t{one.amount:,}\t{asked}\t{until}\t{where}")
