"""The commands as a clerk runs them."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kokuho.base.calendar import today

CASES = Path("examples/cases")


def kokuho(
    *args: str, cwd: Path | None = None, typed: str | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from kokuho.cli import main; main()", *args],
        capture_output=True,
        text=True,
        input=typed,
        cwd=cwd,
        env=os.environ | env,
        check=False,
    )


def test_levy_check_ends_with_a_count_and_exit_zero() -> None:
    done = kokuho("levy", "check", str(CASES))
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "64 cases: 64 matched, 0 failed"


def test_levy_check_prints_each_difference_and_exits_one(tmp_path: Path) -> None:
    data = json.loads((CASES / "koganei.json").read_text(encoding="utf-8"))
    data["cases"][0]["expected"]["total"] += 100
    (tmp_path / "wrong.json").write_text(json.dumps(data), encoding="utf-8")
    done = kokuho("levy", "check", str(tmp_path))
    assert done.returncode == 1
    assert "koganei-2026-1 total: expected 90,500, got 90,400" in done.stdout
    assert done.stdout.splitlines()[-1] == "4 cases: 3 matched, 1 failed"
    as_json = json.loads(kokuho("levy", "check", str(tmp_path), "--json").stdout)
    assert (as_json["cases"], as_json["matched"], as_json["failed"]) == (4, 3, 1)
    assert as_json["results"][0] == {
        "id": "koganei-2026-1",
        "matched": False,
        "differences": {"total": {"expected": 90500, "got": 90400}},
    }


def test_levy_check_goes_on_past_what_it_cannot_use_and_exits_two(tmp_path: Path) -> None:
    data = json.loads((CASES / "koganei.json").read_text(encoding="utf-8"))
    (tmp_path / "b.json").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    data["cases"][1]["ordinance"]["fiscal_year"] = 2030
    (tmp_path / "c.json").write_text(json.dumps(data), encoding="utf-8")
    done = kokuho("levy", "check", str(tmp_path))
    assert done.returncode == 2
    assert done.stdout.splitlines()[-1] == "7 cases: 7 matched, 0 failed"
    unreadable, unknown_year = done.stderr.splitlines()
    assert "a.json" in unreadable
    assert "c.json" in unknown_year
    assert data["cases"][1]["id"] in unknown_year


def test_a_language_that_there_is_not_is_refused() -> None:
    done = kokuho("law", "list", KOKUHO_LANG="fr")
    assert (done.returncode, done.stdout) == (2, "")
    assert "KOKUHO_LANG=fr" in done.stderr
    for known in ("ja", "en", "ja_JP.UTF-8", ""):
        assert kokuho("law", "list", KOKUHO_LANG=known).returncode == 0


def test_a_place_that_is_not_there_is_named_with_exit_two(tmp_path: Path) -> None:
    done = kokuho("levy", "check", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_case_is_explained(form: str) -> None:
    done = kokuho(
        "levy", "explain", str(CASES / "koganei.json"), "--id", "koganei-2026-3", "--format", form
    )
    assert done.returncode == 0, done.stderr
    if form == "json":
        assert json.loads(done.stdout)["insurer"]["name"] == "小金井市"
    else:
        assert "小金井市 令和8年度" in done.stdout


def test_an_unknown_case_is_refused_with_the_ids_that_there_are() -> None:
    done = kokuho("levy", "explain", str(CASES / "koganei.json"), "--id", "x")
    assert done.returncode == 2
    assert "koganei-2026-1" in done.stderr


def test_the_demo_names_the_files_that_it_wrote(tmp_path: Path) -> None:
    done = kokuho("demo", "--out", str(tmp_path / "demo"), COLUMNS="200")
    assert done.returncode == 0, done.stderr
    for name in ("assessment.csv", "explanation.pdf", "explanation.txt"):
        assert (tmp_path / "demo" / name).stat().st_size > 0
        assert name in done.stdout
    office = tmp_path / "demo" / "office"
    residents = (office / "register" / "residents.csv").read_text("utf-8-sig").splitlines()
    came = [row["since"] for row in csv.DictReader(residents)]
    assert max(came) <= today().isoformat()
    _the_demo_prints_the_rates_of_the_books(done.stdout, office / "kokuho.db")


def _the_demo_prints_the_rates_of_the_books(printed: str, database: Path) -> None:
    [on] = set(re.findall(r"[(](.+) まで。年度の途中", printed))
    for year in (2025, 2026):
        done = kokuho(
            *("ledger", "totals", "--insurer", "992011", "--fiscal-year", str(year)),
            *("--on", on, "--json"),
            KOKUHO_DATABASE=f"sqlite:///{database}",
        )
        assert done.returncode == 0, done.stderr
        figures = json.loads(done.stdout)
        shown = re.findall(rf"{year}年度 (現年分|滞納繰越分|合計) +収納率 ([0-9.]+)%", printed)
        titles = {"current": "現年分", "carried": "滞納繰越分", "all": "合計"}
        assert dict(shown) == {
            titles[section]: f"{rate // 100}.{rate % 100:02}"
            for section, rate in figures["rates_permyriad"].items()
        }


def test_a_run_of_refused_rows_alone_names_them_and_exits_one(tmp_path: Path) -> None:
    done = kokuho("city", "generate", "--persons", "1", "--seed", "3", "--out", str(tmp_path))
    assert done.returncode == 0
    persons = tmp_path / "persons.csv"
    text = persons.read_text(encoding="utf-8-sig")
    persons.write_text(text.replace("yes", "perhaps"), encoding="utf-8")
    done = kokuho(
        *("levy", "run", "--ordinance", str(tmp_path / "ordinance.yaml")),
        *("--persons", str(persons), "--households", str(tmp_path / "households.csv")),
        *("--fiscal-year", "2026", "--out", str(tmp_path / "a.csv"), "--summary"),
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "perhaps" in done.stderr
    assert "a.errors.csv" in done.stderr
    assert not (tmp_path / "a.csv").exists()


def test_the_summary_of_a_run_is_in_japanese_and_begins_with_the_file(tmp_path: Path) -> None:
    kokuho("city", "generate", "--persons", "30", "--seed", "3", "--out", str(tmp_path))
    done = kokuho(
        *("levy", "run", "--ordinance", str(tmp_path / "ordinance.yaml")),
        *("--persons", str(tmp_path / "persons.csv")),
        *("--households", str(tmp_path / "households.csv")),
        *("--fiscal-year", "2026", "--out", str(tmp_path / "a.csv"), "--summary"),
    )
    assert done.returncode == 0, done.stderr
    assert "a.csv" in done.stdout.splitlines()[0]
    assert "医療分: " in done.stdout


def test_a_demo_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = kokuho("demo", "--out", str(tmp_path / "file"))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_run_with_refused_rows_exits_one_and_says_where_they_are(tmp_path: Path) -> None:
    assert (
        kokuho(
            "city", "generate", "--persons", "60", "--seed", "3", "--out", str(tmp_path)
        ).returncode
        == 0
    )
    persons = tmp_path / "persons.csv"
    lines = persons.read_text(encoding="utf-8-sig").splitlines()
    lines[1] = lines[1].replace("yes", "perhaps", 1)
    persons.write_text("\n".join(lines), encoding="utf-8")
    done = kokuho(
        *("levy", "run", "--ordinance", str(tmp_path / "ordinance.yaml")),
        *("--persons", str(persons), "--households", str(tmp_path / "households.csv")),
        *("--fiscal-year", "2026", "--out", str(tmp_path / "a.csv"), "--summary"),
    )
    assert done.returncode == 1
    assert "2行目" in done.stderr
    assert (tmp_path / "a.errors.csv").exists()
    again = kokuho("levy", "replay", str(tmp_path / "a.csv"))
    assert again.returncode == 0, again.stderr
