"""``kokuho law``, the exported names, the catalogue and the page in docs."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kokuho.law
from kokuho.base.messages import LOCALE_DIR
from kokuho.cli.law import ANSWERS, app
from kokuho.law import (
    CERTAINTIES,
    UNITS,
    forget_extra,
    load_extra,
    parameter,
    parameters,
    value_text,
)

ROOT = Path(kokuho.law.__file__).parents[3]
run = CliRunner().invoke


@pytest.fixture(autouse=True)
def japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "ja")
    forget_extra()


@pytest.mark.parametrize("day", ["2026-04-01", "令和8年4月1日", "R8.4.1", "20260401"])
def test_show_prints_value_article_source_certainty_and_history(day: str) -> None:
    shown = run(app, ["show", "cap.medical", "--on", day])
    assert shown.exit_code == 0
    assert "2026-04-01(令和8年4月1日)の値: 670,000円" in shown.output
    assert "根拠(保険料): 国民健康保険法施行令29条の7第2項" in shown.output
    assert "根拠(保険税): 地方税法703条の4" in shown.output
    assert "小金井市" in shown.output
    assert "確かさ: 公表解答で確認" in shown.output
    amounts = [amount for amount in ("67", "66", "65", "63", "61", "58")]
    places = [shown.output.rindex(f"  {amount}0,000円") for amount in amounts]
    assert places == sorted(places)  # newest first


def test_show_takes_the_value_of_the_day() -> None:
    assert "の値: 650,000円" in run(app, ["show", "cap.medical", "--on", "2025-03-31"]).output
    assert "の値: 660,000円" in run(app, ["show", "cap.medical", "--on", "2025-04-01"]).output


def test_show_repeats_why_a_value_is_unverified() -> None:
    shown = run(app, ["show", "reduction.earner_salary_revenue", "--on", "2026-04-01"])
    assert "確かさ: 未確認" in shown.output
    assert "備考: 給与所得控除の最低額が65万円に上がった" in shown.output


def test_show_prints_a_table_row_by_row() -> None:
    shown = run(app, ["show", "salary_income", "--on", "2025-04-01"])
    assert "    1,619,999円まで: 1,069,000円\n" in shown.output
    assert "    1,799,999円まで: 収入(4,000円未満切捨て) × 60% + 100,000円\n" in shown.output
    assert "    それを超える額: 収入 − 1,950,000円\n" in shown.output


def test_a_table_of_one_row_is_shown_as_its_amount() -> None:
    shown = run(app, ["show", "basic_deduction", "--on", "2020-04-01"]).output
    assert "2020-04-01(令和2年4月1日)の値: 330,000円" in shown


def test_show_json_is_for_machines() -> None:
    shown = run(app, ["show", "interest.refund", "--on", "2026-01-01", "--json"])
    data = json.loads(shown.output)
    assert (data["value"], data["certainty"], data["on"]) == ("0.013", "read", "2026-01-01")
    assert [row["value"] for row in data["history"]] == ["0.016", "0.010", "0.009", "0.013"]
    assert data["article"]["tax"] == "地方税法17条の4・附則3条の2"
    table = json.loads(run(app, ["show", "basic_deduction", "--on", "2020-04-01", "--json"]).output)
    assert table["value"] == [{"upto": None, "amount": 330_000}]


@pytest.mark.parametrize("name", ["cap.medicl", "medical", "Cap.Medical"])
def test_an_unknown_parameter_names_those_near_it(name: str) -> None:
    shown = run(app, ["show", name, "--on", "2026-04-01"])
    assert shown.exit_code == 2
    assert f"{name} という数値はありません" in shown.stderr
    assert "cap.medical" in shown.stderr
    assert shown.stdout == ""


def test_a_name_near_nothing_is_referred_to_the_list() -> None:
    shown = run(app, ["show", "xyzzy", "--on", "2026-04-01"])
    assert shown.exit_code == 2
    assert "`kokuho law list`" in shown.stderr


@pytest.mark.parametrize("day", ["yesterday", "2026-04-00", "2026-02-30"])
def test_an_incomplete_date_is_refused(day: str) -> None:
    shown = run(app, ["show", "cap.medical", "--on", day])
    assert shown.exit_code == 2
    assert day in shown.stderr


def test_a_day_without_a_value_is_refused() -> None:
    shown = run(app, ["show", "cap.child", "--on", "2025-04-01"])
    assert shown.exit_code == 2
    assert "2026-04-01 から" in shown.stderr


def test_future_law_is_shown_with_a_file(tmp_path: Path) -> None:
    file = tmp_path / "future.yaml"
    file.write_text(
        "law: 架空の改正法\n"
        "sources: {gazette: {title: 架空の官報, url: 'https://example.jp/'}}\n"
        "parameters:\n  interest.refund:\n    values:\n"
        "      - {first: 2027-01-01, last: 2027-12-31, value: '0.02', source: gazette,"
        " certainty: read}\n",
        encoding="utf-8",
    )
    command = ["show", "interest.refund", "--on", "2027-01-01"]
    assert run(app, command).exit_code == 2
    shown = run(app, [*command, "--with", str(file)])
    assert "の値: 2.00%" in shown.output
    forget_extra()


def test_list_names_every_parameter() -> None:
    listed = run(app, ["list"])
    assert [line.split()[0] for line in listed.output.splitlines()] == parameters()
    rows = json.loads(run(app, ["list", "--json"]).output)
    assert [row["name"] for row in rows] == parameters()


def test_the_command_imports_nothing_heavy_before_it_is_called() -> None:
    code = "import sys, kokuho.cli.law; print(*sorted({'yaml', 'polars'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_exported_names_are_sorted_and_there() -> None:
    assert list(kokuho.law.__all__) == sorted(
        kokuho.law.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name)
    )
    assert all(hasattr(kokuho.law, name) for name in kokuho.law.__all__)


def test_every_unit_in_use_has_words() -> None:
    used = {parameter(name).unit for name in parameters()}
    assert used <= set(UNITS)
    for name in parameters():
        entry = parameter(name)
        assert all(value_text(dated.value, entry.unit) for dated in entry.values)
    assert value_text(None, "months") == "期限なし"


def _message_ids() -> set[str]:
    """What the room passes to ``_``, the labels of certainty and the answers of a table."""
    found = {*CERTAINTIES.values(), *ANSWERS.values()}
    for path in [*(ROOT / "src/kokuho/law").glob("*.py"), ROOT / "src/kokuho/cli/law.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if called and node.func.id == "_" and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_every_message_has_its_japanese() -> None:
    from babel.messages.pofile import read_po

    with (LOCALE_DIR / "ja/LC_MESSAGES/law.po").open("rb") as file:
        catalogue = {entry.id: entry.string for entry in read_po(file) if entry.id}
    ids = _message_ids()
    assert len(ids) > 40
    assert ids == set(catalogue)
    assert all(catalogue.values())


PAGE = ROOT / "docs/law.md"


def test_the_page_names_every_parameter_unit_and_certainty() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for word in [*parameters(), *UNITS, *CERTAINTIES]:
        assert f"`{word}`" in page, word


def test_the_page_lists_what_is_unverified_in_fy2026() -> None:
    page = PAGE.read_text(encoding="utf-8")
    listed = page.partition("Unverified in FY2026:")[2].partition("\n`")[0].split()
    unverified = [
        name for name in parameters() if parameter(name).values[-1].certainty == "unverified"
    ]
    assert [word.strip("`") for word in listed if word != "-"] == unverified


def test_the_future_law_of_the_page_can_be_loaded(tmp_path: Path) -> None:
    example = PAGE.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]
    file = tmp_path / "future.yaml"
    file.write_text(example, encoding="utf-8")
    assert load_extra(file) == ("cap.care", "cap.medical", "cap.support")
    forget_extra()
