"""What ``kokuho billing prepayment`` shows: one household with its facts, or the work list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.calendar import era_date, fiscal_year_name
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.billing import (
    KEYS,
    BothAmounts,
    Ground,
    Head,
    Standing,
    WorkItem,
    both_amounts,
    prepaid,
    to_demands,
    work_list,
)
from kokuho.cli.billing_decisions import Decisions
from kokuho.cli.billing_wording import status_name, todo_name
from kokuho.levy.intake import Intake, read_households_and_persons
from kokuho.ordinance import OrdinanceYear

_ = translator("billing")


@dataclass(frozen=True)
class Listed:
    """All households of an insurer: counts by standing, and what is to be done."""

    year: OrdinanceYear
    counts: Mapping[str, int]
    excluded: int
    items: list[WorkItem]


def read(persons: Path, households: Path, year: OrdinanceYear) -> Intake:
    """The accepted rows of the insurer's two files."""
    intake = read_households_and_persons(persons, households, year.fiscal_year)
    code = year.insurer.code
    return Intake(
        intake.persons.filter(insurer_code=code),
        intake.households.filter(insurer_code=code),
        intake.refusals,
    )


def _heads(intake: Intake, houses: pl.DataFrame) -> dict[str, Head]:
    """The head of each household, from what the files say of the registration and nothing else."""
    heads = intake.persons.filter(pl.col("head")).select(*KEYS, "person_id")
    rows = houses.join(heads, on=KEYS).select(
        "household_id", "person_id", "head_registered_on_1_january", "head_resident_since"
    )
    return {
        household: Head(person, registered, arrived, _("households file"))
        for household, person, registered, arrived in rows.iter_rows()
    }


def everybody(intake: Intake, year: OrdinanceYear, decided: Decisions) -> Listed:
    """The work list: those not known to have been registered are looked at one by one."""
    unsettled = intake.households.filter(pl.col("head_registered_on_1_january") != "yes")
    standings = {
        (year.insurer.code, household): decided.standing(household, head, year)
        for household, head in _heads(intake, unsettled).items()
    }
    counts = dict.fromkeys(("subject", "not_subject", "undecided"), 0)
    for standing in standings.values():
        counts[standing.status] += 1
    counts["not_subject"] += intake.households.height - unsettled.height
    asked = [key for key, standing in standings.items() if standing.status != "not_subject"]
    amounts = _amounts(intake, [household for _code, household in asked], year)
    return Listed(year, counts, len(intake.refusals), work_list(standings, amounts))


def _amounts(intake: Intake, households: list[str], year: OrdinanceYear) -> list[BothAmounts]:
    if not households:
        return []
    chosen = pl.col("household_id").is_in(households)
    return both_amounts(intake.persons.filter(chosen), intake.households.filter(chosen), year)


def one(
    intake: Intake,
    household: str,
    year: OrdinanceYear,
    notice: date | None,
    decided: Decisions,
) -> dict[str, Any]:
    """Whether one household is asked to prepay: status, grounds with their facts, both amounts.

    Raises:
        InputError: there is no such household, or none whose rows are all good.
    """
    houses = intake.households.filter(household_id=household)
    if houses.is_empty():
        raise InputError(
            _("There is no household {id} whose rows are all good.").format(id=household)
        )
    [head] = _heads(intake, houses).values()
    standing = decided.standing(household, head, year)
    [both] = _amounts(intake, [household], year)
    return {
        "insurer_code": year.insurer.code,
        "household_id": household,
        "fiscal_year": year.fiscal_year,
        "fiscal_year_name": fiscal_year_name(year.fiscal_year),
        "status": standing.status,
        "status_text": status_name(standing.status),
        "prepays": standing.prepays,
        "grounds": [ground.as_dict() | {"text": ground.text} for ground in standing.grounds],
        "legal_text_reference": year.prepayment.legal_text_reference,
        "amount_declared": both.declared,
        "amount_undeclared": both.undeclared,
        "amount": both.amount,
        "declaration_missing": list(both.waiting),
        "demand": _demand(both, standing, year, notice),
    }


