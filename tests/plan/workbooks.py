"""Workbooks for tests: a plan's form as we write it, changed by hand, or filled by another hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from kokuho.base.calendar import fiscal_year_name
from kokuho.forms import workbook_bytes
from kokuho.plan import ROWS, Plan, Rates, form_of, form_workbook, rates_of_years, sheets
from kokuho.plan.data_sheet import NAME as DATA


def write(
    plan: Plan, path: Path, *, with_rates: bool = False, progress: bool = False, data: bool = True
) -> Path:
    """The workbook of a plan; without its data sheet it is like one that was filled by hand."""
    form = form_of(plan, with_rates)
    pages = form_workbook(plan, form, progress)
    path.write_bytes(workbook_bytes(pages if data else pages[:-1], form.title))
    return path


def with_changes(path: Path, changes: dict[tuple[str, str], Any], out: Path) -> Path:
    """A copy with other values in some cells, and the results of formulas as they were saved.

    ``changes`` goes by sheet and cell; a sheet may be named by its number.
    """
    formulas = openpyxl.load_workbook(path)
    values = openpyxl.load_workbook(path, data_only=True)
    for sheet in formulas:
        if sheet.title == DATA:
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = values[sheet.title][cell.coordinate].value
    for (name, place), value in changes.items():
        sheet = formulas.worksheets[int(name) - 1] if name.isdigit() else formulas[name]
        sheet[place] = value
    formulas.save(out)
    return out


def find(path: Path, text: Any, sheet: int = 1) -> str:
    """The first cell of a sheet that holds a value."""
    values = openpyxl.load_workbook(path, data_only=True).worksheets[sheet - 1]
    for row in values.iter_rows():
        for cell in row:
            if cell.value == text:
                return str(cell.coordinate)
    raise LookupError(f"{text!r} is not on sheet {sheet}")


def filled_by_hand(plan: Plan, path: Path, *, rates: bool = False) -> Path:
    """The form of a plan as another office might have typed it into cells of its own.

    Amounts, units and rates stand in cells of their own, labels beside other labels with the values
    below, measures in one cell; it starts in the middle of the sheet and has no formulas.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets(plan):
        _sheet(book.create_sheet(f"様式（{sheet.number}枚目）"), plan, sheet, rates)
    book.create_sheet("メモ")["A1"] = "提出前に課長が確認"
    book.save(path)
    return path


def _sheet(page: Any, plan: Plan, sheet: Any, with_rates: bool) -> None:
    occurrence, period = plan.occurrence, plan.period
    first, last = fiscal_year_name(period.first_year), fiscal_year_name(period.last_year)
    page["C3"] = plan.document.title
    page["C5"] = f"（{first}から{last}まで{len(period)}ヵ年計画）"
    page["C7"] = "赤字発生年度"
    page["D7"] = fiscal_year_name(occurrence.year or 0)
    labels = ("法定外繰入金※１", "繰上充用金の新規増加分※２", "赤字額（合計）", "都道府県名")
    for column, label in zip("FGHI", labels, strict=True):
        page[f"{column}7"] = label
    page["J7"], page["K7"] = "保険者番号", "保険者名"
    page["F8"], page["G8"] = occurrence.other_transfer, occurrence.advance_increase
    page["H8"] = f"{occurrence.total:,}千円"
    page["I8"], page["J8"] = plan.insurer.prefecture, int(plan.insurer.number or 0)
    page["K8"] = plan.insurer.name
    page["C9"] = f"①赤字の要因　{'、'.join(plan.causes)}"
    page["C10"], page["D10"] = "②黒字分", occurrence.surplus
    page["D10"].number_format = '#,##0"千円"'
    page["C11"] = f"③黒字分を差し引いた後の赤字額（合計）：{occurrence.after_surplus:,}千円"
    page["C13"], page["H13"] = (
        "赤字削減・解消のための基本方針",
        "赤字削減・解消のための具体的な取組内容",
    )
    if plan.current_deficit is not None:
        year, amount = plan.current_deficit.year or 0, plan.current_deficit.amount
        page["C14"] = f"①予算推計ベースの{fiscal_year_name(year)}の赤字額：{amount:,}千円"
    page["C15"] = f"②解消の目標年次：{fiscal_year_name(plan.policy.target_year or 0)}"
    page["C16"], page["C17"] = "③赤字削減・解消手段の主要事項", plan.policy.means
    page["H14"] = "\n".join(_measures(plan))
    page.merge_cells("H14:P17")
    _table(page, plan, sheet, with_rates)
    page["C40"] = "※１　様式５の小計額と一致していること。"
    page["C41"] = "上記のとおり提出します。"
    page["C42"] = _day(plan)
    page["C43"] = f"{plan.document.addressee}　殿"
    page["J44"] = f"{plan.document.signatory}　架空　太郎"


def _day(plan: Plan) -> str:
    year, month, day = map(int, (plan.document.submitted_on or "").split("-"))
    shown = [str(one) if one else "　" for one in (month, day)]
    return f"{fiscal_year_name(year).removesuffix('度')}{shown[0]}月{shown[1]}日"


def _measures(plan: Plan) -> list[str]:
    lines = []
    for number, measure in enumerate(plan.measures, start=1):
        lines.append(f"{number}　{measure.name}【{measure.amount:,}千円】")
        lines += [f"　{'①②③④⑤'[at]}{item.text}" for at, item in enumerate(measure.items)]
    return lines


def _table(page: Any, plan: Plan, sheet: Any, with_rates: bool) -> None:
    """Three columns a year: amount, unit, rate; the header merged over them."""
    first = 5
    page.cell(20, 4, "計画年次")
    for at, year in enumerate(sheet.years):
        column = first + 3 * at
        page.cell(20, column, f"第{year - plan.period.first_year + 1}年次")
        page.cell(21, column, fiscal_year_name(year))
        for row in (20, 21):
            page.merge_cells(start_row=row, start_column=column, end_row=row, end_column=column + 2)
    total = first + 3 * len(sheet.years)
    page.cell(20, total, "合計")
    page.merge_cells(start_row=20, start_column=total, end_row=20, end_column=total + 2)
    labels = ("法定外繰入の削減予定額（率）", "繰上充用金の新規増加分の削減予定額（率）", "合計")
    groups = [[year] for year in sheet.years] + [list(sheet.years)]
    for at, (row, label) in enumerate(zip(ROWS, labels, strict=True)):
        page.cell(22 + 2 * at, 4, label)
        amounts = (*sheet.amounts[row], sheet.totals[row])
        for place, (amount, years) in enumerate(zip(amounts, groups, strict=True)):
            column = first + 3 * place
            page.cell(22 + 2 * at, column, amount)
            page.cell(22 + 2 * at, column + 1, "千円")
            rates = rates_of_years(plan, years) if with_rates else None
            _rate(page.cell(22 + 2 * at, column + 2), rates, row)
    page.cell(27, 4, "赤字削減予定額（率）")


def _rate(cell: Any, rates: Rates | None, row: str) -> None:
    rate = getattr(rates, row) if rates is not None else None
    if rate is None:
        cell.value = "（　％）"
    else:
        cell.value, cell.number_format = float(rate) / 100, "0.00%"
