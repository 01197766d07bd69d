"""Random numbers without a state: each is an exact function of seed, counter and purpose.

A number drawn for household 17 and the purpose "anchor" is the same whatever was drawn before,
in whatever order or chunk, on whatever machine: only 64-bit integer arithmetic is used, never a
float. The mixing is that of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
Generators, OOPSLA 2014), written as Polars expressions over UInt64, whose arithmetic wraps.
"""

from __future__ import annotations

from hashlib import blake2b

import polars as pl

SHARES = 10_000
"""Every share in the data is so many parts of this."""

_GAMMA = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB
_HALF = 2**32


def word(text: str) -> int:
    """64 bits that stand for a text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _u64(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)


def _mixed(z: pl.Expr) -> pl.Expr:
    z = (z ^ (z // _u64(2**30))) * _u64(_FIRST)
    z = (z ^ (z // _u64(2**27))) * _u64(_SECOND)
    return z ^ (z // _u64(2**31))


def states(number: pl.Expr, seed: int, insurer_code: str) -> pl.Expr:
    """The state of each counter (household number): what its draws are made from."""
    key = word(f"{seed}/{insurer_code}")
    return _mixed(number.cast(pl.UInt64) * _u64(_GAMMA) + _u64(key))


def child_states(state: pl.Expr, position: pl.Expr) -> pl.Expr:
    """The states of the members of a household, by their position from 0."""
    return _mixed(state + (position.cast(pl.UInt64) + _u64(1)) * _u64(_GAMMA))


def draw(state: pl.Expr, purpose: str, below: int | pl.Expr = SHARES) -> pl.Expr:
    """A whole number from 0 to ``below - 1`` (below 2^31), each as likely, for one purpose."""
    high = _mixed(state + _u64(word(purpose))) // _u64(_HALF)
    limit = _u64(below) if isinstance(below, int) else below.cast(pl.UInt64)
    return high * limit // _u64(_HALF)


def scalar(key: str, purpose: str, below: int) -> int:
    """A whole number from 0 to ``below - 1`` for a key in words, mixed as in :func:`draw`.

    For what is drawn once and not row by row.
    """
    z = (word(key) + word(purpose)) % 2**64
    z = (z ^ (z >> 30)) * _FIRST % 2**64
    z = (z ^ (z >> 27)) * _SECOND % 2**64
    return ((z ^ (z >> 31)) >> 32) * below >> 32


def happens(state: pl.Expr, purpose: str, share: int | pl.Expr) -> pl.Expr:
    """Whether something happens that happens to ``share`` of 10,000."""
    limit = _u64(share) if isinstance(share, int) else share.cast(pl.UInt64)
    return draw(state, purpose) < limit
