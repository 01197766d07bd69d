"""``kokuho billing past``, ``pension`` and ``departure`` as a clerk runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from kokuho.cli.billing_pension import FACTS
from tests.cli.test_billing import KOGANEI, PREPAYING, ROOT, assess, kokuho

HEADER = (
    "保険者コード,世帯番号,世帯主は被保険者,世帯主の生年月日,最も若い被保険者の生年月日,"
    "年金の年額,年金の1回の支払額,介護保険料は特別徴収,介護保険料の1回の額,国保の1回の額,"
    "普通徴収とする理由,決めた者,決めた日\n"
)
SOUND = "990116,{id},はい,昭和31年5月1日,1958-02-02,180000,30000,はい,5000,10000,{decision}\n"


@pytest.fixture(autouse=True)
def japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "ja")


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    rows = [
        SOUND.format(id="1", decision=",,"),
        SOUND.format(id="2", decision=",,").replace(",30000,", ",29999,"),
        SOUND.format(id="3", decision=",,").replace(",30000,", ",,"),
        SOUND.format(id="4", decision="口座振替の申出,徴収係長,2026-03-02"),
    ]
    path = tmp_path / "facts.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def judged(facts: Path, *words: object) -> Any:
    return kokuho(
        "pension", "--ordinance", PREPAYING, "--facts", facts, "--fiscal-year", 2026, *words
    )


def test_who_pays_from_a_pension_and_why_the_others_do_not(facts: Path, tmp_path: Path) -> None:
    out = tmp_path / "judged.csv"
    shown = judged(facts, "--out", out)
    assert shown.exit_code == 0, shown.output
    assert [line.rpartition(" ")[2] for line in shown.output.splitlines()[:3]] == ["1", "2", "1"]
    found = {row["household_id"]: row for row in pl.read_csv(out, infer_schema=False).to_dicts()}
    assert [found[n]["status"] for n in "1234"] == ["pension", "ordinary", "undecided", "ordinary"]
    assert "15,000" in found["2"]["grounds"]
    assert "徴収係長" in found["4"]["grounds"]


def test_one_household_is_shown_with_every_ground(facts: Path) -> None:
    shown = judged(facts, "--id", "3")
    assert shown.exit_code == 0
    marks = [line.strip()[0] for line in shown.output.splitlines()[1:]]
    assert sorted(set(marks)) == ["?", "○"]
    said = json.loads(judged(facts, "--id", "3", "--json").output)
    [household] = said["households"]
    assert (said["undecided"], household["status"]) == (1, "undecided")
    assert {one["holds"] for one in household["grounds"]} == {True, None}
    assert judged(facts, "--id", "99").exit_code == 2


def test_the_day_of_the_judgement_may_be_given(facts: Path) -> None:
    said = json.loads(judged(facts, "--on", "令和13年5月1日", "--id", "1", "--json").output)
    assert said["households"][0]["status"] == "ordinary"


def test_a_bad_row_of_facts_is_named_and_the_others_are_judged(facts: Path) -> None:
    with facts.open("a", encoding="utf-8") as file:
        file.write(SOUND.format(id="5", decision="口座振替の申出,,"))
        file.write(SOUND.format(id="1", decision=",,"))
    shown = judged(facts)
    assert shown.exit_code == 1
    for word in ("決めた者", "決めた日", "世帯番号"):
        assert word in shown.stderr
    said = json.loads(judged(facts, "--json").stdout)
    assert [one["household_id"] for one in said["households"]] == ["2", "3", "4"]


def past(tmp_path: Path, *words: object, year: int = 2026) -> Any:
    a = assess(tmp_path / "a.csv", 9_000, 5_000, year=year)
    return kokuho("past", "--assessment", a, "--out", tmp_path / "d.csv", *words)


def both_years(tmp_path: Path, **prepayment: object) -> Path:
    """The fictional ordinance with the year before, which knows no prepayment."""
    data = yaml.safe_load(PREPAYING.read_text(encoding="utf-8"))
    entry = data["fiscal_years"][2026]
    path = tmp_path / "both.yaml"
    data["fiscal_years"][2025] = _year_before(entry)
    data["fiscal_years"][2026] = entry | {"prepayment": entry["prepayment"] | prepayment}
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def _year_before(entry: dict[str, Any]) -> dict[str, Any]:
    parts = {name: part for name, part in entry["parts"].items() if name != "child"}
    return entry | {"parts": parts, "prepayment": {"adopted": False}}


def test_months_of_a_past_year_stand_in_the_books_of_the_year_of_the_notice(
    tmp_path: Path,
) -> None:
    ordinance = both_years(tmp_path)
    shown = past(tmp_path, "--ordinance", ordinance, "--notice-date", "令和8年9月15日", year=2025)
    assert shown.exit_code == 0, shown.output
    rows = pl.read_csv(tmp_path / "d.csv")
    assert (
        rows.select("fiscal_year_levied", "fiscal_year_meant", "channel", "reason").rows()
        == [(2026, 2025, "ordinary", "retroactive")] * 2
    )
    assert rows["amount"].to_list() == [9_000, 5_000]
    assert set(rows["due"]) == {"2026-11-02"}  # 31 October 2026 is a Saturday


def test_months_of_a_year_before_the_scheme_are_not_prepaid_by_who_prepays(tmp_path: Path) -> None:
    ways = tmp_path / "ways.csv"
    ways.write_text("保険者コード,世帯番号,徴収方法\n990116,2,前納\n", encoding="utf-8")
    ordinance = both_years(tmp_path, retroactive_years="included")
    words = ("--notice-date", "2026-09-15", "--channels", ways)
    shown = past(tmp_path, "--ordinance", ordinance, *words, year=2025)
    assert shown.exit_code == 0, shown.output
    assert pl.read_csv(tmp_path / "d.csv")["channel"].to_list() == ["ordinary", "ordinary"]


def test_months_of_a_year_that_is_not_past_are_refused(tmp_path: Path) -> None:
    shown = past(tmp_path, "--ordinance", PREPAYING, "--notice-date", "2027-03-31")
    assert shown.exit_code == 2
    assert "令和8年度分" in str(shown.exception)


def leaving(ordinance: Path, *words: str) -> list[str]:
    shown = kokuho("departure", "--ordinance", ordinance, "--fiscal-year", 2026, "--json", *words)
    return [task["code"] for task in json.loads(shown.output)["tasks"]]


def test_before_departure_a_tax_asks_for_an_agent_and_a_premium_by_its_own_rules() -> None:
    assert leaving(KOGANEI) == ["recalculate", "account", "tax_agent"]
    assert leaving(KOGANEI, "--account-known", "--agent-named") == ["recalculate"]
    assert leaving(PREPAYING) == ["recalculate", "account"]
    words = kokuho("departure", "--ordinance", KOGANEI, "--fiscal-year", 2026)
    assert "納税管理人" in words.output


def test_the_columns_of_facts_are_in_the_docs() -> None:
    page = (ROOT / "docs" / "billing.md").read_text(encoding="utf-8")
    assert [column.name for column in FACTS if f"`{column.name}`" not in page] == []
