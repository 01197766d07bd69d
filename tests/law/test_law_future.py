"""Law that is enacted but not yet in force, in fictional files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kokuho.base.errors import LawError
from kokuho.law import for_fiscal_year, forget_extra, load_extra, parameter, parameters, rule

HEAD = """\
law: 架空の改正法
sources:
  gazette: {title: 架空の官報, url: "https://example.jp/gazette"}
"""
NEW_CAP = """\
parameters:
  cap.medical:
    values:
      - {first: 2027-04-01, last: 2028-03-31, value: 690000, source: gazette, certainty: read}
"""


def the_rest() -> str:
    """``continues`` for everything that the levy needs beside the medical cap."""
    known = {name: parameter(name).values[-1].last for name in parameters()}
    names = [name for name, last in known.items() if last == date(2027, 3, 31)]
    names.remove("cap.medical")
    return (
        "continues:\n"
        "  - last: 2028-03-31\n    source: gazette\n    certainty: read\n    parameters:\n"
        + "".join(f"      - {name}\n" for name in names)
    )


@pytest.fixture(autouse=True)
def law_of_the_package_in_english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("KOKUHO_LANG", "en")
    forget_extra()
    yield
    forget_extra()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "future.yaml"


def test_a_new_value_is_used_only_from_its_date(file: Path) -> None:
    before = for_fiscal_year(2026)
    file.write_text(HEAD + NEW_CAP, encoding="utf-8")
    assert load_extra(file) == ("cap.medical",)
    assert parameter("cap.medical").on(date(2027, 3, 31)).value == 670_000
    assert parameter("cap.medical").on(date(2027, 4, 1)).value == 690_000
    assert for_fiscal_year(2026) == before
    assert "架空の官報" in rule("cap.medical", 2027).source


def test_a_year_with_some_of_its_law_is_refused_and_names_what_is_missing(file: Path) -> None:
    file.write_text(HEAD + NEW_CAP, encoding="utf-8")
    load_extra(file)
    with pytest.raises(LawError, match="incomplete") as refused:
        for_fiscal_year(2027)
    assert "cap.support" in str(refused.value)
    assert "cap.medical" not in str(refused.value)


def test_a_year_with_all_its_law_is_served(file: Path) -> None:
    file.write_text(HEAD + NEW_CAP + the_rest(), encoding="utf-8")
    load_extra(file)
    law, before = for_fiscal_year(2027), for_fiscal_year(2026)
    assert law.caps == before.caps | {"medical": 690_000}
    assert law.judgement == before.judgement
    assert rule("age.care_from", 2027).source == "架空の官報 https://example.jp/gazette"


def test_future_law_can_be_forgotten(file: Path) -> None:
    file.write_text(HEAD + NEW_CAP + the_rest(), encoding="utf-8")
    load_extra(file)
    for_fiscal_year(2027)
    forget_extra()
    with pytest.raises(LawError, match="no law for fiscal year 2027"):
        for_fiscal_year(2027)


def test_a_second_file_goes_on_where_the_first_ended(file: Path, tmp_path: Path) -> None:
    file.write_text(HEAD + NEW_CAP, encoding="utf-8")
    load_extra(file)
    second = tmp_path / "second.yaml"
    moved = NEW_CAP.replace("2028-03-31", "2029-03-31").replace("2027-04-01", "2028-04-01")
    second.write_text(HEAD + moved.replace("690000", "700000"), encoding="utf-8")
    load_extra(second)
    values = [dated.value for dated in parameter("cap.medical").values]
    assert values[-3:] == [670_000, 690_000, 700_000]


def test_the_value_may_have_an_article_of_its_own(file: Path) -> None:
    own = NEW_CAP.replace("certainty: read}", "certainty: read, article: 架空法1条}")
    file.write_text(HEAD + own, encoding="utf-8")
    load_extra(file)
    assert rule("cap.medical", 2027).article == "架空法1条"
    assert rule("cap.medical", 2026).article != "架空法1条"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + NEW_CAP.replace("2027-04-01", "2027-01-01"), "cap.medical: 2026-04-01..2027-03-31"),
        (HEAD + NEW_CAP.replace("2027-04-01", "2027-05-01"), "gap: no value for 2027-04-01"),
        (HEAD + NEW_CAP.replace("cap.medical", "cap.dental"), "cap.dental: there is no such"),
        (HEAD + NEW_CAP.replace("source: gazette", "source: koganei"), "source koganei is not in"),
        (HEAD + NEW_CAP.replace("690000", "69万"), "value 69万 is not of unit yen"),
        (HEAD + NEW_CAP + the_rest().replace("2028-03-31", "2027-03-31"), "overlap"),
        (HEAD + NEW_CAP + the_rest().replace("age.elder", "age.old"), "age.old: there is no such"),
        (HEAD.replace("law: 架空の改正法\n", "") + NEW_CAP, "missing: law"),
        (NEW_CAP, "missing: law, sources"),
        (HEAD + NEW_CAP + "title: x\n", "unknown key: title"),
    ],
)
def test_a_file_that_does_not_join_on_is_refused_and_nothing_of_it_is_used(
    file: Path, text: str, message: str
) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LawError) as refused:
        load_extra(file)
    assert str(refused.value).startswith("future.yaml: ")
    assert message in str(refused.value)
    assert parameter("cap.medical").find(date(2027, 4, 1)) is None
