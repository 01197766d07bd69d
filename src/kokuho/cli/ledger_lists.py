"""``kokuho ledger suspense`` and ``journals``: money in suspense, and a household's journals."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from kokuho.base.messages import translator
from kokuho.cli.ledger_common import On, day, print_table
from kokuho.cli.office_runs import AsJson, InsurerCode, start

_ = translator("books")


def suspense(insurer: InsurerCode, on: On = None, as_json: AsJson = False) -> None:
    """仮受の一覧: 収納整理番号、収納日、金額、納めた人。`release` で振り替えるか返します。"""
    at = day(on)
    start()
    from kokuho.office.ledger.journals import in_suspense
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        rows = in_suspense(insurer, at).rows(named=True)
    if as_json:
        typer.echo(json.dumps({"suspense": rows}, ensure_ascii=False, default=str))
        return
    heads = [_("reference"), _("paid on"), _("payer"), _("amount")]
    print_table(
        heads,
        [
            [row["source"], str(row["value_on"]), row["payer"] or "-", f"{row['amount']:,}"]
            for row in rows
        ],
    )
    typer.echo(
        _("{count} receipts, {yen} yen in suspense").format(
            count=f"{len(rows):,}", yen=f"{sum(row['amount'] for row in rows):,}"
        )
    )


def journals(
    household: Annotated[str, typer.Argument(help="世帯番号")],
    insurer: InsurerCode,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """世帯の伝票の一覧: 番号、記帳日、種類、金額。誤りは `ledger reverse 番号` で取り消します。"""
    from dataclasses import asdict

    at = day(on)
    start()
    from kokuho.base.errors import InputError
    from kokuho.ledger import component_title, kind_title
    from kokuho.office.ledger.journals import journals_of
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = journals_of(insurer, household, at)
    if not found:
        raise InputError(
            _("the ledger has nothing of household {household} until {day}").format(
                household=household, day=at
            )
        )
    if as_json:
        data = {"journals": [asdict(one) for one in found]}
        typer.echo(json.dumps(data, ensure_ascii=False, default=str))
        return
    heads = [_("journal"), _("posted on"), _("counts from"), _("kind"), _("books"), _("demand"),
             _("component"), _("amount"), _("source"), _("payer"), ""]  # fmt: skip
    rows = []
    for one in found:
        state = ""
        if one.reversed_by:
            state = _("reversed by {number}").format(number=one.reversed_by)
        elif one.reverses:
            state = _("reverses {number}").format(number=one.reverses)
        rows.append(
            [str(one.number), str(one.posted_on), str(one.value_on), kind_title(one.kind),
             str(one.book_year), one.demand_id, component_title(one.component),
             f"{one.amount:,}", one.source, one.payer or "-", state]
        )  # fmt: skip
    print_table(heads, rows)
