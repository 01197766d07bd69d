"""The log of what was published: each line follows the one before it, or the log says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kokuho.base.errors import StatisticsError
from kokuho.statistics.published import NAME, START, Source, digest, read_log, record


def _filled(folder: Path) -> list[str]:
    file = folder / "measures.json"
    for number in range(3):
        file.write_text(f"{number}", encoding="utf-8")
        record(folder, "measures", file, [Source("ledger_journal", str(number))], "係")
    return (folder / NAME).read_text(encoding="utf-8").splitlines()


def test_a_line_says_what_was_published_from_what_by_whom(tmp_path: Path) -> None:
    lines = _filled(tmp_path)
    last = json.loads(lines[-1])
    assert last["digest"] == digest(tmp_path / "measures.json")
    assert (last["number"], last["who"], last["kind"]) == (3, "係", "measures")
    assert last["sources"] == [{"name": "ledger_journal", "state": "2"}]
    assert json.loads(lines[0])["previous"] == START
    assert [one.number for one in read_log(tmp_path)] == [1, 2, 3]


def test_a_folder_is_known_by_all_its_files(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    page = tmp_path / "site" / "index.html"
    page.write_text("a", encoding="utf-8")
    before = digest(tmp_path / "site")
    record(tmp_path / "site", "site", tmp_path / "site", [], "係")  # the log itself is no part
    assert digest(tmp_path / "site") == before
    page.write_text("b", encoding="utf-8")
    assert digest(tmp_path / "site") != before


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_line_that_was_changed_left_out_or_moved_is_found(
    tmp_path: Path, data: st.DataObject
) -> None:
    log = tmp_path / NAME
    log.unlink(missing_ok=True)
    lines = _filled(tmp_path)
    at = data.draw(st.integers(0, 1), label="line")  # the last one is known by the next alone
    way = data.draw(st.sampled_from(["change", "leave out", "move"]), label="way")
    if way == "change":
        lines[at] = lines[at].replace('"who": "係"', '"who": "別の係"')
    elif way == "leave out":
        del lines[at]
    else:
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(StatisticsError):
        read_log(tmp_path)
    with pytest.raises(StatisticsError):
        record(tmp_path, "measures", tmp_path / "measures.json", [], "係")


def test_without_a_log_nothing_was_published(tmp_path: Path) -> None:
    assert read_log(tmp_path) == []
