"""``kokuho print``: papers to payers from the register, one or a city's."""

from __future__ import annotations

import getpass
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from kokuho.base.calendar import today
from kokuho.base.messages import translator
from kokuho.cli.office_runs import AsJson, InsurerCode, day_of, start, with_progress

_ = translator("printing")

app = typer.Typer(no_args_is_help=True, help="印刷: 通知書・納付書などを、1通でも全世帯でも")


_WAITING = ("no_address", "returned", "not_billed")
"""What a batch leaves out for somebody to look at."""


class KindName(StrEnum):
    """The papers that come from the register."""

    LEVY = "levy"
    CHANGE = "change"
    PREPAYMENT = "prepayment"
    PROVISIONAL = "provisional"
    SLIP = "slip"
    REMINDER = "reminder"
    STATEMENT = "statement"
    REFUND = "refund"
    DEMAND = "demand"
    AGREEMENT = "agreement"
    APPROPRIATION = "appropriation"
    CERTIFICATE = "certificate"
    RELIEF = "relief"
    RETURN_HOME = "return_home"
    ENROLMENT = "enrolment"


SenderPath = Annotated[
    Path, typer.Option("--sender", help="発行者の設定(公印、窓、担当課など)の YAML")
]
Kind = Annotated[KindName, typer.Argument(help="文書の種類")]
FiscalYear = Annotated[int | None, typer.Option(help="年度(西暦)")]
RunKey = Annotated[
    str | None, typer.Option("--run", help="納付書の発行名(collection)、督促・催告の日(arrears)")
]
Since = Annotated[str | None, typer.Option(help="この日から後の変更・誓約・充当・決定・加入")]
Year = Annotated[int | None, typer.Option(help="暦年(納付済額のお知らせ)")]
IssuedOn = Annotated[str | None, typer.Option(help="発行日(指定しなければ今日)")]


@app.command()
def batch(
    kind: Kind,
    insurer: InsurerCode,
    sender: SenderPath,
    out: Annotated[Path, typer.Option(help="PDF と管理表を書き出すフォルダー")],
    fiscal_year: FiscalYear = None,
    run_key: RunKey = None,
    since: Since = None,
    year: Year = None,
    issued_on: IssuedOn = None,
    name: Annotated[str, typer.Option(help="処理名(指定しなければ種類と範囲から)")] = "",
    per_file: Annotated[
        int, typer.Option(help="1つの PDF に入れる通数。0 はすべてを1つに", min=0, max=500)
    ] = 50,
    workers: Annotated[int, typer.Option(help="並べて組版する数", min=1, max=32)] = 1,
    as_json: AsJson = False,
) -> None:
    """一括印刷: 郵便番号順の PDF と管理表。中断しても、同じ命令で続きから進みます。"""
    day = day_of(issued_on) or today()
    start()
    from kokuho.office.printing.batch import Order, print_batch
    from kokuho.office.printing.kinds import Asked
    from kokuho.office.printing.sender import load_office

    office = load_office(sender, insurer)
    asked = Asked(kind.value, fiscal_year, run_key, day_of(since), year)
    scope = [str(part) for part in (fiscal_year, run_key, since, year) if part is not None]
    order = Order(
        insurer=insurer,
        name=name or "-".join([kind.value, *scope, f"{day:%Y%m%d}"]),
        asked=asked,
        issued_on=day,
        office=office,
        folder=out,
        actor=getpass.getuser(),
        per_file=per_file,
        workers=workers,
    )
    if office.missing and not as_json:
        typer.echo(
            _("{file} leaves empty: {slots}; the papers say so.").format(
                file=sender, slots=", ".join(office.missing)
            ),
            err=True,
        )
    run = with_progress(lambda tell: print_batch(order, tell), _("printing"), "papers")
    _tell(run.state, run.counts, order.name, insurer, kind.value, as_json)


def _tell(
    state: str, counts: dict[str, int], name: str, insurer: str, kind: str, as_json: bool
) -> None:
    """What a batch did; exit 1 where a paper is not printed and waits for somebody."""
    from kokuho.office.printing.lists import left_out
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        left = left_out(insurer, name)
    waiting = sum(count for code, count, _yen in left if code in _WAITING)
    answer: dict[str, Any] = {
        "batch": name, "state": state, **counts,
        "left_out": [{"state": code, "count": n, "amount": yen} for code, n, yen in left],
    }  # fmt: skip
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        from kokuho.office.printing.states import state_name

        if state == "cancelled":
            typer.echo(_("The batch was stopped; the same command goes on with it."))
        typer.echo(
            _("{name}: {papers} papers, {pages} pages, {amount} yen").format(
                name=name,
                **{key: f"{counts.get(key, 0):,}" for key in ("papers", "pages", "amount")},
            )
        )
        for code, count, yen in left:
            typer.echo(f"{state_name(code)}\t{count:,}\t{yen:,}")
    if waiting:
        raise typer.Exit(1)


