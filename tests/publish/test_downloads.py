"""Every download opens, and equals the measure file and the tables of the pages."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kokuho.plan import load_plan
from kokuho.plan.progress import progress_of
from kokuho.publish.words import Words
from kokuho.statistics import Figure, MeasureFile, catalogue, read_measures
from tests.publish.city import CODE, city_file
from tests.publish.conftest import FEW, PLAN, few
from tests.publish.reading import read, rows, section

VALUE = {"": "値", ".en": "value"}
ID = {"": "値のID", ".en": "figure id"}
HIDDEN = {"": ("秘匿", "秘匿"), ".en": ("suppression", "suppressed")}


def figures(file: MeasureFile, measure: str) -> dict[str, Figure]:
    return {one.id: one for one in file.measures if one.id.split("[")[0] == measure}


def read_csv(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n")
    return list(csv.DictReader(text.splitlines()))


def check_table(read_rows: list[dict[str, Any]], wanted: dict[str, Figure], language: str) -> None:
    """A file has each figure once, with its value, or the sign that it is suppressed."""
    assert [one[ID[language]] for one in read_rows] == list(wanted)
    column, sign = HIDDEN[language]
    for row in read_rows:
        figure = wanted[row[ID[language]]]
        given = row[VALUE[language]]
        if figure.value is None:
            assert given in ("", None), row
        else:
            assert Decimal(str(given)) == figure.value
        assert (row[column] == sign) == figure.suppressed


def check_downloads(site: Path, file: MeasureFile, measure: str) -> None:
    wanted = figures(file, measure)
    folder = site / "data" / file.insurer_code
    data = json.loads((folder / f"{measure}.json").read_text(encoding="utf-8"))
    assert [Figure.model_validate(one) for one in data["measures"]] == list(wanted.values())
    assert data["definition"]["meaning"] == catalogue()[measure].meaning.model_dump()
    for language in ("", ".en"):
        check_table(read_csv(folder / f"{measure}{language}.csv"), wanted, language)
        book = openpyxl.load_workbook(folder / f"{measure}{language}.xlsx")
        head, *body = book.worksheets[0].iter_rows(values_only=True)
        check_table([dict(zip(head, row, strict=True)) for row in body], wanted, language)
        told = dict(book.worksheets[1].iter_rows(values_only=True))
        words = Words("en" if language else "ja")
        assert told[words("formula")] == catalogue()[measure].meaning[words.language]
        book.close()


@pytest.mark.parametrize("measure", FEW)
def test_csv_xlsx_and_json_have_the_figures_of_the_measure_file(
    small_site: Path, measure: str
) -> None:
    check_downloads(small_site, few(city_file()), measure)


@pytest.mark.slow
def test_every_download_of_a_whole_site_has_the_figures_of_the_measure_file(
    whole_site: Path,
) -> None:
    for measure in catalogue():
        check_downloads(whole_site, city_file(), measure)


def page_cells(site: Path, page: str, measure: str, table: int) -> dict[str, list[str]]:
    found = section(read(site / page), measure).all("table")[table]
    return {row[0]: row[1:] for row in rows(found)}


def test_the_table_of_a_trend_equals_the_download_and_the_nation_stands_beside(
    small_site: Path,
) -> None:
    shown = page_cells(small_site, "insured.html", "foreign_share", 0)
    assert shown["年度"] == ["値", "分子", "分母", "全国"]
    # printed in the ministry's paper for 令和5年度
    assert shown["令和5年度"][3] == "4.0"
    for row in read_csv(small_site / "data" / CODE / "foreign_share.csv"):
        cells = shown[row["年度"]]
        assert cells[0] == row["値"]
        assert [one.replace(",", "") for one in cells[1:3]] == [row["分子"], row["分母"]]


def test_the_table_of_a_pyramid_equals_the_download(small_site: Path) -> None:
    shown = page_cells(small_site, "insured.html", "foreign_insured", 1)
    columns = {name: place for place, name in enumerate(shown["年齢階級"])}
    latest = [row for row in read_csv(small_site / "data" / CODE / "foreign_insured.csv")
              if row["年度コード"] == "2025"
              and row["国籍・地域"] == row["在留資格"] == "計"]  # fmt: skip
    assert len(latest) > 40
    for row in latest:
        cell = shown[row["年齢階級"]][columns[row["性別"]]]
        assert cell == (row["秘匿"] or f"{int(row['値']):,}")


def test_the_measure_file_itself_can_be_had(small_site: Path) -> None:
    assert read_measures(small_site / "data" / CODE / "measures.json") == few(city_file())


def test_the_list_of_data_sets_names_every_download_with_its_size(small_site: Path) -> None:
    listed = read_csv(small_site / "data" / "datasets.csv")
    for row in listed:
        assert (small_site / row["ファイル"]).stat().st_size == int(row["バイト数"])
    catalogue_file = json.loads((small_site / "data" / "catalogue.json").read_text("utf-8"))
    named = {
        file["dcat:downloadURL"]
        for one in catalogue_file["dcat:dataset"]
        for file in one["dcat:distribution"]
    }
    assert named == {row["ファイル"] for row in listed}
    assert len(named) == 5 * len(FEW)
    assert {row["利用条件"] for row in listed} == {"CC BY 4.0(見本)"}


@pytest.mark.slow
def test_plan_and_settlement_are_those_of_the_plan_file(whole_site: Path) -> None:
    plan = progress_of(load_plan(PLAN))
    shown = page_cells(whole_site, "plan.html", "plan_deficit", 0)
    lines = read_csv(whole_site / "data" / CODE / "plan_deficit.csv")
    data = json.loads((whole_site / "data" / CODE / "plan_deficit.json").read_text("utf-8"))
    for row, line, one in zip(plan, lines, data["years"], strict=True):
        assert one["plan"] == row.left
        assert line["計画"] == ("" if row.left is None else str(row.left))
        cells = shown[Words("ja").code("year", str(row.year))]
        assert cells[0] == ("―" if row.left is None else f"{row.left:,}")
        assert cells[1] == "―"  # no settlement is known: never 0, never the plan's
