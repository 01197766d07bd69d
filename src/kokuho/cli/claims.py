"""``kokuho import claims``: claims (レセプト) for the statistics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.messages import translator
from kokuho.cli.import_options import File, GoodRows, Map, tell_refusals
from kokuho.cli.ledger_common import actor, day
from kokuho.cli.office_runs import AsJson, start

if TYPE_CHECKING:
    from kokuho.office.statistics.importing import Outcome

_ = translator("office_statistics")


def claims(
    file: File,
    good_rows: GoodRows = False,
    map_file: Map = None,
    on: Annotated[str | None, typer.Option("--on", help="知った日(省略時は今日)")] = None,
    as_json: AsJson = False,
) -> None:
    """レセプト: 件数・医療費・高額療養費の統計のための記録(傷病や診療の内容は取り込みません)"""
    known_on = day(on)
    start()
    from kokuho.office.statistics.importing import import_claims

    outcome = import_claims(
        file, actor=actor(), on=known_on, good_rows=good_rows, map_file=map_file
    )
    if as_json:
        typer.echo(json.dumps(_data(outcome), ensure_ascii=False))
    else:
        _tell(outcome)
    if outcome.refusals:
        raise typer.Exit(1)


def _data(outcome: Outcome) -> dict[str, Any]:
    return {
        "imported": outcome.imported,
        "rows": outcome.rows,
        "refused": len({refusal.line for refusal in outcome.refusals}),
        "errors": str(outcome.errors) if outcome.errors else None,
        "recorded": outcome.recorded,
        "corrected": outcome.corrected,
        "known": outcome.known,
    }


def _tell(outcome: Outcome) -> None:
    tell_refusals(outcome.refusals, outcome.errors)
    if not outcome.imported:
        typer.echo(_("Nothing was recorded; --good-rows records the other rows."), err=True)
        return
    counts = {
        name: f"{number:,}"
        for name, number in (
            ("rows", outcome.rows), ("recorded", outcome.recorded),
            ("corrected", outcome.corrected), ("known", outcome.known),
        )
    }  # fmt: skip
    words = _("{rows} rows: {recorded} recorded ({corrected} corrections), {known} known before")
    typer.echo(words.format(**counts))
