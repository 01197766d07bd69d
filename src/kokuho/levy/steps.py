"""What a step of the levy is: a named column and the expression that makes it.

The levy is four lists of such steps (persons, households, person amounts, household amounts). A
list is flat and ordered as the law reads; :func:`apply` finds out from the expressions which steps
stand on which, and lets Polars run those that do not wait for each other side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Step:
    """One line of the levy: ``name`` is the column, ``expr`` what stands in it.

    What the step means for people (title, article, formula) is in :mod:`kokuho.levy.rules`.
    """

    name: str
    expr: pl.Expr


def layers(steps: Iterable[Step]) -> list[list[Step]]:
    """Group steps so that each layer needs only columns of the layers before it."""
    depth: dict[str, int] = {}
    grouped: list[list[Step]] = []
    for step in steps:
        needed = (depth.get(root, -1) for root in step.expr.meta.root_names())
        level = max(needed, default=-1) + 1
        depth[step.name] = level
        if level == len(grouped):
            grouped.append([])
        grouped[level].append(step)
    return grouped


def apply(frame: pl.LazyFrame, steps: Iterable[Step]) -> pl.LazyFrame:
    """Add the steps' columns to a lazy frame, in their order of dependence."""
    for layer in layers(steps):
        frame = frame.with_columns(step.expr.alias(step.name) for step in layer)
    return frame


def choose(cases: Sequence[tuple[pl.Expr, pl.Expr]], otherwise: pl.Expr) -> pl.Expr:
    """The value of the first case whose condition holds, else ``otherwise``."""
    chosen: Any = pl
    for condition, value in cases:
        chosen = chosen.when(condition).then(value)
    result: pl.Expr = chosen.otherwise(otherwise) if cases else otherwise
    return result


def not_negative(value: pl.Expr) -> pl.Expr:
    """``value``, or 0 where it is below; empty stays empty."""
    return value.clip(lower_bound=0)


def smaller(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """The smaller of two values; empty where ``one`` is. Faster than a horizontal minimum."""
    return pl.when(one > other).then(other).otherwise(one)


def names(steps: Iterable[Step]) -> list[str]:
    """The columns that a list of steps makes."""
    return [step.name for step in steps]
