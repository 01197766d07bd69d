"""``kokuho ledger``: the books of an insurer."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from kokuho.base.messages import translator
from kokuho.cli import ledger_lists, ledger_refunds, ledger_year
from kokuho.cli.ledger_causes import causes_of
from kokuho.cli.ledger_common import Key, On, actor, day, tell_run, with_progress
from kokuho.cli.office_runs import AsJson, InsurerCode, start

_ = translator("books")

app = typer.Typer(no_args_is_help=True, help="収納台帳: 調定、収納、残高、還付、繰越、検査")
app.add_typer(ledger_refunds.app, name="refund")
app.command()(ledger_year.totals)
app.command()(ledger_lists.suspense)
app.command()(ledger_lists.journals)


@app.command()
def post(
    insurer: InsurerCode,
    demands: Annotated[
        Path | None, typer.Option(help="期別調定のファイル(billing instalments の出力)")
    ] = None,
    fiscal_year: Annotated[
        int | None,
        typer.Option(help="相当年度(西暦)。--demands がなければ bill run の期別調定を記帳"),
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="ファイルにない世帯の調定を 0 円にします。")
    ] = False,
    ordinance: Annotated[Path | None, typer.Option(help="条例ファイル(初回のみ)")] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """期別調定と台帳の差を記帳し、記録済みで未記帳の収納を記帳します。"""
    posted_on = day(on)
    start()
    from kokuho.office.ledger.assessing import post_demands
    from kokuho.office.ledger.bills import post_bills
    from kokuho.office.ledger.receiving import post_receipts

    runs = []
    if ordinance:
        _keep_ordinance(insurer, ordinance, posted_on)
    if demands:
        frame = _read_demands(demands)
        for year in [fiscal_year] if fiscal_year else sorted(set(frame["fiscal_year_meant"])):
            work = partial(
                post_demands, insurer, year, frame, posted_on=posted_on, actor=actor(), whole=whole
            )
            runs.append(with_progress(lambda progress, work=work: work(progress=progress)))  # type: ignore[misc]
    elif fiscal_year:
        runs.append(
            with_progress(
                lambda progress: post_bills(
                    insurer, fiscal_year, posted_on=posted_on, actor=actor(), progress=progress
                )
            )
        )
    runs += with_progress(
        lambda progress: post_receipts(
            insurer, posted_on=posted_on, actor=actor(), progress=progress
        )
    )
    tell_run(runs, as_json)


@app.command()
def balance(
    household: Annotated[str, typer.Argument(help="世帯番号")],
    insurer: InsurerCode,
    on: On = None,
    known: Annotated[str | None, typer.Option(help="この日までに記帳された内容で見ます。")] = None,
    as_json: AsJson = False,
) -> None:
    """世帯の残高: ある日に、何が、いつから未納か。ある日に分かっていた内容でも見られます。"""
    from dataclasses import asdict

    at, seen = day(on), day(known) if known else None
    start()
    from kokuho.base.calendar import era_date
    from kokuho.base.errors import InputError
    from kokuho.office.ledger.standing import household_books
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = household_books(insurer, household, at, seen)
    if not (found.demands or found.payments):
        raise InputError(
            _("the ledger has nothing of household {household} until {day}").format(
                household=household, day=era_date(found.on)
            )
        )
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, default=str))
        return
    typer.echo(_("demand\tdue\tassessed\tpaid\towed\tinterest\tso far\tfee\toverpaid"))
    for line in found.demands:
        amounts = (line.assessed, line.paid, line.owed, line.interest_owed, line.interest_so_far,
                   line.fee_owed, line.overpaid)  # fmt: skip
        typer.echo(
            "\t".join([line.demand_id, era_date(line.due), *(f"{yen:,}" for yen in amounts)])
        )
    typer.echo(
        _("due {due} yen, not yet due {later} yen, interest so far {interest} yen, overpaid {over} "
          "yen").format(
            due=f"{found.due:,}", later=f"{found.not_due:,}",
            interest=f"{found.interest_so_far:,}", over=f"{found.overpaid:,}",
        )
    )  # fmt: skip


@app.command()
def verify(insurer: InsurerCode, as_json: AsJson = False) -> None:
    """台帳を検査します: 貸借、残高の再計算、保護の仕掛け、他の保険者の行。誤りがあれば終了 1。"""
    from dataclasses import asdict

    start()
    from kokuho.office.ledger.verifying import verify as look
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        found = look(insurer)
    if as_json:
        typer.echo(json.dumps({"findings": [asdict(one) for one in found]}, ensure_ascii=False))
    else:
        for one in found:
            typer.echo(f"{one.code}\t{one.place}\t{one.amount:,}")
        typer.echo(_("{count} findings").format(count=f"{len(found):,}"))
    if found:
        raise typer.Exit(1)


@app.command()
def close(
    insurer: InsurerCode,
    fiscal_year: Annotated[int, typer.Option(help="閉鎖する会計年度(西暦)")],
    arrears_alone: Annotated[
        bool, typer.Option("--arrears-alone", help="滞納繰越分だけを 4 月 1 日に繰り越します。")
    ] = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """出納閉鎖(5月31日)の後、未納と還付未済を翌年度へ繰り越します。"""
    posted_on = day(on)
    start()
    from kokuho.office.ledger.acts import close_year

    run = with_progress(
        lambda progress: close_year(
            insurer, fiscal_year, posted_on=posted_on, actor=actor(), arrears_alone=arrears_alone,
            progress=progress,
        )
    )  # fmt: skip
    tell_run([run], as_json)


@app.command()
def fee(
    demand: Annotated[list[str], typer.Argument(help="期別番号(複数可)")],
    insurer: InsurerCode,
    key: Key,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """督促手数料(条例の額)を調定します。"""
    posted_on = day(on)
    start()
    from kokuho.base.errors import InputError
    from kokuho.ledger import reminder_fee
    from kokuho.office.ledger.acts import charge_fees
    from kokuho.office.ledger.rules import ordinance_on
    from kokuho.office.tenancy import seeing

    with seeing([insurer]):
        amount = reminder_fee(ordinance_on(insurer, posted_on))
    if not amount:
        raise InputError(_("the ordinance charges no reminder fee (collection.reminder_fee is 0)"))
    tell_run([charge_fees(insurer, key, demand, amount, posted_on=posted_on, actor=actor())],
             as_json)  # fmt: skip


@app.command("write-off")
def write_off(
    demand: Annotated[str, typer.Argument(help="期別番号")],
    insurer: InsurerCode,
    amount: Annotated[int, typer.Option(help="不納欠損額(円)")],
    key: Key,
    component: Annotated[str, typer.Option(help="principal, interest, fee")] = "principal",
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """決裁済みの不納欠損を記帳します。"""
    import polars as pl

    posted_on = day(on)
    start()
    from kokuho.office.ledger.acts import write_off_claims

    decided = pl.DataFrame({"demand_id": [demand], "component": [component], "amount": [amount]})
    run = write_off_claims(insurer, key, decided, posted_on=posted_on, actor=actor())
    tell_run([run], as_json)


@app.command()
def reverse(
    number: Annotated[list[int], typer.Argument(help="伝票番号(複数可)")],
    insurer: InsurerCode,
    key: Key,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """伝票を赤伝で取り消します。"""
    posted_on = day(on)
    start()
    from kokuho.office.ledger.acts import reverse_journals

    run = reverse_journals(insurer, key, number, posted_on=posted_on, actor=actor())
    tell_run([run], as_json)


@app.command()
def appropriate(
    insurer: InsurerCode,
    cause: Annotated[
        list[str] | None,
        typer.Option(
            metavar="期別番号=原因[,日[,申出日]]",
            help="過誤納の原因(加算金の起算日を決める)。なければ減額は assessment、ほかは mistake",
        ),
    ] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """過誤納金を、納期限の来た未納に充当します。還付加算金も付けます。"""
    posted_on = day(on)
    causes = causes_of(insurer, cause)
    start()
    from kokuho.office.ledger.acts import appropriate_all

    run = with_progress(
        lambda progress: appropriate_all(
            insurer, posted_on=posted_on, actor=actor(), causes=causes, progress=progress
        )
    )
    tell_run([run], as_json)


@app.command("lapse")
def lapse_refunds(insurer: InsurerCode, on: On = None, as_json: AsJson = False) -> None:
    """時効になった過年度の還付請求権を消滅させます。"""
    posted_on = day(on)
    start()
    from kokuho.office.ledger import acts

    run = with_progress(
        lambda progress: acts.lapse_refunds(
            insurer, posted_on=posted_on, actor=actor(), progress=progress
        )
    )
    tell_run([run], as_json)


@app.command()
def relief(
    demand: Annotated[str, typer.Argument(help="期別番号")],
    insurer: InsurerCode,
    first: Annotated[str, typer.Option("--from", help="延滞金を減免する最初の日")],
    last: Annotated[str, typer.Option("--until", help="延滞金を減免する最後の日")],
    key: Key,
    kind: Annotated[
        str, typer.Option("--relief", help="full(全部)、half(一部: 猶予特例の割合か半分)")
    ] = "full",
    withdrawn: Annotated[bool, typer.Option("--withdraw", help="取り消します。")] = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """延滞金の猶予・減免の期間を記録し、確定した延滞金を直します。"""
    posted_on, days = day(on), (day(first), day(last))
    start()
    from kokuho.office.ledger.acts import grant_relief

    run = grant_relief(
        insurer, key, demand, *days, kind, posted_on=posted_on, actor=actor(), withdrawn=withdrawn
    )
    tell_run([run], as_json)


@app.command()
def release(
    reference: Annotated[str, typer.Argument(help="収納整理番号")],
    insurer: InsurerCode,
    demand: Annotated[str | None, typer.Option(help="期別番号。なければ返還します。")] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """仮受金を期別に振り替えるか、納めた人に返します。"""
    posted_on = day(on)
    start()
    from kokuho.office.ledger.acts import release_held, return_held

    given: dict[str, Any] = {"posted_on": posted_on, "actor": actor()}
    if demand:
        run = release_held(insurer, reference, demand, **given)
    else:
        run = return_held(insurer, reference, **given)
    tell_run([run], as_json)


def _read_demands(path: Path) -> Any:
    """The demands of a file.

    Raises:
        InputError: a row of it is refused.
    """
    from kokuho.base.errors import InputError
    from kokuho.cli.billing_files import demands

    table = demands(path)
    if table.refusals:
        raise InputError(table.refusals[0].message())
    return table.frame


def _keep_ordinance(insurer: str, path: Path, on: date) -> None:
    from kokuho.base.calendar import fiscal_year_of
    from kokuho.office.assessment.yearly import ordinance_year
    from kokuho.office.ledger.rules import keep_ordinance
    from kokuho.office.tenancy import seeing
    from kokuho.ordinance import load

    year = ordinance_year(load(path), insurer, fiscal_year_of(on))
    with seeing([insurer], writing=True):
        keep_ordinance(insurer, year)
