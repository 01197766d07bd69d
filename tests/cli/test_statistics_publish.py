"""``kokuho statistics publish``: what it says and refuses, the line that it adds to the log."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kokuho.base.errors import StatisticsError
from kokuho.cli import app
from kokuho.statistics import count, measure_file, write_measures
from kokuho.statistics.published import digest, read_log
from tests.publish.city import AS_OF, CODE, city_file
from tests.publish.conftest import few

SITE = f"""
publisher: {{ja: 架空市, en: Fictional City}}
fictional: true
insurers:
  - {{code: "{CODE}", name: {{ja: 架空市, en: Fictional City}}}}
"""


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, ["statistics", "publish", *map(str, arguments)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def measures(tmp_path: Path) -> Path:
    path = tmp_path / "measures.json"
    write_measures(path, few(city_file(), ("foreign_share",)))
    return path


def test_a_site_is_written_and_logged_with_the_file_that_it_was_made_from(
    tmp_path: Path, measures: Path
) -> None:
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    out = tmp_path / "out" / "site"
    said = run("--out", out, "--measures", measures, "--site", tmp_path / "site.yaml",
               "--made-on", "R8.5.20")  # fmt: skip
    assert str(out / "index.html") in said
    assert "架空市" in (out / "insured.html").read_text(encoding="utf-8")
    assert "令和8年5月20日" in (out / "index.html").read_text(encoding="utf-8")
    [line] = read_log(out.parent)
    assert (line.kind, line.name, line.digest) == ("site", "site", digest(out))
    assert [(one.name, one.state) for one in line.sources] == [
        ("measures.json", digest(measures)),
        ("site.yaml", digest(tmp_path / "site.yaml")),
    ]


def test_json_tells_the_files(tmp_path: Path, measures: Path) -> None:
    told = json.loads(run("--out", tmp_path / "site", "--measures", measures, "--json"))
    assert told["sources"] == [CODE]
    assert "index.html" in told["files"]
    assert f"data/{CODE}/report.pdf" in told["files"]


def test_a_coverage_of_combine_says_who_came(tmp_path: Path, measures: Path) -> None:
    coverage = {
        "insurer_code": "990001", "as_of": "2026-04-01", "states": {},
        "insurers": [
            {"insurer_code": CODE, "name": "架空市", "state": "taken"},
            {"insurer_code": "990033", "name": "未着村", "state": "missing"},
            {"insurer_code": "990044", "name": "前年町", "state": "other_day"},
        ],
    }  # fmt: skip
    path = tmp_path / "all.coverage.json"
    path.write_text(json.dumps(coverage), encoding="utf-8")
    run("--out", tmp_path / "site", "--measures", measures, "--coverage", path)
    text = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    for wanted in ("未着村", "未提出", "前年町", "基準日違い"):
        assert wanted in text


def test_a_file_with_small_numbers_is_refused_unless_the_office_sets_a_lower_threshold(
    tmp_path: Path,
) -> None:
    path = tmp_path / "small.json"
    write_measures(path, measure_file(CODE, AS_OF, [count("foreign_insured[year=2025]", 6)]))
    with pytest.raises(StatisticsError, match="foreign_insured"):
        run("--out", tmp_path / "site", "--measures", path)
    assert not (tmp_path / "site").exists()
    run("--out", tmp_path / "site", "--measures", path, "--threshold", 5)
    text = (tmp_path / "site" / "protection.html").read_text(encoding="utf-8")
    assert "1から4までの人数" in text


@pytest.mark.parametrize(
    ("text", "said"),
    [("insurers: 5", "insurers"), ("colour: blue", "colour"), ("due: sometime", "due")],
)
def test_a_settings_file_that_says_something_else_is_refused_by_its_place(
    tmp_path: Path, measures: Path, text: str, said: str
) -> None:
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(StatisticsError, match=said):
        run("--out", tmp_path / "o", "--measures", measures, "--site", tmp_path / "site.yaml")


def test_a_coverage_that_is_none_is_refused(tmp_path: Path, measures: Path) -> None:
    (tmp_path / "c.json").write_text("{}", encoding="utf-8")
    with pytest.raises(StatisticsError, match=r"c\.json"):
        run("--out", tmp_path / "o", "--measures", measures, "--coverage", tmp_path / "c.json")
