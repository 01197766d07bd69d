"""``kokuho assess``: assessments in the register, their changes, their notices."""

from __future__ import annotations

import getpass
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.calendar import today
from kokuho.base.messages import translator
from kokuho.cli.office_runs import AsJson, InsurerCode, day_of, required_day, start, with_progress

if TYPE_CHECKING:
    from kokuho.office.jobs.runs import Run

_ = translator("assessment")

app = typer.Typer(no_args_is_help=True, help="賦課決定: 当初賦課、異動更正、通知書")

DecidedOn = Annotated[str | None, typer.Option("--decided-on", help="決定日(指定しなければ今日)")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="この日までに分かっていた内容で賦課します。")
]


class Basis(StrEnum):
    """How somebody became the representative of heirs."""

    REPORTED = "reported"
    DESIGNATED = "designated"


@app.command()
def run(
    insurer: InsurerCode,
    fiscal_year: Annotated[int, typer.Option(help="年度(西暦。2026 = 令和8年度)")],
    ordinance: Annotated[Path | None, typer.Option(help="条例ファイル(始めるときに必要)")] = None,
    as_of: AsOf = None,
    decided_on: DecidedOn = None,
    as_json: AsJson = False,
) -> None:
    """当初賦課: 年度の全世帯を賦課します。中断しても、同じ命令で続きから進みます。"""
    days = day_of(as_of), day_of(decided_on)
    start()
    from kokuho.office.assessment.yearly import Wish, assess_year, ordinance_year
    from kokuho.ordinance import load

    own = ordinance_year(load(ordinance), insurer, fiscal_year) if ordinance else None
    done = with_progress(
        lambda progress: assess_year(
            insurer, fiscal_year, Wish(own, *days), actor=getpass.getuser(), progress=progress
        ),
        _("assessing"),
    )
    _tell(done, as_json, fiscal_year)


