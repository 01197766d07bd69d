from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.money import (
    PPM,
    ceil_to,
    floor_to,
    mul_floor,
    mul_half_up,
    rate_numerator,
    rate_text,
)

yen = st.integers(min_value=0, max_value=3_000_000_000)
rates = st.integers(min_value=0, max_value=PPM)


@given(yen, rates)
def test_a_product_is_floored_exactly(amount: int, rate: int) -> None:
    assert mul_floor(amount, rate) == Fraction(amount * rate, PPM) // 1


@given(yen, rates)
def test_half_up_is_the_floor_of_the_product_and_a_half(amount: int, rate: int) -> None:
    assert mul_half_up(amount, rate) == (Fraction(amount * rate, PPM) + Fraction(1, 2)) // 1


@given(yen, st.sampled_from([1, 10, 100, 1000]))
def test_floors_and_ceilings_are_multiples_beside_the_amount(amount: int, unit: int) -> None:
    low, high = floor_to(amount, unit), ceil_to(amount, unit)
    assert low <= amount <= high
    assert low % unit == high % unit == 0
    assert high - low in (0, unit)


@pytest.mark.parametrize("rate", ["0.0000001", "-0.1", "1.5", "x", "NaN"])
def test_what_is_no_rate_is_refused(rate: str) -> None:
    with pytest.raises(ValueError, match="rate"):
        rate_numerator(rate)


def test_a_float_is_never_a_rate() -> None:
    with pytest.raises(ValueError, match="float"):
        rate_numerator(0.1)  # type: ignore[arg-type]


def test_rates_are_numerators_over_a_million() -> None:
    assert rate_numerator("0.0674") == 67_400
    assert rate_numerator(Decimal("0.003")) == 3_000
    assert rate_text(67_400) == "6.74%"
    assert rate_text(3_125) == "0.3125%"
