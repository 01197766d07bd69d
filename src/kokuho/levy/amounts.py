"""Steps after the rates: what each person and each household owes, part by part (docs/levy.md §4).

Everything here is *stage 2*: a solver that tries other rates repeats these steps alone.
"""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from kokuho.base.money import PPM, floor_to
from kokuho.law import LawYear
from kokuho.levy import months
from kokuho.levy.few import for_few
from kokuho.levy.groups import Gathered
from kokuho.levy.method import Method, Rates, sum_of
from kokuho.levy.steps import Step, choose, not_negative, smaller

YEAR = 12


def liable_mask(part: str) -> str:
    """The mask of the months in which a person is liable for a part."""
    return "care_mask" if part == "care" else "insured_mask"


def union_mask(part: str) -> str:
    """The mask of the months in which anyone in the household is liable for a part."""
    return "care_union" if part == "care" else "insured_union"


def person_month_steps(law: LawYear) -> list[Step]:
    """How many months of a person carry which amount; the same for all parts but care."""
    steps = []
    liabilities = ("insured", "care")
    for liability in liabilities:
        mask = pl.col(f"{liability}_mask")
        free = (pl.col("maternity_mask"), pl.col("former_mask"))
        relieved = pl.col("involuntary_mask")
        half = mask & pl.col("former_half_mask")
        steps += [
            Step(f"{liability}_full", months.count(months.without(mask, relieved, *free))),
            Step(f"{liability}_cut", months.count(months.without(mask & relieved, *free))),
            Step(
                f"{liability}_taxed_asset",
                months.count(months.without(mask, pl.col("former_mask"))),
            ),
            Step(f"{liability}_half", months.count(months.without(half, pl.col("maternity_mask")))),
            Step(
                f"{liability}_plain",
                months.count(months.without(mask, pl.col("maternity_mask")))
                - pl.col(f"{liability}_half"),
            ),
        ]
    for liability in liabilities:
        steps += [
            Step(
                f"{liability}_base_months",
                pl.col("base") * pl.col(f"{liability}_full")
                + pl.col("base_involuntary") * pl.col(f"{liability}_cut"),
            ),
            Step(
                f"{liability}_asset_months",
                pl.col("asset_tax") * pl.col(f"{liability}_taxed_asset"),
            ),
        ]
    return steps


def _liability(part: str) -> str:
    return "care" if part == "care" else "insured"


def _after(unit: pl.Expr, cut: Fraction) -> pl.Expr:
    """A unit after a cut, the cut rounded up to a yen: what is left is floored."""
    return unit * (cut.denominator - cut.numerator) // cut.denominator


