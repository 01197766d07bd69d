"""Texts of reminders and exemptions: theirs by law, with the days that the law data say."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.base.errors import LawError
from kokuho.law import legal_text, parameter

DAY = date(2026, 9, 18)


def test_a_reminder_of_a_tax_names_its_article_and_the_days_until_seizure() -> None:
    text = legal_text("reminder.tax", DAY)
    days = parameter("reminder.seizure_days").on(DAY).value
    assert f"{days}日を経過した日" in "".join(text.paragraphs)
    assert "726条" in text.paragraphs[0]
    assert "329条" not in "".join(text.paragraphs)


def test_a_reminder_of_a_premium_is_one_of_the_local_autonomy_act() -> None:
    words = "".join(legal_text("reminder.premium", DAY).paragraphs)
    assert "地方自治法231条の3第1項" in words
    assert "79条の2" in words
    assert "地方税法" not in words


@pytest.mark.parametrize("kind", ["tax", "premium"])
def test_an_exemption_names_the_ordinance_of_the_insurer(kind: str) -> None:
    (words,) = legal_text(f"relief.{kind}", DAY).filled({"insurer": "架空市"})
    assert "架空市の" in words
    assert "条例" in words


def test_there_is_no_text_for_a_day_that_is_not_covered() -> None:
    with pytest.raises(LawError):
        legal_text("reminder.tax", date(2027, 4, 1))
