"""The prefecture's table in the shapes that it is given out in: CSV, worksheets, paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kokuho.base.calendar import fiscal_year_name
from kokuho.plan.collect import CollectedPlan, Collection, Measures
from kokuho.plan.pages import LINE, Page, lines_of, place, summed
from kokuho.plan.wording import STANDINGS
from kokuho.plan.years import year_name

TITLE = "国保財政健全化計画の集計"
AS_OF = "{year}末現在（計画と、公表・入力された決算による）"
UNIT = "金額の単位：千円"

Kind = Literal["text", "centred", "amount"]


@dataclass(frozen=True)
class Column:
    """A column of the table: heading, kind, width; what is printed leaves some out."""

    title: str
    kind: Kind
    width: float
    printed: bool = True


COLUMNS = (
    Column("都道府県", "text", 10),
    Column("保険者番号", "centred", 11),
    Column("保険者", "text", 14),
    Column("計画期間", "centred", 25),
    Column("年数", "amount", 6),
    Column("解消の目標年度", "centred", 13),
    Column("基準の種類", "centred", 12),
    Column("基準の年度", "centred", 12),
    Column("基準額", "amount", 12),
    Column("削減予定額の累計", "amount", 13),
    Column("計画上の残り", "amount", 12),
    Column("決算との比較", "centred", 14),
    Column("決算の年度", "centred", 12),
    Column("取組", "centred", 14),
    Column("指摘", "amount", 6),
    Column("指摘の種別", "text", 34, printed=False),
    Column("読み取りの要確認", "amount", 9, printed=False),
    Column("ファイル", "text", 24, printed=False),
)
_WIDTHS = tuple(column.width for column in COLUMNS)
_REMAINING, _STANDING, _MEASURES, _FINDINGS = 10, 11, 13, 14

_BASES = {"settlement": "決算", "budget_estimate": "予算推計", None: "定まらない"}
_MEASURE_WORDS: dict[Measures, str] = {
    "complete": "記載あり",
    "none": "記載なし",
    "without_amount": "金額のない取組",
    "short": "金額が不足",
}
_BROKEN = "読めなかったファイル"
_NOTES = (
    "基準額は決算の年度と予算推計とで種類が異なるため、合計しない。",
    "削減予定額の累計は、基準額から削減する最初の年度から数えた計画上の額で、実績ではない。",
    "金額の空欄は、計画から定まらないことを示す。0 ではない。",
)
_TWICE = "同じ保険者の計画が複数ある：{insurer}（{files}）"


def header() -> list[str]:
    """The headings of the columns."""
    return [column.title for column in COLUMNS]


def rows(collection: Collection) -> list[list[str | int | None]]:
    """A line for each plan; None where an amount is not certain."""
    return [_row(plan) for plan in collection.plans]


def _row(plan: CollectedPlan) -> list[str | int | None]:
    codes = dict.fromkeys(found.code for found in plan.findings)
    return [
        plan.prefecture,
        plan.number,
        plan.name,
        "～".join(map(fiscal_year_name, dict.fromkeys((plan.first_year, plan.last_year)))),
        plan.last_year - plan.first_year + 1,
        year_name(plan.target_year),
        _BASES[plan.base_kind],
        year_name(plan.base_year),
        plan.base,
        plan.reduced,
        plan.remaining,
        STANDINGS[plan.standing],
        year_name(plan.settled),
        _MEASURE_WORDS[plan.measures],
        len(plan.findings),
        ", ".join(codes),
        plan.doubts,
        plan.file,
    ]


def totals(collection: Collection) -> list[str | int | None]:
    """The last line of the table: only what may be added is, the rest is counted or empty."""
    plans = collection.plans
    late = sum(plan.standing == "off_track" for plan in plans)
    lacking = sum(plan.measures != "complete" for plan in plans)
    line: list[str | int | None] = [None] * len(COLUMNS)
    line[0] = "合計"
    line[2] = f"{len(plans)}件"
    line[_REMAINING] = collection.remaining
    line[_STANDING] = f"{STANDINGS['off_track']} {late}件"
    line[_MEASURES] = f"記載なし・不足 {lacking}件"
    line[_FINDINGS] = sum(len(plan.findings) for plan in plans)
    return line


def notes(collection: Collection) -> list[str]:
    """What a reader of the table should know."""
    twice = (
        _TWICE.format(insurer=insurer, files="、".join(files))
        for insurer, files in collection.twice.items()
    )
    return [*_NOTES, *twice]


def write_csvs(collection: Collection, out: Path) -> None:
    """The table as CSV without a line of totals; broken files in ``NAME.errors.csv`` beside it."""
    import polars as pl

    from kokuho.tables import no_formula, write_csv

    lines = rows(collection)
    safe = [
        [(no_formula(one) or None) if isinstance(one, str) else one for one in line]
        for line in lines
    ]
    schema = {
        column.title: pl.Int64 if column.kind == "amount" else pl.String for column in COLUMNS
    }
    write_csv(pl.DataFrame(safe, schema=schema, orient="row"), out)
    errors = out.with_suffix(".errors.csv")
    if collection.broken:
        files = [no_formula(one.file) for one in collection.broken]
        reasons = [no_formula(one.reason) for one in collection.broken]
        write_csv(pl.DataFrame({"ファイル": files, "理由": reasons}), errors)
    else:
        errors.unlink(missing_ok=True)


def as_data(collection: Collection) -> dict[str, Any]:
    """The table as data for a paper, without the columns that only a file has room for."""
    shown = [at for at, column in enumerate(COLUMNS) if column.printed]
    return {
        "title": TITLE,
        "as_of": AS_OF.format(year=fiscal_year_name(collection.year)),
        "unit": UNIT,
        "columns": [{"title": COLUMNS[at].title, "kind": COLUMNS[at].kind} for at in shown],
        "rows": [[line[at] for at in shown] for line in rows(collection)],
        "totals": [totals(collection)[at] for at in shown],
        "notes": notes(collection),
        "broken_title": _BROKEN,
        "broken": [{"file": one.file, "reason": one.reason} for one in collection.broken],
    }


def as_pages(collection: Collection) -> list[dict[str, Any]]:
    """The table as worksheets, its sums as formulas; broken files on a sheet of their own."""
    pages = [_table_page(collection)]
    if collection.broken:
        pages.append(_broken_page(collection))
    return [page.as_dict() for page in pages]


def _table_page(collection: Collection) -> Page:
    page = Page("集計", _WIDTHS, printed=sum(column.printed for column in COLUMNS), frozen=3)
    last = page.printed - 1
    page.put(0, 0, TITLE, "title", to=last)
    page.put(1, 0, AS_OF.format(year=fiscal_year_name(collection.year)), "plain", to=7)
    page.put(1, last, UNIT, "right")
    page.heights |= {0: 24, 2: 2 * LINE + 4}
    for column, title in enumerate(header()):
        page.put(2, column, title, "label centred")
    lines = rows(collection)
    top, end = 3, 3 + len(lines)
    for at, line in enumerate(lines, start=top):
        _put(page, at, line)
    sums = {
        column: summed(place(top, column), place(end - 1, column), len(lines))
        for column in (_REMAINING, _FINDINGS)
        if lines and totals(collection)[column] is not None
    }
    _put(page, end, totals(collection), sums)
    for at, note in enumerate(notes(collection), start=end + 2):
        page.put(at, 0, f"・{note}", "note", to=last)
    return page


def _put(
    page: Page, at: int, line: list[str | int | None], formulas: dict[int, str] | None = None
) -> None:
    styles = {"text": "boxed text", "centred": "boxed centred", "amount": "amount"}
    for column, value in enumerate(line):
        kind = COLUMNS[column].kind
        look = "#,##0" if kind == "amount" else ""
        formula = (formulas or {}).get(column, "")
        page.put(at, column, value, styles[kind], number_format=look, formula=formula)
    texts = (lines_of(str(value or ""), width) for value, width in zip(line, _WIDTHS, strict=True))
    page.heights[at] = LINE * max(texts) + 4


def _broken_page(collection: Collection) -> Page:
    page = Page(_BROKEN, (36, 110))
    for column, title in enumerate(("ファイル", "理由")):
        page.put(0, column, title, "label centred")
    for at, one in enumerate(collection.broken, start=1):
        page.put(at, 0, one.file, "boxed text")
        page.put(at, 1, one.reason, "boxed text")
        page.heights[at] = LINE * lines_of(one.reason, 110) + 4
    return page
