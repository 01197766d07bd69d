"""Prepayment for people and machines: the work list, one household with its grounds and history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from kokuho.base.calendar import era_date, fiscal_year_name
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.billing import decisions, worklist
from kokuho.office.billing.decisions import WITHDRAWN, PrepaymentDecision
from kokuho.office.billing.ordinances import ordinance_of
from kokuho.office.billing.worklist import Item, Work
from kokuho.office.register.models import Household
from kokuho.ordinance import OrdinanceYear

_ = translator("office_billing")

STATES: Mapping[str, str] = {
    "look_into": "look into the registration",
    "ask_declaration": "ask for the declaration",
    "notify": "notify",
    "notified": "billed ahead",
    "excused": "special circumstance",
    "not_subject": "not subject",
}
"""Where a household stands, for people."""

DECISIONS: Mapping[str, str] = {
    "subject": "subject",
    "not_subject": "not subject",
    "notify": "notify without a declaration",
    WITHDRAWN: "withdrawn",
}
"""Answers of decisions, for people; those of a special circumstance are the ordinance's."""

KIND_NAMES: Mapping[str, str] = {
    "ruling": "whether it is subject",
    "excused": "special circumstance",
    "undeclared": "without a declaration",
}
"""What was decided, for people."""


def state_name(state: str) -> str:
    """Where a household stands, in the language of the interface."""
    return _(STATES[state])


def kind_name(kind: str) -> str:
    """What was decided, in the language of the interface."""
    return _(KIND_NAMES[kind])


def answer_name(answer: str, year: OrdinanceYear) -> str:
    """An answer in the language of the interface; a special circumstance in the ordinance's."""
    if answer in DECISIONS:
        return _(DECISIONS[answer])
    texts = {item.code: item.text for item in year.prepayment.special_circumstances or ()}
    return texts.get(answer, answer)


def household_of(insurer: str, number: str) -> Household:
    """The household with a number.

    Raises:
        InputError: there is none.
    """
    found: Household | None = Household.objects.filter(
        insurer_id=insurer, household_number=number
    ).first()
    if found is None:
        raise InputError(
            _("Insurer {insurer} has no household {number}.").format(insurer=insurer, number=number)
        )
    return found


def work_rows(work: Work, items: Sequence[Item]) -> list[dict[str, Any]]:
    """Items with their amounts and grounds, for machines."""
    amounts = worklist.amounts(work.year, items)
    return [_row(item, amounts.get(item.household.pk)) for item in items]


def _row(item: Item, both: Any) -> dict[str, Any]:
    standing = item.found.standing
    return {
        "household": item.household.household_number,
        "state": item.todo,
        "status": standing.status,
        "amount": item.amount,
        "amount_declared": both.declared if both else None,
        "amount_undeclared": both.undeclared if both else None,
        "declaration_missing": list(item.missing),
        "grounds": [ground.as_dict() | {"text": ground.text} for ground in standing.grounds],
    }


def work_lines(work: Work, rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Counts and items, for people."""
    name = f"{work.year.insurer.name} {fiscal_year_name(work.year.fiscal_year)}"
    if not work.adopted:
        return [_("{insurer}: the ordinance has not adopted prepayment.").format(insurer=name)]
    lines = [name]
    lines += [f"  {state_name(state)}: {count:,}" for state, count in work.counts.items()]
    for row in rows:
        why = " / ".join(ground["text"] for ground in row["grounds"])
        lines.append(f"{state_name(row['state'])}\t{row['household']}\t{row['amount']:,}\t{why}")
    return lines


def one(household: Household, fiscal_year: int) -> dict[str, Any]:
    """A household: whether it prepays and why, both amounts, decisions; inside ``seeing(…)``.

    Raises:
        InputError: the year is not assessed, prepayment is not asked for, or nothing is assessed.
    """
    item = worklist.one(household, fiscal_year)
    if item is None:
        raise InputError(
            _("Nothing is asked of household {number} in {year}.").format(
                number=household.household_number, year=fiscal_year_name(fiscal_year)
            )
        )
    year = ordinance_of(household.insurer_id, fiscal_year)
    both = worklist.amounts(year, [item])[household.pk]
    return _row(item, both) | {
        "fiscal_year": fiscal_year,
        "state_text": state_name(item.todo),
        "legal_text_reference": year.prepayment.legal_text_reference,
        "history": [_decision(row, year) for row in decisions.history(household, fiscal_year)],
    }


def _decision(row: PrepaymentDecision, year: OrdinanceYear) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "kind_text": kind_name(row.kind),
        "answer": row.answer,
        "answer_text": answer_name(row.answer, year),
        "reason": row.reason,
        "person": row.person,
        "decided_on": row.decided_on.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "stands": row.superseded_at is None and row.answer != WITHDRAWN,
    }


def one_lines(found: Mapping[str, Any]) -> list[str]:
    """A household, for people."""
    lines = [
        f"{fiscal_year_name(found['fiscal_year'])} {found['household']}: {found['state_text']}",
        *(f"  - {ground['text']}" for ground in found["grounds"]),
        _("The year's amount: {declared} yen declared, {undeclared} yen undeclared").format(
            declared=f"{found['amount_declared']:,}", undeclared=f"{found['amount_undeclared']:,}"
        ),
    ]
    if found["declaration_missing"]:
        people = ", ".join(found["declaration_missing"])
        lines.append(_("The declaration of {people} is missing.").format(people=people))
    for row in found["history"]:
        day = era_date(date.fromisoformat(row["decided_on"]))
        lines.append(
            f"{day}\t{row['person']}\t{row['kind_text']}: {row['answer_text']}\t{row['reason']}"
        )
    return lines
