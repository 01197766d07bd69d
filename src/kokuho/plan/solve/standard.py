"""Fitting rates (保険料適正算定): from a required revenue to rates, and back.

* A: from what a part must bring in, and its shares (応能・応益), to rates.
* B: what given rates come to, against what they must bring in.
* C: both in a loop, because what the reliefs bring back follows from the rates.

Rates are fitted to the levy before reductions (賦課総額): what is reduced comes back as
保険基盤安定. What lies beyond the cap of a household (限度超過額) is lost to the city; A adds it to
what the income rate must bring in, levies everybody again, and goes on until the levy is within
:data:`TOLERANCE` yen a household of what it must be.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.base.money import PPM, mul_floor
from kokuho.levy.vectors import totals
from kokuho.plan.forecast.paths import percent
from kokuho.plan.forecast.relevy import Relevy
from kokuho.plan.scenario.calculation import Shares
from kokuho.plan.scenario.limits import PartSteps
from kokuho.plan.scenario.rates import Vector
from kokuho.plan.solve.bases import bases_of

_ = translator("forecast")

TOLERANCE = 100
"""Yen a household by which the levy may miss what it must be."""

_ROUNDS = 100
_NO_CAP = 10**13


@dataclass(frozen=True)
class Fitted:
    """The rates of a part that A or C finds: millionths and yen, and the number of levies made."""

    part: str
    income: int
    per_capita: int
    per_capita_adult: int
    per_household: int
    levies: int

    def vector(self) -> dict[str, int]:
        """The rates as the levy takes them."""
        return {
            f"rate_{self.part}_{field}": getattr(self, field)
            for field in ("income", "per_capita", "per_capita_adult", "per_household")
        }


@dataclass(frozen=True)
class Checked:
    """What given rates come to in a part (B), in yen.

    ``gross``: the levy before reliefs (賦課総額); ``levied``: after them (調定額); ``revenue``: the
    part of it that is collected, and the reliefs that come back; ``over_cap``: beyond the caps.
    ``benefit``: 応益割合, before reliefs and caps.
    """

    part: str
    gross: int
    levied: int
    reliefs: int
    revenue: int
    over_cap: int
    benefit: Fraction

    def missing(self, required: int) -> int:
        """What is missing to a required revenue; below 0: a surplus."""
        return required - self.revenue


class Fitting:
    """The people of a year, whose rates are to be fitted; ``collected`` is 収納率 in millionths."""

    def __init__(self, relevy: Relevy, collected: int) -> None:
        self.relevy, self.collected = relevy, collected
        self.free = relevy.unrelieved()
        self.bases = bases_of(self.free)
        self.tolerance = TOLERANCE * self.free.households.height

    def fit(self, base: Vector, part: str, required: int, shares: Shares) -> Fitted:
        """A: the rates of a part that must bring in ``required`` yen; the others as in ``base``.

        Raises:
            PlanError: nobody to levy the part on, or the caps keep the levy below what it must be.
        """
        gross = -(-required * PPM // self.collected)
        return self._fitted(base, part, gross, shares)

    def check(self, vector: Vector) -> dict[str, Checked]:
        """B: what given rates come to, part by part."""
        caps = {name: _NO_CAP for name in vector if name.endswith("_cap")}
        gross, uncapped = totals(self.free, [vector, {**vector, **caps}]).rows(named=True)
        levied = totals(self.relevy.judged, [vector]).row(0, named=True)
        reliefs = self.relevy.reliefs_by_part(vector)
        return {
            part: Checked(
                part=part,
                gross=gross[part],
                levied=levied[part],
                reliefs=reliefs[part],
                revenue=mul_floor(levied[part], self.collected) + reliefs[part],
                over_cap=uncapped[part] - gross[part],
                benefit=self._benefit(part, vector),
            )
            for part in self.relevy.parts
        }

    def loop(self, base: Vector, part: str, required: int, shares: Shares) -> Fitted:
        """C: the rates of a part whose revenue with its reliefs is what it must bring in.

        A and B take turns until the revenue is within :data:`TOLERANCE` yen a household.

        Raises:
            PlanError: as :meth:`fit`.
        """
        gross = -(-required * PPM // self.collected)
        levies = 0
        for _round in range(_ROUNDS):
            fitted = self._fitted(base, part, gross, shares)
            levies += fitted.levies
            missing = self.check({**base, **fitted.vector()})[part].missing(required)
            if abs(missing) <= self.tolerance:
                return Fitted(**{**vars(fitted), "levies": levies})
            gross += missing
        raise PlanError(_no_rate(part, required))

    def _fitted(self, base: Vector, part: str, gross: int, shares: Shares) -> Fitted:
        bases, name = self.bases, f"rate_{part}_income"
        if not bases.persons[part] or not bases.income[part]:
            raise PlanError(_("{part}: there is nobody to levy it on").format(part=part))
        per_capita = _each(gross, shares.per_capita, bases.persons[part])
        children = bases.persons[part] - bases.adults
        vector = dict(base) | {
            f"rate_{part}_per_capita": per_capita,
            f"rate_{part}_per_household": _each(
                gross, shares.per_household, bases.households[part]
            ),
            # what the children do not pay is spread over the adults
            f"rate_{part}_per_capita_adult": (
                per_capita * children // bases.adults if part == "child" else 0
            ),
        }
        aim = Fraction(gross) * Fraction(shares.income)
        for made in range(1, _ROUNDS + 1):
            exact = aim * 12 * PPM / bases.income[part]
            vector[name] = max(0, min(int(exact + Fraction(1, 2)), PPM))
            missing = gross - totals(self.free, [vector])[part][0]
            if abs(missing) <= self.tolerance:
                return Fitted(
                    part, vector[name], per_capita, vector[f"rate_{part}_per_capita_adult"],
                    vector[f"rate_{part}_per_household"], made,
                )  # fmt: skip
            # a share of each further yen is lost beyond the caps too: the rounds close on it
            aim += missing
        raise PlanError(_no_rate(part, gross))

    def _benefit(self, part: str, vector: Vector) -> Fraction:
        bases = self.bases
        ability = Fraction(bases.income[part] * vector[f"rate_{part}_income"], PPM)
        heads = bases.adults if part == "child" else bases.persons[part]
        each = vector[f"rate_{part}_per_capita"] + vector[f"rate_{part}_per_capita_adult"]
        benefit = heads * each + bases.households[part] * vector[f"rate_{part}_per_household"]
        return benefit / (ability + benefit) if ability + benefit else Fraction(0)


def rounded_up(fitted: Fitted, steps: PartSteps) -> Fitted:
    """The rates as an ordinance prints them, raised to the next step."""

    def up(value: int, step: int) -> int:
        return -(-value // step) * step

    return Fitted(
        part=fitted.part,
        income=up(fitted.income, int(steps.income_rate * PPM)),
        per_capita=up(fitted.per_capita, steps.amount),
        per_capita_adult=fitted.per_capita_adult,
        per_household=up(fitted.per_household, steps.amount),
        levies=fitted.levies,
    )


def _each(gross: int, share: object, twelfths: int) -> int:
    """A share of the levy for each person or household, to the nearest yen."""
    if not twelfths:
        return 0
    return int(Fraction(gross) * Fraction(str(share)) * 12 / twelfths + Fraction(1, 2))


def _no_rate(part: str, yen: int) -> str:
    return _("{part}: with its cap no income rate brings in {yen} yen").format(
        part=part, yen=f"{yen:,}"
    )


def gap_to_standard(standard: int, current: int) -> Decimal:
    """標準保険料率との差: how far the standard levy per person is above the current, in percent.

    >>> gap_to_standard(125_828, 92_906)
    Decimal('35.4')
    """
    return percent(standard - current, current, 1)
