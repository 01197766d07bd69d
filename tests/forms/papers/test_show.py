"""Days, months, years and amounts in the reader's form; furigana; messages with their places."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import FormError
from kokuho.forms.papers import LANGUAGES
from kokuho.forms.papers.catalogue import Review, catalogue, review
from kokuho.forms.papers.ruby import plain, runs
from kokuho.forms.papers.show import shown
from kokuho.forms.papers.text import Day, Message, Month, Year, Yen, say

FOREIGN = [code for code in LANGUAGES if code not in ("ja", "easy_ja")]


@pytest.mark.parametrize(
    ("code", "day", "month", "amount"),
    [
        ("ja", "令和8年12月7日", "令和9年6月", "12,300円"),
        ("easy_ja", "2026年12月7日", "2027年6月", "12,300円"),
        ("en", "December 7, 2026", "June 2027", "¥12,300"),
        ("zh-Hans", "2026年12月7日", "2027年6月", "¥12,300"),
        ("ko", "2026년 12월 7일", "2027년 6월", "¥12,300"),
        ("vi", "ngày 7 tháng 12 năm 2026", "tháng 6 năm 2027", "¥12,300"),
        ("pt-BR", "7 de dezembro de 2026", "junho de 2027", "¥12,300"),
        ("es", "7 de diciembre de 2026", "junio de 2027", "¥12,300"),
        ("fil", "Disyembre 7, 2026", "Hunyo 2027", "¥12,300"),
        ("mn", "2026 оны 12 дугаар сарын 7", "2027 оны 6 дугаар сар", "¥12,300"),
    ],
)
def test_a_day_a_month_and_an_amount(code: str, day: str, month: str, amount: str) -> None:
    language = LANGUAGES[code]
    assert plain(shown(Day(date(2026, 12, 7)), language)) == day
    assert plain(shown(Month(2027, 6), language)) == month
    assert plain(shown(Yen(12_300), language)) == amount


@pytest.mark.parametrize("code", FOREIGN)
def test_the_era_stands_beside_a_fiscal_year_and_digits_are_those_of_the_slip(code: str) -> None:
    language = LANGUAGES[code]
    assert shown(Year(2026), language).endswith(" (令和8年度)")
    for text in (shown(Day(date(2026, 12, 27)), language), shown(Year(2026), language)):
        digits = re.findall(r"\d+", text)
        assert all(number.isascii() for number in digits)
        assert "2026" in digits


@given(day=st.dates(date(2019, 5, 1), date(2099, 12, 31)), code=st.sampled_from(list(LANGUAGES)))
def test_no_two_days_look_the_same(day: date, code: str) -> None:
    language = LANGUAGES[code]
    text = plain(shown(Day(day), language))
    assert len(language.months) == len(set(language.months)) == 12
    assert str(day.day) in re.findall(r"\d+", text)
    assert not re.search(r"\d/\d", text)


def test_a_decrease_has_the_sign_of_the_reader() -> None:
    assert shown(Yen(-5), LANGUAGES["ja"]) == "△5円"
    assert shown(Yen(-5), LANGUAGES["en"]) == "-¥5"


def test_days_are_read_as_they_are_spoken() -> None:
    easy = LANGUAGES["easy_ja"]
    assert "[20日|はつか]" in shown(Day(date(2026, 4, 20)), easy)
    assert "[4月|しがつ]" in shown(Day(date(2026, 4, 20)), easy)
    assert shown(Day(date(2026, 5, 21)), easy).endswith("21[日|にち]")


def test_furigana_are_told_from_the_text_and_given_text_has_none() -> None:
    assert runs("お[金|かね]を") == [
        {"base": "お", "reading": None},
        {"base": "金", "reading": "かね"},
        {"base": "を", "reading": None},
    ]
    assert runs(shown("A[b|c]", LANGUAGES["easy_ja"])) == [{"base": "A［b｜c］", "reading": None}]


def test_a_message_takes_exactly_its_values() -> None:
    with pytest.raises(ValueError, match="number"):
        say("第{number}期")
    with pytest.raises(ValueError, match="other"):
        say("合計", other=1)


def test_a_text_that_nobody_translated_is_refused_and_not_shown_in_japanese() -> None:
    with pytest.raises(FormError, match="まだ訳のない文"):
        shown(Message("まだ訳のない文"), LANGUAGES["en"])


def test_a_catalogue_that_does_not_say_whether_it_was_reviewed_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    english = LANGUAGES["en"]

    def reviewed(*fields: str) -> Review:
        header = "\n".join(f'"{field}\\n"' for field in fields)
        review.cache_clear()
        monkeypatch.setattr("kokuho.forms.papers.catalogue._header_of", lambda _language: header)
        return review(english)

    yes = "X-Reviewed: yes", "X-Reviewed-By: 市の通訳", "X-Reviewed-On: 2027-01-31"
    assert reviewed("X-Reviewed: no") == Review(False)
    assert reviewed(*yes) == Review(True, "市の通訳", date(2027, 1, 31))
    for wrong in ((), yes[:1], yes[:2], ("X-Reviewed: maybe",)):
        with pytest.raises(FormError, match="X-Reviewed"):
            reviewed(*wrong)
    review.cache_clear()


def test_japanese_needs_no_catalogue() -> None:
    assert catalogue(LANGUAGES["ja"]) == {}