def _person_unit(part: str, unit: pl.Expr, law: LawYear, method: Method) -> pl.Expr:
    """The yearly per-capita amount of one person after reduction and the cuts for children."""
    reduced = method.reduced(unit, pl.col("reduction"))
    cuts = []
    if part == "child":
        cuts.append((pl.col("child"), pl.lit(0, dtype=pl.Int64)))
    else:
        if preschool_cut := method.preschool_cut or law.preschool_cut:
            cuts.append((pl.col("preschool"), _after(reduced, preschool_cut)))
        if method.under_18_cut:
            older = pl.col("child") & ~pl.col("preschool")
            cuts.append((older, _after(reduced, method.under_18_cut)))
    after = choose(cuts, reduced)
    own = pl.col("per_capita_exemption")
    own_cut = -(-(unit * own) // PPM)
    return for_few(own != 0, not_negative(after - own_cut), after)


def person_steps(law: LawYear, method: Method, rates: Rates) -> list[Step]:
    """What each person adds to each part. Needs the household's ``reduction`` on the person."""
    steps: list[Step] = []
    relief = law.former_dependant_cut
    for part in method.parts:
        liability = _liability(part)
        plain, half = pl.col(f"{liability}_plain"), pl.col(f"{liability}_half")
        shares = []
        if method.per_person:
            rate = rates.get(part, "income")
            steps.append(
                Step(
                    f"{part}_income",
                    method.by_months(
                        (
                            method.rated(part, pl.col("base"), rate),
                            pl.col(f"{liability}_full"),
                        ),
                        (
                            method.rated(part, pl.col("base_involuntary"), rate),
                            pl.col(f"{liability}_cut"),
                        ),
                    ),
                )
            )
            steps.append(
                Step(
                    f"{part}_asset",
                    method.by_months(
                        (
                            method.rated(part, pl.col("asset_tax"), rates.get(part, "asset")),
                            pl.col(f"{liability}_taxed_asset"),
                        ),
                    ),
                )
            )
            shares += [pl.col(f"{part}_income"), pl.col(f"{part}_asset")]
        fields = ("per_capita", "per_capita_adult") if part == "child" else ("per_capita",)
        for field in fields:
            unit = rates.get(part, field)
            at_most = _after(unit, relief)
            yearly = f"{part}_{field}_unit"
            steps.append(Step(yearly, _person_unit(part, unit, law, method)))
            steps.append(
                Step(
                    f"{part}_{field}",
                    for_few(
                        half != 0,
                        method.by_months(
                            (pl.col(yearly), plain), (smaller(pl.col(yearly), at_most), half)
                        ),
                        method.by_months((pl.col(yearly), plain)),
                    ),
                )
            )
            shares.append(pl.col(f"{part}_{field}"))
        share: pl.Expr = floor_to(sum_of(shares), method.person_unit)
        steps.append(Step(f"{part}_share", share))
    return steps


def household_sums(method: Method) -> list[Gathered]:
    """What a household sums up over its persons for the amounts."""
    summed = [f"{part}_share" for part in method.parts]
    if not method.per_person:
        summed += [
            f"{liability}_{what}_months"
            for liability in ("insured", "care")
            for what in ("base", "asset")
        ]
    return [Gathered(name, pl.col(name)) for name in summed]


def household_steps(law: LawYear, method: Method, rates: Rates) -> list[Step]:
    """The parts and the total of each household."""
    steps: list[Step] = []
    halves = (
        ("specific_half", law.specific_half),
        ("specific_three_quarters", law.specific_continuing),
    )
    for part in method.parts:
        union = pl.col(union_mask(part))
        amounts = [pl.col(f"{part}_share")]
        if not method.per_person:
            liability = _liability(part)
            for what, field in (("base", "income"), ("asset", "asset")):
                steps.append(
                    Step(
                        f"{part}_{field}_sum",
                        pl.col(f"{liability}_{what}_months")
                        * rates.get(part, field)
                        // (YEAR * PPM),
                    )
                )
                amounts.append(pl.col(f"{part}_{field}_sum"))
        if rates.used(part, "per_household"):
            yearly = rates.get(part, "per_household")
            at_most = _after(yearly, law.former_dependant_cut)
            classes = [("ordinary", union, yearly)]
            if part != "care":
                masks = [pl.col(name) for name, _ in halves]
                classes = [("ordinary", months.without(union, *masks), yearly)] + [
                    (name, union & pl.col(name), yearly * left.numerator // left.denominator)
                    for name, left in halves
                ]
            pairs = []
            former = pl.col("former_union")
            for _, mask, unit in classes:
                reduced = method.reduced(unit, pl.col("reduction"))
                pairs.append((reduced, months.count(months.without(mask, former))))
                pairs.append((smaller(reduced, at_most), months.count(mask & former)))
            steps.append(Step(f"{part}_per_household", method.by_months(*pairs)))
            amounts.append(pl.col(f"{part}_per_household"))
        cap = rates.get(part, "cap")
        limit = cap * months.count(union) // YEAR if method.cap_prorated else cap
        gross, capped = pl.col(f"{part}_gross"), pl.col(f"{part}_cap")
        steps += [
            Step(f"{part}_gross", sum_of(amounts)),
            Step(f"{part}_cap", limit),
            Step(part, method.part_floor(smaller(gross, capped))),
        ]
    total: pl.Expr = floor_to(sum_of([pl.col(part) for part in method.parts]), method.total_unit)
    steps.append(Step("total", total))
    return steps
