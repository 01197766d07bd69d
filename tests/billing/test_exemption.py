"""A granted share in yen: exact, rounded once, explained."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.billing import exempted
from kokuho.billing.exemption import explain, read
from kokuho.ordinance.billing import HouseholdExemption

DAY = date(2026, 10, 1)
ROUND = {"floor": floor, "ceiling": ceil, "half_up": lambda f: floor(f + Fraction(1, 2))}


@given(
    st.integers(0, 1_100_000), st.integers(0, 1_100_000), st.integers(1, 1_000_000),
    st.sampled_from(["annual", "not_yet_due"]), st.sampled_from([1, 10, 100, 1000]),
    st.sampled_from(sorted(ROUND)),
)  # fmt: skip
def test_the_amount_is_the_fraction_rounded_once(
    levied: int, due: int, share: int, share_of: str, unit: int, mode: str
) -> None:
    rule = HouseholdExemption.model_validate({"share_of": share_of, "unit": unit, "mode": mode})
    one = exempted(DAY, share, levied, due, rule)
    base = levied if share_of == "annual" else max(0, levied - due)
    exact = Fraction(base * share, 1_000_000)
    assert one.amount == min(base, ROUND[mode](exact / unit) * unit)
    assert read(one.as_dict()) == one


def test_every_step_is_a_line() -> None:
    rule = HouseholdExemption(share_of="not_yet_due", unit=100, mode="ceiling")
    assert explain(exempted(DAY, 333_333, 123_400, 50_000, rule)) == (
        "amount of the year: 123,400 yen",
        "less what fell due before 令和8年10月1日: 50,000 yen",
        "instalments that fall due from 令和8年10月1日 on: 73,400 yen",
        "× 33.3333% = 24,466.6422 yen",
        "what is below 100 yen is raised to 100 yen",
        "taken off: 24,500 yen",
    )


@pytest.mark.parametrize("missing", ["share_of", "unit", "mode"])
def test_no_part_of_the_rule_has_a_default(missing: str) -> None:
    rule = {"share_of": "annual", "unit": 100, "mode": "floor"}
    del rule[missing]
    with pytest.raises(ValueError, match=missing):
        HouseholdExemption.model_validate(rule)
