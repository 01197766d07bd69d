"""``kokuho collection``: accounts, files out and in, of the register."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli import collection_outcome as outcome
from kokuho.cli.import_options import File, GoodRows, tell_refusals
from kokuho.cli.ledger_common import actor, day, with_progress
from kokuho.cli.office_runs import AsJson, InsurerCode, start

if TYPE_CHECKING:
    from kokuho.collection import FileProblem
    from kokuho.office.collection.taking import Taken
    from kokuho.office.register.models import Household

_ = translator("office_collection")

LayoutName = Annotated[
    str, typer.Option("--layout", help="レイアウト(付属の名前、または .yaml ファイル)")
]
HouseholdNumber = Annotated[str, typer.Option("--household", help="世帯番号")]
On = Annotated[str | None, typer.Option("--on", help="日付(省略時は今日)")]


class Answer(StrEnum):
    """What a household answers to the offer of direct debit."""

    TAKEN = "taken"
    LATER = "later"
    DECLINED = "declined"


class Occasion(StrEnum):
    """When direct debit is offered."""

    ENROLMENT = "enrolment"
    COUNTER = "counter"
    LETTER = "letter"


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("accounts")(accounts)
    app.command("account-end")(account_end)
    app.command("offer")(offer)
    app.command("send")(send)
    app.command("take")(take)
    app.command("files")(files)
    app.command("cancel")(cancel)


def accounts(file: File, good_rows: GoodRows = False, as_json: AsJson = False) -> None:
    """口座振替の申込み(口座、振替開始日、申込日)を取り込みます。"""
    start()
    from kokuho.office.collection.account_file import take_accounts

    taken = take_accounts(file, actor=actor(), good_rows=good_rows)
    tell_refusals(taken.refusals, taken.errors)
    if as_json:
        refused = len({one.line for one in taken.refusals})
        outcome.print_json({"rows": taken.rows, "recorded": taken.recorded, "refused": refused})
    else:
        typer.echo(
            _("{rows} rows, {recorded} of them new").format(
                rows=f"{taken.rows:,}", recorded=f"{taken.recorded:,}"
            )
        )
    if taken.refusals:
        raise typer.Exit(1)


def account_end(insurer: InsurerCode, household: HouseholdNumber, on: On = None) -> None:
    """口座振替の廃止: その日から口座振替を依頼しません。"""
    last = day(on)
    start()
    from kokuho.office.collection.accounts import end_account
    from kokuho.office.tenancy import seeing

    with seeing([insurer], writing=True):
        end_account(_household(insurer, household), last=last, actor=actor())
    typer.echo(_("recorded"))


def offer(
    insurer: InsurerCode,
    household: HouseholdNumber,
    answer: Annotated[
        Answer, typer.Option(help="taken(申し込む)、later(後で)、declined(申し込まない)")
    ],
    occasion: Annotated[
        Occasion, typer.Option(help="enrolment(加入時)、counter(窓口)、letter(郵送)")
    ] = Occasion.ENROLMENT,
    on: On = None,
    note: Annotated[str, typer.Option(help="備考")] = "",
) -> None:
    """口座振替の勧奨をしたことと、その答えを記録します。"""
    made_on = day(on)
    start()
    from kokuho.office.collection.offers import offer as record
    from kokuho.office.tenancy import seeing

    with seeing([insurer], writing=True):
        new = record(
            _household(insurer, household), on=made_on, occasion=occasion, answer=answer,
            person=actor(), note=note,
        )  # fmt: skip
    typer.echo(_("recorded") if new else _("recorded before"))


def send(
    insurer: InsurerCode,
    layout: LayoutName,
    due: Annotated[str, typer.Option(help="納期限")],
    out: Annotated[Path, typer.Option(help="銀行に渡すファイル")],
    debit_day: Annotated[
        str | None, typer.Option("--day", help="引落日(省略時は納期限の日)")
    ] = None,
    made_on: Annotated[str | None, typer.Option(help="作成日(省略時は今日)")] = None,
    more: Annotated[
        bool, typer.Option("--more", help="先のファイルにない期別のファイルを、もう一つ作ります。")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """台帳の未納の期別から、口座振替の依頼ファイルを作ります。もう一度実行すると同じファイルです。"""
    due_on = day(due)
    start()
    from kokuho.cli import collection_files
    from kokuho.collection import load_layout
    from kokuho.office.collection.sending import send as make

    outcome.warn(load_layout(layout))
    made = with_progress(
        lambda progress: make(
            insurer, layout, due=due_on, day=day(debit_day) if debit_day else due_on,
            made_on=day(made_on), actor=actor(), more=more, progress=progress,
        )
    )  # fmt: skip
    if made is None:
        typer.echo(_("The run was stopped; the same command goes on with it."))
        raise typer.Exit(1)
    collection_files.keep(out, made.content)
    file = made.delivered
    if as_json:
        said = {"number": file.number, "digest": file.digest, "count": file.records,
                "total": file.amount, "refused": list(made.refused),
                "left_out": list(made.left_out)}  # fmt: skip
        outcome.print_json({"file": str(out), **said})
    else:
        typer.echo(
            _("file {number}, {out}: {count} debits, {total} yen (SHA-256 {digest})").format(
                number=file.number, out=out, count=f"{file.records:,}", total=f"{file.amount:,}",
                digest=file.digest[:16],
            )
        )  # fmt: skip
        if made.left_out:
            typer.echo(_("not asked for, as payment is deferred or agreed on:"))
        for line in made.left_out:
            typer.echo(f"  {line}")
        for line in made.refused[:20]:
            typer.echo(line, err=True)
    if made.refused:
        raise typer.Exit(1)


def take(
    files_in: Annotated[list[Path], typer.Argument(metavar="FILE...", help="結果・収納ファイル")],
    insurer: InsurerCode,
    layout: LayoutName,
    sent: Annotated[int | None, typer.Option(help="結果が答える依頼ファイルの番号")] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """口座振替の結果、または収納ファイルを取り込み、消し込み、台帳と金額を突き合わせます。"""
    read_on = day(on)
    start()
    from kokuho.cli import collection_files
    from kokuho.collection import BrokenFileError, load_layout
    from kokuho.office.collection.taking import take_receipts, take_results

    chosen = load_layout(layout)
    outcome.warn(chosen)
    results = chosen.kind == "direct_debit"
    if sent is not None and not (results and len(files_in) == 1):
        raise InputError(_("--sent goes with one file of results of direct debits."))
    problems: list[FileProblem] = []
    told: list[dict[str, Any]] = []
    waits = False
    for path in files_in:
        content = collection_files.content(path)
        more: dict[str, Any] = {"read_on": read_on, "actor": actor()}
        if results:
            more["sent"] = sent
        work = take_results if results else take_receipts
        try:
            taken = with_progress(
                lambda progress, path=path, content=content, work=work, more=more: work(  # type: ignore[misc]
                    insurer, content, path.name, layout, progress=progress, **more
                )
            )
        except BrokenFileError as error:
            problems += error.problems
            continue
        waits = waits or _waits(taken)
        told.append(_data(path, taken))
        if not as_json:
            _tell(path, taken)
    if as_json:
        outcome.print_json({"files": told, "problems": [one.as_dict() for one in problems]})
    for problem in problems:
        typer.echo(problem.message(), err=True)
    if problems or waits:
        raise typer.Exit(1)


def files(insurer: InsurerCode, as_json: AsJson = False) -> None:
    """渡したファイルと受け取ったファイルを、結果とともに一覧にします。"""
    start()
    from kokuho.office.collection.deliveries import Delivered
    from kokuho.office.collection.taking import said
    from kokuho.office.tenancy import seeing

    listed = []
    with seeing([insurer]):
        for file in Delivered.objects.filter(insurer_id=insurer).order_by("number"):
            totals, returned = said(insurer, file.number)
            listed.append(
                {"number": file.number, "kind": file.kind, "name": file.name,
                 "layout": file.layout, "digest": file.digest, "records": file.records,
                 "amount": file.amount, "recorded_at": file.recorded_at.isoformat(),
                 "outcomes": totals.to_dicts(), "returned": returned.to_dicts()}
            )  # fmt: skip
    if as_json:
        outcome.print_json({"files": listed})
        return
    for one in listed:
        typer.echo(
            _("{number}\t{kind}\t{name}\t{records} records\t{amount} yen").format(
                number=one["number"], kind=_(str(one["kind"])), name=one["name"],
                records=f"{one['records']:,}", amount=f"{one['amount']:,}",
            )
        )  # fmt: skip


def cancel(insurer: InsurerCode) -> None:
    """実行中の処理を、きりのよいところで止めます。同じ命令で続きから進みます。"""
    start()
    from kokuho.office.collection import sending, slipping, taking
    from kokuho.office.jobs.runs import Run, ask_to_cancel
    from kokuho.office.ledger import receiving
    from kokuho.office.tenancy import seeing

    kinds = (sending.KIND, slipping.KIND, taking.KIND, receiving.KIND)
    with seeing([insurer]):
        running = list(Run.objects.filter(kind__in=kinds, state=Run.State.RUNNING))
    asked = [run for run in running if ask_to_cancel(insurer, run.kind, run.key)]
    typer.echo(_("{count} runs were asked to stop").format(count=len(asked)))


def _household(insurer: str, number: str) -> Household:
    from kokuho.office.register.models import Household

    found: Household | None = Household.objects.filter(
        insurer_id=insurer, household_number=number
    ).first()
    if found is None:
        raise InputError(_("there is no household {number}").format(number=number))
    return found


def _waits(taken: Taken) -> bool:
    """Whether a clerk must look at something, or posting has not come to its end."""
    from kokuho.collection import SUSPENDED

    held = set(taken.totals["outcome"]) & set(SUSPENDED)
    return bool(held) or taken.returned.height > 0 or taken.late > 0 or taken.run.state != "done"


def _data(path: Path, taken: Taken) -> dict[str, Any]:
    return {
        "file": path.name,
        "number": taken.file,
        "new": taken.new,
        "state": taken.run.state,
        "outcomes": taken.totals.to_dicts(),
        "returned": taken.returned.to_dicts(),
        "cancelled_late": taken.late,
    }


def _tell(path: Path, taken: Taken) -> None:
    from kokuho.collection import OUTCOMES
    from kokuho.collection.matching import _ as words

    head = _("{file}: file {number}") if taken.new else _("{file}: file {number}, known before")
    typer.echo(head.format(file=path.name, number=taken.file))
    for name, count, amount in taken.totals.iter_rows():
        typer.echo(
            _("  {outcome}: {count} payments, {amount} yen").format(
                outcome=words(OUTCOMES[name]), count=f"{count:,}", amount=f"{amount:,}"
            )
        )
    for reason, count, amount in taken.returned.iter_rows():
        typer.echo(
            _("  returned, {reason}: {count} debits, {amount} yen").format(
                reason=reason, count=f"{count:,}", amount=f"{amount:,}"
            )
        )
    if taken.late:
        typer.echo(
            _("  {count} of them cancel what was final: see kokuho collection cancelled").format(
                count=f"{taken.late:,}"
            )
        )
    if taken.run.state == "done":
        typer.echo(_("  counts and yen agree with the ledger"))
    else:
        typer.echo(_("  The run was stopped; the same command goes on with it."))
