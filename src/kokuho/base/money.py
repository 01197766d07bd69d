"""Exact arithmetic for yen and rates: integers only, one place where anything is rounded.

Yen are ``int``; a rate is an integer numerator over one million (:data:`PPM`). The functions take
whole numbers or anything that has ``*``, ``//`` and ``+`` like them (Polars expressions, NumPy
``int64`` arrays), so that one definition serves one household and a nation.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

PPM = 1_000_000
"""Denominator of every rate: 6.74 % is 67,400 / 1,000,000."""

EXACT_LIMIT = 2**53
"""Every product is kept below this before it is divided, so that any engine divides exactly."""


def rate_numerator(rate: str | Decimal) -> int:
    """Turn a decimal rate (a fraction of 1, as ``"0.0674"``) into its numerator over one million.

    Raises:
        ValueError: not a decimal, negative, above 1, or finer than one millionth.
    """
    if isinstance(rate, float):
        raise ValueError("a rate is a decimal string, never a float")
    try:
        value = Decimal(rate)
    except InvalidOperation:
        raise ValueError(f"not a decimal rate: {rate!r}") from None
    if not value.is_finite() or not 0 <= value <= 1:
        raise ValueError(f"a rate lies between 0 and 1: {rate!r}")
    scaled = value * PPM
    if scaled != scaled.to_integral_value():
        raise ValueError(f"a rate has at most six decimals: {rate!r}")
    return int(scaled)


def mul_floor(amount: Any, numerator: Any, denominator: int = PPM) -> Any:
    """``floor(amount * numerator / denominator)``, exactly (円未満切捨て).

    ``amount * numerator`` must stay below :data:`EXACT_LIMIT`; callers bound their inputs.
    """
    return amount * numerator // denominator


def mul_half_up(amount: Any, numerator: Any, denominator: int = PPM) -> Any:
    """``amount * numerator / denominator`` rounded to the nearest yen, half up (四捨五入)."""
    return (2 * amount * numerator + denominator) // (2 * denominator)


def floor_to(amount: Any, unit: int) -> Any:
    """``amount`` cut to a multiple of ``unit`` yen (端数切捨て)."""
    return amount if unit == 1 else amount // unit * unit


def ceil_to(amount: Any, unit: int) -> Any:
    """``amount`` raised to a multiple of ``unit`` yen (端数切上げ)."""
    return amount if unit == 1 else -(-amount // unit) * unit


def rate_text(numerator: int) -> str:
    """A rate for people: numerator 67,400 gives ``6.74%`` (at least two decimals)."""
    percent = Decimal(numerator) / 10_000
    text = f"{percent:f}"
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}%"
