"""The work list: what comes first, in which words, and what it does not ask for."""

from __future__ import annotations

import inspect
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import polars as pl

from kokuho.arrears import (
    Act,
    Item,
    Promise,
    ReminderRule,
    Whereabouts,
    Windows,
    households,
    money_for,
    owed,
    reminders_due,
    work_list,
)
from kokuho.ledger import Voucher, assess, frame_of_demands
from tests.ledger.town import demand

ON = date(2026, 11, 25)
NUMBERS = iter(range(1, 10_000))


def act(kind: str, house: str, day: date, *demands: str, **more: Any) -> Act:
    return Act(next(NUMBERS), kind, day, house, demands=demands, **more)


def listed(
    dues: dict[str, date],
    acts: list[Act],
    where: dict[str, Whereabouts] | None = None,
    kind: Any = "premium",
    on: date = ON,
) -> tuple[Item, ...]:
    """One demand of 30,000 yen a household, named as the household."""
    demands = frame_of_demands(demand(house, house, 2026, 1, due) for house, due in dues.items())
    amounts = demands.with_columns(amount=pl.lit(30_000, pl.Int64))
    entries = assess(amounts, Voucher(1, date(2022, 1, 1), "notice"))
    table = owed(demands, entries, on)
    by_house: dict[str, list[Act]] = {}
    for one in acts:
        by_house.setdefault(one.household, []).append(one)
    houses = households(table, by_house, money_for(entries), on)
    due = reminders_due(table, by_house, ReminderRule(kind), on)
    return work_list(houses, due, {}, where or {}, kind, on, Windows())


def reminded(house: str, day: date = date(2026, 9, 18)) -> Act:
    return act("reminder", house, day, house, until=day + timedelta(days=10))


def test_what_would_be_lost_comes_first_and_what_is_settled_comes_after_next_steps() -> None:
    due = date(2026, 8, 31)
    dues = {
        "gone": date(2024, 11, 1), "near": date(2025, 1, 31), "leaves": due, "new": due,
        "silent": due, "kept": due, "deferred": due,
    }  # fmt: skip
    acts = [
        reminded("leaves"), reminded("silent"), reminded("kept"), reminded("deferred"),
        act("agreement", "kept", date(2026, 11, 1), "kept",
            plan=(Promise(date(2026, 12, 25), 30_000),)),
        act("deferral", "deferred", date(2026, 11, 1), "deferred", until=date(2027, 10, 31),
            code="sale_on_request"),
        reminded("near", date(2025, 2, 20)),
    ]  # fmt: skip
    where = {"leaves": Whereabouts(leaves_on=date(2026, 12, 20))}
    items = listed(dues, acts, where)
    assert [(item.household.number, item.first.group) for item in items] == [
        ("leaves", "losing"), ("near", "losing"), ("new", "now"), ("silent", "next"),
        ("kept", "waiting"), ("deferred", "waiting"), ("gone", "lost"),
    ]  # fmt: skip
    words = {item.household.number: [one.text for one in item.reasons] for item in items}
    assert any("令和9年2月20日の終わり" in text for text in words["near"])
    assert any("令和8年12月20日に転出・出国します" in text for text in words["leaves"])
    assert any("次は令和8年12月25日までに30,000円" in text for text in words["kept"])
    assert any("徴収する権利が消滅しています" in text for text in words["gone"])
    states = {item.household.number: item.household.state for item in items}
    assert states["kept"] == "agreed_kept"
    assert states["deferred"] == "deferred"
    assert states["silent"] == "reminded"


def test_a_missed_promise_and_returned_mail_are_to_be_done_now() -> None:
    due = date(2026, 8, 31)
    acts = [
        reminded("a"), reminded("b"),
        act("agreement", "a", date(2026, 10, 1), "a", plan=(
            Promise(date(2026, 10, 25), 15_000), Promise(date(2026, 12, 25), 15_000))),
        act("returned_mail", "b", date(2026, 10, 2), code="reminder"),
    ]  # fmt: skip
    items = listed({"a": due, "b": due}, acts)
    assert [(item.household.number, item.first.code) for item in items] == [
        ("b", "mail"), ("a", "promise"),
    ]  # fmt: skip
    assert items[1].household.state == "agreed_missed"
    assert "1回されていません" in items[1].first.text


def test_who_has_paid_or_owes_nothing_yet_is_not_listed() -> None:
    assert listed({"a": date(2026, 12, 25)}, []) == ()


def test_a_card_that_runs_out_is_a_day_like_any_other() -> None:
    where = {"a": Whereabouts(card_expires_on=date(2027, 1, 15))}
    (item,) = listed({"a": date(2026, 8, 31)}, [reminded("a")], where)
    assert item.first.code == "card"
    far = {"a": Whereabouts(card_expires_on=date(2028, 1, 15))}
    (item,) = listed({"a": date(2026, 8, 31)}, [reminded("a")], far)
    assert item.first.code == "seizure"


def test_a_late_reminder_of_a_tax_says_when_it_was_due() -> None:
    (item,) = listed({"a": date(2026, 8, 31)}, [], kind="tax")
    assert item.first.text == (
        "1件の期別の督促が遅れています(令和8年9月20日までに発するものでした)。"
    )


def test_neither_nationality_nor_status_is_an_input_of_the_list() -> None:
    asked = {field.name for field in fields(Whereabouts)} | set(
        inspect.signature(work_list).parameters
    )
    assert not any("national" in name or "status" in name for name in asked)
