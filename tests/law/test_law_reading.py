"""A file of law that does not hold together is refused, and the message says where."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kokuho.base.errors import LawError
from kokuho.law.reading import read_parameters, read_sources
from kokuho.law.values import Band, Bracket

SOURCES = {"notice": "架空の通知 https://example.jp/notice"}
GOOD = """\
covers: {first: 2018-04-01, last: 2020-03-31}
parameters:
  cap.medical:
    title: 限度額
    unit: yen
    article: {premium: 甲法1条, tax: 乙法2条}
    values:
      - {first: 2018-04-01, last: 2019-03-31, value: 580000, source: notice, certainty: read}
      - {first: 2019-04-01, last: 2020-03-31, value: 610000, source: notice, certainty: read}
"""


@pytest.fixture(autouse=True)
def messages_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cap.yaml"


def test_a_good_file_is_read(file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")
    entry = read_parameters(file, SOURCES)["cap.medical"]
    assert [dated.value for dated in entry.values] == [580_000, 610_000]
    assert entry.on(date(2019, 4, 1)).source == SOURCES["notice"]
    assert entry.article == "甲法1条(保険料)、乙法2条(保険税)"


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        ("2019-04-01, last", "2019-05-01, last", "gap: no value for 2019-04-01..2019-04-30"),
        (
            "2019-04-01, last",
            "2019-03-31, last",
            "2018-04-01..2019-03-31 and 2019-03-31..2020-03-31 overlap",
        ),
        ("- {first: 2018-04-01", "- {first: 2018-05-01", "must begin on 2018-04-01"),
        ("last: 2020-03-31, value", "last: 2020-02-28, value", "must end on 2020-03-31"),
        ("last: 2020-03-31, value", "last: 2019-01-31, value", "ends before it begins"),
        ("610000, source: notice,", "610000,", "from 2019-04-01: missing: source"),
        ("610000, source: notice", "610000, source: rumour", "source rumour is not in the list"),
        ("610000, source: notice", "610000, source: [notice, 7]", "source 7 is not in the list"),
        (", certainty: read}\n      -", "}\n      -", "from 2018-04-01: missing: certainty"),
        ("certainty: read}", "certainty: sure}", "certainty sure is not one of: confirmed, read"),
        ("    article: {premium: 甲法1条, tax: 乙法2条}\n", "", "missing: article"),
        ("tax: 乙法2条", "tex: 乙法2条", "unknown key: tex"),
        (", tax: 乙法2条", "", "missing: tax"),
        ("    unit: yen\n", "    unit: dollar\n", "unit dollar is not one of: yen"),
        ("    title: 限度額\n", "    title: 7\n", "title must be text"),
        ("    unit: yen\n", "    unit: yen\n    colour: red\n", "unknown key: colour"),
        ("value: 610000", "value: 61万", "value 61万 is not of unit yen: a whole number"),
        ("value: 610000", "value: 610000.0", "value 610000.0 is not of unit yen"),
        ("value: 610000", "value: -1", "value -1 is not of unit yen"),
        ("value: 610000", "value: true", "value True is not of unit yen"),
        ("first: 2019-04-01", "first: April", "first must be a date"),
        ("  cap.medical:", "  rate.medical:", "first word of a name must be the name of its file"),
        ("covers: {first: 2018-04-01, last: 2020-03-31}\n", "", "missing: covers"),
        ("    values:\n", "    values: []\n    others:\n", "unknown key: others"),
        ("value: 610000", "value: 610000, value: 620000", "the key value stands twice"),
        ("parameters:", "parameters: [", "is not YAML"),
    ],
)
def test_a_broken_file_is_refused_by_name(file: Path, good: str, bad: str, message: str) -> None:
    assert good in GOOD
    file.write_text(GOOD.replace(good, bad), encoding="utf-8")
    with pytest.raises(LawError) as refused:
        read_parameters(file, SOURCES)
    text = str(refused.value)
    assert text.startswith("cap.yaml: ")
    assert message in text
    if "covers" not in good and "parameters" not in good and "twice" not in message:
        assert "medical" in text


def test_a_number_that_came_later_begins_where_the_file_says(file: Path) -> None:
    later = GOOD.replace("    unit: yen\n", "    unit: yen\n    begins: 2018-05-01\n")
    file.write_text(later, encoding="utf-8")
    with pytest.raises(LawError, match="must begin on 2018-05-01, not on 2018-04-01"):
        read_parameters(file, SOURCES)
    file.write_text(later.replace("- {first: 2018-04-01", "- {first: 2018-05-01"), encoding="utf-8")
    assert read_parameters(file, SOURCES)["cap.medical"].begins == date(2018, 5, 1)


@pytest.mark.parametrize(
    ("unit", "value", "message"),
    [
        ("share", "3/2", "a share of 1"),
        ("share", "0.5", "a share of 1"),
        ("share", "1/0", "a share of 1"),
        ("rate", "0.028", "a decimal fraction of 1 in quotes"),
        ("rate", '"2.8"', "a decimal fraction of 1 in quotes"),
        ("date", "2024", "a date such as"),
        ("months", "0", "a whole number of at least 1"),
        ("months", "forever", "a whole number of at least 1"),
        ("tenths", "[2, 5, 7]", "tenths that descend"),
        ("tenths", "[]", "a list of whole numbers"),
        ("bounds", "[20, 10]", "amounts that ascend"),
        ("order", "[principal, principal]", "a list of: principal, interest, fee"),
        ("order", "[principal, costs]", "a list of: principal, interest, fee"),
        ("order", "principal", "a list of: principal, interest, fee"),
        ("brackets", "[[100, 5], [null, 0, 0]]", "rows of 2 numbers"),
        ("brackets", "[[100, 5], [90, 4], [null, 0]]", "a whole number of at least 101"),
        ("brackets", "[[100, 5], [200, 0]]", "a last row without an upper bound"),
        ("brackets", "[[null, 5], [null, 0]]", "a whole number"),
        ("brackets", "7", "a list of rows"),
        ("bands", "[[null, 0, 90, 0]]", "a whole number of at least 1"),
        ("bands", "[[null, 1, 101, 0]]", "a percentage of at most 100"),
        ("bands", "[[null, 1, 90, 1.5]]", "rows of whole numbers"),
        ("month_numbers", "[10, 13]", "different months from 1 to 12"),
        ("month_numbers", "[2, 2]", "different months from 1 to 12"),
        ("day_of_month", "29", "a day that every month has"),
        ("closed_days", "saturday", "a list of days"),
        ("closed_days", '["12-32"]', "saturday, sunday, holiday or a day"),
    ],
)
def test_a_value_that_is_not_of_its_unit_is_refused(
    file: Path, unit: str, value: str, message: str
) -> None:
    text = GOOD.replace("unit: yen", f"unit: {unit}").replace("580000", value)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LawError, match="from 2018-04-01") as refused:
        read_parameters(file, SOURCES)
    assert f"is not of unit {unit}: " in str(refused.value)
    assert message in str(refused.value)


def test_tables_are_read_as_rows(file: Path) -> None:
    text = GOOD.replace("unit: yen", "unit: bands").replace(
        "580000", "[[99, 1, 0, 0], [null, 4, 60, -7]]"
    )
    file.write_text(text.replace("610000", "[[null, 1, 100, 0]]"), encoding="utf-8")
    first = read_parameters(file, SOURCES)["cap.medical"].values[0].value
    assert first == (Band(99, 1, 0, 0), Band(None, 4, 60, -7))
    text = GOOD.replace("unit: yen", "unit: brackets").replace("580000", "[[99, 3], [null, 0]]")
    file.write_text(text.replace("610000", "[[null, 3]]"), encoding="utf-8")
    first = read_parameters(file, SOURCES)["cap.medical"].values[0].value
    assert first == (Bracket(99, 3), Bracket(None, 0))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LawError, match=r"nowhere\.yaml: cannot be read"):
        read_parameters(tmp_path / "nowhere.yaml", SOURCES)


def test_a_source_without_an_address_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text("notice: {title: 通知}\n", encoding="utf-8")
    with pytest.raises(LawError, match=r"sources\.yaml: notice: missing: url"):
        read_sources(path)


def test_messages_are_japanese_by_default(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOKUHO_LANG")
    file.write_text(GOOD.replace("610000, source: notice,", "610000,"), encoding="utf-8")
    with pytest.raises(
        LawError, match=r"cap\.medical の 2019-04-01 からの値: 必要な項目がありません: source"
    ):
        read_parameters(file, SOURCES)
