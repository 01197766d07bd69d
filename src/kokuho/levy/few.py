"""Steps that concern few rows: reliefs, moves within the year, what hardly anybody has.

A Polars choice computes both sides for every row. Here the rare side is computed for its own rows
alone; the expression is the same, and so is the outcome.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def for_few(
    rows: pl.Expr, value: pl.Expr, otherwise: pl.Expr, dtype: type[pl.DataType] = pl.Int64
) -> pl.Expr:
    """``value`` where ``rows`` holds, else ``otherwise``; all three over columns of one frame."""
    names = list(dict.fromkeys(value.meta.root_names()))

    def of_all(columns: Sequence[pl.Series]) -> pl.Series:
        chosen, rest, *inputs = columns
        if len(rest) != len(chosen):
            rest = rest.new_from_index(0, len(chosen))
        at = chosen.arg_true()
        if not len(at):
            return rest
        few = pl.DataFrame([column.gather(at) for column in inputs])
        return rest.clone().scatter(at, few.select(value.alias("value")).to_series())

    return pl.map_batches([rows, otherwise, *names], of_all, return_dtype=dtype)
