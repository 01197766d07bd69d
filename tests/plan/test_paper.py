"""The council paper: sections, charts as tables, trace, and what it says where something lacks."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from pypdf import PdfReader
from typer.testing import CliRunner

from kokuho.base.errors import PlanError
from kokuho.cli.plan import app
from kokuho.forms import council_paper_pdf
from kokuho.plan.paper import Runs, compose, make_runs, patterns, wording, write_runs
from kokuho.plan.paper.grounds import place_name, stated_words
from kokuho.plan.scenario import BASE, Assumptions, load_scenarios, stated_places
from kokuho.plan.solve import LIMITS
from kokuho.sample import ordinance_text, write_city
from tests.plan.scenarios import laid_over, read, scenario, written

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "koganei"
DAY = date(2026, 11, 25)
SECTIONS = ("現状", "今後の見通し", "税率の案", "世帯への影響", "他市との比較", "前提と法令",
            "図の代わりの表")  # fmt: skip
SMALL: dict[str, Any] = {
    "trials": 3,
    "plan": "plan.yaml",
    "assumptions": {"contribution": {"medical": {"per_head": {"yen": 72_000}}}},
    "limits": {"target_year": 2028, "first_revision": 2028},
    "variants": {
        "two": {"limits": {"every": 2}},
        "mild": {"limits": {"rise": {"percent": "0.01"}}},
    },
    "paper": {
        "patterns": [
            {"variant": "base", "title": "毎年の案"},
            {"variant": "mild", "title": "ゆるやかな案"},
        ]
    },
}


def small(folder: Path, changes: dict[str, Any] | None = None, **told: Any) -> Path:
    """A scenario of some hundred people with the published plan; the ordinance is Koganei's."""
    data = laid_over(laid_over(scenario(persons=200, last_year=2028), told or SMALL), changes or {})
    path = written(folder, data, (EXAMPLE / "ordinance.yaml").read_text(encoding="utf-8"))
    shutil.copy(EXAMPLE / "plan.yaml", folder / "plan.yaml")
    return path


