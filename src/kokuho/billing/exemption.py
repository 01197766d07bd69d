"""A share of the levy that is granted on application, in yen (申請による減免の割合から額へ).

What the share is of, and how it is rounded, is the ordinance's (``billing.household_exemption``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from kokuho.base.calendar import era_date
from kokuho.base.messages import translator
from kokuho.base.money import PPM, ceil_to, floor_to, rate_text
from kokuho.ordinance.billing import HouseholdExemption

_ = translator("billing")


@dataclass(frozen=True)
class Exempted:
    """What one exemption takes off a year's amount, with the figures that it follows from.

    Attributes:
        day: the first day of the exemption.
        share_ppm: the share that was granted, millionths.
        share_of: ``annual`` or ``not_yet_due``.
        levied: the year's amount, yen.
        due_before: instalments that fall due before ``day``, yen; 0 where the share is of the year.
        unit, mode: how the result is rounded.
    """

    day: date
    share_ppm: int
    share_of: Literal["annual", "not_yet_due"]
    levied: int
    due_before: int
    unit: int
    mode: Literal["floor", "half_up", "ceiling"]

    @property
    def base(self) -> int:
        """What the share is of, yen: never below 0."""
        return max(0, self.levied - self.due_before)

    @property
    def amount(self) -> int:
        """What is taken off, yen: exact, rounded once, never more than ``base``."""
        numerator, step = self.base * self.share_ppm, self.unit * PPM
        if self.mode == "half_up":
            numerator += step // 2
        rounded = ceil_to(numerator, step) if self.mode == "ceiling" else floor_to(numerator, step)
        return min(self.base, int(rounded) // PPM)

    def as_dict(self) -> dict[str, Any]:
        """The figures in a form that can be kept, the result with them."""
        return asdict(self) | {"day": self.day.isoformat(), "amount": self.amount}


def exempted(
    day: date, share_ppm: int, levied: int, due_before: int, rule: HouseholdExemption
) -> Exempted:
    """What a granted share takes off; ``due_before`` counts where the rule says so."""
    due_before = due_before if rule.share_of == "not_yet_due" else 0
    return Exempted(day, share_ppm, rule.share_of, levied, due_before, rule.unit, rule.mode)


def read(kept: Mapping[str, Any]) -> Exempted:
    """What :meth:`Exempted.as_dict` kept."""
    said = {name: value for name, value in kept.items() if name != "amount"}
    return Exempted(**said | {"day": date.fromisoformat(kept["day"])})


def explain(one: Exempted) -> tuple[str, ...]:
    """The steps to the amount, a line each, in the language of the interface."""
    lines = [_("amount of the year: {yen} yen").format(yen=f"{one.levied:,}")]
    if one.share_of == "not_yet_due":
        lines += [
            _("less what fell due before {day}: {yen} yen").format(
                day=era_date(one.day), yen=f"{one.due_before:,}"
            ),
            _("instalments that fall due from {day} on: {yen} yen").format(
                day=era_date(one.day), yen=f"{one.base:,}"
            ),
        ]
    lines.append(
        _("× {share} = {product} yen").format(share=rate_text(one.share_ppm), product=_exact(one))
    )
    if one.unit > 1 or one.base * one.share_ppm % PPM:
        rounded = {
            "floor": _("what is below {unit} yen is cut"),
            "half_up": _("rounded half up to {unit} yen"),
            "ceiling": _("what is below {unit} yen is raised to {unit} yen"),
        }[one.mode]
        lines.append(rounded.format(unit=one.unit))
    lines.append(_("taken off: {yen} yen").format(yen=f"{one.amount:,}"))
    return tuple(lines)


def _exact(one: Exempted) -> str:
    """The product before rounding, exactly."""
    whole, rest = divmod(one.base * one.share_ppm, PPM)
    return f"{whole:,}" + (f".{rest:06d}".rstrip("0") if rest else "")
