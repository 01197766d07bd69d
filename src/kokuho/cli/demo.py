"""``kokuho demo``: the whole chain, as far as it is built, on a fictional city."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kokuho.base.calendar import today
from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.office.demo import Filled

_ = translator("levy")

PERSONS = 21_000
SEED = 2026
FISCAL_YEAR = 2026


def register(app: typer.Typer) -> None:
    """Add the command to the main application."""
    app.command("demo")(demo)


def demo(
    out: Annotated[Path, typer.Option(help="書き出すフォルダー")] = Path("demo-out"),
) -> None:
    """架空の市で、賦課から説明までをひととおり動かします(1 分以内)。"""
    from rich.console import Console
    from rich.table import Table

    from kokuho.forms.explanation import explanation_pdf
    from kokuho.levy.explain import explain, text
    from kokuho.levy.run import levy_one, replay, run, summary
    from kokuho.office.demo import fill
    from kokuho.sample import write_city
    from kokuho.tables import write_bytes

    console = Console()
    city = out / "city"
    console.print(f"[bold]1.[/] 架空の市を作る(被保険者 {PERSONS:,}人、氏名なし、seed {SEED})")
    write_city(city, persons=PERSONS, seed=SEED, fiscal_year=FISCAL_YEAR)
    console.print("[bold]2.[/] 条例と法令により、全世帯を賦課する")
    assessment = out / "assessment.csv"
    made = run(
        [city / "ordinance.yaml"],
        city / "persons.csv",
        city / "households.csv",
        FISCAL_YEAR,
        assessment,
    )
    figures = summary(made.households)
    console.print(_table(Table, figures))
    console.print("[bold]3.[/] 1 世帯の賦課額を、根拠と式を付けて説明する")
    household = _worth_reading(made.households)
    result, ordinance = levy_one(assessment, household, None)
    explanation = explain(result, household, ordinance, made_on=today())
    write_bytes(out / "explanation.txt", (text(explanation) + "\n").encode())
    write_bytes(out / "explanation.pdf", explanation_pdf(explanation.as_dict()))
    console.print(
        f"   世帯 {household}: {explanation.reduction_text}、年額 {explanation.total:,}円"
        f"({len(explanation.lines)} 行の説明)"
    )
    console.print("[bold]4.[/] 保存した入力から計算し直し、1 円単位で比べる")
    again = replay(assessment)
    console.print(f"   {again.households:,} 世帯、差のある世帯 {again.different.height}")
    console.print("[bold]5.[/] 台帳(データベース)に、架空の住民・世帯・資格・所得を取り込む")
    filled = fill(out / "office", SEED, FISCAL_YEAR, lambda path: console.print(f"   {path}"))
    _tell_collection(console, filled)
    _tell_measures(console, filled)
    console.print("\n[bold]書き出したもの[/]")
    for path in sorted(p for p in out.rglob("*") if p.is_file()):
        console.print(f"   {path}", highlight=False, soft_wrap=True)
    _tell_office(console, filled)
    if made.refusals or again.different.height:
        raise typer.Exit(1)


def _tell_collection(console: Any, filled: Filled) -> None:
    """Collection rates, and what is owed."""
    collected = filled.collected
    sections = {"current": "現年分", "carried": "滞納繰越分", "all": "合計"}
    console.print("[bold]6.[/] 収納台帳: 2 年分の調定・収納・出納閉鎖から、収納率を計算する(架空)")
    for (year, section), rate in collected.rates.items():
        part = f"({collected.on} まで。年度の途中)" if year == FISCAL_YEAR else ""
        console.print(f"   {year}年度 {sections[section]:<6} 収納率 {_percent(rate)}{part}")
    paid, levied = collected.foreign
    if levied:
        share = _percent(Fraction(paid, levied))
        console.print(
            f"   {FISCAL_YEAR - 1}年度 外国人が世帯主の世帯 {paid:,}円 ÷ {levied:,}円 = {share}"
        )
    console.print(f"   {collected.on} の未納(納期限前を含む) {collected.owed:,}円")


def _tell_measures(console: Any, filled: Filled) -> None:
    """Some of the figures that may be published, beside the nation's where there are any."""
    from kokuho.statistics import catalogue, read_measures

    file = read_measures(filled.measures)
    hidden = sum(one.suppressed for one in file.measures)
    counts = f"{len(file.measures):,} 個、うち秘匿 {hidden:,}"
    console.print(f"[bold]7.[/] 統計: 公表できる指標のファイル({counts})")
    year = FISCAL_YEAR - 1
    for name in ("insured", "foreign_insured", "claims_medical_dpc_dispensing"):
        figure = file.by_id().get(f"{name}[year={year}]")
        if figure and figure.value is not None:
            console.print(f"   {year}年度 {catalogue()[name].title.ja} {figure.value:,}")
    command = f"{sys.argv[0]} statistics publish --measures {filled.measures}"
    console.print(
        f"   公表のページ {command} --out {filled.measures.with_name('site')}",
        highlight=False, soft_wrap=True,
    )  # fmt: skip


def _percent(rate: Fraction) -> str:
    """Percent with two places, half up."""
    hundredths = int(rate * 10_000 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def _tell_office(console: Any, filled: Filled) -> None:
    """How to open the office on the demonstration's database."""
    console.print(f"\n[bold]窓口の画面[/](架空の住民 {filled.residents:,}人)")
    console.print(
        f"   始め方      KOKUHO_DATABASE={filled.url} {sys.argv[0]} serve",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    console.print("   アドレス    http://127.0.0.1:8000/", highlight=False)
    console.print("   前納の一覧  http://127.0.0.1:8000/prepayment/", highlight=False)
    console.print(f"   利用者名    {filled.user}", highlight=False)
    console.print(f"   パスワード  {filled.password}", highlight=False, markup=False)
    if filled.worth_a_look:
        seen = "、".join(f"{number}({what})" for what, number in filled.worth_a_look)
        console.print(f"   検索の例    {seen}", highlight=False, soft_wrap=True)


def _table(table_type: Any, figures: dict[str, Any]) -> Any:
    from kokuho.levy.explain_parts import PART_TITLES
    from kokuho.levy.wording import REDUCTIONS

    table = table_type(title=f"{figures['households']:,} 世帯の賦課(令和8年度)")
    table.add_column("項目")
    table.add_column("世帯数・金額", justify="right")
    for tenths, count in figures["by_reduction"].items():
        permille = count * 1000 // figures["households"]
        table.add_row(REDUCTIONS[tenths], f"{count:,} 世帯({permille // 10}.{permille % 10}%)")
    for part, amount in figures["sums"].items():
        table.add_row(PART_TITLES.get(part, "合計"), f"{amount:,} 円")
    return table


def _worth_reading(households: Any) -> str:
    """A household with all four parts and a reduction, the first in order."""
    import polars as pl

    chosen = households.filter((pl.col("care") > 0) & (pl.col("reduction") == 2))
    found: str = (chosen if chosen.height else households)["household_id"][0]
    return found
