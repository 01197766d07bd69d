"""``kokuho collection``: the suspense list, and money that leaves it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli import collection_outcome as outcome
from kokuho.cli.ledger_common import actor, day
from kokuho.cli.office_runs import AsJson, InsurerCode, start

if TYPE_CHECKING:
    from kokuho.office.collection.suspense import Held

_ = translator("office_collection")

Number = Annotated[int, typer.Argument(help="仮受一覧の番号")]
Reason = Annotated[str, typer.Option(help="理由(確かめたこと)")]
On = Annotated[str | None, typer.Option("--on", help="決定日(省略時は今日)")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("suspense")(suspense)
    app.command("release")(release)
    app.command("return")(give_back)


def suspense(
    insurer: InsurerCode,
    why: Annotated[str | None, typer.Option(help="理由でしぼり込みます(符号)")] = None,
    as_json: AsJson = False,
) -> None:
    """仮受の一覧: 何のための納付か分からない金額と、その理由。"""
    start()
    from kokuho.office.collection.suspense import held
    from kokuho.office.collection.wording import channel_name, why_name
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        lines = [line for line in held(insurer) if why in (None, line.why)]
    if as_json:
        outcome.print_json({"held": [_data(line) for line in lines]})
        return
    for line in lines:
        typer.echo(
            f"{line.pk}\t{line.value_on}\t{channel_name(line.channel)}\t{line.amount:,}\t"
            f"{why_name(line.why)}\t{line.demand_id or '-'}"
        )
    typer.echo(
        _("{count} receipts, {amount} yen in suspense").format(
            count=f"{len(lines):,}", amount=f"{sum(line.amount for line in lines):,}"
        )
    )


def release(
    number: Number,
    insurer: InsurerCode,
    demand: Annotated[str, typer.Option(help="納付先の期別番号")],
    reason: Reason,
    on: On = None,
) -> None:
    """仮受を、期別の納付に振り替えます。"""
    _decide(number, insurer, "release", demand, reason, on)


def give_back(number: Number, insurer: InsurerCode, reason: Reason, on: On = None) -> None:
    """仮受を、納付した人に返します。"""
    _decide(number, insurer, "return", None, reason, on)


def _decide(
    number: int, insurer: str, action: str, demand: str | None, reason: str, on: str | None
) -> None:
    decided_on = day(on)
    start()
    from kokuho.office.collection.releases import decide
    from kokuho.office.collection.suspense import one
    from kokuho.office.tenancy import seeing

    with seeing([insurer], writing=True):
        found = one(insurer, number)
        if found is None:
            raise InputError(_("there is no {number} on the list").format(number=number))
        decide(insurer, found.source, action=action, demand_id=demand, reason=reason,
               person=actor(), decided_on=decided_on)  # fmt: skip
    typer.echo(_("recorded"))


def _data(line: Held) -> dict[str, Any]:
    data = asdict(line)
    data["number"] = data.pop("pk")
    del data["released"]
    return data | {"value_on": line.value_on.isoformat()}
