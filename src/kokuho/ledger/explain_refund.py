"""Interest on a refund or an appropriation (還付加算金) in words, step by step."""

from __future__ import annotations

from typing import Any

from kokuho.base.calendar import era_date
from kokuho.base.messages import translator
from kokuho.law import parameter
from kokuho.ledger.calculation import Interest
from kokuho.ledger.explain import as_dict, sum_lines
from kokuho.ledger.interest_on_refunds import Cause, Overpaid, interest_from, last_paid_first

_ = translator("ledger")


def cause_title(cause: str) -> str:
    """A cause for people: ``賦課の減額``."""
    return {
        Cause.ASSESSMENT: _("the levy was reduced"),
        Cause.INCOME_TAX: _("it follows from an income tax return or its correction"),
        Cause.ANNULLED: _("an act was void or annulled"),
        Cause.LAW: _("a change of law or ordinance"),
        Cause.MISTAKE: _("paid twice or in error"),
    }[Cause(cause)]


def refund_dict(overpaid: Overpaid, made: Interest) -> dict[str, Any]:
    """The calculation as ``--json`` prints it; ``payments`` are those that it consists of."""
    made_dict = as_dict(made)
    return {
        "overpaid": overpaid.amount,
        "cause": str(overpaid.cause),
        "happened_on": overpaid.happened_on and overpaid.happened_on.isoformat(),
        "objected_on": overpaid.objected_on and overpaid.objected_on.isoformat(),
        "until": made.paid.isoformat(),
        "payments": [
            {"paid": day.isoformat(), "yen": yen, "from": interest_from(overpaid, day).isoformat()}
            for day, yen in last_paid_first(overpaid.payments, overpaid.amount)
        ],
        # one rate a year: there is no first band
        "steps": [
            {name: value for name, value in step.items() if name != "band"}
            for step in made_dict["steps"]
        ],
        "sum": made.sum,
        "total": made.total,
    }


def refund_text(overpaid: Overpaid, made: Interest) -> str:
    """The calculation for people, one line a payment and a step."""
    lines = [
        _("Overpaid: {amount} yen ({cause})").format(
            amount=f"{overpaid.amount:,}", cause=cause_title(overpaid.cause)
        ),
        *(
            _("  paid on {day}: {yen} yen; interest from {first}").format(
                day=era_date(day),
                yen=f"{yen:,}",
                first=era_date(interest_from(overpaid, day)),
            )
            for day, yen in last_paid_first(overpaid.payments, overpaid.amount)
        ),
        _("Until {day}: the day of the order, or from which the appropriation counts").format(
            day=era_date(made.paid)
        ),
        "",
        *(sum_lines(made) if made.steps else [_no_steps(made)]),
        _("Interest on the refund: {amount} yen").format(amount=f"{made.total:,}"),
        "",
        _("Articles:"),
        *(f"  {article}" for article in _articles()),
    ]
    return "\n".join(lines)


def _no_steps(made: Interest) -> str:
    if made.paid <= made.due:
        return _("No day bears interest by then.")
    return _("No interest below {least} yen.").format(least=f"{made.rule.minimum_principal:,}")


def _articles() -> list[str]:
    names = ("refund.wait_months", "interest.refund", "interest.principal_unit", "interest.unit")
    return list(dict.fromkeys(str(parameter(name).article) for name in names))
