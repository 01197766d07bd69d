"""How records are read: each yen in one class, never more overdue than there is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.linkage.messages.reading import CLASSES, amounts_of

YEN = st.integers(0, 10**7)


@pytest.mark.parametrize(
    ("fields", "amounts"),
    [
        ({"overdue": 100}, {"overdue": 100}),
        ({"overdue": 0, "later": 100}, {"later": 100}),
        ({"overdue": 100, "reported": 100}, {"reported": 100}),
        ({"overdue": 100, "reported": 30}, {"reported": 30, "overdue": 70}),
        ({"overdue": 100, "later": 50, "reported": 120}, {"reported": 120, "later": 30}),
        ({"overdue": 100, "deferral": "deferred"}, {"deferred": 100}),
        ({"overdue": 100, "agreement": "kept"}, {"agreed": 100}),
        ({"overdue": 100, "agreement": "broken"}, {"broken": 100}),
        ({"overdue": 100, "suspended_on": "2026-01-01"}, {"suspended": 100}),
        ({"overdue": 100, "prescribed_on": "2026-01-01"}, {"prescribed": 100}),
        ({"paid": 100, "overdue": 0}, {"paid": 100}),
        ({}, {}),
    ],
)
def test_each_state_has_its_class(fields: dict[str, Any], amounts: dict[str, int]) -> None:
    assert amounts_of(fields) == amounts


@given(YEN, YEN, YEN, st.sampled_from(["none", "deferred"]), st.sampled_from(["none", "kept"]))
def test_a_yen_stands_once_and_what_is_not_due_is_never_overdue(
    overdue: int, later: int, reported: int, deferral: str, agreement: str
) -> None:
    fields = {
        "overdue": overdue, "later": later, "reported": reported, "deferral": deferral,
        "agreement": agreement,
    }  # fmt: skip
    amounts = amounts_of(fields)
    assert set(amounts) <= set(CLASSES)
    assert amounts.get("overdue", 0) <= overdue
    open_ = sum(yen for name, yen in amounts.items() if name != "reported")
    assert open_ == max(overdue + later - reported, 0)
