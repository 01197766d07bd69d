"""What is wrong or missing in an ordinance file, in a clerk's words.

Codes are a closed list (:data:`TEXTS`), documented in ``docs/ordinance.md``. An ``error`` keeps a
file from being used; a ``notice`` says what is still missing from a file that can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kokuho.base.messages import translator
from kokuho.ordinance.reading import Document, Place, place_text, written

_ = translator("ordinance")

Severity = Literal["error", "notice"]

NOTICES = frozenset({"not_compared", "unconfirmed", "no_terms", "source_not_address"})
"""Codes that do not keep a file from being used."""


def _mark(message: str) -> str:
    """Mark a message for the catalogue; it is translated when it is used."""
    return message


N_ = _mark

TEXTS: dict[str, tuple[str, str]] = {
    # The file as a whole.
    "not_yaml": (
        N_("a YAML file; reading stops here: {problem}"),
        N_("Write `key: value` and indent with spaces, not with tabs."),
    ),
    "not_a_mapping": (N_("the keys insurer and fiscal_years"), ""),
    "duplicate_key": (
        N_("{key} once; it stands already on line {first_line}"),
        N_("YAML would keep the last one without a word."),
    ),
    "unknown_key": (
        N_("one of the keys: {keys}"),
        N_("A key that the format does not know is refused, so that nothing is silently ignored."),
    ),
    "missing_key": (N_("{key} must be stated"), N_("Nothing is filled in for what is required.")),
    # Single values.
    "rate_not_text": (
        N_('"{meant}" in quotes'),
        N_("Without quotes a rate is read as a binary approximation, not as the decimal number."),
    ),
    "rate_invalid": (
        N_('a fraction of 1 with at most six decimals, such as "{meant}"'),
        N_("Write 0.0674 for 6.74 percent."),
    ),
    "not_whole": (
        N_("a whole number, such as 31000"),
        N_("Without quotes, commas, decimals or a unit."),
    ),
    "out_of_range": (N_("a number from {low} to {high}"), ""),
    "not_choice": (N_("one of: {choices}"), ""),
    "not_text": (
        N_('text in quotes: "{value}"'),
        N_("Without quotes YAML reads a code as a number and may drop its leading zero."),
    ),
    "empty_text": (N_("some text"), ""),
    "bad_pattern": (N_("{form}"), ""),
    "not_date": (N_("a date, such as 2026-04-01"), ""),
    "not_yes_no": (N_("true or false"), ""),
    "wrong_shape": (N_("{shape}"), ""),
    "year_key": (
        N_("the western year in which the fiscal year starts, such as 2026 for 令和8年度"),
        "",
    ),
    "invalid": (N_("another value"), "{problem}"),
    # The insurer.
    "check_digit": (
        N_('"{right}", if the first five digits are right'),
        N_("The sixth digit of a municipality code is a check digit (全国地方公共団体コード)."),
    ),
    "prefecture_mismatch": (
        N_("{prefecture}, if the code is right"),
        N_("The first two digits of a municipality code are the prefecture's."),
    ),
    "no_such_prefecture": (
        N_("two digits from 01 to 47 in front, or 99 for an invented municipality"),
        N_("The first two digits of a municipality code are the prefecture's."),
    ),
    # The year against the law.
    "year_not_in_law": (N_("a year whose law is known"), "{problem}"),
    "no_parts": (N_("the parts of this year: {parts}"), ""),
    "part_missing": (
        N_("the part {label}; if its rates were not found, `unconfirmed_parts: [{part}]`"),
        N_("The law levies these parts in {year}: {parts}."),
    ),
    "part_not_in_year": (
        N_("no part {part}"),
        N_("The law levies these parts in {year}: {parts}."),
    ),
    "confirmed_and_not": (
        N_("{part} either under parts or in unconfirmed_parts"),
        N_("A part with rates is a confirmed one."),
    ),
    "cap_above_national": (
        N_("at most {cap} yen"),
        N_("The national cap of {year} ({article}); an ordinance may set a lower one."),
    ),
    "adult_outside_child": (
        N_("per_capita_adult in the child part alone"),
        N_("18歳以上均等割 exists in the child part only."),
    ),
    # Rounding and months.
    "needs_per_person": (
        N_("`income_component: per_person` under rounding"),
        N_("{setting} works on each person's own income component."),
    ),
    "unit_without_amount": (
        N_("reduction_unit: 1, or `reduction: reduction_amount`"),
        N_("Only the amount of the reduction is raised to a unit."),
    ),
    "tax_rounding": (
        N_("part: 100"),
        N_("A tax drops what is below 100 yen (地方税法20条の4の2第3項)."),
    ),
    # Exemptions and instalments.
    "exemption_twice": (N_("one cut of each kind"), ""),
    "exemption_empty": (N_("a cut above 0"), ""),
    "exemption_below_statutory": (
        N_("at least {statutory}"),
        N_("So much is cut for preschoolers by law; the own cut stands in its place."),
    ),
    "due_invalid": (
        N_('a due date: "07-31", "07-end" for the last day of July, or 2026-07-31'),
        "",
    ),
    "due_out_of_year": (
        N_("a day from {first} to {last}"),
        N_("Instalments of {year}; its books close at the end of May (地方自治法235条の5)."),
    ),
    "term_order": (
        N_("instalments numbered 1, 2, 3 … with later due dates"),
        "",
    ),
    # Billing.
    "not_month_day": (N_('a day of the year in quotes, such as "06-23"'), ""),
    "too_many_terms": (
        N_("fewer than the {count} instalments of the year"),
        N_("The instalments after them collect the rest."),
    ),
    "share_whole": (
        N_("ordinary_share above 0 and below 1"),
        N_("Both the ordinary terms and the pension collect a part of the year."),
    ),
    # Collection.
    "allocation_order": (
        N_("principal, interest and fee, once each, in the order in which a payment pays them"),
        "",
    ),
    "principal_first": (
        N_("principal before interest"),
        N_("A payment of the tax pays the tax before its interest ({article})."),
    ),
    # Prepayment.
    "prepayment_missing": (
        N_("{key} must be stated"),
        N_("An adopted prepayment states every setting; none has a default."),
    ),
    "prepayment_too_early": (
        N_("adopted: false"),
        N_("Prepayment can be adopted from the levy of {year} on."),
    ),
    "prepayment_later": (
        N_("adopted: false, or an earlier first_fiscal_year"),
        N_("The ordinance asks for prepayment from the levy of {year} on."),
    ),
    "due_days": (N_("days with the rule days_after_notice, and only there"), ""),
    "due_before_notice": (
        N_("{notice} days or more"),
        N_("The due date would come before the minimum notice has passed."),
    ),
    # Notices.
    "not_compared": (
        N_("status: compared, once somebody has compared the figures with the ordinance"),
        N_("The figures were copied from the source named."),
    ),
    "unconfirmed": (
        N_("the rates of {parts} with their source"),
        N_("A year with an unconfirmed part is never levied."),
    ),
    "no_terms": (
        N_("the instalments with their due dates"),
        N_("The levy can be made; it cannot be split into instalments."),
    ),
    "source_not_address": (
        N_("the address of the page (https://…) beside the name of the ordinance"),
        N_("A reader without the ordinance at hand should be able to check the figures."),
    ),
}
"""What is expected and why, by code; placeholders are filled from the finding."""


@dataclass(frozen=True)
class Finding:
    """One thing to put right (``error``) or still to be added (``notice``)."""

    code: str
    severity: Severity
    place: str
    printed: Any
    expected: str
    rule: str
    line: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The finding as ``--json`` prints it."""
        printed = self.printed
        if not isinstance(printed, str | int | float | bool | None):
            printed = str(printed)
        return {
            "code": self.code,
            "severity": self.severity,
            "place": self.place,
            "line": self.line,
            "printed": printed,
            "expected": self.expected,
            "rule": self.rule,
        }


def finding(document: Document, code: str, place: Place, **values: Any) -> Finding:
    """Make a finding about a place of a file; ``values`` fill the texts of its code."""
    expected, rule = TEXTS[code]
    return Finding(
        code=code,
        severity="notice" if code in NOTICES else "error",
        place=place_text(document.data, place),
        printed=written(document.data, place),
        expected=_(expected).format(**values),
        rule=_(rule).format(**values) if rule else "",
        line=document.line(place),
    )


def errors(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that keep a file from being used."""
    return [found for found in findings if found.severity == "error"]


def describe(found: Finding) -> str:
    """A finding as lines of text: where, what is written, what is expected, why."""
    where = found.place or _("the whole file")
    if found.line is not None:
        where = _("line {line}: {place}").format(line=found.line, place=where)
    lines = [where if found.severity == "error" else _("{where} (notice)").format(where=where)]
    if found.printed is not None and not isinstance(found.printed, dict | list):
        lines.append("  " + _("written:  {value}").format(value=_shown(found.printed)))
    lines.append("  " + _("expected: {text}").format(text=found.expected))
    if found.rule:
        lines.append("  " + _("why:      {text}").format(text=found.rule))
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)
