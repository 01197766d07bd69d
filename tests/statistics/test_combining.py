"""Files of many insurers: summed where they are there, shown where they are not."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kokuho.base.errors import StatisticsError
from kokuho.statistics import Figure, count, measure_file, ratio, write_measures
from kokuho.statistics.combining import Expected, combine, read_expected
from kokuho.statistics.verification import verify_file
from tests.statistics.tables import DAY


def _file(folder: Path, code: str, *figures: Figure, as_of: date = DAY, name: str = "") -> Path:
    path = folder / f"{name or code}.json"
    write_measures(path, measure_file(code, as_of, figures))
    return path


def _city(folder: Path, code: str, insured: int, foreign: int, **more: object) -> Path:
    return _file(
        folder, code,
        count("insured[year=2025]", insured),
        count("foreign_insured[year=2025]", foreign),
        count("foreign_insured[year=2025,nationality=VNM]", foreign),
        ratio("foreign_share[year=2025]", foreign, insured, places=1),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_counts_are_added_and_shares_made_again_from_their_parts(tmp_path: Path) -> None:
    paths = [_city(tmp_path, "990001", 1_000, 10), _city(tmp_path, "990002", 3_000, 290)]
    file = combine(paths, "99", DAY).file
    figures = file.by_id()
    assert figures["insured[year=2025]"].value == 4_000
    share = figures["foreign_share[year=2025]"]
    assert (share.numerator, share.denominator, share.value) == (300, 4_000, Decimal("7.5"))
    assert figures["insurers"].value == Decimal("100.00")
    assert not verify_file(file)


def test_a_nationality_that_a_city_does_not_have_is_nobody_there(tmp_path: Path) -> None:
    other = _file(
        tmp_path, "990002",
        count("foreign_insured[year=2025]", 30),
        count("foreign_insured[year=2025,nationality=NPL]", 30),
    )  # fmt: skip
    combined = combine([_city(tmp_path, "990001", 1_000, 10), other], "99", DAY)
    figures = combined.file.by_id()
    assert figures["foreign_insured[year=2025,nationality=NPL]"].value == 30
    assert figures["foreign_insured[year=2025,nationality=VNM]"].note == ""


def test_a_measure_that_a_city_does_not_have_is_summed_of_the_others_and_says_so(
    tmp_path: Path,
) -> None:
    other = _file(tmp_path, "990002", count("foreign_insured[year=2025]", 30))
    figures = combine([_city(tmp_path, "990001", 1_000, 10), other], "99", DAY).file.by_id()
    assert figures["insured[year=2025]"].value == 1_000
    assert "1" in figures["insured[year=2025]"].note


def test_a_cell_that_one_city_suppressed_is_not_told_in_the_sum(tmp_path: Path) -> None:
    hidden = _file(
        tmp_path, "990002",
        count("insured[year=2025]", 900),
        Figure(id="foreign_insured[year=2025]", unit="count", suppressed=True),
        Figure(id="foreign_share[year=2025]", unit="percent", suppressed=True),
    )  # fmt: skip
    figures = combine([_city(tmp_path, "990001", 1_000, 10), hidden], "99", DAY).file.by_id()
    assert figures["foreign_insured[year=2025]"].suppressed
    assert figures["foreign_share[year=2025]"].suppressed
    assert figures["insured[year=2025]"].value == 1_900


def test_a_figure_without_its_numbers_is_not_taken_for_zero(tmp_path: Path) -> None:
    bare = Figure(id="foreign_share[year=2025]", value=Decimal("9.9"), unit="percent")
    paths = [_city(tmp_path, "990001", 1_000, 10), _file(tmp_path, "990002", bare)]
    share = combine(paths, "99", DAY).file.by_id()["foreign_share[year=2025]"]
    assert (share.numerator, share.denominator) == (10, 1_000)
    assert "1" in share.note
    alone = combine(paths[1:], "99", DAY).file.by_id()["foreign_share[year=2025]"]
    assert alone.value is None
    assert not alone.suppressed


def test_missing_late_foreign_and_wrong_files_are_shown_and_never_filled_in(tmp_path: Path) -> None:
    paths = [
        _city(tmp_path, "990001", 1_000, 10),
        _city(tmp_path, "990002", 2_000, 20),
        _city(tmp_path, "990003", 4_000, 40, as_of=date(2025, 5, 31)),
        _city(tmp_path, "990004", 8_000, 80),
        _city(tmp_path, "990004", 8_000, 80, name="990004-again"),
        _city(tmp_path, "990099", 16_000, 160),
    ]
    old = tmp_path / "990005.json"
    old.write_text(json.dumps({"version": 0, "insurer_code": "990005"}), encoding="utf-8")
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    expected = [
        *(Expected(f"99000{number}", f"架空{number}市") for number in (1, 3, 4, 5, 6)),
        Expected("990002", "架空2市", date(2026, 7, 2)),
    ]
    combined = combine([*paths, old, broken], "99", DAY, expected, date(2026, 6, 30))
    states = {(one.insurer_code, one.state) for one in combined.arrivals}
    assert states == {
        ("990001", "taken"), ("990002", "late"), ("990003", "other_day"), ("990004", "doubled"),
        ("990005", "other_version"), ("990006", "missing"), ("990099", "unexpected"),
        ("", "unreadable"),
    }  # fmt: skip
    figures = combined.file.by_id()
    assert figures["insured[year=2025]"].value == 3_000
    assert (figures["insurers"].numerator, figures["insurers"].denominator) == (2, 6)
    coverage = json.loads(combined.coverage_json())
    assert coverage["states"]["missing"] == 1
    assert {"insurer_code": "990006", "name": "架空6市"}.items() <= next(
        one for one in coverage["insurers"] if one["state"] == "missing"
    ).items()


def test_the_list_of_insurers_is_read_and_has_each_once(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("保険者コード,保険者名,受領日\n990001,架空市,2026-06-01\n990002,,\n", "utf-8")
    assert read_expected(path) == [
        Expected("990001", "架空市", date(2026, 6, 1)), Expected("990002"),
    ]  # fmt: skip
    path.write_text("保険者コード\n990001\n990001\n", "utf-8")
    with pytest.raises(StatisticsError, match="990001"):
        read_expected(path)
