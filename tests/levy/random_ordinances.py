"""Random ordinances of every method, rounding and order, as dicts that ``OrdinanceYear`` takes."""

from __future__ import annotations

from typing import Any

from kokuho.ordinance import OrdinanceYear
from tests.levy.dice import Dice

Spec = dict[str, Any]

FISCAL_YEARS = range(2018, 2027)
CAPS = {
    # National caps in 10,000 yen: medical, support, care (docs/law.md has the sources)
    2018: (58, 19, 16),
    2019: (61, 19, 16),
    2020: (63, 19, 17),
    2021: (63, 19, 17),
    2022: (65, 20, 17),
    2023: (65, 22, 17),
    2024: (65, 24, 17),
    2025: (66, 26, 17),
    2026: (67, 26, 17),
}
RATES = {"medical": (45, 95), "support": (15, 35), "care": (12, 30), "child": (2, 4)}
"""Income rates from and to, in thousandths."""


def _rate(dice: Dice, low: int, high: int) -> str:
    """A decimal string; municipalities write two decimals of a percent, the format allows four."""
    millionths = dice.number(low * 1000, high * 1000)
    digits = dice.pick([100, 1])
    return f"{millionths // digits * digits / 1_000_000:.6f}"


def _part(dice: Dice, name: str, cap: int, method: int) -> Spec:
    child = name == "child"
    part: Spec = {
        "income_rate": _rate(dice, *RATES[name]),
        "per_capita": dice.number(900, 2_500) if child else dice.number(5_000, 48_000),
        "cap": dice.pick([cap, cap, cap - 10_000, cap // 2]),
    }
    if method >= 3 and dice.chance(80):
        part["per_household"] = dice.number(400, 1_100) if child else dice.number(3_000, 30_000)
    if method == 4 and (name == "medical" or dice.chance(40)):
        part["asset_rate"] = _rate(dice, 20, 400)
    if child:
        part["per_capita_adult"] = dice.number(40, 160)
    return part


def _rounding(dice: Dice) -> Spec:
    rounding: Spec = {
        "part": dice.pick([100, 1, 10]),
        "total": dice.pick([1, 1, 10, 100]),
        "base": dice.pick([1, 1, 1000]),
    }
    if dice.chance(50):
        rounding["income_component"] = "per_person"
        rounding["person"] = dice.pick([1, 1, 10, 100])
        rounding["income_mode"] = dice.pick(
            ["floor", "half_up", {"medical": "half_up"}, {"medical": "floor", "care": "half_up"}]
        )
    if dice.chance(40):
        rounding["reduction"] = "reduction_amount"
        rounding["reduction_unit"] = dice.pick([1, 10, 100])
    return rounding


def ordinance_spec(dice: Dice, fiscal_year: int) -> Spec:
    """A plausible ordinance of the year."""
    method = dice.pick([2, 3, 4])
    caps = dict(zip(("medical", "support", "care"), CAPS[fiscal_year], strict=True))
    if fiscal_year >= 2026:
        caps["child"] = 3
    if dice.chance(5):
        del caps[dice.pick(["support", "care"])]
    rounding = _rounding(dice)
    months: Spec = {"cap": dice.pick(["prorated", "annual"])}
    if rounding.get("income_component") == "per_person":
        months["order"] = dice.pick(["multiply_first", "divide_first"])
    exemptions = []
    if fiscal_year >= 2022 and dice.chance(25):
        cut = dice.pick(["1", "0.5", "0.6", "0.75"])
        exemptions.append({"kind": "preschool_per_capita", "cut": cut})
    if dice.chance(25):
        cut = dice.pick(["1", "0.5", "0.3", "0.333333"])
        exemptions.append({"kind": "under_18_per_capita", "cut": cut})
    return {
        "fiscal_year": fiscal_year,
        "parts": {name: _part(dice, name, cap * 10_000, method) for name, cap in caps.items()},
        "rounding": rounding,
        "months": months,
        "exemptions": exemptions,
    }


def real_ordinance(spec: Spec, code: str) -> OrdinanceYear:
    """The same ordinance as Kokuho's own model, of a fictional insurer."""
    insurer = {
        "code": code,
        "name": f"架空市{code}",
        "prefecture": "架空県",
        "municipality_code": "990019",
        "kind": "premium",
    }
    return OrdinanceYear.model_validate({**spec, "insurer": insurer, "status": "fictional"})