@app.command()
def changes(
    insurer: InsurerCode,
    ordinance: Annotated[list[Path] | None, typer.Option(help="改めた条例ファイル(複数可)")] = None,
    as_of: AsOf = None,
    decided_on: DecidedOn = None,
    everything: Annotated[
        bool, typer.Option("--all", help="異動のない世帯も含め、すべて計算し直します。")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """異動更正: 前回より後に分かった異動により、賦課済みの各年度を期間制限の範囲で改めます。"""
    days = {"as_of": day_of(as_of), "decided_on": day_of(decided_on)}
    start()
    from kokuho.office.assessment.changes import assess_changes
    from kokuho.ordinance import load

    ordinances = [load(path) for path in ordinance or ()]
    done = with_progress(
        lambda progress: assess_changes(
            insurer,
            ordinances,
            everything=everything,
            actor=getpass.getuser(),
            progress=progress,
            **days,
        ),
        _("assessing"),
    )
    _tell(done, as_json, None)


@app.command("list")
def list_decisions(
    insurer: InsurerCode,
    household: Annotated[str, typer.Option(help="世帯番号")] = "",
    fiscal_year: Annotated[int | None, typer.Option(help="年度(西暦)")] = None,
    as_json: AsJson = False,
) -> None:
    """賦課決定の一覧: 決定番号、賦課番号、変更前後の額、異動事由"""
    start()
    from kokuho.office.assessment.lists import decisions
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        rows = decisions(household, fiscal_year)
    if as_json:
        typer.echo(json.dumps({"decisions": rows}, ensure_ascii=False))
        return
    if rows:
        typer.echo(
            _("decision\tassessment\tyear\thousehold\tpayer\tdecided on\treason\tamount\tcauses")
        )
    for row in rows:
        before, after = row["before"], row["after"]
        why = "、".join(
            f"{cause.get('person', '')} {cause['text']}".strip() for cause in row["causes"]
        )
        typer.echo(
            f"{row['id']}\t{row['assessment'] or '-'}\t{row['fiscal_year']}\t{row['household']}\t"
            f"{row['payer']}\t{row['decided_on']}\t{row['reason_text']}\t"
            f"{_yen(before)} → {_yen(after)} ({row['difference']:+,})\t{why}"
        )


@app.command()
def pending(
    insurer: InsurerCode,
    fiscal_year: Annotated[int | None, typer.Option(help="年度(西暦)")] = None,
    as_json: AsJson = False,
) -> None:
    """担当者の確認を待つもの: 賦課できない世帯、期間制限により変更できないもの"""
    start()
    from kokuho.office.assessment.lists import pending as waiting
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        rows = waiting(fiscal_year)
    if as_json:
        typer.echo(json.dumps({"pending": rows}, ensure_ascii=False))
    else:
        for row in rows:
            where = " ".join(str(row[name]) for name in ("household", "person") if row[name])
            what = f"{row['field']}: {row['value']}" if row["field"] else row["value"]
            typer.echo(f"{row['fiscal_year']}\t{where}\t{row['text']}\t{what}\t{row['expected']}")
    if rows:
        raise typer.Exit(1)


@app.command()
def notice(
    number: Annotated[int, typer.Argument(metavar="ID", help="決定番号(kokuho assess list)")],
    insurer: InsurerCode,
    out: Annotated[Path, typer.Option(help="書き出す PDF")],
    issued_on: Annotated[str | None, typer.Option(help="通知の日付(指定しなければ今日)")] = None,
    issuer: Annotated[str, typer.Option(help="決定する者(例: 架空市長)")] = "",
    contact: Annotated[str, typer.Option(help="問い合わせ先")] = "",
) -> None:
    """決定の通知書を、計算の説明を付けて PDF にします(参考様式)。"""
    day = day_of(issued_on) or today()
    start()
    from kokuho.forms.notice import notice_pdf
    from kokuho.office.assessment import notices
    from kokuho.office.tenancy import seeing
    from kokuho.tables import write_bytes

    with seeing([insurer]):
        paper = notices.notice(
            notices.find(insurer, number), day, authority=issuer, contact=contact
        )
    write_bytes(out, notice_pdf(paper, made_on=day))
    typer.echo(_("wrote {file}").format(file=out))


@app.command()
def succession(
    insurer: InsurerCode,
    resident: Annotated[str, typer.Option(help="亡くなった方の宛名番号")],
    basis: Annotated[Basis, typer.Option(help="届出(reported)か指定(designated)か")],
    told_on: Annotated[str, typer.Option("--on", help="届出・指定の日")],
    representative: Annotated[str, typer.Option(help="代表者の宛名番号")] = "",
    name: Annotated[str, typer.Option(help="代表者の氏名(住民でないとき)")] = "",
    address: Annotated[str, typer.Option(help="代表者の住所(住民でないとき)")] = "",
    postal_code: Annotated[str, typer.Option(help="代表者の郵便番号")] = "",
) -> None:
    """相続人代表者を記録します。亡くなった世帯主への通知は、代表者に送ります。"""
    day = required_day(told_on)
    start()
    from kokuho.office.assessment.succession import appoint
    from kokuho.office.tenancy import seeing

    with seeing([insurer], writing=True):
        appoint(
            insurer, resident, basis=basis.value, told_on=day, actor=getpass.getuser(),
            representative=representative, name=name, postal_code=postal_code, address=address,
        )  # fmt: skip
    typer.echo(_("recorded"))


@app.command()
def cancel(insurer: InsurerCode) -> None:
    """実行中の賦課を、きりのよいところで止めます。同じ命令で続きから進みます。"""
    start()
    from kokuho.office.assessment import changes as later
    from kokuho.office.assessment import yearly
    from kokuho.office.jobs.runs import Run, ask_to_cancel
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        running = list(
            Run.objects.filter(kind__in=(yearly.KIND, later.KIND), state=Run.State.RUNNING)
        )
    asked = [run for run in running if ask_to_cancel(insurer, run.kind, run.key)]
    typer.echo(_("{count} runs were asked to stop").format(count=len(asked)))


def _tell(run: Run, as_json: bool, fiscal_year: int | None) -> None:
    """What a run did; exit 1 if something waits for a clerk."""
    from kokuho.office.assessment.lists import pending as waiting
    from kokuho.office.tenancy import seeing

    with seeing([run.insurer_id]):
        left = len(waiting(fiscal_year))
    counts = {
        name: run.counts.get(name, 0)
        for name in ("households", "decided", "increase", "decrease", "put_aside")
    }
    if as_json:
        answer = {"state": run.state, "known": run.cursor.get("known"), **counts, "pending": left}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        if run.state == "cancelled":
            typer.echo(_("The run was stopped; the same command goes on with it."))
        typer.echo(
            _(
                "{households} households, {decided} decisions, increase {increase} yen, decrease "
                "{decrease} yen"
            ).format(**{name: f"{count:,}" for name, count in counts.items()})
        )
        if left:
            typer.echo(
                _("{count} matters wait for a clerk: kokuho assess pending").format(
                    count=f"{left:,}"
                ),
                err=True,
            )
    if left:
        raise typer.Exit(1)


def _yen(amounts: dict[str, Any] | None) -> str:
    return f"{amounts['total']:,}" if amounts else "-"