def quick(folder: Path, **told: Any) -> Runs:
    """The runs of a paper without any search."""
    path = small(folder, **(told or {"trials": 0}))
    return make_runs(patterns(load_scenarios(path)), {BASE: read(path)})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a paper of two patterns, made by the command."""
    folder = tmp_path_factory.mktemp("paper")
    path = small(folder)
    done = CliRunner().invoke(
        app, ["paper", str(path), "--out", str(folder / "F.pdf"), "--made-on", "2026-11-25"]
    )
    assert done.exit_code == 0, done.output
    assert "F.trace.json" in done.output
    return folder


@pytest.fixture(scope="module")
def pages(made: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(made / "F.pdf").pages]


@pytest.fixture(scope="module")
def told(made: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((made / "F.trace.json").read_text(encoding="utf-8"))
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_section_is_on_the_paper_in_its_order(pages: list[str]) -> None:
    text = "\n".join(pages)
    # the list of contents comes first, then the sections themselves
    places = [text.rindex(f"{number} {title}") for number, title in enumerate(SECTIONS, start=1)]
    assert places == sorted(places)
    assert "作成日 令和8年11月25日" in pages[0]
    assert "(案)" in pages[0]


def test_every_page_says_that_the_city_is_fictional_and_which_law_is_assumed(
    pages: list[str],
) -> None:
    assert len(pages) >= 7
    for page in pages:
        assert "架空の市のデータ" in page
        assert "令和8年度の数値を据置き" in page


def test_the_tables_of_the_charts_are_the_forecasts_own_figures(
    made: Path, pages: list[str]
) -> None:
    years = rows_of(made / "F.runs" / "forecast" / "years.csv")
    text = "".join("".join(pages).split())
    text = text[text.rindex("7図の代わりの表") :]
    by_year: dict[str, list[str]] = {}
    for row in years:
        if row["item"] == "deficit":
            values = [row["central"], row["p10"], row["p90"]]
            by_year.setdefault(row["year"], []).extend(_thousand(value) for value in values)
    assert len(by_year) == 3
    for year, values in by_year.items():
        # one row: without action, its band, the proposal, its band
        assert f"令和{int(year) - 2018}年度" + "".join(values) in text


def _thousand(value: str) -> str:
    return f"{(int(value) + 500) // 1000:,}"


def test_the_trace_names_every_table_and_chart_of_the_paper(
    pages: list[str], told: dict[str, Any]
) -> None:
    labels = [figure["label"] for figure in told["figures"] if figure["label"]]
    tables = [label for label in labels if label.startswith("表")]
    charts = [label for label in labels if label.startswith("図")]
    assert tables == [f"表{number}" for number in range(1, len(tables) + 1)]
    assert charts == [f"図{number}" for number in range(1, len(charts) + 1)]
    assert len(charts) == 6
    text = "\n".join(pages)
    assert all(f"{label}\u3000" in text for label in labels)
    assert f"表{len(tables) + 1}\u3000" not in text


def test_every_source_of_the_trace_is_there_with_its_columns_and_rows(
    made: Path, told: dict[str, Any]
) -> None:
    runs = made / told["runs"]["folder"]
    for figure in told["figures"]:
        assert figure["sources"]
        for source in figure["sources"]:
            path = runs / source["run"] / source["file"]
            assert path.is_file(), source
            if path.suffix == ".csv":
                _columns_and_rows(path, source)
            elif path.suffix == ".parquet":
                assert set(source["columns"]) <= set(pl.read_parquet(path).columns)
            elif path.suffix == ".json":
                data = json.loads(path.read_text(encoding="utf-8"))
                assert all(list(_found(data, place.split("."))) for place in source["columns"])


def _columns_and_rows(path: Path, source: dict[str, Any]) -> None:
    rows = rows_of(path)
    assert set(source["columns"]) <= set(rows[0])
    for column, value in source["rows"].items():
        for one in value.split("+"):
            assert any(row[column] == one for row in rows), (path, column, one)


def _found(data: Any, place: list[str]) -> Iterator[Any]:
    """What stands at a place; a star is every key, and lists are gone through."""
    if not place:
        yield data
    elif isinstance(data, list):
        for one in data:
            yield from _found(one, place)
    elif place[0] == "*":
        for one in data.values():
            yield from _found(one, place[1:])
    elif place[0] in data:
        yield from _found(data[place[0]], place[1:])


def test_no_block_shows_a_figure_without_its_source(tmp_path: Path) -> None:
    figure = re.compile(r"[0-9,.]+ ?(人|円|百万円|%|世帯|団体)")
    for section in compose(quick(tmp_path, trials=0), DAY)["sections"]:
        for block in section["blocks"]:
            if block["type"] != "text" or figure.search(block["text"]):
                assert block["sources"], block


def test_the_trace_has_the_digest_of_the_paper_and_of_every_file_behind_it(
    made: Path, told: dict[str, Any]
) -> None:
    def digest(path: Path) -> str:
        return sha256(path.read_bytes()).hexdigest()

    assert told["paper"]["sha256"] == digest(made / "F.pdf")
    runs = made / told["runs"]["folder"]
    there = {path.relative_to(runs).as_posix() for path in runs.rglob("*") if path.is_file()}
    assert set(told["runs"]["files"]) == there
    assert all(digest(runs / name) == value for name, value in told["runs"]["files"].items())


def test_a_pattern_that_does_not_end_the_deficit_says_so_and_what_binds(pages: list[str]) -> None:
    text = "".join("".join(pages).split())
    assert "「毎年の案」:令和10年度に赤字はなくなり" in text
    assert "「ゆるやかな案」:この制約の中では赤字はなくならない" in text
    assert "効いている制約:1世帯の1年の増の最大(%)" in text


def test_a_settlement_that_the_plan_does_not_know_is_unknown_and_not_nought(
    pages: list[str],
) -> None:
    text = "".join("".join(pages[:4]).split())
    assert "平成30年度から令和17年度までの決算の赤字額は不明である" in text
    assert "令和7年度50,000―不明不明―" in text
    assert "令和8年度50,000750,000不明不明―" in text


def test_the_model_households_of_today_are_levied_alike_by_search_and_comparison(
    made: Path,
) -> None:
    searched = rows_of(made / "F.runs" / "solve-base" / "models.csv")
    around = rows_of(made / "F.runs" / "others" / "models.csv")
    own = {row["household"]: row["levied"] for row in around if row["municipality"] == "小金井市"}
    assert own == {row["household"]: row["held"] for row in searched if row["year"] == "2026"}
    assert len(own) == 8


def test_other_cities_are_of_the_same_year_and_those_without_it_are_named(
    made: Path, pages: list[str]
) -> None:
    rates = rows_of(made / "F.runs" / "others" / "rates.csv")
    assert {row["year"] for row in rates} == {"2026"}
    names = {row["municipality"] for row in rates}
    assert {"小金井市", "武蔵野市", "西東京市"} <= names
    # its rates of 2025 come with Kokuho, those of 2026 do not
    assert "三鷹市" not in names
    text = "".join("".join(pages).split())
    assert "令和8年度の率が分からない団体:三鷹市。" in text
    assert all(row["source"].startswith("https://") for row in rates)


def test_ordinances_that_the_scenario_names_are_compared_too(tmp_path: Path) -> None:
    """From any prefecture; a namesake is told apart, our own and those without the year are not."""
    own = (EXAMPLE / "ordinance.yaml").read_text(encoding="utf-8")
    far = ordinance_text(2026)
    name = re.search(r"name: (\S+)", far)
    assert name is not None
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "ordinance.yaml").write_text(far, encoding="utf-8")
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    told = {**SMALL["paper"], "compare": ["other/ordinance.yaml", "own.yaml"]}
    made = quick(tmp_path, trials=0, paper={**told, "patterns": told["patterns"][:1]})
    assert made.others.named == (name[1],)
    rates = made.others.rates.filter(municipality=name[1])
    assert rates["year"].to_list() == [2026] * 4
    assert made.others.rates.filter(municipality="小金井市").height == 4
    text = json.dumps(compose(made, DAY), ensure_ascii=False, default=str)
    assert f"シナリオが挙げた条例のファイルから加えた団体: {name[1]}。" in text
    assert "other/ordinance.yaml" in made.inputs.files
    folder = tmp_path / "runs"
    write_runs(made, tmp_path / "scenario.yaml", folder)
    kept = folder / "forecast" / "inputs" / "compare-1-ordinance.yaml"
    assert kept.read_text(encoding="utf-8") == far


def test_the_paper_says_in_how_many_trials_the_deficit_ends(made: Path, pages: list[str]) -> None:
    trials = pl.read_parquet(made / "F.runs" / "forecast" / "trials.parquet")
    ended = trials.filter(
        (pl.col("trial") > 0) & (pl.col("path") == "plan") & (pl.col("year") == 2028)
        & (pl.col("deficit") == 0)
    ).height  # fmt: skip
    text = "".join("".join(pages).split())
    assert f"赤字がなくなるのは3回の試行のうち{ended}回である。" in text
    assert "試行が少ないので、帯の端は粗い。" in text


def test_every_assumption_is_printed_with_its_source_or_as_one(tmp_path: Path) -> None:
    source = "架空県 令和8年度納付金算定資料"
    changes = {"contribution": {"care": {"per_head": {"assumption": False, "source": source}}}}
    runs = quick(tmp_path, trials=0, assumptions=changes)
    blocks = _blocks(compose(runs, DAY), "grounds")
    stated = next(block for block in blocks if block.get("title") == "前提の一覧")
    by_name = {row[0]: row[2] for row in stated["rows"]}
    assert by_name["1人あたり納付金(介護分)"] == source
    assert by_name["1人あたり納付金(医療分)"] == "仮定"
    law = next(block for block in blocks if block.get("title") == "各年度の法令")
    assert [(row[0], row[2]) for row in law["rows"]] == [
        ("令和8年度", "確定"),
        ("令和9年度から令和10年度まで", "仮定"),
    ]


def _blocks(paper: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return next(section["blocks"] for section in paper["sections"] if section["key"] == key)


def test_the_same_seed_and_day_give_the_same_bytes(tmp_path: Path) -> None:
    once, again = (
        council_paper_pdf(compose(quick(tmp_path / name, trials=2), DAY), made_on=DAY)
        for name in ("one", "two")
    )
    assert once == again


def test_without_limits_plan_and_trials_the_paper_says_what_it_lacks(tmp_path: Path) -> None:
    paper = compose(quick(tmp_path, trials=0), DAY)

    def said(key: str) -> str:
        blocks = _blocks(paper, key)
        return "".join(
            [block.get("text", "") + "".join(block.get("notes", ())) for block in blocks]
        )

    assert "計画と決算は比べられない" in said("situation")
    assert "幅は示さない" in said("outlook")
    assert "制約(limits)がない" in said("rates")
    assert "世帯への影響は示さない" in said("households")
    rates = next(block for block in _blocks(paper, "rates") if block["type"] == "table")
    # the ordinance's own rates, held
    assert {row[1] for row in rates["rows"]} == {"6.74%"}


def test_a_city_that_is_not_fictional_is_not_called_so(tmp_path: Path) -> None:
    paper = compose(quick(tmp_path, trials=0, fictional=False), DAY)
    assert paper["fictional"] is None
    assert paper["insurer"] == "小金井市"
    assert not any("架空" in line for line in paper["warnings"])


def test_without_a_paper_section_the_scenario_and_two_variants_are_the_patterns(
    tmp_path: Path,
) -> None:
    variants = {name: {"limits": {"every": 2}} for name in ("one", "two", "three")}
    path = small(tmp_path, limits=SMALL["limits"], variants=variants)
    assert [one.variant for one in patterns(load_scenarios(path))] == [BASE, "one", "two"]


def test_a_pattern_without_its_variant_is_refused_with_those_that_are_there(tmp_path: Path) -> None:
    entries = [{"variant": name, "title": "案"} for name in ("base", "missing")]
    path = small(tmp_path, {"paper": {"patterns": entries}})
    with pytest.raises(PlanError, match=r"paper\.patterns\.1.*missing.*base, two, mild"):
        patterns(load_scenarios(path))


def test_a_pattern_that_stands_twice_is_refused(tmp_path: Path) -> None:
    entries = [{"variant": "base", "title": title} for title in ("甲", "乙")]
    path = small(tmp_path, {"paper": {"patterns": entries}})
    with pytest.raises(PlanError, match=r"paper\.patterns\.1.*base"):
        patterns(load_scenarios(path))


def test_a_broken_scenario_is_named_and_no_paper_is_written(tmp_path: Path) -> None:
    path = small(tmp_path, {"assumptions": {"collection": {"current": {"value": "2.0x"}}}})
    out = tmp_path / "F.pdf"
    done = CliRunner().invoke(app, ["paper", str(path), "--out", str(out)])
    assert isinstance(done.exception, PlanError)
    assert "scenario.yaml" in str(done.exception)
    assert "assumptions.collection.current.value" in str(done.exception)
    assert not out.exists()
    assert not (tmp_path / "F.runs").exists()


def test_refused_rows_are_said_on_the_paper_and_in_the_exit(tmp_path: Path) -> None:
    data = laid_over(scenario(persons=200, last_year=2027), {"trials": 0})
    path = written(tmp_path, data)
    write_city(tmp_path, persons=200, seed=1, fiscal_year=2026)
    persons = tmp_path / "persons.csv"
    lines = persons.read_text(encoding="utf-8-sig").splitlines()
    broken = lines[-1].replace(lines[-1].split(",")[6], "令和99年13月", 1)
    persons.write_text("\n".join([*lines, broken]) + "\n", encoding="utf-8")
    data["insured"] = {"persons": "persons.csv", "households": "households.csv"}
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    done = CliRunner().invoke(app, ["paper", str(path), "--out", str(tmp_path / "F.pdf")])
    assert done.exit_code == 1
    refused = len(rows_of(tmp_path / "F.runs" / "inputs.errors.csv"))
    assert refused
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "F.pdf").pages)
    assert f"{refused} 行は読み取れず" in "".join(text.split("\n"))


def test_every_limit_of_the_search_has_a_name_for_people() -> None:
    assert {*wording.LIMITS, "protect"} == set(LIMITS)
    assert wording.limit_name("part_cover.care", {}) == "介護分の収入(自らの納付金に対して)"
    assert wording.limit_name("protect.no_income", {"no_income": "単身"}) == "守る世帯: 単身"


def test_every_assumption_of_the_format_has_a_name_for_people() -> None:
    """A place without a name would stop the paper, so every kind of assumption is tried."""
    data = yaml.safe_load((EXAMPLE / "scenario.yaml").read_text(encoding="utf-8"))["assumptions"]
    data["fund"] = {
        "balance": {"assumption": True, "yen": 1},
        "draws": {"assumption": True, "value": 0},
    }
    data["contribution"]["child"] = {"total": {"assumption": True, "value": 1}}
    places = list(stated_places(Assumptions.model_validate(data)))
    names = [place_name(place, stated) for place, stated in places]
    assert len(set(names)) == len(places) == 34
    assert "歳出: 保健事業費" in names
    assert "納付金(子ども分)" in names
    words = dict(zip(names, (stated_words(stated) for _place, stated in places), strict=True))
    assert words["社会保険への加入"].startswith("16～24歳 11%、25～39歳 12%")
    assert words["現年度分の収納率"].startswith("95.5%、計画では R9 95.6%")
    assert words["1人あたり納付金(医療分)"] == "令和8年度 116,000円"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(1_499, "1"), (1_500, "2"), (-1_499, "△1"), (-1_500, "△2"), (0, "0"), (None, "不明")],
)
def test_thousands_are_rounded_half_up_away_from_nought(amount: int | None, shown: str) -> None:
    assert wording.thousand(amount) == shown


@pytest.mark.parametrize(
    ("ppm", "shown"),
    [(67_400, "6.74%"), (3_000, "0.30%"), (67_412, "6.7412%"), (100_000, "10.00%")],
)
def test_rates_are_shown_with_all_their_decimals(ppm: int, shown: str) -> None:
    assert wording.rate(ppm) == shown


def test_years_that_follow_one_another_are_a_span() -> None:
    assert wording.spans([2018, 2026, 2027, 2028]) == "平成30年度、令和8年度から令和10年度まで"


@pytest.mark.slow
def test_a_first_pattern_that_leaves_a_deficit_ends_with_one(tmp_path: Path) -> None:
    changes = {"paper": {"patterns": [{"variant": "mild", "title": "ゆるやかな案"}]}}
    path = small(tmp_path, changes)
    done = CliRunner().invoke(app, ["paper", str(path), "--out", str(tmp_path / "F.pdf")])
    assert done.exit_code == 1
    assert (tmp_path / "F.pdf").is_file()


def test_the_example_names_patterns_that_it_has() -> None:
    chosen = patterns(load_scenarios(EXAMPLE / "scenario.yaml"))
    assert [one.variant for one in chosen] == [
        "base", "every_two_years", "contribution_grows_faster",
    ]  # fmt: skip
