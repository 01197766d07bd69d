"""``kokuho bill``: bills in the register: runs, changes, pensions, prepayment."""

from __future__ import annotations

import getpass
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.calendar import today
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli import bill_departures, bill_pensions, bill_prepayment
from kokuho.cli.office_runs import AsJson, InsurerCode, day_of, start, with_progress

if TYPE_CHECKING:
    from kokuho.office.jobs.runs import Run

_ = translator("office_billing")

app = typer.Typer(no_args_is_help=True, help="期別調定: 台帳の賦課から期別、変更、特別徴収、前納")
app.add_typer(bill_prepayment.app, name="prepayment")
bill_departures.register(app)
bill_pensions.register(app)

NoticeDate = Annotated[
    str | None, typer.Option("--notice-date", help="通知書を発する日(指定しなければ今日)")
]
StopPension = Annotated[
    str | None, typer.Option(help="特別徴収をやめる世帯で、何月の年金から徴収しないか(年-月)")
]


@app.command()
def run(
    insurer: InsurerCode,
    fiscal_year: Annotated[int, typer.Option(help="年度(西暦。2026 = 令和8年度)")],
    notice_date: NoticeDate = None,
    provisional: Annotated[
        bool,
        typer.Option("--provisional", help="仮算定の期別と仮徴収を、前年度の賦課から作ります。"),
    ] = False,
    ordinance: Annotated[
        Path | None, typer.Option(help="仮算定をする年度の条例ファイル(--provisional のとき)")
    ] = None,
    stop_pension_from: StopPension = None,
    as_json: AsJson = False,
) -> None:
    """年度の全世帯の期別を作ります。中断しても、同じ命令で続きから進みます。"""
    notice, stop = day_of(notice_date), _month(stop_pension_from)
    if provisional != (ordinance is not None):
        raise InputError(_("--provisional and --ordinance go together."))
    start()
    from kokuho.office.billing.provisional import bill_provisionally
    from kokuho.office.billing.runs import Wish, bill_year
    from kokuho.ordinance import load

    who = getpass.getuser()
    if ordinance is not None:
        own = load(ordinance).year(fiscal_year)
        done = with_progress(
            lambda tell: bill_provisionally(insurer, own, notice, actor=who, progress=tell),
            _("billing"),
        )
    else:
        done = with_progress(
            lambda tell: bill_year(
                insurer, fiscal_year, Wish(notice, stop), actor=who, progress=tell
            ),
            _("billing"),
        )
    from kokuho.office.billing.undecided import count_billed
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        undecided = count_billed(insurer, fiscal_year)
    _tell(done, as_json, undecided)


@app.command()
def changes(
    insurer: InsurerCode,
    notice_date: NoticeDate = None,
    stop_pension_from: StopPension = None,
    as_json: AsJson = False,
) -> None:
    """賦課の変更、前納の判断などにより、期別を改めます。まだ期別のない世帯の期別も作ります。"""
    notice, stop = day_of(notice_date), _month(stop_pension_from)
    start()
    from kokuho.office.billing.runs import Wish, bill_changes

    done = with_progress(
        lambda tell: bill_changes(
            insurer, Wish(notice, stop), actor=getpass.getuser(), progress=tell
        ),
        _("billing"),
    )
    _tell(done, as_json)


