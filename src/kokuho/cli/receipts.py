"""``kokuho import receipts``: money that came in, recorded and posted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.messages import translator
from kokuho.cli.import_options import File, GoodRows, Map, tell_refusals
from kokuho.cli.ledger_common import On, actor, day, summed, with_progress
from kokuho.cli.office_runs import AsJson, start

if TYPE_CHECKING:
    from kokuho.office.ledger.importing import Outcome

_ = translator("books")


def receipts(
    file: File,
    good_rows: GoodRows = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="記録せずに、各収納の充当先を表示します。")
    ] = False,
    map_file: Map = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """収納: 納付された額(記録し、順に記帳します)"""
    posted_on = day(on)
    start()
    from kokuho.office.ledger.importing import import_receipts

    outcome = with_progress(
        lambda progress: import_receipts(
            file, posted_on=posted_on, actor=actor(), good_rows=good_rows,
            only_preview=preview, map_file=map_file, progress=progress,
        )
    )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(_data(outcome), ensure_ascii=False))
    else:
        _tell(outcome)
    if outcome.refusals:
        raise typer.Exit(1)


def _data(outcome: Outcome) -> dict[str, Any]:
    lines = outcome.lines
    return {
        "imported": outcome.imported,
        "rows": outcome.rows,
        "refused": len({refusal.line for refusal in outcome.refusals}),
        "errors": str(outcome.errors) if outcome.errors else None,
        "recorded": outcome.recorded,
        "known": outcome.known,
        **summed(outcome.runs),
        "amount": outcome.amount,
        "preview": None if lines is None else lines.to_dicts(),
    }


def _tell(outcome: Outcome) -> None:
    tell_refusals(outcome.refusals, outcome.errors)
    if outcome.lines is not None:
        _tell_preview(outcome)
    elif not outcome.imported:
        typer.echo(_("Nothing was recorded; --good-rows records the other rows."), err=True)
    else:
        counts = summed(outcome.runs)
        typer.echo(
            _(
                "{rows} rows: {recorded} recorded ({amount} yen), {known} known before; {receipts} "
                "receipts posted"
            ).format(
                rows=f"{outcome.rows:,}", recorded=f"{outcome.recorded:,}",
                amount=f"{outcome.amount:,}", known=f"{outcome.known:,}",
                receipts=f"{counts['receipts']:,}",
            )
        )  # fmt: skip


def _tell_preview(outcome: Outcome) -> None:
    """The first receipts one by one, then the sums."""
    assert outcome.lines is not None
    names = {"paid": _("paid"), "overpaid": _("overpaid"), "suspense": _("in suspense")}
    for row in outcome.lines.head(50).iter_rows(named=True):
        where = row["demand_id"] or "-"
        part = row["component"] or ""
        typer.echo(
            f"{row['reference']}\t{where}\t{part}\t{names[row['outcome']]}\t{row['amount']:,}"
        )
    for name, title in names.items():
        yen = int(outcome.lines.filter(outcome=name)["amount"].sum())
        typer.echo(f"{title}\t{yen:,}")
