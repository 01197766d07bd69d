"""Two versions side by side, what changed between them, and the table of functions."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kokuho.base.errors import InputError, LinkageError
from kokuho.cli import app
from kokuho.linkage.layouts import compare, layout_on, load_all
from kokuho.linkage.messages.layout import Layout
from kokuho.linkage.trace import read_trace
from tests.linkage.layouts.records import ASSUMED, SHIPPED

ROOT = Path(__file__).resolve().parents[3]


def second(**other: Any) -> Layout:
    """A version that follows the shipped one in June 2027."""
    usual: dict[str, Any] = {"version": "2", "valid_from": date(2027, 6, 1)}
    return ASSUMED.model_copy(update=usual | other)


def next_file(folder: Path, *changes: tuple[str, str]) -> Path:
    text = SHIPPED.read_text(encoding="utf-8").replace('version: "1"', 'version: "2"', 1)
    text = text.replace("valid_from: 2026-04-01", "valid_from: 2027-06-01")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "next.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def run(*words: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(app, ["linkage", "layout", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == exit_code, result.output
    return result.output


def test_around_a_change_over_the_version_that_began_last_is_used() -> None:
    old = ASSUMED.model_copy(update={"valid_to": date(2027, 7, 31)})
    both = [old, second()]
    assert layout_on(both, "kokuho-assumed", date(2027, 5, 31)).version == "1"
    assert layout_on(both, "kokuho-assumed", date(2027, 6, 1)).version == "2"
    assert old.holds(date(2027, 6, 1))
    with pytest.raises(LinkageError, match="kokuho-assumed@1"):
        layout_on([old], "kokuho-assumed", date(2027, 8, 1))


def test_one_version_in_two_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "again.yaml").write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(LinkageError, match="kokuho-assumed@1"):
        load_all(SHIPPED.parent, tmp_path)


def test_a_layout_does_not_differ_from_itself() -> None:
    assert compare(ASSUMED, ASSUMED) == []


def test_added_removed_changed_and_moved_fields_are_told() -> None:
    fields = {one.name: one for one in ASSUMED.fields}
    order = [one for one in ASSUMED.fields if one.name not in ("consulted_on", "role", "kind")]
    order[7:7] = [fields["kind"], fields["role"]]
    order.append(fields["consulted_on"].model_copy(update={"name": "talked_on"}))
    wider = [
        one.model_copy(update={"length": 20}) if one.name == "person" else one for one in order
    ]
    found = compare(ASSUMED, second(fields=tuple(wider), totals=ASSUMED.totals[:2]))
    said = {(one.kind, one.what) for one in found}
    assert {
        ("changed", "version"), ("changed", "valid_from"), ("removed", "consulted_on"),
        ("added", "talked_on"), ("changed", "person.length"), ("removed", "totals paid_sum"),
    } <= said  # fmt: skip
    assert sum(kind == "moved" for kind, _what in said) == 1
    length = next(one for one in found if one.what == "person.length")
    assert (length.before, length.after) == ("15", "20")


def test_a_changed_code_is_told() -> None:
    codes = {**ASSUMED.codes, "kind": {"premium": "A", "tax": "2"}}
    (found,) = [one for one in compare(ASSUMED, second(codes=codes)) if "codes" in one.what]
    assert (found.what, found.before, found.after) == ("codes kind.premium", "1", "A")


def test_the_command_lists_checks_and_compares(tmp_path: Path) -> None:
    longer = next_file(tmp_path, ("means: person, type: text, length: 15",
                                  "means: person, type: text, length: 20"))  # fmt: skip
    listed = json.loads(run("list", "--folder", str(tmp_path), "--on", "2027-06-01", "--json"))
    assert [(one["layout"], one["holds"], one["used"]) for one in listed["layouts"]] == [
        ("kokuho-assumed@1", True, False), ("kokuho-assumed@2", True, True),
    ]  # fmt: skip
    assert "どこにも通用しません" in run("list")
    assert "使えます" in run("check", str(longer))
    assert "person.length  15 → 20" in run("diff", str(SHIPPED), str(longer), exit_code=1)
    assert json.loads(run("diff", str(SHIPPED), str(SHIPPED), "--json"))["changes"] == []


def test_a_layout_with_faults_is_refused_with_each_of_them(tmp_path: Path) -> None:
    broken = next_file(
        tmp_path, ("codes: role, length: 1", "codes: rolle, length: 1"),
        ("means: due, type: day, pattern: \"%Y%m%d\"", "means: due, type: day"),
    )  # fmt: skip
    with pytest.raises(LinkageError, match=r"rolle(.|\n)*pattern"):
        run("check", str(broken))


def table(folder: Path, *rows: str) -> Path:
    path = folder / "trace.csv"
    head = "機能ID,要件,実装区分,試験"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8-sig")
    return path


THIS = "tests/linkage/layouts/test_versions.py::test_a_changed_code_is_told"


def test_each_function_is_held_against_the_tests_that_there_are(tmp_path: Path) -> None:
    path = table(
        tmp_path, f"9990001,架空の要件,実装必須,{THIS}", f"9990002,架空,実装必須,{THIS}s",
        "9990003,架空,標準オプション,", f"9990001,再び,実装必須,{THIS}", f"99,短い,,{THIS}",
    )  # fmt: skip
    found = read_trace(path, ROOT / "tests")
    assert [one.problem for one in found] == ["", "no_such_test", "untested", "twice", "id"]
    assert read_trace(path)[1].problem == ""
    shown = run("trace", str(path), "--tests", str(ROOT / "tests"), exit_code=1)
    assert "機能 5 件: 試験あり 1 件、未了 4 件" in shown
    other = tmp_path / "other.csv"
    other.write_text("機能ID,要件,実装区分\n", encoding="utf-8")
    with pytest.raises(LinkageError, match="試験"):
        read_trace(other)


def test_the_empty_table_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    run("trace", str(path), "--template")
    assert run("trace", str(path)) == "機能 0 件: 試験あり 0 件、未了 0 件\n"
    with pytest.raises(InputError, match=r"empty\.csv"):
        run("trace", str(path), "--template")
