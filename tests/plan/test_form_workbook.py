"""The form as XLSX: numbers, live formulas with their results, the way back to the plan."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from kokuho.plan import Amounts, Document, Insurer, Plan, PlanRead, read_plan
from kokuho.plan.data_sheet import NAME as DATA
from kokuho.plan.progress_sheet import NAME as PROGRESS
from tests.plan.city import city_plan, settled
from tests.plan.invented import invent
from tests.plan.workbooks import write


def cells(path: Path, sheet: int = 1, *, values: bool = True) -> list[Any]:
    book = openpyxl.load_workbook(path, data_only=values)
    return [c for row in book.worksheets[sheet - 1].iter_rows() for c in row if c.value is not None]


def nothing_to_say(read: PlanRead) -> bool:
    """Every cell is confirmed, and none was found changed."""
    return {entry.status for entry in read.report.entries} == {"confirmed"} and "changed" not in {
        entry.why for entry in read.report.entries
    }


def test_amounts_are_numbers_with_their_unit_in_the_format(tmp_path: Path) -> None:
    found = cells(write(city_plan(), tmp_path / "f.xlsx"), 2)
    amounts = [c for c in found if c.number_format == '#,##0"千円"']
    assert all(isinstance(cell.value, int) for cell in amounts)
    assert [c.value for c in amounts].count(90_000) == 6
    assert [c.value for c in amounts].count(420_000) == 2
    assert 800_000 in [cell.value for cell in amounts]


def test_sums_are_formulas_with_the_results_beside_them(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx")
    results = {cell.coordinate: cell.value for cell in cells(path)}
    formulas = {c.coordinate: c.value for c in cells(path, values=False) if c.data_type == "f"}
    sums = {place: results[place] for place, formula in formulas.items() if "SUM" in formula}
    assert sorted(sums.values()) == [0, 300_000, 300_000]
    by_year = [place for place, formula in formulas.items() if "COUNT" in formula]
    assert len(by_year) == 3 + 6 + 2
    assert all(place in results for place in by_year)


def test_what_all_sheets_repeat_is_typed_on_the_first_one_alone(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx")
    first = {c.coordinate: c.value for c in cells(path) if c.value in (226_236, "見本市", 70_000)}
    second = {c.coordinate: c for c in cells(path, 2, values=False)}
    assert len(first) >= 5
    for place in first:
        assert second[place].data_type == "f"
        assert second[place].value.startswith("=IF('第1～6年次'!")


def test_computed_rates_are_formulas_on_the_base_and_marked(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx", with_rates=True)
    rates = [c for c in cells(path, 2) if "＊" in c.number_format]
    assert [cell.value for cell in rates[:4]] == [6.25, 11.25, 11.25, 11.25]
    assert all(
        c.value.startswith("=") for c in cells(path, 2, values=False) if "＊" in c.number_format
    )
    assert not [c for c in cells(path, 1) if "＊" in c.number_format]


def test_the_workbook_asks_for_a_japanese_face_and_prints_on_one_a4_page(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(city_plan(), tmp_path / "f.xlsx"))
    for page in book.worksheets[:3]:
        assert page.page_setup.orientation == "landscape"
        assert page.page_setup.paperSize == 9
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert {page.page_setup.fitToWidth, page.page_setup.fitToHeight} <= {None, 1}
        assert page.print_area
        assert {c.font.name for row in page.iter_rows() for c in row if c.value} == {
            "BIZ UDPGothic"
        }


def test_the_plan_stands_on_a_hidden_sheet_beside_the_form(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(city_plan(), tmp_path / "f.xlsx", progress=True))
    assert book.sheetnames == ["第1～6年次", "第7～12年次", "第13～18年次", PROGRESS, DATA]
    assert [page.sheet_state for page in book] == ["visible"] * 4 + ["hidden"]


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (write(city_plan(), tmp_path / name, with_rates=True) for name in "ab")
    assert one.read_bytes() == other.read_bytes()


def test_a_form_comes_back_as_the_plan_it_was_made_from(tmp_path: Path) -> None:
    plan = settled(city_plan(), 2026, 760_000, 0, reason="納付金の増")
    for with_rates in (False, True):
        for progress in (False, True):
            path = write(plan, tmp_path / "f.xlsx", with_rates=with_rates, progress=progress)
            read = read_plan(path)
            assert read.plan == plan
            assert nothing_to_say(read)


@pytest.mark.parametrize("seed", range(8))
def test_invented_plans_come_back_too(seed: int, tmp_path: Path) -> None:
    plan = invent(Random(f"form/{seed}"))
    read = read_plan(write(plan, tmp_path / "f.xlsx", with_rates=seed % 2 == 0))
    assert read.plan == plan
    assert nothing_to_say(read)


@pytest.mark.slow
def test_sixty_more_invented_plans_come_back(tmp_path: Path) -> None:
    for seed in range(60):
        plan = invent(Random(f"forms/{seed}"))
        read = read_plan(write(plan, tmp_path / "f.xlsx", with_rates=seed % 2 == 0))
        assert read.plan == plan
        assert nothing_to_say(read)


def odd(plan: Plan, case: str) -> Plan:
    """A plan that the form can hardly print."""
    if case == "unknown amounts":
        unknown = Amounts(other_transfer=None, advance_increase=None)
        years = tuple(entry.model_copy(update={"planned": unknown}) for entry in plan.years)
        return plan.model_copy(update={"years": years})
    if case == "contradicting deficit":
        wrong = plan.occurrence.model_copy(update={"total": 1, "after_surplus": 7})
        return plan.model_copy(update={"occurrence": wrong})
    if case == "nothing but years":
        return plan.model_copy(
            update={
                "insurer": Insurer(prefecture=None, number=None, name=None),
                "document": Document(),
                "causes": (),
                "measures": (),
                "current_deficit": None,
            }
        )
    if case == "measures of every kind":
        first = plan.measures[0]
        measures = (
            first.model_copy(update={"amount": None, "yearly": {2026: 5}}),
            first.model_copy(update={"name": None, "items": first.items * 13}),
            first.model_copy(update={"name": "法定外繰入金の縮減 2 年分 【案】\n=1+1"}),
        )
        return plan.model_copy(update={"measures": measures})
    years = tuple(entry for entry in plan.years if entry.year % 2)
    return plan.model_copy(update={"years": years})


@pytest.mark.parametrize(
    "case",
    [
        "unknown amounts",
        "contradicting deficit",
        "nothing but years",
        "measures of every kind",
        "every other year",
    ],
)
def test_even_a_plan_that_the_form_can_hardly_print_comes_back(case: str, tmp_path: Path) -> None:
    plan = odd(city_plan(), case)
    read = read_plan(write(plan, tmp_path / "f.xlsx", progress=True))
    assert read.plan == plan
    assert nothing_to_say(read)


def test_an_unknown_amount_is_an_empty_cell_never_a_zero(tmp_path: Path) -> None:
    path = write(odd(city_plan(), "unknown amounts"), tmp_path / "f.xlsx")
    counts = openpyxl.load_workbook(path).worksheets[0].data_validations.dataValidation
    by_name = {c.coordinate: c.value for c in cells(path)}
    areas = [str(rule.sqref) for rule in counts]
    assert len(areas) == 2
    for area in areas:
        start, end = area.split(":")
        assert start[1:] == end[1:]
        assert not [name for name in by_name if name[1:] == start[1:] and "D" <= name[0] <= "J"]


def test_a_rate_in_the_workbook_is_the_exact_one(tmp_path: Path) -> None:
    plan = next(p for n in range(99) if (p := invent(Random(n))).years[0].rates)
    stated = plan.years[0].rates
    found = cells(write(plan, tmp_path / "f.xlsx"))
    assert stated is not None
    assert stated.total in [
        Decimal(str(c.value)).quantize(Decimal("0.01")) for c in found if "%" in c.number_format
    ]
