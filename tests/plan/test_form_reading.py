"""Forms as XLSX, read: changed by hand, filled by another hand, damaged, or not forms at all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from kokuho.base.errors import PlanError
from kokuho.plan import Plan, PlanRead, form_of, read_plan, resolve
from kokuho.plan.data_sheet import NAME as DATA
from kokuho.plan.form_sheets import form_pages
from kokuho.plan.grid import Grid
from kokuho.plan.sheet_reading import has_form
from tests.plan.city import city_plan, settled
from tests.plan.invented import declared, invent
from tests.plan.sheet_damage import damaged
from tests.plan.variants import Variant, values_of
from tests.plan.workbooks import filled_by_hand, find, with_changes, write


def year_cell(path: Path, sheet: int, year: str) -> str:
    """The cell of 法定外繰入 under a year."""
    header = find(path, year, sheet)
    return f"{header[0]}{int(header[1:]) + 1}"


def below(cell: str, rows: int) -> str:
    return f"{cell[0]}{int(cell[1:]) + rows}"


def whys(read: PlanRead, why: str) -> set[str]:
    return {entry.field for entry in read.report.entries if entry.why == why}


# ---- changed by hand ----


def test_an_amount_and_its_sums_changed_by_hand_change_the_plan_and_nothing_else(
    tmp_path: Path,
) -> None:
    plan = settled(city_plan(declared=declared(city_plan())), 2031, 1, 2, reason="理由")
    path = write(plan, tmp_path / "f.xlsx")
    at = year_cell(path, 3, "令和13年度")
    changes = {("3", at): 85_000, ("3", below(at, 4)): 85_000}
    changes |= {("3", f"J{at[1:]}"): 485_000, ("3", below(f"J{at[1:]}", 4)): 485_000}
    read = read_plan(with_changes(path, changes, tmp_path / "changed.xlsx"))
    assert read.report.counts["flagged"] == read.report.counts["repaired"] == 0
    assert whys(read, "changed") == {
        "years.2031.other_transfer",
        "years.2031.total",
        "sheets.3.other_transfer",
        "sheets.3.total",
    }
    changed = read.plan.year(2031)
    before = plan.year(2031)
    assert changed is not None
    assert before is not None
    assert changed.planned.other_transfer == 85_000
    assert (changed.actual, changed.reason) == (before.actual, before.reason)
    assert read.plan.declared[2].other_transfer == 485_000
    same = {"years", "declared"}
    assert read.plan.model_dump(exclude=same) == plan.model_dump(exclude=same)
    assert [y for y in read.plan.years if y.year != 2031] == [
        y for y in plan.years if y.year != 2031
    ]


def test_an_amount_changed_without_its_sums_is_not_taken_silently(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx")
    at = year_cell(path, 2, "令和10年度")
    read = read_plan(with_changes(path, {("2", at): 95_000}, tmp_path / "changed.xlsx"))
    entry = read.plan.year(2028)
    assert entry is not None
    told = {one.field: one.status for one in read.report.entries if one.status != "confirmed"}
    assert entry.planned.other_transfer == 90_000 or told["years.2028.other_transfer"] == "flagged"
    assert told
    assert read.plan.printed is not None
    assert {one.field for one in read.plan.printed.corrections} == set(told)


def test_texts_changed_on_the_first_sheet_are_taken_and_hidden_data_stay(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx")
    changes: dict[tuple[str, str], Any] = {}
    for sheet in (1, 2, 3):
        changes |= {
            (str(sheet), find(path, "① 口座振替", sheet)): "① コンビニ納付",
            (str(sheet), find(path, 5_000, sheet)): 6_000,
            (str(sheet), find(path, "見本市長", sheet)): "試算市長",
        }
    read = read_plan(with_changes(path, changes, tmp_path / "changed.xlsx"))
    first, second, _third = read.plan.measures
    assert first == city_plan().measures[0]
    assert (second.amount, second.items[0].text) == (6_000, "コンビニ納付")
    assert read.plan.document.signatory == "試算市長"
    assert read.plan.versions == city_plan().versions
    assert read.plan.occurrence == city_plan().occurrence


def test_a_text_changed_on_one_sheet_of_three_is_flagged_and_a_proved_amount_repaired(
    tmp_path: Path,
) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx")
    changes = {
        ("2", find(path, 226_236, 2)): 726_236,
        ("2", find(path, "48", 2)): "49",
    }
    read = read_plan(with_changes(path, changes, tmp_path / "changed.xlsx"))
    assert read.report.flagged() == {"insurer.number"}
    repaired = [one for one in read.report.entries if one.status == "repaired"]
    assert [(one.sheet, one.field) for one in repaired] == [(2, "occurrence.other_transfer")]
    assert read.plan.occurrence == city_plan().occurrence
    assert read.plan.insurer.number == "48"


def test_computed_rates_do_not_become_rates_of_the_plan(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx", with_rates=True)
    assert all(entry.rates is None for entry in read_plan(path).plan.years)


def test_a_rate_typed_over_a_computed_one_becomes_a_rate_of_the_plan(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx", with_rates=True)
    # in the copy all formulas are replaced by their results, as if they had been typed
    typed = read_plan(with_changes(path, {}, tmp_path / "typed.xlsx"))
    rates = [entry.rates.total for entry in typed.plan.years if entry.rates is not None]
    assert [str(rate) for rate in rates] == ["6.25", *["11.25"] * 3, *["10.00"] * 6]
    assert typed.report.counts["flagged"] == typed.report.counts["repaired"] == 0


def test_a_changed_data_sheet_is_refused_by_name(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx")
    broken = with_changes(path, {(DATA, "A4"): "unit: yen"}, tmp_path / "broken.xlsx")
    with pytest.raises(PlanError, match=DATA):
        read_plan(broken)


def test_formulas_that_were_never_computed_are_refused_with_what_to_do(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx")
    book = openpyxl.load_workbook(path)
    book.save(path)
    with pytest.raises(PlanError, match=r"D10.*Excel.*LibreOffice"):
        read_plan(path)


# ---- filled by another hand ----


@pytest.mark.parametrize("rates", [False, True])
def test_a_form_filled_by_hand_in_cells_of_its_own_is_read_by_its_labels(
    rates: bool, tmp_path: Path
) -> None:
    plan = city_plan(declared=declared(city_plan()), causes=("歳入:保険税率が低い",))
    read = read_plan(filled_by_hand(plan, tmp_path / "hand.xlsx", rates=rates))
    expected = values_of(plan)
    del expected["occurrence.form5_subtotal"]
    taken = values_of(read.plan)
    assert {k: v for k, v in taken.items() if not k.endswith(".rate")} == expected
    assert read.report.counts["flagged"] == read.report.counts["repaired"] == 0
    assert read.plan.measures[0].starts_on is None
    stated = [entry.year for entry in read.plan.years if entry.rates]
    assert stated == (list(range(2026, 2036)) if rates else [])


@pytest.mark.parametrize("seed", range(10))
def test_invented_plans_filled_by_hand_are_read_too(seed: int, tmp_path: Path) -> None:
    plan = invent(Random(f"hand/{seed}"))
    read = read_plan(filled_by_hand(plan, tmp_path / "hand.xlsx"))
    assert {k: v for k, v in values_of(read.plan).items() if not k.endswith(".rate")} == {
        k: v for k, v in values_of(plan).items() if not k.endswith(".rate")
    }
    assert read.report.counts["flagged"] == 0


def test_our_form_without_its_data_is_read_like_one_filled_by_hand(tmp_path: Path) -> None:
    plan = city_plan(declared=declared(city_plan()))
    read = read_plan(write(plan, tmp_path / "f.xlsx", data=False))
    assert read.report.counts["flagged"] == 0
    assert [y.planned for y in read.plan.years] == [y.planned for y in plan.years]
    assert read.plan.declared == plan.declared
    assert read.plan.versions == ()
    assert read.plan.document.source == "f.xlsx"


def test_a_name_behind_the_office_is_not_read(tmp_path: Path) -> None:
    read = read_plan(filled_by_hand(city_plan(), tmp_path / "hand.xlsx"))
    assert read.plan.document.signatory == "見本市長"
    assert "太郎" not in repr(read)


def test_an_empty_form_says_what_is_not_there_and_takes_no_zero(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx", data=False)
    changes = {}
    for sheet, page in enumerate(openpyxl.load_workbook(path).worksheets, start=1):
        for row in page.iter_rows():
            for cell in row:
                if cell.number_format == '#,##0"千円"' and cell.value is not None:
                    changes[(str(sheet), cell.coordinate)] = None
    read = read_plan(with_changes(path, changes, tmp_path / "empty.xlsx"))
    assert {y.planned.total for y in read.plan.years} == {None}
    assert read.plan.occurrence.total is None
    for year in read.plan.period.years:
        assert f"years.{year}.other_transfer" in read.report.flagged()


# ---- damaged ----


def silent(count: int, name: str) -> tuple[Counter[str], list[Any]]:
    """Reads damaged forms; counts, and the wrong values that nobody was told of."""
    counted: Counter[str] = Counter()
    wrong = []
    for seed in range(count):
        random = Random(f"{name}/{seed}")
        plan = invent(random)
        printed, events = damaged(plan, random)
        read = resolve(printed)
        variant = Variant(f"{name} {seed}", plan, tuple(events), "", read)
        counted.update(read.report.counts)
        counted["wrong but flagged"] += len(variant.differences()) - len(variant.silent())
        wrong += [(seed, events, variant.silent())] if variant.silent() else []
    return counted, wrong


def test_no_wrong_value_of_a_damaged_form_is_taken_silently() -> None:
    counted, wrong = silent(40, "cells")
    assert wrong == []
    assert counted["repaired"] > 10
    assert counted["flagged"] > 10


@pytest.mark.slow
def test_nor_in_four_hundred_of_them() -> None:
    _counted, wrong = silent(400, "more cells")
    assert wrong == []


# ---- no forms ----


def test_a_workbook_without_a_form_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "計画年次の一覧はありません"
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(PlanError, match="第1年次"):
        read_plan(tmp_path / "other.xlsx")


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "no.xlsx"
    path.write_bytes(content)
    with pytest.raises(PlanError, match=r"no\.xlsx"):
        read_plan(path)


def test_broken_bytes_are_refused_or_read_never_a_crash(tmp_path: Path) -> None:
    whole = write(city_plan(), tmp_path / "f.xlsx").read_bytes()
    outcomes: Counter[str] = Counter()
    for seed in range(60):
        random = Random(seed)
        data = bytearray(whole)
        for _time in range(random.choice((1, 20, 400))):
            data[random.randrange(len(data))] = random.randrange(256)
        path = tmp_path / "broken.xlsx"
        path.write_bytes(bytes(data[: random.choice((len(data), len(data) // 2))]))
        try:
            read_plan(path)
        except PlanError as error:
            outcomes["named" if "broken.xlsx" in str(error) else "unnamed"] += 1
    assert outcomes["named"] > 20
    assert not outcomes["unnamed"]


def test_a_stray_cell_far_out_costs_nothing(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx")
    out = with_changes(path, {("1", "XFD1048576"): "迷子"}, tmp_path / "far.xlsx")
    assert read_plan(out).plan == city_plan()


def pages_of(plan: Plan) -> list[Grid]:
    return [Grid(page.cells) for page in form_pages(form_of(plan))[0]]


def test_every_sheet_of_the_form_is_known_as_one() -> None:
    assert [has_form(grid) for grid in pages_of(city_plan())] == [True] * 3
    assert not has_form(Grid([]))
