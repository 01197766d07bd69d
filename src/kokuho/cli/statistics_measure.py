"""``kokuho statistics measure``: the measures of insurers, as files that may leave the office."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli import collection_outcome as outcome
from kokuho.cli.ledger_common import actor, day
from kokuho.cli.office_runs import AsJson, start
from kokuho.cli.statistics_options import Log, Percent, Threshold

if TYPE_CHECKING:
    from kokuho.office.statistics.measuring import Given
    from kokuho.statistics import MeasureFile

_ = translator("statistics")

_SECTIONS = ("current", "carried")
_SHOWN = (
    "insured", "foreign_insured", "foreign_share", "foreign_share_claims_medical_dpc_dispensing",
    "foreign_share_cost_medical_dpc_dispensing", "collection_rate_official",
    "collection_rate_heads_foreign", "collection_rate_heads_all", "assessed_per_insured",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("measure")(measure)


def measure(
    insurer: Annotated[list[str], typer.Option("--insurer", help="保険者コード(繰り返せます)")],
    out: Annotated[Path, typer.Option(help="書くファイル(.json)。保険者が複数のときはフォルダー")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="基準日。この日の終わりまでに知られていたこと")
    ] = None,
    years: Annotated[int, typer.Option(min=1, max=20, help="年度の数(基準日の年度まで)")] = 3,
    account: Annotated[Path | None, typer.Option(help="特別会計の科目別の表(.csv, .xlsx)")] = None,
    unknown: Annotated[
        list[str] | None,
        typer.Option(
            "--whereabouts-unknown",
            help="居所不明者分の調定額: 年度:current|carried:円(繰り返せます)",
        ),
    ] = None,
    every_month: Annotated[
        bool, typer.Option("--every-month", help="収納率をすべての月末について作ります。")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="秘匿しません。庁内だけで使うファイルです。")
    ] = False,
    threshold: Threshold = 10,
    percent: Percent = 20,
    log: Log = None,
    as_json: AsJson = False,
) -> None:
    """指標を作ります。秘匿の処理をして書き、何から作ったかを公表の記録に残します。"""
    on = day(as_of)
    amounts = _amounts(unknown or [])
    start()
    from kokuho.office.statistics.measuring import Given
    from kokuho.office.statistics.measuring import measure as made_of
    from kokuho.statistics import measure_json
    from kokuho.statistics.account import Account, read_account
    from kokuho.statistics.confidentiality import Rules, protect
    from kokuho.statistics.published import Source, digest, record
    from kokuho.tables import write_bytes

    typed = read_account(account) if account else Account((), ())
    given: Given = Given(typed.rows, amounts)
    files = {}
    for code in insurer:
        file, sources = made_of(code, on, years, given, every_month=every_month)
        if not full:
            file = protect(file, Rules(threshold, percent))
        path = out if len(insurer) == 1 else out / f"{code}.json"
        text = measure_json(file)
        write_bytes(path, text.encode())
        files[code] = file
        told = [Source(name, value) for name, value in sources.items() if value]
        told += [Source(account.name, digest(account))] if account else []
        kind = "measures-full" if full else "measures"
        record(log or path.parent, kind, path, told, actor())
        if not as_json:
            _tell(file)
            typer.echo(_("written to {out}").format(out=path))
    if as_json:
        typer.echo(json.dumps(_data(files), ensure_ascii=False, indent=1))
    outcome.end(list(typed.refusals), beside=account or out)


def _amounts(texts: list[str]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for text in texts:
        parts = text.split(":")
        wrong = len(parts) != 3 or parts[1] not in _SECTIONS
        if wrong or not (parts[0].isdecimal() and parts[2].isdecimal()):
            raise InputError(
                _("{text}: expected is YEAR:current:YEN or YEAR:carried:YEN").format(text=text)
            )
        found.setdefault(int(parts[0]), {})[parts[1]] = int(parts[2])
    return found


def _tell(file: MeasureFile) -> None:
    from kokuho.statistics import catalogue, label, parse_id

    units = {"percent": "%", "yen": _(" yen"), "count": ""}
    for figure in file.measures:
        measure, cell = parse_id(figure.id)
        shown = {name for name, _code in cell} <= {"year", "until", "section"}
        if measure not in _SHOWN or not shown:
            continue
        codes = "、".join(label(name, code) for name, code in cell)
        known = f"{figure.value:,}{units[figure.unit]}" if figure.value is not None else "-"
        value = "x" if figure.suppressed else known
        typer.echo(f"{catalogue()[measure].title.ja}\t{codes}\t{value}")


def _data(files: dict[str, MeasureFile]) -> dict[str, Any]:
    return {
        code: {
            "figures": len(file.measures),
            "suppressed": sum(one.suppressed for one in file.measures),
        }
        for code, file in files.items()
    }
