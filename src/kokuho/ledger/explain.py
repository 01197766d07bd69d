"""A calculation of interest in words, step by step, with its articles."""

from __future__ import annotations

from typing import Any

from kokuho.base.calendar import era_date
from kokuho.base.messages import translator
from kokuho.base.money import rate_text
from kokuho.law import parameter
from kokuho.ledger.calculation import Interest, Step

_ = translator("ledger")


def as_dict(made: Interest) -> dict[str, Any]:
    """The calculation as ``--json`` prints it."""
    return {
        "principal": made.principal,
        "due": made.due.isoformat(),
        "paid": made.paid.isoformat(),
        "first_band_months": made.rule.first_band_months,
        "steps": [
            {
                "from": step.first.isoformat(),
                "until": step.last.isoformat(),
                "days": step.days,
                "base": step.base,
                "band": step.band,
                "rate": rate_text(step.rate),
                "relief": step.relief,
                "yen": step.yen,
            }
            for step in made.steps
        ],
        "sum": made.sum,
        "total": made.total,
    }


def as_text(made: Interest) -> str:
    """The calculation for people, one line a step."""
    lines = [
        _("Principal: {amount} yen").format(amount=f"{made.principal:,}"),
        _("Due: {due}; paid: {paid}").format(due=era_date(made.due), paid=era_date(made.paid)),
        "",
    ]
    lines += sum_lines(made) if made.steps else [_no_steps_text(made)]
    lines += [_("Interest: {amount} yen").format(amount=f"{made.total:,}"), "", *_articles()]
    return "\n".join(lines)


def sum_lines(made: Interest) -> list[str]:
    """The steps, their sum, and the roundings before and after them."""
    rule = made.rule
    return [
        _("The amount is cut to {unit} yen; nothing is charged below {least} yen.").format(
            unit=f"{rule.principal_unit:,}", least=f"{rule.minimum_principal:,}"
        ),
        *(_step_text(step, rule.year_days) for step in made.steps),
        _("Sum: {amount} yen").format(amount=f"{made.sum:,}"),
        _("The sum is cut to {unit} yen; below {least} yen it is nothing.").format(
            unit=f"{rule.unit:,}", least=f"{rule.minimum:,}"
        ),
    ]


def _no_steps_text(made: Interest) -> str:
    if made.paid <= made.due:
        return _("Paid in time: no interest.")
    return _("No interest below {least} yen.").format(least=f"{made.rule.minimum_principal:,}")


def _step_text(step: Step, year_days: int) -> str:
    rate = rate_text(step.rate)
    line = _(
        "{first} to {last}, {days} days: {base} × {rate} × {days} ÷ {year} → {yen} yen"
    ).format(
        first=era_date(step.first),
        last=era_date(step.last),
        days=step.days,
        base=f"{step.base:,}",
        rate=rate,
        year=year_days,
        yen=f"{step.yen:,}",
    )
    if step.relief == "none":
        return f"  {line}"
    what = {"half": _("half waived"), "full": _("all waived")}[step.relief]
    return f"  {line} ({what})"


def _articles() -> list[str]:
    named = (
        "interest.first",
        "interest.principal_unit",
        "interest.step_unit",
        "interest.year_days",
    )
    articles = dict.fromkeys(parameter(name).article for name in named)
    return [_("Articles:"), *(f"  {article}" for article in articles)]