@app.command()
def one(
    kind: Kind,
    insurer: InsurerCode,
    sender: SenderPath,
    household: Annotated[str, typer.Option(help="世帯番号")],
    out: Annotated[Path, typer.Option(help="書き出す PDF")],
    fiscal_year: FiscalYear = None,
    run_key: RunKey = None,
    since: Since = None,
    year: Year = None,
    issued_on: IssuedOn = None,
) -> None:
    """1世帯の文書のうち印刷できるものを印刷し、記録します。残りは、それぞれの理由を示します。"""
    day = day_of(issued_on) or today()
    start()
    from kokuho.office.printing.kinds import Asked
    from kokuho.office.printing.sender import load_office
    from kokuho.office.printing.single import print_household
    from kokuho.tables import write_bytes

    asked = Asked(kind.value, fiscal_year, run_key, day_of(since), year, household)
    office = load_office(sender, insurer)
    made = print_household(
        insurer, asked, day, office, getpass.getuser(), lambda content: write_bytes(out, content)
    )
    _wrote(out, [row.pk for row in made.printed])
    for reason in made.left:
        typer.echo(reason, err=True)
    if made.left:
        raise typer.Exit(1)


@app.command()
def again(
    number: Annotated[int, typer.Argument(metavar="ID", help="印刷番号(kokuho print list)")],
    insurer: InsurerCode,
    sender: SenderPath,
    out: Annotated[Path, typer.Option(help="書き出す PDF")],
) -> None:
    """再発行: 印刷したものを、再発行の印を付けてもう一度。宛先は今の送付先です。"""
    start()
    from kokuho.office.printing.sender import load_office
    from kokuho.office.printing.single import print_again
    from kokuho.tables import write_bytes

    office = load_office(sender, insurer)
    made = print_again(
        insurer, number, office, getpass.getuser(), lambda content: write_bytes(out, content)
    )
    _wrote(out, [made.pk])


def _wrote(out: Path, numbers: list[int]) -> None:
    typer.echo(
        _("wrote {file}; printed as {numbers}").format(
            file=out, numbers=", ".join(map(str, numbers))
        )
    )


@app.command("list")
def list_printed(
    insurer: InsurerCode,
    household: Annotated[str, typer.Option(help="世帯番号")] = "",
    batch_name: Annotated[str, typer.Option("--batch", help="処理名")] = "",
    as_json: AsJson = False,
) -> None:
    """印刷の記録: 誰に何をいつ印刷したか"""
    start()
    from kokuho.office.printing.lists import printed
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        rows = printed(insurer, household, batch_name)
    if as_json:
        typer.echo(json.dumps({"printed": rows}, ensure_ascii=False))
        return
    for row in rows:
        typer.echo("\t".join(str(value) for value in row.values()))


class Way(StrEnum):
    """How a paper was served."""

    MAIL = "mail"
    HAND = "hand"
    PUBLIC_NOTICE = "public_notice"


@app.command()
def served(
    insurer: InsurerCode,
    on: Annotated[str, typer.Option("--on", help="到達した日。公示送達は掲示を始めた日")],
    numbers: Annotated[
        list[int] | None, typer.Argument(metavar="ID...", help="印刷番号(kokuho print list)")
    ] = None,
    batch_name: Annotated[str, typer.Option("--batch", help="処理名(その処理のすべて)")] = "",
    how: Annotated[Way, typer.Option(help="送達の方法")] = Way.MAIL,
) -> None:
    """送達日を記録します。公示送達は、掲示を始めた日から法律による日を計算します。"""
    day = day_of(on)
    start()
    from kokuho.base.errors import InputError
    from kokuho.office.printing.serving import serve, way_title

    if bool(numbers) == bool(batch_name) or day is None:
        raise InputError(_("Name papers by their numbers, or a batch with --batch."))
    count, holds = serve(insurer, numbers or [], batch_name, day, how.value, getpass.getuser())
    typer.echo(
        _("{count} papers: served {how} on {day}").format(
            count=count, how=way_title(how.value), day=holds
        )
    )


@app.command()
def cancel(insurer: InsurerCode) -> None:
    """進行中の一括印刷を、今の PDF の後で止めます。同じ命令で続きから進みます。"""
    start()
    from kokuho.office.printing.batch import cancel_all

    typer.echo(_("{count} batches were asked to stop").format(count=cancel_all(insurer)))