@app.command("list")
def list_demands(
    insurer: InsurerCode,
    fiscal_year: Annotated[int | None, typer.Option(help="年度(西暦)")] = None,
    household: Annotated[str, typer.Option(help="世帯番号")] = "",
    known: Annotated[str | None, typer.Option(help="この日までに記録された期別")] = None,
    out: Annotated[Path | None, typer.Option(help="書き出すファイル(.csv, .parquet)")] = None,
    as_json: AsJson = False,
) -> None:
    """期別の一覧: 期、納期限、額、徴収方法、納付義務者"""
    day = day_of(known)
    start()
    import polars as pl

    from kokuho.base.calendar import era_date
    from kokuho.cli.billing_files import write
    from kokuho.cli.billing_wording import channel_name
    from kokuho.office.billing.schedules import demands
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        frame = demands(insurer, fiscal_year, known=day)
    if household:
        frame = frame.filter(pl.col("household_id") == household)
    if out is not None:
        write(frame, out)
        typer.echo(_("wrote {file}").format(file=out))
    elif as_json:
        rows = [row | {"due": row["due"].isoformat()} for row in frame.iter_rows(named=True)]
        typer.echo(json.dumps({"demands": rows}, ensure_ascii=False))
    else:
        for row in frame.iter_rows(named=True):
            typer.echo(
                f"{row['fiscal_year_meant']}\t{row['household_id']}\t{row['debtor']}\t"
                f"{channel_name(row['channel'])}\t{row['term']}\t{row['amount']:,}\t"
                f"{era_date(row['due'])}"
            )


@app.command()
def debit(
    insurer: InsurerCode,
    household: Annotated[str, typer.Option(help="世帯番号")],
    reason: Annotated[str, typer.Option(help="理由(口座振替の申出など)")],
    decided_on: Annotated[
        str | None, typer.Option("--on", help="決定日(指定しなければ今日)")
    ] = None,
) -> None:
    """特別徴収に代えて普通徴収(口座振替)とする判断を記録します。"""
    day = day_of(decided_on) or today()
    start()
    from kokuho.office.billing.lists import household_of
    from kokuho.office.billing.pensions import choose_direct_debit
    from kokuho.office.tenancy import seeing

    with seeing([insurer], writing=True):
        choose_direct_debit(
            household_of(insurer, household), reason=reason, person=getpass.getuser(),
            decided_on=day,
        )  # fmt: skip
    typer.echo(_("recorded"))


@app.command()
def cancel(insurer: InsurerCode) -> None:
    """実行中の期別調定を、きりのよいところで止めます。同じ命令で続きから進みます。"""
    start()
    from kokuho.office.billing import provisional, runs
    from kokuho.office.jobs.runs import Run, ask_to_cancel
    from kokuho.office.tenancy import seeing

    kinds = (runs.KIND, runs.CHANGES, provisional.KIND)
    with seeing([insurer]):
        running = list(Run.objects.filter(kind__in=kinds, state=Run.State.RUNNING))
    asked = [run for run in running if ask_to_cancel(insurer, run.kind, run.key)]
    typer.echo(_("{count} runs were asked to stop").format(count=len(asked)))


def _month(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise InputError(
            _("{text} is not a month; write it as 2027-02.").format(text=text)
        ) from None


_COUNTS = ("households", "billed", "ordinary", "pension", "prepaid", "demands",
           "increase", "decrease", "waiting")  # fmt: skip


def _tell(run: Run, as_json: bool, undecided: int | None = None) -> None:
    """What a run did, and whose pension is undecided; exit 1 if households wait for a clerk."""
    counts = {name: run.counts.get(name, 0) for name in _COUNTS}
    if as_json:
        open_pensions = {} if undecided is None else {"pension_undecided": undecided}
        told = {"state": run.state, **counts, **open_pensions}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        if run.state == "cancelled":
            typer.echo(_("The run was stopped; the same command goes on with it."))
        typer.echo(
            _(
                "{households} households, {billed} bills ({prepaid} prepaid, {pension} from a "
                "pension), {demands} demands, increase {increase} yen, decrease {decrease} yen"
            ).format(**{name: f"{count:,}" for name, count in counts.items()})
        )
        if counts["waiting"]:
            typer.echo(
                _("{count} households wait for a clerk: kokuho bill prepayment list").format(
                    count=f"{counts['waiting']:,}"
                ),
                err=True,
            )
        if undecided:
            typer.echo(
                _(
                    "{count} households are billed in the terms although it is not known whether "
                    "a pension pays: {command}"
                ).format(count=f"{undecided:,}", command=bill_pensions.HINT),
                err=True,
            )
    if counts["waiting"]:
        raise typer.Exit(1)
