"""``kokuho statistics publish``: pages, open data and the council's report from measure files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.cli.ledger_common import actor, day
from kokuho.cli.office_runs import AsJson, start
from kokuho.cli.statistics_options import Log, Percent, Threshold

if TYPE_CHECKING:
    from kokuho.plan import Plan
    from kokuho.publish import Site
    from kokuho.statistics import MeasureFile
    from kokuho.statistics.confidentiality import Rules
    from kokuho.statistics.published import Source

_ = translator("publish")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("publish")(publish)


def publish(
    out: Annotated[Path, typer.Option(help="書くフォルダー。以前に公表したものは置き換えます。")],
    measures: Annotated[
        list[Path] | None,
        typer.Option(help="公表する指標ファイル(繰り返せます)"),
    ] = None,
    insurer: Annotated[
        list[str] | None,
        typer.Option("--insurer", help="台帳から指標を作る保険者(繰り返せます)"),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="台帳から作るときの基準日(省略すると今日)")
    ] = None,
    site: Annotated[
        Path | None, typer.Option(help="公表の設定(.yaml): 名称、利用条件、出すべき保険者")
    ] = None,
    coverage: Annotated[
        Path | None, typer.Option(help="集計の状況(.json): statistics combine が書いたもの")
    ] = None,
    plan: Annotated[
        list[str] | None,
        typer.Option(help="計画と決算の図: 計画のファイル、保険者が複数なら 保険者コード=ファイル"),
    ] = None,
    made_on: Annotated[
        str | None, typer.Option("--made-on", help="ページに示す作成日(省略すると今日)")
    ] = None,
    threshold: Threshold = 10,
    percent: Percent = 20,
    log: Log = None,
    as_json: AsJson = False,
) -> None:
    """指標ファイルから公表用のページ(日英)、オープンデータ、運営協議会資料を作ります。"""
    from kokuho.publish import load_coverage, load_site
    from kokuho.publish import publish as write
    from kokuho.statistics.confidentiality import Rules
    from kokuho.statistics.published import record

    stated = load_site(site) if site else None
    rules = Rules(threshold, percent)
    if measures:
        files, sources = _read(measures)
    else:
        files, sources, stated = _from_books(insurer or [], day(as_of), rules, stated)
    done = write(
        files,
        out,
        made_on=day(made_on),
        site=stated,
        plans=_plans(plan or [], files),
        coverage=load_coverage(coverage) if coverage else None,
        rules=rules,
    )
    sources += [*_others(site, coverage, *(Path(one.rpartition("=")[2]) for one in plan or []))]
    record(log or out.resolve().parent, "site", out, sources, actor())
    if as_json:
        told = {
            "out": str(out),
            "files": [one.path for one in done.files],
            "sources": [one.insurer_code for one in done.sources],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    text = _("{count} files of {insurers} insurers written to {out}; begin with {page}")
    typer.echo(
        text.format(
            count=len(done.files), insurers=len(done.sources), out=out, page=out / "index.html"
        )
    )


def _read(paths: list[Path]) -> tuple[list[MeasureFile], list[Source]]:
    from kokuho.statistics import read_measures
    from kokuho.statistics.published import Source, digest

    files = [read_measures(path) for path in paths]
    return files, [Source(path.name, digest(path)) for path in paths]


def _from_books(
    codes: list[str], as_of: date, rules: Rules, site: Site | None
) -> tuple[list[MeasureFile], list[Source], Site]:
    """Measure and protect the insurers of the database; their names, where no file states them."""
    start()
    from kokuho.office.register.insurers import only

    codes = codes or [one for one in [only()] if one is not None]
    if not codes:
        raise InputError(
            _(
                "Name measure files (--measures) or insurers of the register (--insurer CODE): "
                "without them the insurer is taken if an embedded database (SQLite) has "
                "exactly one."
            )
        )
    from kokuho.office.register.models import Insurer as Row
    from kokuho.office.statistics.measuring import measure
    from kokuho.office.tenancy import seeing
    from kokuho.publish import Both, Insurer, Site
    from kokuho.statistics.confidentiality import protect
    from kokuho.statistics.published import Source

    files, sources = [], []
    for code in codes:
        file, states = measure(code, as_of)
        files.append(protect(file, rules))
        sources += [Source(f"{code}: {name}", state) for name, state in states.items() if state]
    with seeing(codes):
        names = dict(Row.objects.filter(code__in=codes).values_list("code", "name"))
    chosen = [Insurer(code=code, name=Both(ja=names[code], en=names[code])) for code in codes]
    return files, sources, site or Site(insurers=tuple(chosen))


def _plans(given: list[str], files: list[MeasureFile]) -> dict[str, Plan]:
    from kokuho.plan import load_plan

    found = {}
    for one in given:
        code, _sign, path = one.rpartition("=")
        if not code and len(files) != 1:
            raise InputError(
                _("{text}: with several insurers a plan is given as CODE=FILE").format(text=one)
            )
        found[code or files[0].insurer_code] = load_plan(Path(path))
    return found


def _others(*paths: Path | None) -> list[Source]:
    from kokuho.statistics.published import Source, digest

    return [Source(path.name, digest(path)) for path in paths if path is not None]
