"""Layouts are data: what does not hold together in one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from kokuho.base.errors import LinkageError
from kokuho.linkage.messages.layout import load_layout
from kokuho.linkage.messages.record import TYPES
from tests.linkage.layouts.records import ASSUMED, SHIPPED


def test_the_shipped_layout_says_that_it_is_assumed_and_carries_everything() -> None:
    assert ASSUMED.standing == "assumed"
    assert {one.means for one in ASSUMED.fields if one.means} == set(TYPES)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("means: term,", "means: terms,", "terms"),
        ('constant: "01", ', "", "record_kind"),
        ("by_hand, type: code, codes: flag", "by_hand, type: code, codes: flags", "flags"),
        ('kept: "1"', 'kept: "2"', "agreement"),
        ("kept: \"1\", ", "", "kept"),
        ("sum: overdue}", "sum: person}", "person"),
        ("of: last_paid_on", "of: person", "last_paid_none"),
        ("form: csv", "form: fixed", None),
        ("form: csv", "form: excel", "form"),
        ("split: 5000", "splits: 5000", "splits"),
        ("name: version", "name: action", "action"),
        ("means: version", "means: term", "version"),
        ("valid_from: 2026-04-01", "valid_from: 2026-04-01\nvalid_to: 2025-01-01", "valid_to"),
        ("means: deferral, type: code, codes: deferral", "means: deferral, type: text", "deferral"),
        ("means: due, type: day, pattern: \"%Y%m%d\"", "means: due, type: day", "due"),
        ("means: overdue, type: yen", "means: overdue, type: day", "overdue"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_layout_is_named(
    tmp_path: Path, old: str, new: str, told: str | None
) -> None:
    text = SHIPPED.read_text()
    assert old in text
    path = tmp_path / "own.yaml"
    path.write_text(text.replace(old, new, 1))
    if told is None:
        assert load_layout(path).form == "fixed"
        return
    with pytest.raises(LinkageError, match=told):
        load_layout(path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [(", length: 24", "", "as_of"), ("encoding: utf-8", "encoding: utf-8-sig", "BOM")],
)
def test_a_fixed_form_needs_every_length_and_no_mark_before_the_first(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(SHIPPED.read_text().replace("form: csv", "form: fixed").replace(old, new))
    with pytest.raises(LinkageError, match=told):
        load_layout(path)
