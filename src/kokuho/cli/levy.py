"""``kokuho levy``: check worked cases, explain a household, levy files, replay an assessment."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.calendar import today
from kokuho.base.errors import InputError
from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.levy.explain import Explanation

_ = translator("levy")

app = typer.Typer(no_args_is_help=True, help="賦課: 計算例との照合、説明、一括計算、再現")

AsJson = Annotated[bool, typer.Option("--json", help="JSON で出力します。")]


class Format(StrEnum):
    """How an explanation is given."""

    TEXT = "text"
    JSON = "json"
    PDF = "pdf"


class Engine(StrEnum):
    """What the levy runs on."""

    LOCAL = "local"


@app.command()
def check(
    places: Annotated[list[Path], typer.Argument(help="計算例のフォルダーまたはファイル")],
    as_json: AsJson = False,
) -> None:
    """公表された計算例と 1 円単位で照合します。"""
    from kokuho.levy.case_form import find_files, read_file
    from kokuho.levy.cases import check as check_case

    outcomes, unusable = [], []
    # what cannot be used stops no other file or case; the exit status says that there was some
    for path in find_files(places):
        try:
            file = read_file(path)
        except InputError as error:
            unusable.append(str(error))
            continue
        for case in file.cases:
            try:
                outcomes.append(check_case(case, file.municipality))
            except InputError as error:
                unusable.append(f"{path}: {error}")
    failed = sum(not outcome.matched for outcome in outcomes)
    if as_json:
        results = [
            {
                "id": outcome.case.id,
                "matched": outcome.matched,
                "differences": {
                    part: {"expected": expected, "got": got}
                    for part, (expected, got) in outcome.differences.items()
                },
            }
            for outcome in outcomes
        ]
        answer = {
            "cases": len(outcomes),
            "matched": len(outcomes) - failed,
            "failed": failed,
            "results": results,
        }
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for outcome in outcomes:
            for part, (expected, got) in outcome.differences.items():
                typer.echo(
                    f"{outcome.municipality} {outcome.case.id} {part}: "
                    f"expected {expected:,}, got {got if got is None else format(got, ',')}"
                )
        typer.echo(f"{len(outcomes)} cases: {len(outcomes) - failed} matched, {failed} failed")
    for message in unusable:
        typer.echo(message, err=True)
    if unusable:
        raise typer.Exit(2)
    if failed:
        raise typer.Exit(1)


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(help="計算例(.json)または賦課結果(.csv, .parquet)")],
    wanted: Annotated[str, typer.Option("--id", help="計算例の id または世帯番号")],
    form: Annotated[Format, typer.Option("--format", help="出力の形式")] = Format.TEXT,
    out: Annotated[
        Path | None, typer.Option(help="書き出すファイル(PDF で省略すると「ID.pdf」)")
    ] = None,
    insurer: Annotated[str | None, typer.Option(help="保険者コード(複数あるとき)")] = None,
) -> None:
    """1 世帯の賦課額の理由を、段階ごとに根拠と式を付けて説明します。"""
    from kokuho.tables import write_bytes

    explanation = _explanation(file, wanted, insurer)
    if form is Format.PDF:
        from kokuho.forms.explanation import explanation_pdf

        target = out or Path(f"{wanted}.pdf")
        write_bytes(target, explanation_pdf(explanation.as_dict()))
        typer.echo(_("wrote {file}").format(file=target))
        return
    if form is Format.JSON:
        text = json.dumps(explanation.as_dict(), ensure_ascii=False, indent=1)
    else:
        from kokuho.levy.explain import text as as_text

        text = as_text(explanation)
    if out:
        write_bytes(out, (text + "\n").encode())
        typer.echo(_("wrote {file}").format(file=out))
    else:
        typer.echo(text)


def _explanation(file: Path, wanted: str, insurer: str | None) -> Explanation:
    from kokuho.levy.case_form import find_case, is_case_file, read_file
    from kokuho.levy.explain import explain as explain_levy
    from kokuho.levy.explain_case import explain_case

    if is_case_file(file):
        case = find_case(file, wanted)
        return explain_case(case, read_file(file).municipality, made_on=today())
    from kokuho.levy.run import levy_one

    result, ordinance = levy_one(file, wanted, insurer)
    return explain_levy(result, wanted, ordinance, made_on=today())


@app.command()
def run(
    ordinance: Annotated[list[Path], typer.Option(help="条例ファイル(複数可)")],
    persons: Annotated[Path, typer.Option(help="被保険者等のファイル(.csv, .xlsx, .parquet)")],
    households: Annotated[Path, typer.Option(help="世帯のファイル")],
    fiscal_year: Annotated[int, typer.Option("--fiscal-year", help="年度(西暦。2026 = 令和8年度)")],
    out: Annotated[Path, typer.Option(help="賦課結果のファイル(.csv, .parquet)")],
    steps: Annotated[
        bool, typer.Option("--steps", help="計算の全段階を列として残します。")
    ] = False,
    summarise: Annotated[bool, typer.Option("--summary", help="集計を表示します。")] = False,
    engine: Annotated[Engine, typer.Option(help="実行の方式")] = Engine.LOCAL,
) -> None:
    """全世帯を賦課し、結果を書き出します。受け付けられない行は別のファイルに残します。"""
    from rich.console import Console
    from rich.progress import Progress

    from kokuho.levy.run import run as run_levy
    from kokuho.levy.run import summary

    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task(_("levying"), total=None)
        made = run_levy(
            ordinance,
            persons,
            households,
            fiscal_year,
            out,
            steps=steps,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if made.out:
        typer.echo(_("wrote {file}").format(file=made.out))
    else:
        typer.echo(_("There is no household that can be levied."), err=True)
    if summarise and made.out:
        _print_summary(summary(made.households))
    if made.refusals:
        for refusal in made.refusals[:20]:
            typer.echo(refusal.message(), err=True)
        typer.echo(
            _("{count} rows were refused; all of them are in {file}").format(
                count=len(made.refusals), file=made.errors
            ),
            err=True,
        )
        raise typer.Exit(1)


def _print_summary(figures: dict[str, Any]) -> None:
    from kokuho.levy.explain_parts import PART_TITLES
    from kokuho.levy.wording import REDUCTIONS

    typer.echo(_("households: {count}").format(count=f"{figures['households']:,}"))
    for tenths, count in figures["by_reduction"].items():
        permille = count * 1000 // figures["households"]
        share = f"{permille // 10}.{permille % 10}%"
        typer.echo(f"  {REDUCTIONS[tenths]}: {count:,} ({share})")
    for part, amount in figures["sums"].items():
        typer.echo(f"  {PART_TITLES.get(part, '合計')}: {amount:,} 円")


@app.command()
def replay(
    assessment: Annotated[
        Path, typer.Argument(help="賦課結果のファイル、または台帳の賦課番号(--insurer とともに)")
    ],
    insurer: Annotated[str | None, typer.Option(help="保険者コード(賦課番号のとき)")] = None,
    as_json: AsJson = False,
) -> None:
    """賦課結果を、保存された入力からもう一度計算し、1 円単位で比べます。"""
    from kokuho.levy.run import replay as replay_run

    if not assessment.exists() and str(assessment).isdecimal():
        from kokuho.cli.replay import replay_stored

        replay_stored(int(str(assessment)), insurer, as_json=as_json)
        return
    result = replay_run(assessment)
    count = result.different.height
    if as_json:
        answer = {
            "households": result.households,
            "different": count,
            "law_changed": result.law_changed,
            "differences": result.different.to_dicts(),
        }
        typer.echo(json.dumps(answer, ensure_ascii=False, default=str))
    else:
        for row in result.different.head(20).iter_rows(named=True):
            typer.echo(f"{row['household_id']}: {row['total']} → {row['total_again']}")
        if result.law_changed:
            typer.echo(_("The law data has changed since this assessment was made."))
        typer.echo(
            _("{households} households replayed, {different} different").format(
                households=f"{result.households:,}", different=count
            )
        )
    if count:
        raise typer.Exit(1)
