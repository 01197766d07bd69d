"""Every measure is defined, in both languages, and labelled."""

import pytest

from kokuho.statistics import Definition, catalogue, dimensions, figure_id, label, reference

ALL = pytest.mark.parametrize("one", catalogue().values(), ids=lambda one: one.id)


@ALL
def test_a_definition_says_everything_in_both_languages(one: Definition) -> None:
    texts = [one.title, one.meaning, one.source, one.scope, one.date_rule, one.rounding]
    texts += [text for text in (one.numerator, one.denominator) if text]
    for text in texts:
        assert text.ja.strip()
        assert text.en.strip()
        assert text.ja != text.en


@ALL
def test_a_percentage_names_what_is_above_and_below(one: Definition) -> None:
    assert one.unit != "percent" or one.numerator is not None


@ALL
def test_a_measure_stands_beside_a_series_of_the_same_unit_only(one: Definition) -> None:
    if one.reference:
        assert reference()[one.reference].unit == one.unit


def test_both_formulas_of_the_collection_rate_are_measures_apart() -> None:
    official = catalogue()["collection_rate_official"]
    survey = catalogue()["collection_rate_heads_foreign"]
    assert official.reference is None
    assert official.denominator != survey.denominator


@pytest.mark.parametrize(
    ("dimension", "code", "ja", "en"),
    [
        ("year", "2025", "令和7年度", "FY2025"),
        ("until", "2025-12", "2025年12月末", "end of 2025-12"),
        ("until", "settlement", "出納整理期間の末日", "end of the settlement period"),
        ("term", "3", "第3期", "term 3"),
        ("nationality", "VNM", "ベトナム", "Vietnam"),
        ("nationality", "X9", "X9", "X9"),
        ("status", "留学", "留学", "Student"),
    ],
)
def test_codes_are_shown_in_both_languages(dimension: str, code: str, ja: str, en: str) -> None:
    assert (label(dimension, code), label(dimension, code, "en")) == (ja, en)


def test_every_code_of_a_closed_dimension_can_stand_in_an_id() -> None:
    for name, one in dimensions().items():
        for code in one.labels:
            owner = next(d for d in catalogue().values() if name in d.dimensions)
            assert code in figure_id(owner.id, {name: code})
