"""Places of a plan in words: ``years.2026-2029.total`` is 令和8年度～令和11年度 合計.

Findings and reports name a place by the keys of the plan file, so that a machine may follow them;
people read the words of the form.
"""

from __future__ import annotations

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.messages import language, translator

_ = translator("plan")

NAMES = (
    "period",
    "period.first_year",
    "period.last_year",
    "period.length",
    "insurer.prefecture",
    "insurer.number",
    "insurer.name",
    "document.title",
    "document.submitted_on",
    "document.addressee",
    "document.signatory",
    "occurrence.year",
    "occurrence.other_transfer",
    "occurrence.advance_increase",
    "occurrence.total",
    "occurrence.surplus",
    "occurrence.after_surplus",
    "occurrence.form5_subtotal",
    "current_deficit",
    "current_deficit.year",
    "current_deficit.amount",
    "current_deficit.reduced_from",
    "causes",
    "policy.target_year",
    "policy.means",
    "measures",
    "declared_total",
    "versions",
    "other_transfer",
    "advance_increase",
    "total",
    "rate",
    "actual",
    "reason",
    "ordinals",
    "years",
    "surplus",
    "name",
    "amount",
    "items",
)
"""Keys that have words of their own in the catalogue."""


def title(place: str) -> str:
    """A place in words; several places with commas between."""
    return ", ".join(_title(one) for one in place.split(", "))


def _title(place: str) -> str:
    head, _dot, rest = place.partition(".")
    which, _dot, tail = rest.partition(".")
    if head not in ("years", "sheets", "measures") or not which[:1].isdigit():
        return _(place) if place in NAMES else place
    if head == "years":
        first, _dash, last = which.partition("-")
        start = _year(first)
        if last:
            start = _("{first} to {last}").format(first=_year(first), last=_year(last))
    elif head == "sheets":
        start = _("sheet {number}").format(number=which)
    else:
        start = _("measure {number}").format(number=which)
    return " ".join([start, *(_(key) if key in NAMES else key for key in tail.split(".") if key)])


def _year(text: str) -> str:
    return fiscal_year_name(int(text)) if language() == "ja" else f"FY{text}"