def _demand(
    both: BothAmounts, standing: Standing, year: OrdinanceYear, notice: date | None
) -> dict[str, Any] | None:
    """The one demand in place of the terms, as things stand now."""
    if notice is None or not standing.prepays or not both.amount:
        return None
    total = {"insurer_code": [both.insurer_code], "household_id": [both.household_id]}
    [demand] = to_demands(prepaid(pl.DataFrame(total | {"total": [both.amount]}), year, notice))
    return {"amount": demand.amount, "due": demand.due.isoformat(), "notice": notice.isoformat()}


def text(found: Mapping[str, Any]) -> str:
    """What :func:`one` found, for people."""
    lines = [
        _("Prepayment, {year}, household {id}: {status}").format(
            year=found["fiscal_year_name"], id=found["household_id"], status=found["status_text"]
        ),
        *(f"  - {ground['text']}" for ground in found["grounds"]),
    ]
    if (reference := found["legal_text_reference"]) and found["status"] != "not_subject":
        lines.append("  - " + _("by {reference}").format(reference=reference))
    lines.append(
        _("The year's amount: {declared} yen declared, {undeclared} yen undeclared").format(
            declared=f"{found['amount_declared']:,}", undeclared=f"{found['amount_undeclared']:,}"
        )
    )
    if missing := found["declaration_missing"]:
        lines.append(
            _(
                "The declaration of {persons} is missing; without it there is no reduction. Take "
                "it before the notice goes out."
            ).format(persons=", ".join(missing))
        )
    if (demand := found["demand"]) is not None:
        lines.append(
            _("One due date in place of the terms: {amount} yen by {due}").format(
                amount=f"{demand['amount']:,}", due=era_date(date.fromisoformat(demand["due"]))
            )
        )
    return "\n".join(lines)


def list_text(listed: Listed) -> str:
    """The counts and the work list, for people."""
    name = fiscal_year_name(listed.year.fiscal_year)
    lines = [f"{listed.year.insurer.name} {name}"]
    if not listed.year.prepayment.adopted:
        lines.append("  " + Ground("not_adopted", True, (("year", name),)).text)
    lines += [f"  {status_name(status)}: {count:,}" for status, count in listed.counts.items()]
    lines += [
        f"{todo_name(item.todo)}  {item.household[1]}  " + _why(item) for item in listed.items
    ]
    return "\n".join(lines)


def _why(item: WorkItem) -> str:
    return " / ".join(ground.text for ground in item.standing.grounds)


def as_data(listed: Listed) -> dict[str, Any]:
    """The counts and the work list, for machines."""
    return {
        "insurer_code": listed.year.insurer.code,
        "fiscal_year": listed.year.fiscal_year,
        **listed.counts,
        "work": [_row(item) for item in listed.items],
    }


def table(listed: Listed) -> pl.DataFrame:
    """The work list as a table."""
    rows = [_row(item) | {"grounds": _why(item)} for item in listed.items]
    columns = [*_COLUMNS, "grounds"]
    kinds = {name: pl.Int64 if name.startswith("amount") else pl.String for name in columns}
    joined = [row | {"declaration_missing": " ".join(row["declaration_missing"])} for row in rows]
    return pl.DataFrame(joined, schema=kinds)


_COLUMNS = (
    "insurer_code",
    "household_id",
    "todo",
    "status",
    "amount_declared",
    "amount_undeclared",
    "declaration_missing",
)


def _row(item: WorkItem) -> dict[str, Any]:
    both = item.amounts
    values = (
        *item.household,
        item.todo,
        item.standing.status,
        None if both is None else both.declared,
        None if both is None else both.undeclared,
        [] if both is None else list(both.waiting),
    )
    return dict(zip(_COLUMNS, values, strict=True)) | {
        "grounds": [ground.as_dict() for ground in item.standing.grounds]
    }
