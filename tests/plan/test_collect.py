"""A prefecture's table: sorted, compared with settlements, added only where it may be."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kokuho.base.errors import InputError
from kokuho.forms import workbook_bytes
from kokuho.plan import Plan, collection_table, plan_to_yaml
from kokuho.plan.collect import Collection, collect_plans
from tests.plan.city import city_plan, settled
from tests.plan.workbooks import with_changes, write


def named(plan: Plan, name: str, number: str = "10", prefecture: str = "架空県") -> Plan:
    insurer = plan.insurer.model_copy(
        update={"name": name, "number": number, "prefecture": prefecture}
    )
    return plan.model_copy(update={"insurer": insurer})


def initial() -> Plan:
    """Six years against the settled deficit, 60,000 of 300,000 each, one measure too small."""
    plan = city_plan()
    deficit = plan.occurrence.model_copy(
        update={"other_transfer": 300_000, "total": 300_000, "after_surplus": 300_000}
    )
    amounts = plan.years[0].planned.model_copy(update={"other_transfer": 60_000})
    years = tuple(
        entry.model_copy(update={"planned": amounts, "year": 2024 + at})
        for at, entry in enumerate(plan.years[:5])
    )
    return plan.model_copy(
        update={
            "occurrence": deficit.model_copy(update={"year": 2022, "form5_subtotal": 300_000}),
            "current_deficit": None,
            "period": plan.period.model_copy(update={"first_year": 2024, "last_year": 2028}),
            "policy": plan.policy.model_copy(update={"target_year": 2028}),
            "years": years,
            "measures": (plan.measures[1],),
            "versions": (),
        }
    )


def save(plan: Plan, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(plan_to_yaml(plan), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "plans"
    save(named(settled(city_plan(), 2026, 760_000, 0), "乙市", "20"), place / "b.yaml")
    save(named(initial(), "甲町", "9"), place / "sub" / "a.yml")
    write(named(city_plan(measures=()), "丙村", "100"), place / "c.xlsx")
    return place


def line(collection: Collection, name: str) -> Any:
    return next(plan for plan in collection.plans if plan.name == name)


def test_plans_of_all_kinds_of_files_stand_sorted_by_insurer(folder: Path) -> None:
    made = collect_plans(folder, 2026)
    assert [plan.name for plan in made.plans] == ["甲町", "乙市", "丙村"]
    assert [plan.file for plan in made.plans] == ["sub/a.yml", "b.yaml", "c.xlsx"]
    assert made.broken == ()


def test_what_is_reduced_and_left_is_counted_from_the_first_year_of_the_base(folder: Path) -> None:
    before, during, after = (line(collect_plans(folder, y), "乙市") for y in (2025, 2027, 2040))
    assert (before.base_kind, before.base_year, before.base) == ("budget_estimate", 2025, 800_000)
    assert (before.reduced, before.remaining) == (0, 800_000)
    assert (during.reduced, during.remaining) == (140_000, 660_000)
    assert (after.reduced, after.remaining) == (800_000, 0)
    settled_base = line(collect_plans(folder, 2025), "甲町")
    assert (settled_base.base_kind, settled_base.base_year) == ("settlement", 2022)
    assert (settled_base.reduced, settled_base.remaining) == (120_000, 180_000)


def test_a_plan_is_on_or_off_track_by_its_last_settlement_up_to_the_year(folder: Path) -> None:
    assert line(collect_plans(folder, 2025), "乙市").standing == "unknown"
    late = line(collect_plans(folder, 2026), "乙市")
    assert (late.standing, late.settled) == ("off_track", 2026)
    assert line(collect_plans(folder, 2026), "丙村").settled is None


def test_measures_that_are_missing_without_amount_or_too_small_are_told(folder: Path) -> None:
    plan = city_plan()
    unknown = plan.measures[0].model_copy(update={"amount": None})
    save(named(plan.model_copy(update={"measures": (unknown,)}), "丁市"), folder / "d.yaml")
    made = collect_plans(folder, 2026)
    measures = {one.name: one.measures for one in made.plans}
    assert measures == {
        "甲町": "short",
        "乙市": "complete",
        "丙村": "none",
        "丁市": "without_amount",
    }


def test_a_broken_file_is_reported_and_stops_nobody_else(folder: Path) -> None:
    (folder / "broken.yaml").write_text("format: [", encoding="utf-8")
    (folder / "empty.yaml").write_text("", encoding="utf-8")
    (folder / "junk.xlsx").write_bytes(b"junk")
    (folder / "~$c.xlsx").write_bytes(b"lock")
    made = collect_plans(folder, 2026)
    assert len(made.plans) == 3
    assert [one.file for one in made.broken] == ["broken.yaml", "empty.yaml", "junk.xlsx"]
    assert all(one.reason and str(folder) not in one.reason for one in made.broken)


def test_files_of_other_kinds_are_named_and_dead_links_are_broken(folder: Path) -> None:
    (folder / "sub" / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "form.pdf").write_bytes(b"%PDF-1.7")
    (folder / "~$old.xls").write_bytes(b"lock")
    (folder / "dead.yaml").symlink_to(folder / "nothing.yaml")
    (folder / "table.errors.csv").write_text("", encoding="utf-8")
    made = collect_plans(folder, 2026, leave_out=folder / "table.csv")
    assert len(made.plans) == 3
    assert made.passed == ("form.pdf", "sub/old.xls")
    assert [one.file for one in made.broken] == ["dead.yaml"]


def test_what_the_plans_leave_is_added_and_nothing_where_one_is_unknown(folder: Path) -> None:
    made = collect_plans(folder, 2027)
    assert made.remaining == 60_000 + 660_000 + 660_000
    totals = collection_table.totals(made)
    by_title = dict(zip(collection_table.header(), totals, strict=True))
    assert by_title["計画上の残り"] == made.remaining
    assert by_title["基準額"] is None
    assert by_title["削減予定額の累計"] is None
    assert by_title["指摘"] == sum(len(plan.findings) for plan in made.plans)
    deficit = initial().occurrence.model_copy(update={"total": None, "after_surplus": None})
    unknown = initial().model_copy(update={"occurrence": deficit})
    save(named(unknown, "戊町"), folder / "e.yaml")
    assert collect_plans(folder, 2027).remaining is None


def test_an_insurer_with_two_plans_is_told_and_nothing_is_added(folder: Path) -> None:
    save(named(city_plan(), "乙市", "20"), folder / "b-old.yaml")
    made = collect_plans(folder, 2026)
    assert made.twice == {"架空県 乙市": ["b-old.yaml", "b.yaml"]}
    assert made.remaining is None
    assert "b-old.yaml、b.yaml" in collection_table.notes(made)[-1]


def test_a_form_that_a_person_must_look_at_has_its_cells_counted(folder: Path) -> None:
    path = folder / "c.xlsx"
    book = openpyxl.load_workbook(path)
    cell = next(c for row in book.worksheets[1].iter_rows() for c in row if c.value == 90_000)
    total = f"J{cell.coordinate[1:]}"
    with_changes(path, {("2", cell.coordinate): 91_000, ("2", total): 421_000}, path)
    made = collect_plans(folder, 2026)
    assert line(made, "丙村").doubts > 0
    assert line(made, "乙市").doubts == 0


def test_the_table_itself_is_not_taken_for_a_plan(folder: Path) -> None:
    out = folder / "table.xlsx"
    pages = collection_table.as_pages(collect_plans(folder, 2026))
    out.write_bytes(workbook_bytes(pages, "表"))
    assert collect_plans(folder, 2026, leave_out=out).broken == ()
    assert [one.file for one in collect_plans(folder, 2026).broken] == ["table.xlsx"]


def test_a_folder_without_plans_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="YAML"):
        collect_plans(tmp_path, 2026)
    with pytest.raises(InputError):
        collect_plans(tmp_path / "nowhere", 2026)


def test_the_csv_has_the_plans_alone_and_broken_files_beside_it(folder: Path) -> None:
    save(named(city_plan(), "=己市"), folder / "f.yaml")
    (folder / "broken.yaml").write_text("x: 1", encoding="utf-8")
    out = folder / "table.csv"
    collection_table.write_csvs(collect_plans(folder, 2026), out)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [one["保険者"] for one in lines] == ["甲町", "'=己市", "乙市", "丙村"]
    assert lines[2]["計画上の残り"] == "750000"
    assert lines[2]["決算との比較"] == "計画を超過"
    assert lines[2]["計画期間"] == "平成30年度～令和17年度"
    errors = out.with_suffix(".errors.csv")
    assert "broken.yaml" in errors.read_text(encoding="utf-8-sig")
    (folder / "broken.yaml").unlink()
    collection_table.write_csvs(collect_plans(folder, 2026), out)
    assert not errors.exists()


def test_the_worksheet_adds_by_formula_and_lists_broken_files(folder: Path, tmp_path: Path) -> None:
    (folder / "broken.yaml").write_text("x: 1", encoding="utf-8")
    pages = collection_table.as_pages(collect_plans(folder, 2026))
    path = tmp_path / "table.xlsx"
    path.write_bytes(workbook_bytes(pages, collection_table.TITLE))
    values, formulas = (openpyxl.load_workbook(path, data_only=v) for v in (True, False))
    assert values.sheetnames == ["集計", "読めなかったファイル"]
    assert values.worksheets[1]["A2"].value == "broken.yaml"
    at = f"{'ABCDEFGHIJKLMNOPQ'[collection_table.header().index('計画上の残り')]}7"
    assert formulas.worksheets[0][at].value == '=IF(COUNT(K4:K6)=3,SUM(K4:K6),"")'
    assert values.worksheets[0][at].value == 120_000 + 750_000 + 750_000
