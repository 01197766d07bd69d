"""Layouts: what comes with Kokuho holds together, and what does not is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from kokuho.base.errors import CollectionError
from kokuho.collection import load_book, load_layout, shipped


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_layout_holds_together_and_is_named_after_its_id(name: str) -> None:
    layout = load_layout(name)
    assert layout.id == name
    assert layout.sources


@pytest.mark.parametrize("name", shipped())
def test_what_is_made_up_says_so_and_belongs_to_nobody(name: str) -> None:
    layout = load_layout(name)
    assert (layout.standing == "assumed") == name.startswith("rehearsal_")
    assert (layout.standing == "assumed") == ("練習用" in layout.title)


def test_the_public_barcode_leaves_what_belongs_to_others_open() -> None:
    assert load_layout("store_barcode").slots() == ("請求書発行企業コード", "自由使用欄")
    assert load_layout("rehearsal_barcode").slots() == ()


def test_the_bank_record_is_that_of_the_published_tables() -> None:
    # offsets and lengths as the banks print them (宮崎銀行, 北國銀行)
    layout = load_layout("zengin_direct_debit")
    data = {f.name: (f.offset, f.length) for f in layout.record("data").fields}
    assert data["bank_code"] == (2, 4)
    assert data["holder"] == (51, 30)
    assert data["amount"] == (81, 10)
    assert data["reference"] == (92, 20)
    assert data["result"] == (112, 1)
    header = {f.name: (f.offset, f.length) for f in layout.record("header").fields}
    assert header["debit_date"] == (55, 4)
    assert header["account_number"] == (97, 7)


def test_a_banks_variant_is_a_file_that_extends_one(tmp_path: Path) -> None:
    (tmp_path / "my_bank.yaml").write_text(
        """
id: my_bank
version: "1"
title: 架空
extends: zengin_direct_debit
kind: direct_debit
standing: operator
sources: [{text: 架空の仕様書}]
line_ends: [none]
change:
  - {record: header, field: consignor_code, set: {constant: "1234567890"}}
  - record: data
    field: reference
    into:
      - {name: reference, title: 収納番号, offset: 92, length: 12, type: digits}
      - {name: office, title: 課, offset: 104, length: 8, type: digits, constant: "7"}
""",
        encoding="utf-8",
    )
    layout = load_layout(tmp_path / "my_bank.yaml")
    consignor = layout.record("header").field("consignor_code")
    assert consignor is not None
    assert consignor.constant == "1234567890"
    names = [field.name for field in layout.record("data").fields]
    assert names[names.index("reference") + 1] == "office"
    assert layout.length == 120
    assert layout.line_ends == ("none",)


HEAD = """
id: bad
version: "1"
title: 架空
kind: numbers
standing: operator
sources: [{text: 架空}]
characters: "0123456789"
length: 4
line_ends: [none]
"""
OWN = 'id: bad\nversion: "1"\ntitle: 架空\nstanding: operator\nsources: [{text: x}]\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id: [", "not readable as YAML"),
        ("id: a\nid: b", "the key id stands twice"),
        ("- a", "keys and values were expected"),
        (HEAD + "colour: red\nrecords: []", "colour"),
        (
            HEAD + "records: [{name: code, title: x, fields: "
            "[{name: a, title: a, offset: 1, length: 3, type: digits}]}]",
            "the fields have 3 bytes, the record 4",
        ),
        (
            HEAD + "records: [{name: code, title: x, fields: "
            "[{name: a, title: a, offset: 2, length: 4, type: digits}]}]",
            "begins at byte 2, but the fields before it end at 0",
        ),
        (
            HEAD + "records: [{name: code, title: x, fields: "
            "[{name: a, title: a, offset: 1, length: 4, type: digits, constant: '12345'}]}]",
            "'12345' does not fit",
        ),
        (
            HEAD + "records: [{name: code, title: x, fields: "
            "[{name: a, title: a, offset: 1, length: 4, type: code, of: nowhere}]}]",
            "There is no layout nowhere",
        ),
        ("id: bad\nchange: [{record: a, field: b, set: {}}]", "change needs extends"),
        (
            OWN + "extends: store_barcode\nchange: [{record: code, field: colour, set: {}}]",
            "there is no field colour in the record code",
        ),
        (
            "id: bad\nextends: store_barcode\nsources: [{text: x}]",
            "its own version, title, standing",
        ),
        (OWN + "extends: bad", "extends itself"),
        (OWN + "extends: store_barcode\nchange: [1]", "a change has"),
    ],
)
def test_a_layout_that_does_not_hold_is_refused_by_name(
    tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CollectionError, match=words):
        load_book(path)


def test_a_layout_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(CollectionError, match="zengin_direct_debit"):
        load_layout("nowhere")
    with pytest.raises(CollectionError, match="nowhere"):
        load_layout("nowhere.yaml")
