"""Linear programmes, solved by HiGHS: variables, rows with the name of their limit, duals.

Floats live here and in what proposes rates; whatever is proposed is levied and judged in whole yen
elsewhere, and only that counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import highspy

INFINITY = float("inf")
_NIL = 1e-9


@dataclass(frozen=True)
class Solution:
    """The values of the variables, and the limits whose rows or bounds hold the optimum back."""

    values: list[float]
    binding: frozenset[str]


class _Quiet(highspy.Highs):
    """HiGHS without its banner, which it prints when callbacks are set up."""

    def enableCallbacks(self) -> None:  # noqa: N802 (highspy's name)
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Programme:
    """A linear programme that is minimised."""

    def __init__(self) -> None:
        self._highs = _Quiet()  # type: ignore[no-untyped-call]
        self._highs.setOptionValue("threads", 1)
        self._columns: list[tuple[str | None, str | None]] = []
        self._rows: list[str | None] = []

    def variable(
        self,
        low: float,
        high: float,
        cost: float = 0.0,
        *,
        limit_low: str | None = None,
        limit_high: str | None = None,
    ) -> int:
        """Add a variable; the limits name what its bounds stand for."""
        number = len(self._columns)
        self._highs.addVar(low, high)
        self._highs.changeColCost(number, cost)
        self._columns.append((limit_low, limit_high))
        return number

    def row(
        self, terms: Mapping[int, float], low: float, high: float, limit: str | None = None
    ) -> None:
        """Add a row ``low <= sum of terms <= high``."""
        used = {number: value for number, value in terms.items() if value}
        self._highs.addRow(low, high, len(used), list(used), list(used.values()))
        self._rows.append(limit)

    def solve(self) -> Solution | None:
        """The optimum, or None where no values fulfil all rows."""
        self._highs.run()
        if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found = self._highs.getSolution()
        binding = {
            limit
            for limit, dual in zip(self._rows, found.row_dual, strict=True)
            if limit and abs(dual) > _NIL
        }
        for (low, high), dual in zip(self._columns, found.col_dual, strict=True):
            # a bound that holds the optimum back from below has a positive dual
            limit = low if dual > _NIL else high if dual < -_NIL else None
            if limit:
                binding.add(limit)
        return Solution(list(found.col_value), frozenset(binding))
