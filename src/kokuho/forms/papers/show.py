"""A message in a language: its text, with days, months, years and amounts in the reader's form."""

from __future__ import annotations

from datetime import date

from kokuho.base.calendar import era_date, fiscal_year_name
from kokuho.base.errors import FormError
from kokuho.base.messages import translator
from kokuho.forms.papers.catalogue import catalogue
from kokuho.forms.papers.languages import Language
from kokuho.forms.papers.text import Day, Message, Month, MonthName, Value, Year, Yen

_ = translator("forms")

_READINGS = {
    1: "ついたち", 2: "ふつか", 3: "みっか", 4: "よっか", 5: "いつか", 6: "むいか", 7: "なのか",
    8: "ようか", 9: "ここのか", 10: "とおか", 14: "じゅうよっか", 20: "はつか",
    24: "にじゅうよっか",
}  # fmt: skip
"""Days of the month that are not read as number and にち."""


def shown(value: Value | None, language: Language) -> str:
    """A value or message as it stands on a paper in a language.

    In やさしい日本語 the text may hold furigana as ``[漢字|かんじ]``.

    Raises:
        FormError: the language's catalogue lacks a message: a paper is never half translated.
    """
    match value:
        case None:
            return ""
        case str():
            return _escaped(value) if language.code == "easy_ja" else value
        case int():
            return f"{value:,}"
        case Yen(amount):
            return yen(amount, language)
        case Day(day):
            era = era_date(day).split("年")[0] + "年"
            number = _easy_day(day.day) if language.code == "easy_ja" else day.day
            return language.day.format(
                era=era, year=day.year, month=language.months[day.month - 1], day=number
            )
        case Month(year, month):
            return _month(year, month, language)
        case MonthName(month):
            return language.months[month - 1]
        case Year(year):
            return _year(year, language)
        case Message():
            return _message(value, language)


def yen(amount: int, language: Language) -> str:
    """An amount: 12,300円 in Japanese, ¥12,300 in every other language."""
    if language.code == "ja":
        return f"{'△' if amount < 0 else ''}{abs(amount):,}円"
    if language.code == "easy_ja":
        return f"{'-' if amount < 0 else ''}{abs(amount):,}[円|えん]"
    return f"{'-' if amount < 0 else ''}¥{abs(amount):,}"


def _year(year: int, language: Language) -> str:
    # the slip shows the era, so it stands beside the western year
    name = fiscal_year_name(year)
    if language.code == "ja":
        return name
    if language.code == "easy_ja":
        name = name.replace("年度", "[年度|ねんど]")
        name = name.replace("令和", "[令和|れいわ]").replace("平成", "[平成|へいせい]")
    return f"{language.year.format(year=year)} ({name})"


def _month(year: int, month: int, language: Language) -> str:
    era = era_date(date(year, month, 1)).split("年")[0] + "年"
    return language.month.format(era=era, year=year, month=language.months[month - 1])


def _easy_day(day: int) -> str:
    if day in _READINGS:
        return f"[{day}日|{_READINGS[day]}]"
    return f"{day}[日|にち]"


def _escaped(text: str) -> str:
    # given text has no furigana; its brackets must not be taken for some
    return text.replace("[", "［").replace("]", "］").replace("|", "｜")


def _message(message: Message, language: Language) -> str:
    if language.code == "ja":
        text = message.text
    else:
        found = catalogue(language).get(message.text)
        if not found:
            raise FormError(
                _("The catalogue of {language} has no translation of: {text}").format(
                    language=language.japanese, text=message.text
                )
            )
        text = found
    return text.format(**{name: shown(value, language) for name, value in message.values.items()})
