"""``kokuho plan`` and ``kokuho check-table`` as a clerk runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kokuho.plan import load_plan, plan_to_yaml
from tests.cli.test_levy import kokuho
from tests.plan.plans import plan
from tests.plan.variants import COUNCIL

EXAMPLE = Path("examples/koganei/plan.yaml")
TABLE = Path("examples/ministry/insured.csv")


def test_plan_read_writes_the_plan_says_what_is_open_and_exits_one(tmp_path: Path) -> None:
    out = tmp_path / "plan.yaml"
    done = kokuho("plan", "read", str(COUNCIL), "--out", str(out))
    assert done.returncode == 1, done.stderr
    assert [one.total for one in load_plan(out).declared] == [300_000, 420_000, 480_000]
    said = done.stdout.splitlines()
    assert "修正 2 枚目 令和6年度～令和11年度 法定外繰入" in done.stdout
    assert (
        "要確認 取組 2 金額: 印字 50,000千円 (1) / 5000千円 (2, 3) → 採った値 5,000" in done.stdout
    )
    assert said[-2] == "確認済み 151 件、修正 39 件、人が確かめるもの 15 件"
    assert said[-1].startswith(str(out))
    assert list(tmp_path.iterdir()) == [out]


def test_plan_read_gives_every_cell_as_json(tmp_path: Path) -> None:
    done = kokuho("plan", "read", str(COUNCIL), "--out", str(tmp_path / "plan.yaml"), "--json")
    answer = json.loads(done.stdout)
    assert answer["source"] == COUNCIL.name
    assert answer["counts"] == {"confirmed": 151, "repaired": 39, "flagged": 15}
    assert len(answer["cells"]) == 205
    cell = next(one for one in answer["cells"] if one["field"] == "years.2024.other_transfer")
    assert (cell["printed"], cell["taken"], cell["status"]) == (
        "50,000 千円(%)",
        50_000,
        "repaired",
    )
    assert cell["why"] == "row_shifted"
    assert cell["reason"]


def test_plan_check_prints_each_finding_and_what_remains(tmp_path: Path) -> None:
    done = kokuho("plan", "check", str(EXAMPLE))
    assert done.returncode == 1
    assert "誤り [reduction-exceeds-deficit]" in done.stdout
    assert "226,236(あるべき値: 300,000 以上)" in done.stdout
    assert done.stdout.splitlines()[-2:] == [
        "令和17年度末に残る赤字 0 千円、解消率 100.00 パーセント",
        "指摘 11 件、参考 7 件",
    ]


def test_plan_check_as_json_has_findings_notes_and_the_course() -> None:
    answer = json.loads(kokuho("plan", "check", str(EXAMPLE), "--json").stdout)
    assert answer.keys() == {"findings", "notes", "course"}
    keys = {"code", "severity", "place", "printed", "expected", "rule"}
    assert all(one.keys() == keys for one in answer["findings"] + answer["notes"])
    assert {one["severity"] for one in answer["findings"]} == {"error", "warning"}
    assert [one["remaining"] for one in answer["course"]][-2:] == [80_000, 0]


def test_a_sound_plan_gives_exit_zero(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(plan_to_yaml(plan([10_000] * 6)), encoding="utf-8")
    done = kokuho("plan", "check", str(path), KOKUHO_LANG="en")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "FY2031: 0 thousand yen of the deficit remain, 100.00 percent are cleared",
        "0 findings, 0 notes",
    ]


def test_check_table_prints_what_cannot_follow_and_exits_one() -> None:
    done = kokuho("check-table", str(TABLE), KOKUHO_LANG="en")
    assert done.returncode == 1
    assert "4.0 (expected: 4.06 to 4.10)" in done.stdout
    assert done.stdout.splitlines()[-1] == (
        "28 ratios and totals tested: 1 cannot follow from the printed counts"
    )


def test_check_table_as_json_counts_what_was_tested() -> None:
    done = kokuho("check-table", str(TABLE.with_name("claims.csv")), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {"findings": [], "notes": [], "tested": 4, "refused": []}


def test_check_table_exits_one_for_a_refused_row(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("table,row,column,kind,printed\nt,a,n,count,3人\n", encoding="utf-8")
    done = kokuho("check-table", str(path))
    assert done.returncode == 1
    assert done.stdout.startswith("table.csv の 2 行目: 印刷値(printed)が '3人' です")


WRONG = [
    ("nowhere.txt", None, "がありません"),
    ("paper.pdf", b"%PDF-1.7", "PDF や Word の資料は"),
    ("empty.txt", b"", "は空です"),
    ("other.txt", "別の資料\n".encode(), "計画が見つかりません"),
    ("odd.txt", b"\xff\xfe\x81", "UTF-8 でも CP932"),
]


@pytest.mark.parametrize(("name", "content", "said"), WRONG, ids=[name for name, *_rest in WRONG])
def test_a_file_that_is_no_paper_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = kokuho("plan", "read", str(path), "--out", str(tmp_path / "plan.yaml"))
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "plan.yaml").exists()


@pytest.mark.parametrize("command", [["plan", "read", ".", "--out", "x"], ["plan", "check", "."]])
def test_a_folder_is_refused_in_one_line(command: list[str]) -> None:
    done = kokuho(*command)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "フォルダーです" in done.stderr


def test_a_plan_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    done = kokuho("plan", "read", str(COUNCIL), "--out", str(tmp_path / "taken" / "plan.yaml"))
    assert done.returncode == 2
    assert "書き込めません" in done.stderr
