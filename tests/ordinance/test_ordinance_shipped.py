"""The ordinances that come with Kokuho, the fictional ones, and what they cover."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

import kokuho.ordinance
from kokuho.ordinance import OrdinanceYear, examine, find, load, shipped, shipped_files

ROOT = Path(kokuho.ordinance.__file__).parents[3]
FICTIONAL = sorted((ROOT / "examples" / "fictional").glob("*.yaml"))


def years(path: Path) -> list[OrdinanceYear]:
    ordinance = load(path)
    return [ordinance.year(year, allow_unconfirmed=True) for year in ordinance.fiscal_years]


EVERY_YEAR = [year for path in (*shipped_files(), *FICTIONAL) for year in years(path)]


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_a_shipped_ordinance_names_its_page_and_says_it_was_not_compared(path: Path) -> None:
    ordinance, found = examine(path)
    assert ordinance is not None
    assert {one.severity for one in found} == {"notice"}
    for entry in ordinance.fiscal_years.values():
        assert re.match(r"https?://(www\.)?(city|town)\.[a-z-]+\.", entry.source)
        assert entry.status == "transcribed"
        assert entry.note is not None
        assert "未照合" in entry.note


def test_at_least_ten_municipalities_are_shipped_and_no_code_stands_twice() -> None:
    codes = [ordinance.insurer.municipality_code for ordinance in shipped()]
    assert len(codes) >= 10
    assert codes == sorted(set(codes))


def test_a_shipped_ordinance_is_found_by_file_by_name_and_by_code() -> None:
    assert find("koganei") == find("小金井市") == find("132101")


def test_the_example_of_koganei_is_the_shipped_file() -> None:
    shipped_file = ROOT / "src" / "kokuho" / "ordinance" / "data" / "koganei.yaml"
    example = ROOT / "examples" / "koganei" / "ordinance.yaml"
    assert example.read_bytes() == shipped_file.read_bytes()


def test_koganei_levies_fiscal_year_2026_with_the_published_rates() -> None:
    koganei = find("小金井市").year(2026)
    assert {name: (p.income_ppm, p.per_capita, p.cap) for name, p in koganei.parts.items()} == {
        "medical": (67_400, 31_000, 670_000),
        "support": (22_500, 14_000, 260_000),
        "care": (20_000, 15_000, 170_000),
        "child": (3_000, 1_855, 30_000),
    }
    assert koganei.part("child").per_capita_adult == 89
    assert koganei.rounding.part == 100
    assert not koganei.prepayment.adopted


def test_prepayment_is_off_in_every_shipped_ordinance() -> None:
    assert not any(year.prepayment.adopted for path in shipped_files() for year in years(path))


def test_all_methods_are_shipped() -> None:
    assert {year.method for path in shipped_files() for year in years(path)} == {2, 3, 4}
    assert find("大府市").year(2018).method == 4
    assert find("泉佐野市").year(2026).method == 3
    assert find("小金井市").year(2026).method == 2


@pytest.mark.parametrize("path", FICTIONAL, ids=lambda path: path.stem)
def test_a_fictional_ordinance_says_so_and_can_be_levied(path: Path) -> None:
    ordinance = load(path)
    assert ordinance.insurer.name.startswith("架空")
    assert ordinance.insurer.prefecture == "架空県"
    assert ordinance.insurer.municipality_code.startswith("99")
    for entry in ordinance.fiscal_years.values():
        assert entry.status == "fictional"
        assert entry.source.startswith("架空")
        assert entry.note
    assert ordinance.year(2026).parts


def test_fictional_codes_are_each_used_once() -> None:
    codes = [load(path).insurer.code for path in FICTIONAL]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("setting", "values"),
    [
        ("base", {1, 1000}),
        ("income_component", {"per_household", "per_person"}),
        ("person", {1, 100}),
        ("part", {1, 10, 100}),
        ("total", {1, 10}),
        ("reduction", {"reduced_unit", "reduction_amount"}),
        ("reduction_unit", {1, 10}),
    ],
)
def test_every_kind_of_rounding_is_represented(setting: str, values: set[object]) -> None:
    assert {getattr(year.rounding, setting) for year in EVERY_YEAR} == values


def test_every_income_mode_month_order_and_own_cut_is_represented() -> None:
    modes = [year.rounding.income_mode for year in EVERY_YEAR]
    assert "floor" in modes
    assert "half_up" in modes
    assert {"care": "half_up"} in modes
    assert {year.months.order for year in EVERY_YEAR} == {"multiply_first", "divide_first"}
    assert {year.months.cap for year in EVERY_YEAR} == {"prorated", "annual"}
    kinds = {own.kind for year in EVERY_YEAR for own in year.exemptions}
    assert kinds == {"preschool_per_capita", "under_18_per_capita"}


def test_opening_one_ordinance_is_quick_enough_for_the_counter() -> None:
    path = shipped_files()[0]
    load(path)
    best = min(timed(path) for _ in range(5))
    assert best < 0.05


def timed(path: Path) -> float:
    start = time.perf_counter()
    load(path)
    return time.perf_counter() - start
