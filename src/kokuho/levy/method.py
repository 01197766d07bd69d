"""How an insurer levies, apart from its rates: what all members of a group of insurers share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from kokuho.base.money import ceil_to, floor_to, mul_floor, mul_half_up
from kokuho.levy.steps import not_negative
from kokuho.ordinance import OrdinanceYear

RATE_FIELDS = ("income", "asset", "per_capita", "per_capita_adult", "per_household", "cap")


@dataclass(frozen=True)
class Method:
    """The choices of an ordinance that change a formula, not a number in it.

    Insurers with equal methods are levied in one run, their rates joined as columns.
    """

    parts: tuple[str, ...]
    base_unit: int
    per_person: bool
    half_up: frozenset[str]
    person_unit: int
    part_unit: int
    total_unit: int
    cut_rounded_up: bool
    cut_unit: int
    multiply_first: bool
    cap_prorated: bool
    preschool_cut: Fraction | None
    under_18_cut: Fraction | None

    @classmethod
    def of(cls, ordinance: OrdinanceYear) -> Method:
        """The method of one insurer's year."""
        rounding, months = ordinance.rounding, ordinance.months
        parts = tuple(ordinance.parts)
        mode = rounding.income_mode
        if isinstance(mode, Mapping):
            half_up = {str(part) for part, wanted in mode.items() if wanted == "half_up"}
        else:
            half_up = set(parts if mode == "half_up" else ())
        return cls(
            parts=parts,
            base_unit=rounding.base,
            per_person=rounding.income_component == "per_person",
            half_up=frozenset(half_up),
            person_unit=rounding.person,
            part_unit=rounding.part,
            total_unit=rounding.total,
            cut_rounded_up=rounding.reduction == "reduction_amount",
            cut_unit=rounding.reduction_unit,
            multiply_first=months.order == "multiply_first",
            cap_prorated=months.cap == "prorated",
            preschool_cut=ordinance.exemption("preschool_per_capita"),
            under_18_cut=ordinance.exemption("under_18_per_capita"),
        )

    def rated(self, part: str, amount: pl.Expr, rate: pl.Expr) -> pl.Expr:
        """An amount times a rate, in yen, rounded as the ordinance says for this part."""
        result: pl.Expr = (mul_half_up if part in self.half_up else mul_floor)(amount, rate)
        return result

    def reduced(self, unit: pl.Expr, tenths: pl.Expr) -> pl.Expr:
        """A per-capita or per-household amount after the statutory reduction (7/5/2割軽減)."""
        if self.cut_rounded_up:
            cut = ceil_to(-(-(unit * tenths) // 10), self.cut_unit)
            result: pl.Expr = not_negative(unit - cut)
        else:
            result = unit * (10 - tenths) // 10
        return result

    def by_months(self, *amounts: tuple[pl.Expr, pl.Expr]) -> pl.Expr:
        """Yearly amounts for their months: pairs of yen a year and number of months, summed."""
        if self.multiply_first:
            products = [amount * months for amount, months in amounts]
            return sum_of(products) // 12
        return sum_of(
            [
                pl.when(months == 12).then(amount).otherwise(amount // 12 * months)
                for amount, months in amounts
            ]
        )

    def part_floor(self, amount: pl.Expr) -> pl.Expr:
        """Cut a part to the ordinance's unit (端数切捨て)."""
        result: pl.Expr = floor_to(amount, self.part_unit)
        return result


def sum_of(exprs: Sequence[pl.Expr]) -> pl.Expr:
    """Add expressions up, without the float or null rules of a horizontal sum."""
    total = exprs[0]
    for expr in exprs[1:]:
        total = total + expr
    return total


class Rates:
    """The rates of one group: literals for one insurer, columns where several are joined.

    Column names are ``rate_<part>_<field>`` with the fields of :data:`RATE_FIELDS`; rates in
    millionths, amounts in yen.
    """

    def __init__(self, ordinances: Sequence[OrdinanceYear], *, as_columns: bool | None = None):
        self.ordinances = ordinances
        self.as_columns = len(ordinances) > 1 if as_columns is None else as_columns

    def get(self, part: str, field: str) -> pl.Expr:
        """The expression of one rate."""
        if self.as_columns:
            return pl.col(f"rate_{part}_{field}")
        return pl.lit(rate_values(self.ordinances[0])[part, field], dtype=pl.Int64)

    def used(self, part: str, field: str) -> bool:
        """Whether any insurer of the group levies this component at all."""
        return any(rate_values(ordinance)[part, field] for ordinance in self.ordinances)

    def frame(self) -> pl.DataFrame:
        """One row an insurer: ``insurer_code`` and all rate columns."""
        return pl.DataFrame(
            [
                {"insurer_code": ordinance.insurer.code}
                | {
                    f"rate_{part}_{field}": value
                    for (part, field), value in rate_values(ordinance).items()
                }
                for ordinance in self.ordinances
            ]
        )


def rate_values(ordinance: OrdinanceYear) -> dict[tuple[str, str], int]:
    """All rates of one ordinance year by part and field."""
    return {
        (name, field): value
        for name, part in ordinance.parts.items()
        for field, value in zip(
            RATE_FIELDS,
            (
                part.income_ppm,
                part.asset_ppm,
                part.per_capita,
                part.per_capita_adult,
                part.per_household,
                part.cap,
            ),
            strict=True,
        )
    }
