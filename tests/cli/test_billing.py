"""``kokuho billing`` as a clerk runs it, on a small fictional city."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from typer.testing import CliRunner, Result

from kokuho.base.errors import KokuhoError
from kokuho.billing import SCHEMA
from kokuho.cli import app
from kokuho.cli.billing_decisions import DECISIONS
from kokuho.cli.billing_files import CHANNELS, DEMANDS

ROOT = Path(__file__).resolve().parents[2]
KOGANEI = ROOT / "examples" / "koganei" / "ordinance.yaml"
PREPAYING = ROOT / "examples" / "fictional" / "prepayment.yaml"


@pytest.fixture(autouse=True)
def japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "ja")


def kokuho(*words: object) -> Result:
    """A run of the command; an error for people counts as exit 2, as in ``main``."""
    result = CliRunner().invoke(app, ["billing", *map(str, words)])
    if isinstance(result.exception, KokuhoError):
        result.exit_code = 2
    elif result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


HEAD = "insurer_code,household_id,fiscal_year,reduction,medical,support,care,child,total\n"


def assess(path: Path, *totals: int, code: str = "990116", year: int = 2026) -> Path:
    rows = [f"{code},{n},{year},0,0,0,0,0,{total}\n" for n, total in enumerate(totals, 1)]
    path.write_text(HEAD + "".join(rows), encoding="utf-8-sig")
    return path


def amounts(path: Path) -> dict[str, list[int]]:
    """The amounts of each household by due date."""
    found: dict[str, list[tuple[str, int]]] = {}
    with path.open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["household_id"], []).append((row["due"], int(row["amount"])))
    return {key: [amount for _due, amount in sorted(rows)] for key, rows in found.items()}


def test_terms_show_each_due_date_and_why_it_moved() -> None:
    shown = kokuho("terms", "--ordinance", KOGANEI, "--fiscal-year", 2026)
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert lines[0] == "小金井市 令和8年度"
    assert lines[4] == "第4期: 令和8年11月2日 (令和8年10月31日から繰延べ: 土曜日、日曜日)"
    assert lines[6] == "第6期: 令和8年12月25日"


def test_terms_for_machines_have_both_days() -> None:
    shown = kokuho("terms", "--ordinance", KOGANEI, "--fiscal-year", 2026, "--json")
    said = json.loads(shown.output)
    assert (said["insurer_code"], said["fiscal_year"], len(said["terms"])) == ("132101", 2026, 8)
    assert said["terms"][3] == {
        "number": 4,
        "day": "2026-10-31",
        "due": "2026-11-02",
        "provisional": False,
        "moved_over": ["土曜日", "日曜日"],
    }


def test_terms_of_an_ordinance_without_any_are_refused_by_the_settings_name(tmp_path: Path) -> None:
    data = yaml.safe_load(KOGANEI.read_text(encoding="utf-8"))
    del data["fiscal_years"][2026]["terms"]
    path = tmp_path / "o.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    shown = kokuho("terms", "--ordinance", path, "--fiscal-year", 2026)
    assert shown.exit_code == 2
    assert "fiscal_years.2026.terms が書かれていません" in str(shown.exception)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_instalments_of_a_file_come_to_its_totals(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"d{ending}"
    a = assess(tmp_path / "a.csv", 240_600, 0, 900)
    shown = kokuho("instalments", "--assessment", a, "--ordinance", PREPAYING, "--out", out)
    assert shown.exit_code == 0, shown.output
    assert "2 世帯、期別 11 件、241,500円" in shown.output
    frame = pl.read_parquet(out) if ending == ".parquet" else pl.read_csv(out)
    assert frame.columns == list(SCHEMA)
    assert frame["amount"].sum() == 241_500


def test_instalments_by_the_way_in_which_each_pays(tmp_path: Path) -> None:
    a = assess(tmp_path / "a.csv", 100_000, 140_000, 16_400)
    ways = tmp_path / "ways.csv"
    ways.write_text(
        "保険者コード,世帯番号,徴収方法,4月仮徴収,6月仮徴収,8月仮徴収\n"
        "990116,2,特別徴収,20000,20000,20000\n990116,3,前納,,,\n",
        encoding="utf-8",
    )
    words = ("--assessment", a, "--ordinance", PREPAYING, "--channels", ways)
    out = tmp_path / "d.csv"
    without = kokuho("instalments", *words, "--out", out)
    assert without.exit_code == 2
    assert "--notice-date" in str(without.exception)
    assert not out.exists()
    shown = kokuho("instalments", *words, "--notice-date", "令和8年6月12日", "--out", out)
    assert shown.exit_code == 0, shown.output
    found = amounts(out)
    assert found["1"] == [10_000] * 10
    assert found["2"] == [20_000, 20_000, 20_000, 26_800, 26_600, 26_600]
    assert found["3"] == [16_400]
    assert "前納: 1 件、16,400 円" in shown.output


def provisional_ordinance(tmp_path: Path, **more: Any) -> Path:
    """The prepaying ordinance with twelve terms, three of them provisional, for 2026."""
    data = yaml.safe_load(PREPAYING.read_text(encoding="utf-8"))
    year = data["fiscal_years"][2026]
    months = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)
    year["terms"] = [{"number": n, "due": f"{month:02d}-end"} for n, month in enumerate(months, 1)]
    year["billing"]["provisional"] = {"terms": 3} | more
    path = tmp_path / "twelve.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_provisional_demands_and_their_settlement(tmp_path: Path) -> None:
    ordinance = provisional_ordinance(tmp_path)
    before = assess(tmp_path / "before.csv", 250_000, year=2025)
    spring, summer = tmp_path / "spring.csv", tmp_path / "summer.csv"
    first = kokuho(
        "instalments", "--assessment", before, "--ordinance", ordinance, "--provisional", "--out",
        spring,
    )  # fmt: skip
    assert first.exit_code == 0, first.output
    assert amounts(spring) == {"1": [20_800] * 3}
    now = assess(tmp_path / "now.csv", 301_000, 90_000)
    then = kokuho(
        "instalments", "--assessment", now, "--ordinance", ordinance, "--demands", spring, "--out",
        summer,
    )  # fmt: skip
    assert then.exit_code == 0, then.output
    found = amounts(summer)
    assert found["1"] == [20_800] * 3 + [26_600] + [26_500] * 8
    assert found["2"] == [10_000] * 9


def test_provisional_demands_of_last_years_last_term_need_its_demands(tmp_path: Path) -> None:
    ordinance = provisional_ordinance(tmp_path, basis="previous_last_term")
    before = assess(tmp_path / "before.csv", 250_000, year=2025)
    words = ("--assessment", before, "--ordinance", ordinance, "--provisional")
    shown = kokuho("instalments", *words, "--out", tmp_path / "d.csv")
    assert shown.exit_code == 2
    assert "--demands" in str(shown.exception)
    demands = tmp_path / "last.csv"
    rows = [
        f"990116,1,2025,2025,premium,ordinary,{n},{30_700 + n},2026-0{n}-28,levy" for n in (1, 2, 3)
    ]
    demands.write_text(",".join(SCHEMA) + "\n" + "\n".join(rows), encoding="utf-8")
    shown = kokuho("instalments", *words, "--demands", demands, "--out", tmp_path / "d.csv")
    assert shown.exit_code == 0, shown.output
    assert amounts(tmp_path / "d.csv") == {"1": [30_700] * 3}


def demands_of(tmp_path: Path, *totals: int) -> Path:
    out = tmp_path / "d.csv"
    a = assess(tmp_path / "a.csv", *totals)
    kokuho("instalments", "--assessment", a, "--ordinance", PREPAYING, "--out", out)
    return out


def test_a_change_keeps_what_was_due_and_writes_what_is_to_be_posted(tmp_path: Path) -> None:
    demands = demands_of(tmp_path, 240_600, 100_000)
    new = assess(tmp_path / "b.csv", 275_600, 100_000)
    out, posted = tmp_path / "e.csv", tmp_path / "posted.csv"
    shown = kokuho(
        "change", "--demands", demands, "--assessment", new, "--ordinance", PREPAYING,
        "--notice-date", "2026-09-15", "--out", out, "--differences", posted,
    )  # fmt: skip
    assert shown.exit_code == 0, shown.output
    assert "増額 1 世帯(35,000円)、減額 0 世帯(0円)" in shown.output
    assert amounts(out)["1"] == [24_600, 24_000, 24_000, *[29_000] * 7]
    assert amounts(out)["2"] == amounts(demands)["2"]
    differences = pl.read_csv(posted)
    assert differences["difference"].to_list() == [5_000] * 7
    assert differences["term"].to_list() == [4, 5, 6, 7, 8, 9, 10]


def test_a_household_without_a_new_amount_is_named_with_exit_one(tmp_path: Path) -> None:
    demands = demands_of(tmp_path, 240_600, 100_000)
    out = tmp_path / "e.csv"
    shown = kokuho(
        "change", "--demands", demands, "--assessment", assess(tmp_path / "b.csv", 240_600),
        "--ordinance", PREPAYING, "--notice-date", "2026-09-15", "--out", out,
    )  # fmt: skip
    assert shown.exit_code == 1
    assert "1 世帯あり、そのままにしました: 2" in shown.stderr
    assert amounts(out) == amounts(demands)


def test_demands_of_another_year_are_left_as_they_are(tmp_path: Path) -> None:
    demands = demands_of(tmp_path, 240_600)
    with demands.open("a", encoding="utf-8") as file:
        file.write("990116,1,2026,2025,premium,ordinary,11,9000,2026-06-30,retroactive\n")
    out = tmp_path / "e.csv"
    shown = kokuho(
        "change", "--demands", demands, "--assessment", assess(tmp_path / "b.csv", 250_600),
        "--ordinance", PREPAYING, "--notice-date", "2026-09-15", "--out", out,
    )  # fmt: skip
    assert shown.exit_code == 0, shown.output
    found = pl.read_csv(out)
    assert found.filter(pl.col("fiscal_year_meant") == 2025)["amount"].to_list() == [9_000]
    assert found["amount"].sum() == 259_600


def test_a_bad_row_of_demands_is_named_and_its_household_left_out(tmp_path: Path) -> None:
    demands = demands_of(tmp_path, 240_600, 100_000)
    text = demands.read_text(encoding="utf-8-sig").replace("10000,2026-06-30", "many,2026-06-30")
    demands.write_text(text, encoding="utf-8")
    out = tmp_path / "e.csv"
    shown = kokuho(
        "change", "--demands", demands, "--assessment", assess(tmp_path / "b.csv", 250_600, 90_000),
        "--ordinance", PREPAYING, "--notice-date", "2026-09-15", "--out", out,
    )  # fmt: skip
    assert shown.exit_code == 1
    assert "12行目 期別額(amount): 「many」" in shown.stderr
    assert (tmp_path / "e.errors.csv").exists()
    assert list(amounts(out)) == ["1"]
    assert sum(amounts(out)["1"]) == 250_600


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--out", "d.txt"], ".csv か .parquet"),
        (["--ordinance", KOGANEI, "--out", "d.csv"], "保険者 990116 の条例が指定されていません"),
        (
            ["--ordinance", PREPAYING, "--out", "d.csv", "--notice-date", "9月"],
            "完全ではありません",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(
    tmp_path: Path, words: list[Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    a = assess(tmp_path / "a.csv", 240_600)
    if "--ordinance" not in words:
        words = [*words, "--ordinance", PREPAYING]
    shown = kokuho("instalments", "--assessment", a, *words)
    assert shown.exit_code == 2
    assert message in str(shown.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


PERSONS = "insurer_code,household_id,person_id,head,insured,declared,birth_date,joined_on"
HOUSES = "insurer_code,household_id,head_registered_on_1_january,head_resident_since"


@pytest.fixture
def town(tmp_path: Path) -> tuple[Path, Path]:
    """Four households: new and declared, new and undeclared, long here, not known."""
    people = [
        "990116,1,11,yes,yes,declared,1990-05-10,2026-09-20,JPN,",
        "990116,2,21,yes,yes,undeclared,1990-05-10,2026-09-20,VNM,留学",
        "990116,3,31,yes,yes,declared,1990-05-10,,CHN,永住者",
        "990116,3,32,no,yes,declared,1990-05-10,2026-09-20,CHN,家族滞在",
        "990116,4,41,yes,yes,declared,1990-05-10,,JPN,",
    ]
    houses = [
        "990116,1,no,2026-09-20",
        "990116,2,no,2026-09-20",
        "990116,3,yes,",
        "990116,4,unknown,",
    ]
    persons, households = tmp_path / "persons.csv", tmp_path / "households.csv"
    head = f"{PERSONS},nationality,residence_status"
    persons.write_text("\n".join([head, *people]), encoding="utf-8")
    households.write_text("\n".join([HOUSES, *houses]), encoding="utf-8")
    return persons, households


def prepayment(town: tuple[Path, Path], *words: object, ordinance: Path = PREPAYING) -> Result:
    files = ("--persons", town[0], "--households", town[1], "--fiscal-year", 2026)
    return kokuho("prepayment", "--ordinance", ordinance, *files, *words)


def test_one_household_is_explained_with_facts_and_both_amounts(town: tuple[Path, Path]) -> None:
    shown = prepayment(town, "--id", "2", "--notice-date", "2026-09-25")
    assert shown.exit_code == 0, shown.output
    assert "前納 令和8年度 世帯 2: 対象" in shown.output
    assert "世帯主 21 は令和8年1月1日に国内のどこにも住民登録がなかった" in shown.output
    # 30,007 + 20,003, 12,001 + 8,009 and 1,801 + 97 yen, seven of twelve months; 70 % less
    assert "申告があるとき 12,500円、申告がないとき 41,800円" in shown.output
    assert "21 の申告がありません" in shown.output
    assert "令和8年11月2日までに 41,800円" in shown.output


def test_a_newcomer_in_a_household_of_long_standing_is_not_asked(town: tuple[Path, Path]) -> None:
    said = json.loads(prepayment(town, "--id", "3", "--json").output)
    assert (said["status"], said["prepays"], said["demand"]) == ("not_subject", False, None)
    assert [ground["code"] for ground in said["grounds"]] == ["registered"]


def test_the_work_list_says_what_to_do_about_whom(town: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "work.csv"
    shown = prepayment(town, "--json", "--out", out)
    said = json.loads(shown.output)
    assert {name: said[name] for name in ("subject", "not_subject", "undecided")} == {
        "subject": 2,
        "not_subject": 1,
        "undecided": 1,
    }
    todo = [(item["household_id"], item["todo"]) for item in said["work"]]
    assert todo == [("4", "look_into"), ("2", "ask_declaration"), ("1", "notify")]
    table = pl.read_csv(out)
    assert table["todo"].to_list() == ["look_into", "ask_declaration", "notify"]
    assert table["amount_declared"].dtype == pl.Int64


DECIDED = "保険者コード,世帯番号,決定,特別の事情のコード,理由,決めた者,決めた日\n"


def decide(tmp_path: Path, *rows: str) -> tuple[str, Path]:
    path = tmp_path / "decisions.csv"
    lines = [f"990116,{row},係長,令和8年9月24日\n" for row in rows]
    path.write_text(DECIDED + "".join(lines), encoding="utf-8")
    return "--decisions", path


def test_decisions_with_reason_person_and_day_settle_and_excuse(
    town: tuple[Path, Path], tmp_path: Path
) -> None:
    before = json.loads(prepayment(town, "--json").stdout)
    undecided = [row["household_id"] for row in before["work"] if row["todo"] == "look_into"]
    asked = [row["household_id"] for row in before["work"] if row["todo"] != "look_into"]
    rows = [f"{undecided[0]},対象外,,附票で確認", f"{asked[0]},特別の事情,leaving_soon,帰国の予定"]
    words = decide(tmp_path, *rows)
    after = json.loads(prepayment(town, *words, "--json").stdout)
    left = [row["household_id"] for row in after["work"]]
    assert set(left) == {*undecided, *asked} - {undecided[0], asked[0]}
    assert after["undecided"] == before["undecided"] - 1
    shown = prepayment(town, *words, "--id", asked[0])
    assert "帰国の予定" in shown.output
    assert "係長" in shown.output


def test_a_decision_that_cannot_hold_is_named_and_the_facts_stay(
    town: tuple[Path, Path], tmp_path: Path
) -> None:
    before = json.loads(prepayment(town, "--json").stdout)
    asked = next(row["household_id"] for row in before["work"] if row["todo"] != "look_into")
    for row, named in (
        (f"{asked},対象外,,本人の申出", "not_subject"),
        (f"{asked},特別の事情,no_such,事情", "no_such"),
    ):
        shown = prepayment(town, *decide(tmp_path, row), "--json")
        assert shown.exit_code == 1
        assert named in shown.stderr
        assert json.loads(shown.stdout) == before


def test_nationality_and_status_change_nothing_in_what_is_shown(town: tuple[Path, Path]) -> None:
    before = [prepayment(town, "--id", n, "--json").output for n in "1234"]
    text = town[0].read_text(encoding="utf-8")
    for old, new in (("VNM,留学", "JPN,"), ("CHN,永住者", "BRA,留学"), ("JPN,", "KOR,特別永住者")):
        text = text.replace(old, new)
    town[0].write_text(text, encoding="utf-8")
    assert [prepayment(town, "--id", n, "--json").output for n in "1234"] == before


def test_an_ordinance_that_has_not_adopted_it_says_so(
    town: tuple[Path, Path], tmp_path: Path
) -> None:
    data = yaml.safe_load(PREPAYING.read_text(encoding="utf-8"))
    data["fiscal_years"][2026]["prepayment"] = {"adopted": False}
    path = tmp_path / "o.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    shown = prepayment(town, ordinance=path)
    assert "条例は令和8年度の前納を採用していない" in shown.output
    assert "対象: 0" in shown.output


def test_an_adopting_ordinance_that_lacks_a_setting_is_refused_by_its_name(
    town: tuple[Path, Path], tmp_path: Path
) -> None:
    data = yaml.safe_load(PREPAYING.read_text(encoding="utf-8"))
    del data["fiscal_years"][2026]["prepayment"]["second_year"]
    path = tmp_path / "o.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    shown = prepayment(town, ordinance=path)
    assert shown.exit_code == 2
    assert "fiscal_years.2026.prepayment.second_year" in str(shown.exception)


def test_refused_rows_of_the_files_end_with_one(town: tuple[Path, Path]) -> None:
    text = town[0].read_text(encoding="utf-8").replace("11,yes,yes", "11,perhaps,yes")
    town[0].write_text(text, encoding="utf-8")
    shown = prepayment(town)
    assert shown.exit_code == 1
    assert "perhaps" in shown.stderr
    assert "通知  1" not in shown.stdout
    missing = prepayment(town, "--id", "1")
    assert missing.exit_code == 2


def test_the_formats_are_in_the_docs() -> None:
    page = (ROOT / "docs" / "billing.md").read_text(encoding="utf-8")
    for column in (*DEMANDS, *CHANNELS, *DECISIONS):
        assert f"`{column.name}`" in page, column.name
