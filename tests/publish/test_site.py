"""The site as a folder: whole, the same each time, lawful HTML, links that lead somewhere."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from kokuho.base.errors import StatisticsError
from kokuho.plan import load_plan
from kokuho.publish import MANIFEST, Coverage, Site, publish
from kokuho.publish.plan_section import plan_headline
from kokuho.publish.words import Words
from kokuho.statistics import Figure, count, measure_file, ratio
from tests.publish.city import AS_OF, CODE, MADE_ON, SITE, city_file
from tests.publish.conftest import PLAN, SEVERAL, few, several_files
from tests.publish.reading import Element, read, rows, section

HEADINGS = ("h1", "h2", "h3", "h4")


def pages(site: Path) -> list[Path]:
    found = sorted(site.rglob("*.html"))
    assert found
    return found


def contents(site: Path) -> dict[str, str]:
    return {
        str(path.relative_to(site)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("once", "again"):
        file = few(city_file(), ("foreign_share", "foreign_insured"))
        publish([file], tmp_path / name, made_on=MADE_ON, site=SITE)
    assert contents(tmp_path / "again") == contents(tmp_path / "once")


def test_the_manifest_names_every_other_file_with_its_digest(small_site: Path) -> None:
    manifest = json.loads((small_site / MANIFEST).read_text(encoding="utf-8"))
    listed = {one["path"]: one["sha256"] for one in manifest["files"]}
    found = contents(small_site)
    del found[MANIFEST]
    assert listed == found
    assert [one["insurer_code"] for one in manifest["sources"]] == [CODE]


@pytest.mark.parametrize("which", ["small_site", "several_site"])
def test_pages_are_lawful_html_with_language_landmarks_and_headings_in_order(
    which: str, request: pytest.FixtureRequest
) -> None:
    site: Path = request.getfixturevalue(which)
    for path in pages(site):
        page = read(path)
        [html] = page.all("html")
        assert html.get("lang") == ("en" if "en" in path.relative_to(site).parts else "ja")
        assert [len(page.all(name)) for name in ("main", "header", "footer", "h1", "title")] == [
            1
        ] * 5
        levels = [int(one.name[1]) for one in page.all(*HEADINGS)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        ids = [one.get("id") for one in every(page) if one.get("id")]
        assert len(ids) == len(set(ids)), path
        named = {name for one in every(page) for key in ("aria-labelledby", "aria-describedby")
                 for name in one.get(key).split()}  # fmt: skip
        assert named <= set(ids), path
        assert not page.all("script")


def every(element: Element) -> list[Element]:
    inside = [one for one in element.children if isinstance(one, Element)]
    return [*inside, *(below for one in inside for below in every(one))]


@pytest.mark.parametrize("which", ["small_site", "several_site"])
def test_every_link_leads_to_a_file_of_the_site_and_nothing_comes_from_elsewhere(
    which: str, request: pytest.FixtureRequest
) -> None:
    site: Path = request.getfixturevalue(which)
    seen = 0
    for path in pages(site):
        page = read(path)
        for one in every(page):
            for address in (one.get("href"), one.get("src")):
                if not address or one.name == "use":
                    continue
                assert ":" not in address, address
                place, _sign, mark = address.partition("#")
                there = (path.parent / place).resolve() if place else path
                assert there.is_relative_to(site.resolve()), address
                assert there.is_file(), address
                if mark:
                    assert mark in {each.get("id") for each in every(read(there))}, address
                seen += 1
    assert seen > 100
    for sheet in (site / "assets").iterdir():
        text = sheet.read_text(encoding="utf-8")
        assert "http" not in text
        assert "@import" not in text


def test_a_suppressed_figure_is_never_shown_as_nought_and_is_explained(small_site: Path) -> None:
    file = few(city_file())
    hidden = [one for one in file.measures if one.suppressed]
    assert hidden
    page = read(small_site / "insured.html")
    cells = [one for one in page.all("td") if "suppressed" in one.get("class").split()]
    assert cells
    assert {one.text for one in cells} == {"秘匿"}
    assert "秘匿: 小さい数" in section(page, "foreign_insured").text
    assert "個の値は秘匿" in page.text or "1つの値は秘匿" in page.text


def test_what_a_file_has_no_figure_of_is_no_nought_either(tmp_path: Path) -> None:
    figures = [Figure(id="foreign_share[year=2024]", unit="percent", numerator=0, denominator=0)]
    publish([measure_file(CODE, AS_OF, figures)], tmp_path / "site", made_on=MADE_ON)
    table = section(read(tmp_path / "site" / "insured.html"), "foreign_share").all("table")[0]
    [row] = [one for one in rows(table) if one[0] == "令和6年度"]
    assert row[1] == "―"


def test_late_and_missing_insurers_are_shown_and_nothing_is_filled_in(several_site: Path) -> None:
    page = read(several_site / "index.html")
    assert "3保険者のうち、提出済 1、遅れ 1、未提出 1。" in page.text
    states = {row[0]: row[2:] for row in rows(page.all("table")[0])[1:]}
    assert states["架空県"][0] == "集計値"  # nobody sent in the sum
    assert states["架空市"] == ["提出済", "令和8年4月1日"]
    assert states["遅刻町"] == ["遅れ", "令和7年4月1日"]
    assert states["未着村"] == ["未提出", "―"]
    compared = {row[0]: row[1:] for row in rows(page.all("table")[1])[1:]}
    assert set(compared["未着村"]) == {"未提出"}
    assert not (several_site / "990033").exists()
    assert "提出が遅れた保険者の値" in read(several_site / "990022" / "index.html").text


def test_the_printed_share_that_cannot_follow_is_named_where_it_is_shown(small_site: Path) -> None:
    ja, en = (read(small_site / place / "national.html") for place in ("", "en"))
    [said] = [one.text for one in ja.all("p") if one.get("class") == "notice"]
    assert "令和5年度" in said
    assert "4.0%と印字" in said
    assert "4.06～4.10%" in said
    assert "4.06% to 4.10%" in en.text


def test_how_many_insurers_were_counted_stands_on_a_page_of_its_own(tmp_path: Path) -> None:
    counted = ratio("insurers", 2, 3, places=2)
    share = few(city_file(), ("foreign_share",))
    publish([share.model_copy(update={"measures": (*share.measures, counted)})],
            tmp_path / "site", made_on=MADE_ON)  # fmt: skip
    page = section(read(tmp_path / "site" / "coverage.html"), "insurers")
    assert "66.67" in page.text
    assert not (tmp_path / "site" / "plan.html").exists()


def test_a_rate_beside_the_nations_is_of_the_same_month_as_that(tmp_path: Path) -> None:
    def rate(measure: str, until: str, number: int) -> Figure:
        return ratio(f"{measure}[year={2025 + (until > '2026-03')},until={until}]",
                     number, 10_000, places=2)  # fmt: skip

    heads = "collection_rate_heads_foreign"
    figures = [rate(heads, "2025-12", 7000), rate(heads, "2026-10", 3400)]
    publish([measure_file(CODE, date(2026, 11, 1), figures)], tmp_path / "site", made_on=MADE_ON)
    page = read(tmp_path / "site" / "index.html")
    [row] = [one for one in rows(page.all("table")[0]) if "外国人世帯主" in one[0]]
    assert row[1:] == ["令和7年度 2025年12月末", "70.00%", "63% (令和6年度 2024年12月末)"]


def test_plan_and_settlement_are_among_the_latest_figures() -> None:
    plan, words = load_plan(PLAN), Words("ja")
    told = plan_headline(plan, date(2026, 11, 1), words)
    assert (told["at"], told["value"]) == ("令和8年度(計画)", "750,000千円")
    before = plan_headline(plan, date(2020, 4, 1), words)
    assert (before["at"], before["value"]) == ("", "―")


def test_a_name_that_is_not_in_the_language_of_the_page_says_so(tmp_path: Path) -> None:
    coverage = Coverage("990001", {CODE: ("taken", "架空市"), "990033": ("missing", "未着村")})
    share = few(city_file(), ("foreign_share",))
    publish([share], tmp_path / "site", made_on=MADE_ON, coverage=coverage)
    page = read(tmp_path / "site" / "en" / "index.html")
    named = [one for one in page.all("th") if one.text in ("架空市", "未着村")]
    assert named
    assert {one.get("lang") for one in named} == {"ja"}


def test_a_new_measure_appears_without_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kokuho.statistics import Definition, Text, catalogue

    def said(text: str) -> Text:
        return Text(ja=f"架空の{text}", en=f"fictional {text}")

    made = Definition(
        id="fictional_measure", group="levy", title=said("指標"), meaning=said("式"), unit="count",
        source=said("出典"), scope=said("範囲"), date_rule=said("日"), rounding=said("端数"),
        dimensions=("year", "sex"), tables=(("year", "sex"),), chart="stacked",
    )  # fmt: skip
    monkeypatch.setitem(catalogue(), made.id, made)  # type: ignore[arg-type]
    figures = [count(f"fictional_measure[year=2025{rest}]", number)
               for rest, number in ((",sex=M", 300), (",sex=F", 500), ("", 800))]  # fmt: skip
    publish([measure_file(CODE, AS_OF, figures)], tmp_path / "site", made_on=MADE_ON)
    found = section(read(tmp_path / "site" / "levy.html"), "fictional_measure")
    assert "令和7年度は男 300、女 500、計 800。" in found.text
    assert found.all("svg")
    assert "架空の式" in found.text
    assert (tmp_path / "site" / "data" / CODE / "fictional_measure.csv").is_file()


def test_a_file_with_small_numbers_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    figures = [count("foreign_insured[year=2025]", 9), count("insured[year=2025]", 900)]
    with pytest.raises(StatisticsError, match=r"foreign_insured\[year=2025\]"):
        publish([measure_file(CODE, AS_OF, figures)], tmp_path / "site", made_on=MADE_ON)
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_site_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "site"
    share = few(city_file(), ("foreign_share",))
    publish([share], out, made_on=MADE_ON, site=SITE)
    (out / "left-over.html").write_text("an old page", encoding="utf-8")
    publish([share], out, made_on=MADE_ON, site=SITE)
    assert not (out / "left-over.html").exists()
    assert [one.name for one in tmp_path.iterdir()] == ["site"]


def test_a_folder_that_is_no_site_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("dear all", encoding="utf-8")
    with pytest.raises(StatisticsError, match=MANIFEST):
        publish([few(city_file())], tmp_path, made_on=MADE_ON)
    assert [one.name for one in tmp_path.iterdir()] == ["letters.txt"]


def test_a_site_that_fails_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    share = few(city_file(), ("foreign_share",))
    publish([share], out, made_on=MADE_ON)
    before = contents(out)

    def full(*_given: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kokuho.publish.site.faces_css", full)
    with pytest.raises(StatisticsError, match="No space left"):
        publish([share], out, made_on=MADE_ON, site=Site(fictional=True))
    assert contents(out) == before
    assert os.listdir(tmp_path) == ["site"]


def test_two_files_of_one_insurer_are_refused(tmp_path: Path) -> None:
    share = few(city_file(), ("foreign_share",))
    with pytest.raises(StatisticsError, match=CODE):
        publish([share, share], tmp_path / "site", made_on=MADE_ON)


def test_the_two_languages_have_the_same_pages(several_site: Path) -> None:
    japanese = {str(path.relative_to(several_site)) for path in pages(several_site)
                if "en" not in path.relative_to(several_site).parts}  # fmt: skip
    english = {str(path.relative_to(several_site / "en")) for path in pages(several_site / "en")}
    assert japanese == english
    assert len(several_files()) == 3
    assert SEVERAL.insurers[3].code == "990033"


def test_no_message_of_the_pages_is_left_untranslated(several_site: Path, small_site: Path) -> None:
    """An English sentence on a Japanese page would be a message without translation."""
    for site in (several_site, small_site):
        for path in pages(site):
            if "en" in path.relative_to(site).parts:
                continue
            english = [
                one.text for one in every(read(path))
                if one.name in ("p", "h1", "h2", "h3", "th", "dt", "caption", "li")
                and one.text.isascii() and len(one.text.split()) > 1
            ]  # fmt: skip
            assert english == [], path
    assert Words("ja")("suppressed") == "秘匿"
