"""``kokuho ledger refund``: asked for, approved by two, paid."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from kokuho.base.messages import translator
from kokuho.cli.ledger_common import AsJson, InsurerCode, On, actor, day, start, tell_run

_ = translator("books")

app = typer.Typer(no_args_is_help=True, help="還付: 伺い、二人の承認、支払")

Number = Annotated[int, typer.Argument(metavar="ID", help="還付番号")]


@app.command()
def ask(
    demand: Annotated[str, typer.Argument(help="期別番号")],
    insurer: InsurerCode,
    amount: Annotated[int, typer.Option(help="還付額(円)")],
    reason: Annotated[str, typer.Option(help="過誤納の理由")],
    interest: Annotated[int, typer.Option(help="還付加算金(円)")] = 0,
    on: On = None,
) -> None:
    """還付を伺います。還付番号を表示します。"""
    asked_on = day(on)
    start()
    from kokuho.office.ledger import refunding

    number = refunding.ask(insurer, demand, amount, interest=interest, reason=reason,
                           asked_by=actor(), asked_on=asked_on)  # fmt: skip
    typer.echo(str(number))


@app.command()
def approve(
    number: Number,
    insurer: InsurerCode,
    role: Annotated[str, typer.Option(help="order(支出命令)か audit(審査)")],
    by: Annotated[str | None, typer.Option(help="承認する人(指定しなければ操作者)")] = None,
    on: On = None,
) -> None:
    """還付を承認します。二つの役割に、別の人が一人ずつ。"""
    approved_on = day(on)
    start()
    from kokuho.office.ledger import refunding

    refunding.approve(insurer, number, role, by or actor(), approved_on)
    typer.echo(_("approved"))


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
    """まだ支払っていない還付の一覧"""
    start()
    from kokuho.office.ledger import refunding
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        rows: list[dict[str, Any]] = [
            {
                "number": one.pk, "demand_id": one.demand_id, "component": one.component,
                "amount": one.amount, "interest": one.interest, "reason": one.reason,
                "asked_by": one.asked_by,
                "approvals": [[by.role, by.by, str(by.on)] for by in one.approvals.order_by("pk")],
            }
            for one in refunding.waiting(insurer)
        ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps({"refunds": rows}, ensure_ascii=False))
        return
    for row in rows:
        who = "、".join(f"{role}: {by}" for role, by, _on in row["approvals"])
        typer.echo(
            f"{row['number']}\t{row['demand_id']}\t{row['amount']:,}\t{row['reason']}\t{who}"
        )
