"""Letters of demand (催告): whom the rule calls, and why others are left out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from kokuho.arrears import (
    LEFT_OUT,
    Act,
    LeftOut,
    LetterDue,
    LetterRule,
    Promise,
    households,
    left_out_title,
    letters_due,
    money_for,
    owed,
)
from kokuho.ledger import Voucher, assess, frame_of_demands
from tests.ledger.town import demand

ON = date(2026, 11, 25)
DUE = date(2026, 7, 31)
RULE = LetterRule(60)
REMINDED = Act(1, "reminder", date(2026, 8, 20), "a", ("a",), date(2026, 8, 30))


def due(
    *acts: Act, rule: LetterRule = RULE, on: date = ON, gone: tuple[str, ...] = ()
) -> tuple[tuple[LetterDue, ...], tuple[LeftOut, ...]]:
    """One household ``a`` with one demand ``a`` of 30,000 yen."""
    demands = frame_of_demands([demand("a", "a", 2026, 1, DUE)])
    amounts = demands.with_columns(amount=pl.lit(30_000, pl.Int64))
    entries = assess(amounts, Voucher(1, date(2022, 1, 1), "notice"))
    houses = households(owed(demands, entries, on), {"a": acts}, money_for(entries), on)
    return letters_due(houses, rule, on, gone)


def act(kind: str, day: date = date(2026, 9, 10), **more: Any) -> Act:
    return Act(2, kind, day, "a", ("a",), **more)


def test_what_was_reminded_of_and_is_overdue_long_enough_is_called_for() -> None:
    ((letter,), left) = due(REMINDED)
    assert (letter.household, letter.demands, letter.total) == ("a", ("a",), 30_000)
    assert letter.oldest == DUE
    assert left == ()


@pytest.mark.parametrize(
    ("acts", "why"),
    [
        ((), "not_reminded"),
        ((act("reminder", date(2026, 11, 20), until=ON),), "term_runs"),
        ((REMINDED, act("agreement", plan=(Promise(date(2026, 12, 25), 30_000),))), "agreed"),
        (
            (REMINDED, act("deferral", until=date(2027, 1, 1), code="collection_hardship")),
            "deferred",
        ),
        ((REMINDED, act("suspension", code="hardship", text="調査")), "suspended"),
        ((REMINDED, act("demand_letter")), "sent"),
    ],
)
def test_others_are_left_out_with_the_reason(acts: tuple[Act, ...], why: str) -> None:
    letters, (left,) = due(*acts)
    assert letters == ()
    assert (left.why, left.total) == (why, 30_000)


def test_an_agreement_that_is_not_kept_protects_no_more() -> None:
    broken = act("agreement", plan=(Promise(date(2026, 10, 1), 30_000),))
    assert [one.household for one in due(REMINDED, broken)[0]] == ["a"]


def test_the_days_overdue_are_counted_from_the_due_date() -> None:
    first = DUE + timedelta(days=60)
    assert due(REMINDED, on=first)[0]
    (left,) = due(REMINDED, on=first - timedelta(days=1))[1]
    assert left.why == "early"


def test_a_letter_is_sent_again_only_where_the_rule_says_when() -> None:
    sent = act("demand_letter", ON - timedelta(days=30))
    assert not due(REMINDED, sent)[0]
    assert due(REMINDED, sent, rule=LetterRule(60, 30))[0]
    assert not due(REMINDED, sent, rule=LetterRule(60, 31))[0]


def test_a_right_that_is_gone_is_not_called_for() -> None:
    (left,) = due(REMINDED, gone=("a",))[1]
    assert left.why == "gone"


def test_every_reason_has_its_words() -> None:
    assert len({left_out_title(why) for why in LEFT_OUT}) == len(LEFT_OUT)
