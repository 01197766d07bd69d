"""``kokuho collection``: final payments that an agent cancels, and what is decided about them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.messages import translator
from kokuho.cli import collection_outcome as outcome
from kokuho.cli.ledger_common import actor, day
from kokuho.cli.office_runs import AsJson, InsurerCode, start

if TYPE_CHECKING:
    from kokuho.office.collection.cancellations import Waiting

_ = translator("office_collection")


class Action(StrEnum):
    """What is decided about a cancellation."""

    REVERSE = "reverse"
    SUSPEND = "suspend"
    KEEP = "keep"


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("cancelled")(cancelled)
    app.command("settle")(settle)


def cancelled(insurer: InsurerCode, as_json: AsJson = False) -> None:
    """確報の後に届いた速報取消のうち、まだ決めていないものの一覧。"""
    start()
    from kokuho.office.collection.cancellations import waiting
    from kokuho.office.collection.wording import channel_name
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        lines = [_data(one) for one in waiting(insurer)]
    if as_json:
        outcome.print_json({"cancelled": lines})
        return
    for one in lines:
        typer.echo(
            f"{one['number']}\t{one['paid_on']}\t{channel_name(one['channel'])}\t"
            f"{one['amount']:,}\t{one['file']}:{one['record']}\t{one['demand_id'] or '-'}"
        )
    typer.echo(_("{count} cancellations of final payments wait").format(count=f"{len(lines):,}"))


def settle(
    number: Annotated[int, typer.Argument(help="速報取消の一覧の番号")],
    insurer: InsurerCode,
    action: Annotated[
        Action,
        typer.Option(
            "--as",
            help="reverse(入金がない: 赤伝で戻す)、suspend(不明: 戻して仮受にする)、"
            "keep(収納のまま)",
        ),
    ],
    reason: Annotated[str, typer.Option(help="理由(収納代行に確かめたこと)")],
    on: Annotated[str | None, typer.Option("--on", help="決定日、記帳日(省略時は今日)")] = None,
) -> None:
    """確報の後に届いた速報取消を処理します。決定と赤伝は、いっしょに記録します。"""
    decided_on = day(on)
    start()
    from kokuho.office.collection.cancellations import settle as decide

    decide(
        insurer, number, action=action, reason=reason, person=actor(), decided_on=decided_on
    )  # fmt: skip
    typer.echo(_("recorded"))


def _data(one: Waiting) -> dict[str, Any]:
    row = one.cancelled
    return {
        "number": row.pk, "channel": row.channel, "amount": one.final.amount,
        "paid_on": one.final.paid_on.isoformat(), "file": row.delivered.name, "record": row.record,
        "final_file": one.final.delivered.name, "final_record": one.final.record,
        "outcome": one.final.outcome, "demand_id": one.final.demand_id,
        "household_id": one.final.household_id,
    }  # fmt: skip
