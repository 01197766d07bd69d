"""Plan and settlement side by side, year by year (進捗状況): difference, standing, reason.

No official form of this report was found, so the sheet is headed 参考様式. A settlement that is not
known is empty and said to be unknown, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kokuho.base.calendar import fiscal_year_name
from kokuho.plan import wording
from kokuho.plan.amounts import planned, planned_left
from kokuho.plan.characters import compact
from kokuho.plan.model import Actual, Plan, PlanYear
from kokuho.plan.printed import PrintedResult
from kokuho.plan.report import Entry
from kokuho.plan.wording import Standing


@dataclass(frozen=True)
class ProgressRow:
    """A year in thousands of yen: what was planned, what the settlement showed.

    ``left`` is the deficit that the plan leaves for the year; None before the plan has a certain
    base. ``difference`` is settlement less plan: above 0, the plan is missed.
    """

    year: int
    planned: int | None
    left: int | None
    other_transfer: int | None
    advance_increase: int | None
    deficit: int | None
    difference: int | None
    standing: Standing
    reason: str
    source: str


def progress_of(plan: Plan) -> list[ProgressRow]:
    """A row for each year of the plan."""
    left = planned_left(plan)
    return [_row(plan, year, left.get(year)) for year in plan.period.years]


def _row(plan: Plan, year: int, left: int | None) -> ProgressRow:
    entry = plan.year(year)
    actual = entry.actual if entry is not None and isinstance(entry.actual, Actual) else None
    deficit = actual.total if actual is not None else None
    # a plan that is more than fulfilled leaves no deficit, not a negative one
    goal = None if left is None else max(0, left)
    standing: Standing = "unknown"
    if deficit is not None:
        standing = "not_comparable" if goal is None else "on_track"
        if goal is not None and deficit > goal:
            standing = "off_track"
    return ProgressRow(
        year=year,
        planned=planned(plan, year, "total"),
        left=goal,
        other_transfer=actual.other_transfer if actual is not None else None,
        advance_increase=actual.advance_increase if actual is not None else None,
        deficit=deficit,
        difference=None if deficit is None or goal is None else deficit - goal,
        standing=standing,
        reason=(entry.reason or "") if entry is not None else "",
        source=actual.source if actual is not None else "",
    )


def insurer_of(plan: Plan) -> str:
    """Prefecture and insurer in one line, as far as they are known."""
    return " ".join(filter(None, (plan.insurer.prefecture, plan.insurer.name)))


def latest(rows: Sequence[ProgressRow], until: int) -> ProgressRow | None:
    """The row of the last settled year up to ``until``, or None where no settlement is known."""
    settled = [row for row in rows if row.standing != "unknown" and row.year <= until]
    return settled[-1] if settled else None


def progress_data(plan: Plan, measures: dict[str, Any] | None = None) -> dict[str, Any]:
    """The progress sheet as data for a template; ``measures`` is the table behind it, if any."""
    first = plan.period.first_year
    rows = [
        {
            **asdict(row),
            "ordinal": wording.ORDINAL.format(number=row.year - first + 1),
            "year": fiscal_year_name(row.year),
            "standing": wording.STANDINGS[row.standing],
        }
        for row in progress_of(plan)
    ]
    return {
        "heading": wording.PROGRESS_HEADING,
        "title": wording.PROGRESS_TITLE,
        "insurer": insurer_of(plan),
        "unit": wording.UNIT,
        "columns": list(wording.PROGRESS_COLUMNS),
        "settlement": wording.SETTLEMENT,
        "rows": rows,
        "notes": list(wording.PROGRESS_NOTES),
        "words": wording.STANDINGS,
        "measures": measures,
    }


def with_results(
    plan: Plan, results: Sequence[PrintedResult], source: str
) -> tuple[Plan, list[Entry]]:
    """The plan with the settlements of a progress sheet, and the report on them.

    A year whose row says what the plan says stays as it is, with all that the sheet does not show.
    """
    said: list[Entry] = []
    made = {entry.year: entry for entry in plan.years}
    before = {row.year: row for row in progress_of(plan)}
    for result in results:
        entry, amounts = made.get(result.year), (result.other_transfer, result.advance_increase)
        if entry is not None and result.year in before:
            made[result.year] = _settled(entry, before[result.year], result, source, said)
        elif texts := [amount.text for amount in amounts if amount.text]:
            # the plan has no row that could take it
            field = f"years.{result.year}.actual"
            said.append(Entry(0, field, " ".join(texts), None, "contradicts"))
    return plan.model_copy(update={"years": tuple(made.values())}), said


def _settled(
    entry: PlanYear, shown: ProgressRow, result: PrintedResult, source: str, said: list[Entry]
) -> PlanYear:
    field = f"years.{entry.year}"
    if result.reason != " ".join(shown.reason.split()):
        said.append(Entry(0, f"{field}.reason", result.reason, result.reason, "changed"))
        entry = entry.model_copy(update={"reason": result.reason or None})
    amounts = {
        "other_transfer": result.other_transfer,
        "advance_increase": result.advance_increase,
    }
    unread = [name for name, value in amounts.items() if value.text and value.value is None]
    said += [
        Entry(0, f"{field}.actual.{name}", amounts[name].text, None, "not_readable")
        for name in unread
    ]
    values = {name: value.value for name, value in amounts.items()}
    same_source = compact(result.source) == compact(shown.source)
    if unread or (all(getattr(shown, name) == values[name] for name in values) and same_source):
        return entry
    said += [
        Entry(0, f"{field}.actual.{name}", value.text, value.value, "changed")
        for name, value in amounts.items()
    ]
    if values == dict.fromkeys(values):
        return entry.model_copy(update={"actual": "unknown"})
    insured = entry.actual.insured if isinstance(entry.actual, Actual) else None
    actual = Actual(**values, insured=insured, source=result.source or source)
    return entry.model_copy(update={"actual": actual})
