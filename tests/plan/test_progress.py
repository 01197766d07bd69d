"""Plan and settlement side by side: difference, standing, what is not known, the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

from kokuho.plan import Period, PlanYear, progress_data, progress_of, read_plan
from kokuho.plan.progress_sheet import NAME as PROGRESS
from tests.plan.city import city_plan, settled
from tests.plan.workbooks import find, with_changes, write


def row(plan: Any, year: int) -> Any:
    return next(one for one in progress_of(plan) if one.year == year)


def test_what_the_plan_leaves_begins_with_the_base_and_ends_at_nothing() -> None:
    left = {one.year: one.left for one in progress_of(city_plan())}
    assert [left[year] for year in range(2018, 2026)] == [None] * 8
    assert [left[year] for year in range(2026, 2036)] == [
        750_000,
        660_000,
        570_000,
        480_000,
        400_000,
        320_000,
        240_000,
        160_000,
        80_000,
        0,
    ]


def test_an_unknown_settlement_is_empty_and_said_to_be_unknown_never_zero() -> None:
    for one in progress_of(city_plan()):
        assert (one.other_transfer, one.advance_increase, one.deficit) == (None, None, None)
        assert (one.difference, one.standing) == (None, "unknown")
    shown = progress_data(city_plan())["rows"]
    assert {one["standing"] for one in shown} == {"未公表・未入力"}
    assert {one["deficit"] for one in shown} == {None}


def test_a_settlement_is_compared_with_what_the_plan_leaves() -> None:
    over = row(settled(city_plan(), 2026, 750_000, 1), 2026)
    assert (over.deficit, over.difference, over.standing) == (750_001, 1, "off_track")
    within = row(settled(city_plan(), 2026, 750_000, 0), 2026)
    assert (within.difference, within.standing) == (0, "on_track")
    better = row(settled(city_plan(), 2035, 0, 0), 2035)
    assert (better.deficit, better.difference, better.standing) == (0, 0, "on_track")


def test_half_a_settlement_is_no_settlement() -> None:
    one = row(settled(city_plan(), 2026, 750_000, None), 2026)
    assert (one.other_transfer, one.deficit, one.standing) == (750_000, None, "unknown")


def test_a_year_without_a_certain_base_is_not_compared() -> None:
    one = row(settled(city_plan(), 2020, 200_000, 0), 2020)
    assert (one.deficit, one.difference, one.standing) == (200_000, None, "not_comparable")


def test_the_years_before_are_measured_by_the_earlier_version_where_it_is_kept() -> None:
    plan = city_plan()
    earlier = plan.versions[0].model_copy(
        update={
            "occurrence": plan.occurrence,
            "period": Period(first_year=2018, last_year=2019),
            "years": tuple(
                PlanYear(year=year, planned=plan.years[0].planned, actual="unknown")
                for year in (2018, 2019)
            ),
        }
    )
    plan = settled(plan.model_copy(update={"versions": (earlier,)}), 2019, 130_000, 0)
    one = row(plan, 2019)
    assert (one.left, one.difference, one.standing) == (126_236, 3_764, "off_track")


def test_the_sheet_is_headed_as_a_reference_form_and_says_why() -> None:
    data = progress_data(city_plan())
    assert data["heading"] == "参考様式"
    assert any("報告様式は確認できていない" in note for note in data["notes"])
    assert any("0 ではない" in note for note in data["notes"])


def test_settlements_filled_into_the_worksheet_come_back(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx", progress=True)
    line = find(path, "令和6年度", 4)[1:]
    changes = {
        (PROGRESS, f"E{line}"): 612_345,
        (PROGRESS, f"F{line}"): 0,
        (PROGRESS, f"J{line}"): "納付金が増えたため",
        (PROGRESS, f"K{line}"): "令和6年度決算書",
    }
    read = read_plan(with_changes(path, changes, tmp_path / "changed.xlsx"))
    entry = read.plan.year(2024)
    assert entry is not None
    assert entry.actual != "unknown"
    assert (entry.actual.other_transfer, entry.actual.advance_increase) == (612_345, 0)
    assert (entry.actual.source, entry.reason) == ("令和6年度決算書", "納付金が増えたため")
    assert [y for y in read.plan.years if y.year != 2024] == [
        y for y in city_plan().years if y.year != 2024
    ]
    assert read.report.counts["flagged"] == 0


def test_a_settlement_that_is_cleared_becomes_unknown_again(tmp_path: Path) -> None:
    plan = settled(city_plan(), 2024, 612_345, 0)
    path = write(plan, tmp_path / "f.xlsx", progress=True)
    line = find(path, 612_345, 4)[1:]
    changes = {(PROGRESS, f"{column}{line}"): None for column in "EFGK"}
    read = read_plan(with_changes(path, changes, tmp_path / "changed.xlsx"))
    assert read.plan == city_plan()


def test_a_settlement_that_cannot_be_read_is_flagged_and_not_taken(tmp_path: Path) -> None:
    path = write(city_plan(), tmp_path / "f.xlsx", progress=True)
    line = find(path, "令和6年度", 4)[1:]
    changes = {(PROGRESS, f"E{line}"): "約6億円", (PROGRESS, f"F{line}"): 0}
    read = read_plan(with_changes(path, changes, tmp_path / "changed.xlsx"))
    assert read.report.flagged() == {"years.2024.actual.other_transfer"}
    assert read.plan.years == city_plan().years


def test_a_settlement_of_a_year_without_a_row_in_the_plan_is_flagged(tmp_path: Path) -> None:
    plan = city_plan()
    plan = plan.model_copy(update={"years": tuple(y for y in plan.years if y.year != 2024)})
    path = write(plan, tmp_path / "f.xlsx", progress=True)
    line = find(path, "令和6年度", 4)[1:]
    changes = {(PROGRESS, f"E{line}"): 612_345}
    read = read_plan(with_changes(path, changes, tmp_path / "changed.xlsx"))
    assert read.report.flagged() == {"years.2024.actual"}
    assert read.plan.years == plan.years


def test_the_worksheet_leaves_unknown_settlements_empty(tmp_path: Path) -> None:
    path = write(settled(city_plan(), 2026, 760_000, 0), tmp_path / "f.xlsx", progress=True)
    page = openpyxl.load_workbook(path, data_only=True)[PROGRESS]
    assert page["A1"].value == "参考様式"
    lines = {cell.value: cell.row for cell in page["B"] if cell.value}
    known, unknown = lines["令和8年度"], lines["令和9年度"]
    assert [page[f"{c}{known}"].value for c in "CDEFGHI"] == [
        50_000,
        750_000,
        760_000,
        0,
        760_000,
        10_000,
        "計画を超過",
    ]
    assert [page[f"{c}{unknown}"].value for c in "EFGHI"] == [None] * 4 + ["未公表・未入力"]
