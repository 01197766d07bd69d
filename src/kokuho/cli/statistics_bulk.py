"""``kokuho statistics bulk``: the claims and insured of a nation, by chunks of whole insurers."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.ledger_common import actor
from kokuho.cli.office_runs import required_day
from kokuho.cli.statistics_options import Log, Percent, Threshold

if TYPE_CHECKING:
    from kokuho.statistics.bulk import Outcome, Task
    from kokuho.statistics.combining import Combined

_ = translator("statistics")

_MIB = 2**20


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("bulk")(bulk)


def bulk(
    out: Annotated[Path, typer.Option(help="書くファイル(.json)")],
    as_of: Annotated[str, typer.Option("--as-of", help="基準日")],
    code: Annotated[str, typer.Option("--code", help="まとめたものの番号(都道府県番号など)")],
    claims: Annotated[
        Path | None, typer.Option(help="レセプトのフォルダー(保険者・年度別の Parquet)")
    ] = None,
    insured: Annotated[
        Path | None, typer.Option(help="被保険者のフォルダー(保険者・年度別の Parquet)")
    ] = None,
    years: Annotated[int, typer.Option(min=1, max=20, help="年度の数(基準日の年度まで)")] = 3,
    persons: Annotated[
        bool,
        typer.Option(
            "--persons/--no-persons",
            help="受診者数も数えます(person_id の列)。秘匿の判断に使います。",
        ),
    ] = True,
    expected: Annotated[
        Path | None, typer.Option(help="あるべき保険者の表(保険者コード、保険者名)")
    ] = None,
    each: Annotated[
        Path | None,
        typer.Option(help="保険者ごとのファイルも、秘匿せずにこのフォルダーに書く(庁内だけ)"),
    ] = None,
    work: Annotated[
        Path | None, typer.Option(help="途中の結果を置くフォルダー(省略時は出力の隣)")
    ] = None,
    chunk: Annotated[
        int, typer.Option("--chunk-mib", min=1, help="一度に読むファイルの合計(MiB)")
    ] = 32,
    full: Annotated[
        bool, typer.Option("--full", help="秘匿しません。庁内だけで使うファイルです。")
    ] = False,
    threshold: Threshold = 10,
    percent: Percent = 20,
    log: Log = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON で出力します。")] = False,
) -> None:
    """多くの保険者のレセプトと被保険者を、保険者のまとまりごとに集計します。

    途中で止めても、同じ命令で続きから始まります。
    """
    from kokuho.base.calendar import fiscal_year_of
    from kokuho.statistics import measure_file, measure_json
    from kokuho.statistics.bulk import CLAIMS, INSURED, PATIENTS, run
    from kokuho.statistics.combining import read_expected
    from kokuho.statistics.confidentiality import Rules, protect
    from kokuho.statistics.national import national
    from kokuho.statistics.published import Source, record
    from kokuho.tables import write_bytes

    day = required_day(as_of)
    listed = read_expected(expected) if expected else []
    last = fiscal_year_of(day)
    span = range(last - years + 1, last + 1)
    tasks: list[tuple[Task, Path]] = []
    if insured:
        tasks.append((INSURED, insured))
    if claims:
        tasks += [(CLAIMS, claims), *([(PATIENTS, claims)] if persons else [])]
    if not tasks:
        raise InputError(_("give --claims, --insured or both"))
    kept = work or out.with_suffix(".parts")
    outcomes: dict[str, Outcome] = {}
    with _bars() as progress, _asked_to_stop() as stop:
        for task, root in tasks:
            outcomes[task.name] = run(
                task, root, span, kept, chunk_bytes=chunk * _MIB, progress=progress, stop=stop
            )
    if any(one.stopped for one in outcomes.values()):
        typer.echo(_("stopped; the same command goes on where it was"), err=True)
        raise typer.Exit(1)
    combined, sums = national(code, day, span, outcomes, listed)
    file = combined.file if full else protect(combined.file, Rules(threshold, percent))
    write_bytes(out, measure_json(file).encode())
    coverage = out.with_suffix(".coverage.json")
    write_bytes(coverage, combined.coverage_json().encode())
    sources = [Source(f"{task.name} {root}", outcomes[task.name].state) for task, root in tasks]
    where = log or out.parent
    record(where, "combined-full" if full else "combined", out, sources, actor())
    if each:
        for insurer, own in sums.by_insurer():
            path = each / f"{insurer}.json"
            write_bytes(path, measure_json(measure_file(insurer, day, own)).encode())
        record(where, "measures-full", each, sources, actor())
    if as_json:
        typer.echo(combined.coverage_json(), nl=False)
    else:
        _tell(combined, outcomes)
        typer.echo(_("written to {out}").format(out=out))
        typer.echo(_("written to {out}").format(out=coverage))
    if any(one.state != "taken" for one in combined.arrivals):
        raise typer.Exit(1)


def _tell(combined: Combined, outcomes: dict[str, Outcome]) -> None:
    from kokuho.statistics.combining import STATES

    for one in combined.arrivals:
        if one.state != "taken" or one.detail:
            words = [one.insurer_code, one.name, _(STATES[one.state]), one.detail]
            typer.echo("\t".join(word for word in words if word))
    for name, made in outcomes.items():
        typer.echo(
            _("{task}: {made} chunks made, {kept} were there").format(
                task=name, made=made.made, kept=made.kept
            )
        )
    whole = next(one for one in combined.file.measures if one.id == "insurers")
    typer.echo(
        _("{count} of {expected} insurers are in the sum").format(
            count=whole.numerator, expected=whole.denominator
        )
    )


@contextmanager
def _bars() -> Iterator[Any]:
    """A bar for each task, that is told of insurers."""
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        shown: dict[str, progress.TaskID] = {}

        def tell(name: str, done: int, total: int) -> None:
            if name not in shown:
                shown[name] = bars.add_task(name, total=total)
            bars.update(shown[name], completed=done)

        yield tell


@contextmanager
def _asked_to_stop() -> Iterator[Any]:
    """Whether somebody asked the process to end, by Ctrl-C or SIGTERM; the chunk ends first."""
    asked: list[int] = []
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = {
        one: signal.signal(one, lambda number, _frame: asked.append(number)) for one in wanted
    }
    try:
        yield lambda: bool(asked)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
