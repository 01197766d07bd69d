"""``kokuho city``: fictional cities for demonstrations, tests and benchmarks."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kokuho.base.messages import translator

_ = translator("sample")

app = typer.Typer(no_args_is_help=True, help="架空の市: 試験・研修・性能測定のための住民と世帯")


class Format(StrEnum):
    """How persons and households are written."""

    CSV = "csv"
    PARQUET = "parquet"


@app.callback()
def _group() -> None:
    """Keep ``generate`` a command of a group, though it is alone so far."""


@app.command()
def generate(
    persons: Annotated[
        int, typer.Option(min=1, help="被保険者の人数(被保険者でない世帯主は別に加わります)")
    ],
    seed: Annotated[int, typer.Option(help="種。同じ種からは同じファイルができます")],
    out: Annotated[Path, typer.Option(help="書き出すフォルダー")],
    file_format: Annotated[
        Format, typer.Option("--format", help="persons と households の形式")
    ] = Format.CSV,
    fiscal_year: Annotated[int, typer.Option(help="年度(西暦)")] = 2026,
    insurer_code: Annotated[
        str | None, typer.Option(help="保険者コード(既定は実在しない 99 で始まるコード)")
    ] = None,
    register: Annotated[
        bool,
        typer.Option(
            "--register", help="氏名・住所等のある取込み用のファイルも register に書きます。"
        ),
    ] = False,
    claims: Annotated[
        bool, typer.Option("--claims", help="前年度のレセプト(取込み用)も claims に書きます。")
    ] = False,
) -> None:
    """架空の市の被保険者・世帯・条例を書き出します。実在の人とは関係ありません。"""
    from rich import progress
    from rich.console import Console

    from kokuho.sample import INSURER_CODE, write_city

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(_("Making the insured"), total=persons)
        written = write_city(
            out,
            persons,
            seed,
            fiscal_year,
            insurer_code or INSURER_CODE,
            file_format=file_format.value,
            register=register,
            claims=claims,
            progress=lambda done, total: bars.update(task, completed=done, total=total),
        )
    typer.echo(
        _("{persons} ({count:,} people, {insured:,} of them insured)").format(
            persons=written.persons, count=written.person_count, insured=written.insured_count
        )
    )
    typer.echo(
        _("{households} ({count:,} households)").format(
            households=written.households, count=written.household_count
        )
    )
    typer.echo(_("{ordinance} (fictional rates)").format(ordinance=written.ordinance))
    if written.register:
        for _kind, path in (*written.register.first, *written.register.later):
            typer.echo(_("{path} (for kokuho import)").format(path=path))
    if written.claims:
        typer.echo(_("{path} (for kokuho import)").format(path=written.claims))
