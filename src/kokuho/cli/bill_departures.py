"""``kokuho bill departure`` and ``departures``: before a payer leaves, and who leaves."""

from __future__ import annotations

import getpass
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.calendar import today
from kokuho.base.messages import translator
from kokuho.cli.office_runs import AsJson, InsurerCode, day_of, start

if TYPE_CHECKING:
    from kokuho.office.household.leavers import Leaver

_ = translator("office_billing")


def register(app: typer.Typer) -> None:
    """Put the commands into the group."""
    for command in (departure, departures):
        app.command()(command)


class Account(StrEnum):
    """Where refunds are paid to."""

    GIVEN = "given"
    PUBLIC = "public"


def departure(
    insurer: InsurerCode,
    resident: Annotated[str, typer.Option(help="出国する納付義務者の宛名番号")],
    fiscal_year: Annotated[int, typer.Option(help="年度(西暦)")],
    account: Annotated[
        Account | None, typer.Option(help="還付先: given(口座の届出)、public(公金受取口座)")
    ] = None,
    account_text: Annotated[
        str, typer.Option(help="届け出られた口座の表示(銀行、支店、種別、番号、名義)")
    ] = "",
    agent: Annotated[str, typer.Option(help="納税管理人等の氏名")] = "",
    agent_address: Annotated[str, typer.Option(help="納税管理人等の住所")] = "",
    asked_on: Annotated[str | None, typer.Option("--on", help="確かめた日")] = None,
) -> None:
    """出国の前に確かめたこと(還付金の口座、納税管理人)を記録し、残りを示します。"""
    day = day_of(asked_on) or today()
    start()
    from kokuho.office.assessment.succession import find_resident
    from kokuho.office.billing import departures as said_before
    from kokuho.office.billing.ordinances import ordinance_of
    from kokuho.office.tenancy import seeing

    with seeing([insurer], writing=True):
        found = find_resident(insurer, resident)
        said_before.ask(
            found, fiscal_year, account=account or "", account_text=account_text, agent=agent,
            agent_address=agent_address, asked_on=day, person=getpass.getuser(),
        )  # fmt: skip
        said = said_before.said([found.pk], fiscal_year)
        left = said_before.tasks(ordinance_of(insurer, fiscal_year), said.get(found.pk))
    typer.echo(_("recorded"))
    for task in left:
        typer.echo(f"- {task.text}")


def departures(
    insurer: InsurerCode,
    on: Annotated[str | None, typer.Option("--on", help="この日の一覧(指定しなければ今日)")] = None,
    as_json: AsJson = False,
) -> None:
    """転出・出国する納付義務者と、残る仕事(喪失、賦課、期別、還付先、納税管理人)の一覧

    残る仕事があれば終了コードは 1 です。
    """
    day = day_of(on) or today()
    start()
    from kokuho.office.household.leavers import leavers
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = leavers(insurer, day)
        rows = [_row(one) for one in found]
        lines = [line for one in found for line in _lines(one)]
    if as_json:
        typer.echo(json.dumps({"departures": rows}, ensure_ascii=False))
    else:
        for line in lines:
            typer.echo(line)
    if any(row["tasks"] for row in rows):
        raise typer.Exit(1)


def _row(leaver: Leaver) -> dict[str, Any]:
    from kokuho.office.billing.departures import said_data

    one = leaver.departing
    return {
        "household": one.household.household_number,
        "payer": one.payer.address_number,
        "name": one.name,
        "leaves_on": one.leaves_on.isoformat(),
        "how": one.how,
        "to": one.to,
        "staying": one.staying,
        "owed": leaver.owed,
        "overpaid": leaver.overpaid,
        "said": said_data(one.said),
        "tasks": [{"code": task.code, "text": task.text} for task in leaver.tasks],
    }


def _lines(leaver: Leaver) -> list[str]:
    from kokuho.base.calendar import era_date
    from kokuho.office.billing.departures import how_text, said_text

    one = leaver.departing
    money = _("owed {owed} yen, overpaid {overpaid} yen").format(
        owed=f"{leaver.owed:,}", overpaid=f"{leaver.overpaid:,}"
    )
    head = (
        era_date(one.leaves_on), how_text(one.how), one.household.household_number,
        one.payer.address_number, one.name, money,
    )  # fmt: skip
    lines = ["\t".join(head)]
    if one.said is not None:
        lines.append(f"  {said_text(one.said)}")
    return [*lines, *(f"  - {task.text}" for task in leaver.tasks)]
