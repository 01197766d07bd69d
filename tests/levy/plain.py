"""An ordinance as plain data, for the reference: the names of the real model, none of its code.

The dict that it is built from is the same that ``OrdinanceYear`` takes, so that one random
ordinance serves both sides of a comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class PlainPart:
    income_rate: Decimal
    per_capita: int
    cap: int
    asset_rate: Decimal = Decimal(0)
    per_household: int = 0
    per_capita_adult: int = 0


@dataclass(frozen=True)
class PlainRounding:
    part: int = 1
    person: int = 1
    total: int = 1
    base: int = 1
    income_component: str = "per_household"
    income_mode: str | dict[str, str] = "floor"
    reduction: str = "reduced_unit"
    reduction_unit: int = 1


@dataclass(frozen=True)
class PlainMonths:
    order: str = "multiply_first"
    cap: str = "prorated"


@dataclass(frozen=True)
class PlainOrdinance:
    fiscal_year: int
    parts: dict[str, PlainPart]
    rounding: PlainRounding = PlainRounding()
    months: PlainMonths = PlainMonths()
    exemptions: dict[str, Fraction] = field(default_factory=dict)

    def exemption(self, kind: str) -> Fraction | None:
        return self.exemptions.get(kind)


def plain(spec: dict[str, Any]) -> PlainOrdinance:
    """From the dict of an ordinance year: rates are decimal strings."""
    rounding = dict(spec.get("rounding", {}))
    if rounding.get("person", 1) > 1:
        rounding.setdefault("income_component", "per_person")
    parts = {}
    for name, part in spec["parts"].items():
        rates = {key: Decimal(part[key]) for key in ("income_rate", "asset_rate") if key in part}
        parts[name] = PlainPart(**{**part, **rates})
    return PlainOrdinance(
        fiscal_year=spec["fiscal_year"],
        parts=parts,
        rounding=PlainRounding(**rounding),
        months=PlainMonths(**spec.get("months", {})),
        exemptions={cut["kind"]: Fraction(cut["cut"]) for cut in spec.get("exemptions", ())},
    )
