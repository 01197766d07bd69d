"""Demands and households as ledger and arrears would give them, all fictional."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from kokuho.arrears import Act, Followup, Promise, follow_up
from kokuho.linkage.messages.record import CollectionRecord
from kokuho.linkage.policy import load_policy
from kokuho.linkage.records import Books, DemandState, HouseholdState, Insured, records_of

DAY = date(2026, 11, 25)
RULE = load_policy().on(DAY)
BOOKS = Books(
    "992011", "tax", datetime(2026, 11, 25, 9, tzinfo=timezone(timedelta(hours=9))), DAY,
    foreign=frozenset({"1077", "1078", "1079", "2077"}),
)  # fmt: skip


def demand(term: int = 3, **other: Any) -> DemandState:
    usual: dict[str, Any] = {
        "demand": f"77/{term}", "household": "77", "debtor": "1077", "year_levied": 2026,
        "year_meant": 2026, "channel": "ordinary", "term": term, "due": date(2026, 6 + term, 28),
        "assessed": 30_000, "paid": 0, "refunded": 0, "owed": 30_000,
    }  # fmt: skip
    return DemandState(**(usual | other))


def act(kind: str, day: date, *demands: str, number: int = 1, **more: Any) -> Act:
    return Act(number, kind, day, "77", demands=demands, **more)


def agreed(*paid: tuple[date, int], ended: str = "") -> Followup:
    """An agreement on term 3, its first instalment due on 1 October."""
    made = act(
        "agreement", date(2026, 9, 1), "77/3",
        plan=(Promise(date(2026, 10, 1), 10_000), Promise(date(2026, 12, 1), 20_000)),
    )  # fmt: skip
    acts = [made]
    if ended:
        acts.append(replace(made, number=2, kind="agreement_ended", refers=1, code=ended, plan=()))
    return follow_up(made, acts, paid, DAY)


def family(**more: Any) -> HouseholdState:
    """The debtor 1077, a child insured since spring and one who left the year before."""
    people = (
        Insured("1077", date(2020, 4, 1)),
        Insured("1078", date(2026, 5, 1)),
        Insured("1079", date(2020, 4, 1), date(2026, 4, 1)),
    )
    return HouseholdState(insured=people, **more)


def records(*demands: DemandState, books: Books = BOOKS, **house: Any) -> list[CollectionRecord]:
    return list(records_of(demands, {"77": family(**house)}, books, RULE))


def one(*demands: DemandState, **house: Any) -> CollectionRecord:
    """The record of the debtor for the only demand."""
    (found,) = [each for each in records(*demands, **house) if each.role == "debtor"]
    return found
