"""``kokuho statistics combine``: the files of many insurers, as one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.messages import translator
from kokuho.cli.ledger_common import actor
from kokuho.cli.office_runs import day_of, required_day
from kokuho.cli.statistics_options import Log, Percent, Threshold

if TYPE_CHECKING:
    from kokuho.statistics.combining import Combined

_ = translator("statistics")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("combine")(combine)


def combine(
    files: Annotated[list[Path], typer.Argument(help="保険者の指標ファイル")],
    out: Annotated[Path, typer.Option(help="書くファイル(.json)")],
    as_of: Annotated[str, typer.Option("--as-of", help="そろえる基準日")],
    code: Annotated[str, typer.Option("--code", help="まとめたものの番号(都道府県番号など)")],
    expected: Annotated[
        Path | None, typer.Option(help="提出すべき保険者の表(保険者コード、保険者名、受領日)")
    ] = None,
    deadline: Annotated[str | None, typer.Option(help="提出期限")] = None,
    each: Annotated[
        Path | None,
        typer.Option(
            help="保険者ごとのファイルも、並べて公表できるように秘匿してこのフォルダーに書く"
        ),
    ] = None,
    threshold: Threshold = 10,
    percent: Percent = 20,
    log: Log = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON で出力します。")] = False,
) -> None:
    """保険者の指標ファイルをまとめます。未提出や遅れは埋めずに示します。"""
    from kokuho.statistics import measure_json
    from kokuho.statistics.combining import combine as combined_of
    from kokuho.statistics.combining import read_expected
    from kokuho.statistics.confidentiality import Rules, protect, protect_all
    from kokuho.statistics.published import Source, digest, record
    from kokuho.tables import write_bytes

    listed = read_expected(expected) if expected else []
    combined = combined_of(files, code, required_day(as_of), listed, day_of(deadline))
    rules = Rules(threshold, percent)
    if each:
        told = protect_all({**combined.taken, "": combined.file}, "", rules)
    else:
        told = {"": protect(combined.file, rules)}
    write_bytes(out, measure_json(told.pop("")).encode())
    coverage = out.with_suffix(".coverage.json")
    write_bytes(coverage, combined.coverage_json().encode())
    sources = [Source(path.name, digest(path)) for path in files]
    record(log or out.parent, "combined", out, sources, actor())
    for insurer, file in told.items():
        assert each is not None
        path = each / f"{insurer}.json"
        write_bytes(path, measure_json(file).encode())
        record(log or out.parent, "measures", path, sources, actor())
    if as_json:
        typer.echo(combined.coverage_json(), nl=False)
    else:
        _tell(combined)
        typer.echo(_("written to {out}").format(out=out))
        typer.echo(_("written to {out}").format(out=coverage))
    if any(one.state != "taken" for one in combined.arrivals):
        raise typer.Exit(1)


def _tell(combined: Combined) -> None:
    from kokuho.statistics.combining import STATES

    for one in combined.arrivals:
        words = [one.insurer_code or "-", one.name, _(STATES[one.state]), one.file, one.detail]
        typer.echo("\t".join(word for word in words if word))
    counted = sum(one.counted for one in combined.arrivals)
    whole = next(one for one in combined.file.measures if one.id == "insurers")
    typer.echo(
        _("{count} of {expected} insurers are in the sum").format(
            count=counted, expected=whole.denominator
        )
    )
