"""``kokuho arrears foreign``: arrears of households headed by foreign nationals, a logged right."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.ledger_common import day
from kokuho.cli.office_runs import AsJson, InsurerCode, start

_ = translator("collecting")

PAGE = "arrears_foreign_list"
"""How the log of looks names this command."""


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command()(foreign)


def foreign(
    insurer: InsurerCode,
    user: Annotated[str, typer.Option(help="閲覧する利用者。権限 foreign_arrears が必要です。")],
    by: Annotated[str | None, typer.Option(help="集計の区分")] = None,
    state: Annotated[str, typer.Option(help="この状態の世帯だけを示します。")] = "",
    on: Annotated[str | None, typer.Option("--on", help="基準日(指定しなければ今日)")] = None,
    as_json: AsJson = False,
) -> None:
    """外国人世帯主の世帯の滞納。閲覧には権限が要り、誰を見たかが記録されます。"""
    from kokuho.arrears import GROUPINGS, STATES

    at = day(on)
    for given, codes in ((by, GROUPINGS), (state or None, STATES)):
        if given is not None and given not in codes:
            raise InputError(
                _("{given} is not one of: {codes}").format(given=given, codes=", ".join(codes))
            )
    start()
    from kokuho.office.accounts import looks, rights
    from kokuho.office.arrears import foreign as room
    from kokuho.office.arrears.standing import read
    from kokuho.office.tenancy import seeing

    who = rights.user_named(user)
    if insurer not in rights.allowed(who, rights.FOREIGN_ARREARS):
        raise InputError(
            _("{name} has no right to see this; grant it: kokuho user allow").format(name=user)
        )
    if by is not None:
        with seeing([insurer]):
            heads = room.foreign_heads(insurer, at)
            counts = room.counts(insurer, heads, at, by)
            few = room.few(insurer, heads, at, by, counts)
        looks.note(who, PAGE, [looks.Seen(insurer, one.resident, one.household) for one in few])
        _tell_counts(list(counts.iter_rows(named=True)), by, str(at), as_json)
        return
    with seeing([insurer]):
        heads = room.foreign_heads(insurer, at)
        rows = room.listed(read(insurer, at, heads), heads, state)
    seen = [
        looks.Seen(insurer, person.resident, row.head.household)
        for row in rows
        for person in (row.head.person, *row.members)
    ]
    looks.note(who, PAGE, seen)
    _tell_rows(rows, str(at), as_json)


def _tell_counts(rows: list[dict[str, Any]], by: str, on: str, as_json: bool) -> None:
    from kokuho.arrears import group_words
    from kokuho.base.countries import country_name

    for row in rows:
        row["name"] = (by == "nationality" and country_name(row["group"])) or group_words(
            by, row["group"]
        )
    definition = _("collected ÷ levied of the households that a foreign national heads")
    if as_json:
        data = {"on": on, "definition": definition, "groups": rows}
        typer.echo(json.dumps(data, ensure_ascii=False))
        return
    typer.echo(definition)
    for row in rows:
        rate = row["rate_permyriad"]
        shown = "-" if rate is None else f"{rate // 100}.{rate % 100:02}%"
        small = _(" (few households)") if row["small"] else ""
        typer.echo(
            f"{row['name']}  {row['households']:,}  {row['collected']:,} / "
            f"{row['levied']:,}  {shown}{small}"
        )


def _tell_rows(rows: Any, on: str, as_json: bool) -> None:
    from kokuho.arrears import state_title

    if as_json:
        data = {
            "on": on,
            "households": [
                {
                    "household": row.household.number,
                    **_person(row.head.person),
                    "members": [_person(one) for one in row.members],
                    "state": row.household.state,
                    "state_name": state_title(row.household.state),
                    "overdue": row.overdue,
                    "months": row.months,
                    "contacts": len(row.household.contacts),
                    "contacted_on": [act.day for act in row.household.contacts],
                    "agreements": [
                        {"day": one.agreement.day, "state": one.state, "paid": one.paid}
                        for one in row.household.agreements
                    ],
                    "deferrals": [{"day": act.day, "until": act.until} for act in row.deferrals],
                    "demands": row.demands,
                }
                for row in rows
            ],
        }
        typer.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    for row in rows:
        who = _person(row.head.person)
        typer.echo(
            f"{row.household.number}  {who['nationality_name']}  {who['status']}  "
            f"{state_title(row.household.state)}  {row.overdue:,}  "
            + _("{months} months overdue, {contacts} contacts").format(
                months=row.months, contacts=len(row.household.contacts)
            )
        )
    typer.echo(_("{count} households").format(count=len(rows)))


def _person(person: Any) -> dict[str, Any]:
    """What is told of a person."""
    from kokuho.base.countries import country_name

    return {
        "nationality": person.nationality,
        "nationality_name": country_name(person.nationality) or person.nationality,
        "status": person.status,
        "stay_until": person.stay_until,
        "left": person.left,
    }
