"""``kokuho bill prepayment``: the work list, one household, decisions and their history."""

from __future__ import annotations

import getpass
import json
from enum import StrEnum
from typing import Annotated

import typer

from kokuho.base.calendar import today
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.office_runs import AsJson, InsurerCode, day_of, start

_ = translator("office_billing")

app = typer.Typer(no_args_is_help=True, help="前納: 処理待ちの一覧、世帯の説明、判断の記録")

FiscalYear = Annotated[int, typer.Option("--fiscal-year", help="年度(西暦。2026 = 令和8年度)")]
HouseholdNumber = Annotated[str, typer.Option("--household", help="世帯番号")]


class Answer(StrEnum):
    """What is decided."""

    SUBJECT = "subject"
    NOT_SUBJECT = "not-subject"
    EXCUSED = "excused"
    NOTIFY = "notify"


_KINDS = {
    Answer.SUBJECT: ("ruling", "subject"),
    Answer.NOT_SUBJECT: ("ruling", "not_subject"),
    Answer.EXCUSED: ("excused", ""),
    Answer.NOTIFY: ("undeclared", "notify"),
}


@app.command("list")
def list_work(
    insurer: InsurerCode,
    fiscal_year: FiscalYear,
    everything: Annotated[bool, typer.Option("--all", help="済んだ世帯も示します。")] = False,
    as_json: AsJson = False,
) -> None:
    """処理待ちの一覧: 要確認、申告待ち、通知。待つ世帯があれば終了コードは 1 です。"""
    start()
    from kokuho.office.billing import lists, worklist
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        work = worklist.work(insurer, fiscal_year)
        chosen = work.of(worklist.STATES if everything else worklist.TO_DO)
        rows = lists.work_rows(work, chosen)
    if as_json:
        answer = {"adopted": work.adopted, "counts": work.counts, "households": rows}
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        for line in lists.work_lines(work, rows):
            typer.echo(line)
    if any(work.counts[state] for state in worklist.TO_DO):
        raise typer.Exit(1)


@app.command()
def show(
    insurer: InsurerCode,
    fiscal_year: FiscalYear,
    household: HouseholdNumber,
    as_json: AsJson = False,
) -> None:
    """1 世帯の説明: 根拠とした事実、申告がある場合とない場合の年額、判断の履歴"""
    start()
    from kokuho.office.billing import lists
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = lists.one(lists.household_of(insurer, household), fiscal_year)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in lists.one_lines(found):
        typer.echo(line)


@app.command()
def decide(
    insurer: InsurerCode,
    fiscal_year: FiscalYear,
    household: HouseholdNumber,
    answer: Annotated[
        Answer,
        typer.Option(
            "--answer",
            help="subject(対象)、not-subject(対象外)、excused(特別の事情)、notify(申告なしで通知)",
        ),
    ],
    reason: Annotated[str, typer.Option(help="理由")],
    code: Annotated[str, typer.Option(help="特別の事情の符号(条例のファイルにあるもの)")] = "",
    decided_on: Annotated[
        str | None, typer.Option("--on", help="判断した日(指定しなければ今日)")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="この判断を取り消します。")] = False,
) -> None:
    """前納の判断を、理由・人・日とともに記録します。"""
    day = day_of(decided_on) or today()
    if (answer == Answer.EXCUSED and not withdraw) != bool(code):
        raise InputError(_("A special circumstance has a code (--code), other decisions none."))
    start()
    from kokuho.office.billing import decisions, lists
    from kokuho.office.billing.ordinances import ordinance_of
    from kokuho.office.tenancy import seeing

    kind, plain = _KINDS[answer]
    with seeing([insurer], writing=True):
        decisions.decide(
            lists.household_of(insurer, household),
            ordinance_of(insurer, fiscal_year),
            kind=kind,
            answer=decisions.WITHDRAWN if withdraw else code or plain,
            reason=reason,
            person=getpass.getuser(),
            decided_on=day,
        )
    typer.echo(_("recorded"))


@app.command()
def pay(
    insurer: InsurerCode,
    fiscal_year: FiscalYear,
    household: HouseholdNumber,
    reference: Annotated[str, typer.Option(help="収納整理番号(領収の番号)")],
    amount: Annotated[
        int | None, typer.Option(help="納付額(円)。指定しなければ、納める前納の全額")
    ] = None,
    paid_on: Annotated[
        str | None, typer.Option("--on", help="納付した日(指定しなければ今日)")
    ] = None,
) -> None:
    """窓口で任意に納められた前納を、収納として記録し、記帳します。"""
    day = day_of(paid_on) or today()
    start()
    from kokuho.office.ledger.counter import receive

    paid = receive(
        insurer, household, fiscal_year, reference=reference, amount=amount, day=day,
        actor=getpass.getuser(),
    )  # fmt: skip
    typer.echo(_("{yen} yen received of the prepayment").format(yen=f"{paid.amount:,}"))
