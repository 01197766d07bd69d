"""Which days' interest deferrals and suspensions waive (地方税法15条の9第1項)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kokuho.arrears import Act, Waiver, waivers

A, B = "77/1", "77/2"
JUNE, AUGUST = date(2026, 6, 1), date(2026, 8, 1)


def act(number: int, kind: str, day: date, *demands: str, **more: Any) -> Act:
    return Act(number, kind, day, "77", demands or (A,), **more)


def deferral(number: int, first: date, last: date, code: str, *demands: str) -> Act:
    return act(number, "deferral", first, *demands, until=last, code=code)


def test_a_deferral_for_a_disaster_waives_all_and_one_of_sale_half() -> None:
    found = waivers(
        [deferral(1, JUNE, date(2026, 7, 31), "collection_disaster", A, B),
         deferral(2, AUGUST, date(2026, 9, 30), "sale_on_request", B)],
        "tax", {},
    )  # fmt: skip
    assert found == (
        Waiver(A, JUNE, date(2026, 7, 31), "full"),
        Waiver(B, JUNE, date(2026, 7, 31), "full"),
        Waiver(B, AUGUST, date(2026, 9, 30), "half"),
    )


def test_what_was_cancelled_waives_until_that_day_and_what_was_withdrawn_nothing() -> None:
    held = deferral(1, JUNE, date(2026, 12, 31), "collection_disaster")
    ended = act(2, "deferral_ended", AUGUST, refers=1, text="資力の回復")
    assert waivers([held, ended], "tax", {}) == (Waiver(A, JUNE, AUGUST, "full"),)
    assert waivers([held, act(2, "withdrawal", AUGUST, refers=1)], "tax", {}) == ()
    back = act(3, "withdrawal", AUGUST, refers=2)
    assert waivers([held, ended, back], "tax", {})[0].last == date(2026, 12, 31)


def test_a_suspension_waives_until_the_duty_is_gone_or_it_is_cancelled() -> None:
    held = act(1, "suspension", JUNE, code="no_property", text="財産なし")
    assert waivers([held], "tax", {}) == (Waiver(A, JUNE, date(2029, 6, 1), "full"),)
    over = act(2, "suspension_ended", AUGUST, refers=1, text="財産が見つかった")
    assert waivers([held, over], "tax", {}) == (Waiver(A, JUNE, AUGUST, "full"),)


def test_for_a_premium_the_ordinance_alone_says_it() -> None:
    acts = [deferral(1, JUNE, AUGUST, "collection_disaster")]
    assert waivers(acts, "premium", {}) == ()
    assert waivers(acts, "premium", {"collection_disaster": "half"})[0].share == "half"
    assert waivers(acts, "tax", {"collection_disaster": "none"}) == ()


def test_a_suspension_within_a_half_deferral_counts_in_full_for_its_days() -> None:
    acts = [
        deferral(1, JUNE, date(2026, 9, 30), "sale_by_office"),
        act(2, "suspension", AUGUST, code="hardship", text="生活の困窮"),
        act(3, "suspension_ended", date(2026, 8, 31), refers=2, text="回復"),
    ]
    assert waivers(acts, "tax", {}) == (
        Waiver(A, JUNE, date(2026, 7, 31), "half"),
        Waiver(A, AUGUST, date(2026, 8, 31), "full"),
        Waiver(A, date(2026, 9, 1), date(2026, 9, 30), "half"),
    )


spells = st.tuples(
    st.integers(0, 60),
    st.integers(0, 30),
    st.sampled_from(["collection_disaster", "sale_by_office"]),
)


@given(st.lists(spells, max_size=6))
def test_each_day_is_waived_as_much_as_the_greatest_of_what_holds(
    some: list[tuple[int, int, str]],
) -> None:
    acts = [
        deferral(n, JUNE + timedelta(start), JUNE + timedelta(start + length), code)
        for n, (start, length, code) in enumerate(some, 1)
    ]
    found = waivers(acts, "tax", {})
    for day in (JUNE + timedelta(n) for n in range(95)):
        holds = {one.code for one in acts if one.day <= day <= (one.until or day)}
        expected = "full" if "collection_disaster" in holds else "half" if holds else None
        said = [one.share for one in found if one.first <= day <= one.last]
        assert said == ([expected] if expected else [])
