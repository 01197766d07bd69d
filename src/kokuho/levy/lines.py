"""A line of the explanation: one step, its formula with numbers, its result and its rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kokuho.law import certainty_label, rule
from kokuho.levy import wording

ORDINANCE = "ordinance"
ASSUMED = "assumed"
_OWN_CERTAINTIES = {ORDINANCE: "条例", ASSUMED: "前提"}
_ORDER = ("confirmed", "read", "unverified")
_UNITS = {"yen": "円", "months": "か月", "count": "人"}


@dataclass(frozen=True)
class Line:
    """One line. ``value`` is the levy's own figure, in the unit that ``value_text`` names.

    ``certainty`` is one of law's (confirmed, read, unverified), ``ordinance`` for what the
    municipality decides, or ``assumed`` where no published answer proves the step.
    """

    section: str
    person: str | None
    step: str
    title: str
    formula: str
    value: int
    value_text: str
    rule: str
    source: str
    certainty: str
    certainty_text: str
    note: str


@dataclass
class LineMaker:
    """Collects lines; looks up the rule of each in the law of one fiscal year."""

    fiscal_year: int
    kind: str
    lines: list[Line] = field(default_factory=list)

    def add(
        self,
        section: str,
        step: str,
        title: str,
        formula: str,
        value: int,
        *,
        person: str | None = None,
        unit: str = "yen",
        law: Sequence[str] = (),
        rule_text: str = "",
        certainty: str = "read",
        source: str = "",
        assumed: bool = False,
    ) -> None:
        """Add one line.

        Args:
            law: the statutory numbers that the step uses; the least certain one speaks for it.
            rule_text: what to print where the rule is no single statutory number.
            assumed: no published answer proves this step in the case at hand.
        """
        articles, sources, notes = [rule_text] if rule_text else [], [source] if source else [], []
        worst = certainty
        if law:
            rules = [rule(name, self.fiscal_year) for name in law]
            articles += [r.article_tax if self.kind == "tax" else r.article_premium for r in rules]
            sources += [r.source for r in rules]
            notes += [r.note for r in rules if r.note]
            worst = max((r.certainty for r in rules), key=_ORDER.index)
        if assumed and worst != "unverified":
            worst = ASSUMED
        self.lines.append(
            Line(
                section=section,
                person=person,
                step=step,
                title=title,
                formula=formula,
                value=value,
                value_text=_value_text(value, unit),
                rule="、".join(dict.fromkeys(articles)),
                source=" / ".join(dict.fromkeys(sources)),
                certainty=worst,
                certainty_text=_OWN_CERTAINTIES.get(worst) or certainty_label(worst),
                note=" ".join(dict.fromkeys(notes)),
            )
        )


def _value_text(value: int, unit: str) -> str:
    if unit == "tenths":
        return wording.REDUCTIONS[value]
    return f"{wording.yen(value)}{_UNITS[unit]}"
