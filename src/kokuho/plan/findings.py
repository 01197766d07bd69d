"""Findings: a closed list of codes, each with a severity and the rule that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from kokuho.base.messages import translator
from kokuho.plan.places import title

_ = translator("plan")

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

CODES: dict[str, tuple[Severity, str]] = {
    # The period.
    "year-missing": ("error", "Every year of the period has a row."),
    "year-outside": ("error", "Every row is of a year of the period."),
    "amount-unknown": ("error", "A planned reduction is not known."),
    "target-year": (
        "error",
        "A plan states the year in which no deficit is left; it is the last year of the plan.",
    ),
    "length-without-reason": (
        "warning",
        "A plan has six years or less; a longer one states its reason (保国発0129第2号).",
    ),
    # Totals.
    "row-total": ("error", "The years of a row add up to the total of the row on the sheet."),
    "year-total": ("error", "法定外繰入 and 繰上充用金の新規増加分 of a year add up to its total."),
    "sheet-total": ("error", "The totals of both rows add up to the total of the sheet."),
    "whole-total": ("error", "The years of all sheets add up to the total of the plan."),
    "deficit-total": (
        "error",
        "法定外繰入金 + 繰上充用金の新規増加分 = 赤字額; 赤字額 - 黒字分 = 差し引いた後の赤字額.",
    ),
    # The deficit and what reduces it.
    "deficit-unknown": ("error", "A plan states the deficit that it reduces."),
    "reduced-from-outside": (
        "error",
        "The years that reduce the current deficit lie in the period of the plan.",
    ),
    "form5-differs": (
        "error",
        "法定外繰入金 equals the subtotal of form 5 (様式5) of the report 事業の実施状況報告 (※1).",
    ),
    "advance-increase": (
        "error",
        "Only the increase of 繰上充用金 over the year before counts, never below 0 (※2).",
    ),
    "advance-without-deficit": (
        "error",
        "What is 0 cannot be reduced: 繰上充用金の新規増加分 was 0 in the occurrence year.",
    ),
    "reduction-exceeds-deficit": (
        "error",
        "Planned reductions are not greater than the deficit that they reduce.",
    ),
    "remaining-not-zero": ("warning", "No deficit is left at the end of the target year."),
    # Rates.
    "rate-differs": (
        "error",
        "A rate is the reduction divided by the deficit that it reduces, half up (※3).",
    ),
    "rate-hundred": (
        "error",
        "A rate is 100 percent exactly when the whole deficit is cleared (※3).",
    ),
    # Measures.
    "measures-missing": ("warning", "A plan names the measures that bring about its reductions."),
    "measures-short": ("warning", "The measures of a year yield what the year is to reduce."),
    "measures-differ": (
        "error",
        "Amounts that measures state for a year add up to the planned reduction of that year.",
    ),
    # The print.
    "printed-differently": ("error", "An amount that every sheet repeats is the same on each."),
    "printed-sum": (
        "warning",
        "The measures of a sheet add up to the same amount as on the other sheets, or to a "
        "planned year.",
    ),
    "print-row-shifted": ("warning", "Each amount stands in the row of its label."),
    "print-surplus": ("warning", "A row has one cell for each year and one for its total."),
    "print-misread": ("warning", "Printed amounts and years agree with their totals."),
    "print-lost": ("warning", "No cell, row or column of the form is missing."),
    "print-unproved": ("warning", "What nothing proves is compared with the paper by a person."),
    # Results.
    "off-track": (
        "warning",
        "The deficit of a settlement is not greater than what the plan leaves for that year.",
    ),
    "off-track-per-person": (
        "warning",
        "法定外繰入金 per insured person stays below the base, and at the target from its year on.",
    ),
    # Tables.
    "ratio-impossible": (
        "error",
        "A printed ratio can come from its two printed counts, all rounded half up.",
    ),
    "total-impossible": ("error", "A printed total can come from its printed parts."),
    # Notes.
    "two-bases": (
        "note",
        "The deficit of the occurrence year (settlement) and the current one (budget estimate) "
        "are two bases, never one series.",
    ),
    "rate-base-uncertain": (
        "note",
        "No base is certain for these years: they lie before the current deficit, or the deficit "
        "is not known. Their rates stay blank.",
    ),
    "rate-cumulative": (
        "note",
        "The printed rate is the share cleared so far, not that of these years alone.",
    ),
    "form5-unknown": ("note", "The subtotal of form 5 (様式5) is not given, so ※1 is not tested."),
    "settlement-unknown": ("note", "No settlement is known; plan rows are not results."),
    "earlier-version-unknown": ("note", "A changed plan keeps the version that it changes."),
    "measures-exceed": ("note", "The measures yield more in these years than is to be reduced."),
    "measures-unknown": ("note", "A measure without an amount: what they yield is not known."),
    "series-break": ("note", "Numerator and denominator differ in source or date."),
    "not-testable": (
        "note",
        "A ratio or total whose parts are not all printed, or whose denominator may be 0, cannot "
        "be tested.",
    ),
}
"""Every code, its severity and its rule. Notes are no findings: they do not fail a check."""


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold (error, warning), or that a reader should know (note)."""

    code: str
    place: str
    printed: str | int | None = None
    expected: str | int | None = None

    @property
    def severity(self) -> Severity:
        """Of its code."""
        return CODES[self.code][0]

    @property
    def rule(self) -> str:
        """The rule of its code, for people."""
        return _(CODES[self.code][1])

    def as_dict(self) -> dict[str, Any]:
        """The finding as ``--json`` prints it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "place": self.place,
            "printed": self.printed,
            "expected": self.expected,
            "rule": self.rule,
        }

    def line(self) -> str:
        """The finding as one line of text."""
        parts = {
            "severity": _(self.severity),
            "code": self.code,
            "place": title(self.place),
            "printed": _shown(self.printed),
            "expected": _shown(self.expected),
            "rule": self.rule,
        }
        if self.expected is None and self.printed is None:
            return _("{severity} [{code}] {place}. {rule}").format(**parts)
        if self.expected is None:
            return _("{severity} [{code}] {place}: {printed}. {rule}").format(**parts)
        if self.severity == "note":
            line = _("{severity} [{code}] {place}: {printed} (beside {expected}). {rule}")
        else:
            line = _("{severity} [{code}] {place}: {printed} (expected: {expected}). {rule}")
        return line.format(**parts)


def _shown(value: str | int | None) -> str:
    """A number with separators, a limit or a range in words, ``-`` for nothing."""
    if value is None:
        return "-"
    if isinstance(value, int):
        return f"{value:,}"
    words = value.split(" ")
    if len(words) == 2 and words[0] in ("<=", ">=") and words[1].isdigit():
        limit = _("{number} or less") if words[0] == "<=" else _("{number} or more")
        return limit.format(number=f"{int(words[1]):,}")
    if len(words) == 3 and words[1] == "to":
        return _("{low} to {high}").format(low=words[0], high=words[2])
    return value


def answer(found: Iterable[Finding]) -> dict[str, Any]:
    """Findings and notes apart, as ``--json`` prints them."""
    made = [(one.severity, one.as_dict()) for one in found]
    return {
        "findings": [one for severity, one in made if severity != "note"],
        "notes": [one for severity, one in made if severity == "note"],
    }
