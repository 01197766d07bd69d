"""Law that was kept is used again, whatever is law today; texts are those of their day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from kokuho.base.errors import LawError
from kokuho.law import for_fiscal_year, kept, legal_text, parameter
from kokuho.law.registry import sources
from kokuho.law.texts import read_texts


@pytest.mark.parametrize("year", range(2018, 2027))
def test_kept_law_says_what_the_law_of_its_year_says(year: int) -> None:
    document = kept.keep(year)
    today = for_fiscal_year(year)
    with kept.hold(document):
        assert for_fiscal_year(year) == today
        assert kept.keep(year) == document
    assert kept.different_names(document, year) == []


def changed(document: bytes, name: str, value: object) -> bytes:
    data = json.loads(document)
    data["parameters"][name]["values"][0]["value"] = value
    return json.dumps(data).encode()


def test_law_that_differs_from_todays_is_used_inside_the_block_and_named() -> None:
    other = changed(kept.keep(2026), "cap.medical", 1)
    with kept.hold(other):
        assert for_fiscal_year(2026).caps["medical"] == 1
    assert for_fiscal_year(2026).caps["medical"] == 670_000
    assert kept.different_names(other, 2026) == ["cap.medical"]


def test_law_of_another_year_is_not_in_the_document() -> None:
    with kept.hold(kept.keep(2024)), pytest.raises(LawError):
        for_fiscal_year(2025)


def test_blocks_nest_and_end_also_by_an_error() -> None:
    outer, inner = (changed(kept.keep(2026), "cap.care", value) for value in (2, 3))
    with kept.hold(outer):
        with pytest.raises(LawError), kept.hold(inner):
            for_fiscal_year(2025)
        with kept.hold(inner):
            assert for_fiscal_year(2026).caps["care"] == 3
        assert for_fiscal_year(2026).caps["care"] == 2
    assert for_fiscal_year(2026).caps["care"] == 170_000


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"parameters": {"x": 1}}'])
def test_what_is_no_kept_law_is_refused(document: bytes) -> None:
    with pytest.raises(LawError):
        kept.read_kept(document)


NAMES = {"insurer": "架空市", "authority": "架空市長", "board": "架空県国民健康保険審査会"}


def test_redress_against_the_tax_goes_to_the_mayor() -> None:
    text = legal_text("redress.tax", date(2026, 7, 1)).filled(NAMES)
    assert "架空市長に対して審査請求" in text[0]
    assert "翌日から起算して3か月以内" in text[0]
    assert "審査会" not in "".join(text)


def test_redress_against_the_premium_goes_to_the_prefectures_board() -> None:
    text = legal_text("redress.premium", date(2026, 7, 1)).filled(NAMES)
    assert "架空県国民健康保険審査会に対して審査請求" in text[0]
    assert "翌日から起算して3か月以内" in text[0]


@pytest.mark.parametrize("day", [date(2018, 3, 31), date(2027, 4, 1)])
def test_a_day_without_text_is_refused(day: date) -> None:
    with pytest.raises(LawError, match=day.isoformat()):
        legal_text("redress.tax", day)


def test_an_unknown_text_is_refused() -> None:
    with pytest.raises(LawError, match=r"redress\.nobody"):
        legal_text("redress.nobody", date(2026, 7, 1))


ENTRY = """covers: {{first: 2018-04-01, last: 2018-04-30}}
texts:
  a:
    title: t
    entries:
      - {{first: 2018-04-01, last: 2018-04-{last}, paragraphs: [{text}], article: x,
         source: zeiken, certainty: read}}
"""


@pytest.mark.parametrize(
    ("last", "text", "said"),
    [("29", "x", "2018-04-30"), ("30", '"{nobody}"', "nobody"), ("30", '""', "paragraphs")],
)
def test_a_file_of_texts_must_hold_together(
    tmp_path: Path, last: str, text: str, said: str
) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(ENTRY.format(last=last, text=text), encoding="utf-8")
    with pytest.raises(LawError, match=said):
        read_texts(file, sources())


@pytest.mark.parametrize(
    ("name", "months"),
    [("limit.premium", 24), ("limit.tax", 36), ("limit.tax_decrease", 60), ("limit.tax_fraud", 84)],
)
def test_the_limits_are_those_of_their_articles(name: str, months: int) -> None:
    assert parameter(name).on(date(2026, 11, 25)).value == months
