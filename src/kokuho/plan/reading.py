"""From printed pages to the plan, with a report on every cell.

Every way in ends in a :class:`~kokuho.plan.printed.PrintedPlan`; :func:`resolve` does the rest. A
new kind of file is one more entry of :data:`READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.plan.agreement import agree, not_printed, readings_of, settle_occurrence
from kokuho.plan.amounts import ROWS, add
from kokuho.plan.carry import carried, compared
from kokuho.plan.files import must_be_file
from kokuho.plan.headers import Headers, read_headers
from kokuho.plan.measures import settle_measures
from kokuho.plan.model import (
    Amounts,
    Correction,
    CurrentDeficit,
    Declared,
    Document,
    Insurer,
    Occurrence,
    Period,
    Plan,
    PlanYear,
    Policy,
    Printed,
    Reading,
)
from kokuho.plan.printed import Kept, PrintedPlan, Value
from kokuho.plan.printed_rates import settle_rates
from kokuho.plan.progress import with_results
from kokuho.plan.report import Entry, Report, report_of
from kokuho.plan.text import read_text
from kokuho.plan.verdicts import SheetVerdict, judge
from kokuho.plan.workbook import read_workbook

_ = translator("plan")

READERS: dict[str, Callable[[Path], PrintedPlan]] = {
    ".txt": read_text,
    ".md": read_text,
    ".xlsx": read_workbook,
    ".xlsm": read_workbook,
}
"""Ways in, by the ending of the file's name."""

_REPEATED = (
    "occurrence.other_transfer",
    "occurrence.advance_increase",
    "occurrence.total",
    "occurrence.surplus",
    "occurrence.after_surplus",
    "current_deficit.amount",
)


@dataclass(frozen=True)
class PlanRead:
    """A plan as read, and the report on how it was read."""

    plan: Plan
    report: Report


def read_plan(path: Path) -> PlanRead:
    """Read a plan from a council paper or an official form.

    Raises:
        PlanError: no such file, a kind of file that cannot be read, or no plan in it.
    """
    must_be_file(path)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise PlanError(
            _(
                "{file}: not a kind of file that a plan is read from ({kinds}). Of a PDF or Word "
                "file, save the text with a tab between the cells of its tables."
            ).format(file=path, kinds=", ".join(READERS))
        )
    try:
        printed = reader(path)
    except OSError as error:
        raise PlanError(
            _("{file} cannot be read: {reason}").format(file=path, reason=error.strerror)
        ) from None
    made = resolve(printed)
    if printed.kept is not None:
        made = _carried(printed.kept, made)
    plan, said = with_results(made.plan, printed.results, printed.source)
    return PlanRead(plan, report_of(printed.source, [*made.report.entries, *said]))


def _carried(kept: Kept, now: PlanRead) -> PlanRead:
    """A form that we wrote: the plan that it keeps, with what a person changed on the form."""
    then = resolve(kept.printed)
    entries = compared(then.report.entries, now.report.entries)
    plan = carried(kept.plan, then.plan, now.plan)
    if corrections := tuple(_corrections(entries)):
        # what the form itself contradicts is told in the plan, in place of older prints
        printed = Printed(source=now.report.source, corrections=corrections)
        plan = plan.model_copy(update={"printed": printed})
    return PlanRead(plan, report_of(now.report.source, entries))


def resolve(printed: PrintedPlan) -> PlanRead:
    """Settle what the sheets print into one plan.

    Raises:
        PlanError: nothing readable says which years the plan covers.
    """
    headers = read_headers(printed)
    printed = _without_copies(printed, headers)
    entries = list(headers.entries)
    occurrence, said = settle_occurrence(printed)
    doubtful = {entry.field for entry in said if entry.status == "flagged"}
    entries += said
    without_deficit = frozenset(
        at
        for at, row in enumerate(ROWS[:2])
        if occurrence.get(f"occurrence.{row}") == 0 and f"occurrence.{row}" not in doubtful
    )
    verdicts = _verdicts(printed, headers, without_deficit)
    for verdict in verdicts:
        entries += verdict.entries
    if any(verdict.reduces_nothing for verdict in verdicts):
        # the rows may be right and the two deficits exchanged
        for row in ROWS[:2]:
            name = f"occurrence.{row}"
            entries.append(Entry(0, name, "", occurrence.get(name), "contradicts"))
    for year in headers.missing:
        entries += [Entry(0, f"years.{year}.{row}", "", None, "sheet_lost") for row in ROWS]
    single = _Values(printed, entries)
    plan = _assemble(printed, headers, occurrence, verdicts, single)
    rates, said = settle_rates(printed, plan, verdicts)
    entries += said
    plan = plan.model_copy(update=rates)
    if printed.typed:
        # what is typed needs no second print to be sure of its characters
        entries = [replace(e, why="typed") if e.why == "printed_once" else e for e in entries]
    corrections = tuple(_corrections(entries))
    kept = plan.printed.model_copy(update={"corrections": corrections}) if plan.printed else None
    plan = plan.model_copy(update={"printed": kept})
    # the copies above are not validated; a plan that cannot be written must not come back
    return PlanRead(Plan.model_validate(plan.model_dump()), report_of(printed.source, entries))


def _without_copies(printed: PrintedPlan, headers: Headers) -> PrintedPlan:
    """The sheets, those of no use emptied: a page that is there twice confirms nothing."""
    sheets = tuple(
        replace(sheet, values={}, measures=()) if columns is None else sheet
        for sheet, columns in zip(printed.sheets, headers.columns, strict=True)
    )
    return replace(printed, sheets=sheets)


def _verdicts(
    printed: PrintedPlan, headers: Headers, without_deficit: frozenset[int]
) -> list[SheetVerdict]:
    made = []
    shown = [columns for columns in headers.columns if columns is not None]
    order = sorted(shown, key=lambda columns: columns.years)
    for sheet, columns in zip(printed.sheets, headers.columns, strict=True):
        if columns is not None:
            made.append(judge(order.index(columns) + 1, sheet, columns, without_deficit))
    return sorted(made, key=lambda verdict: verdict.years)


class _Values:
    """Single values of the plan, each agreed on over the sheets; the report grows with each."""

    def __init__(self, printed: PrintedPlan, entries: list[Entry]) -> None:
        self.printed = printed
        self.entries = entries

    def take(
        self,
        name: str,
        proof: tuple[Any, str, str] | None = None,
        more: Sequence[tuple[int, Value]] = (),
        needed: bool = True,
    ) -> Any:
        """The value of a field; ``more`` are prints elsewhere that contain it.

        A field that every form has (``needed``) and that is found nowhere is flagged.
        """
        readings = [*readings_of(self.printed, name), *more]
        if not readings and needed:
            self.entries.append(not_printed(name))
        if not readings:
            return None
        taken, said = agree(name, readings, proof)
        self.entries += said
        return taken

    def stems(self, name: str, ending: str) -> list[tuple[int, Value]]:
        """Prints of a longer text, less its ending: 小金井市長 also prints 小金井市."""
        return [
            (number, Value(value.text, stem))
            for number, value in readings_of(self.printed, name)
            if value.value is not None and (stem := str(value.value).removesuffix(ending))
        ]

    def sure(self, prefix: str) -> bool:
        """Whether nothing under a field was flagged so far."""
        flagged = (entry.field for entry in self.entries if entry.status == "flagged")
        return not any(name.startswith(prefix) for name in flagged)


def _assemble(
    printed: PrintedPlan,
    headers: Headers,
    occurrence: dict[str, int | None],
    verdicts: Sequence[SheetVerdict],
    single: _Values,
) -> Plan:
    planned = _planned(headers, verdicts)
    totals = {year: amounts.total for year, amounts in planned.items()}
    last = (headers.last, "sequence_holds", "sequence") if headers.sure else None
    title = single.take("document.title") or ""
    current = _current(single, totals, "変更" in title)
    measures, said, readings = settle_measures(
        printed, {total for total in totals.values() if total}
    )
    single.entries += said
    if not measures:
        single.entries.append(not_printed("measures"))
    return Plan(
        format="kokuho-plan/1",
        unit="thousand_yen",
        insurer=Insurer(
            prefecture=single.take(
                "insurer.prefecture", more=single.stems("document.addressee", "知事")
            ),
            number=single.take("insurer.number"),
            name=single.take("insurer.name", more=single.stems("document.signatory", "長")),
        ),
        document=Document(
            title=title or None,
            kind="change" if "変更" in title else "initial",
            draft="(案)" in title,
            submitted_on=single.take("document.submitted_on"),
            addressee=single.take("document.addressee"),
            signatory=single.take("document.signatory"),
            source=printed.source,
        ),
        period=Period(first_year=headers.first, last_year=headers.last),
        occurrence=Occurrence(
            basis="settlement",
            year=single.take("occurrence.year"),
            **{name.removeprefix("occurrence."): value for name, value in occurrence.items()},
        ),
        current_deficit=current,
        causes=tuple(filter(None, [single.take("causes")])),
        policy=Policy(
            target_year=single.take("policy.target_year", last), means=single.take("policy.means")
        ),
        measures=measures,
        years=tuple(
            PlanYear(year=year, planned=amounts, actual="unknown")
            for year, amounts in planned.items()
        ),
        declared=tuple(_declared(verdict) for verdict in verdicts),
        printed=Printed(source=printed.source, readings=(*_readings(printed), *readings)),
    )


def _current(
    single: _Values, totals: dict[int, int | None], changed: bool
) -> CurrentDeficit | None:
    """The deficit that a changed plan sets out from; its years begin after its own."""
    year = single.take("current_deficit.year", needed=changed)
    sum_after = add(total for number, total in totals.items() if year and number > year)
    proof = None
    if year and sum_after and single.sure("years."):
        proof = (sum_after, "totals_hold", "totals_give")
    amount = single.take("current_deficit.amount", proof, needed=changed)
    if year is None and amount is None:
        return None
    return CurrentDeficit(
        year=year,
        basis="budget_estimate",
        amount=amount,
        reduced_from=None if year is None else year + 1,
    )


def _planned(headers: Headers, verdicts: Sequence[SheetVerdict]) -> dict[int, Amounts]:
    unknown = Amounts(other_transfer=None, advance_increase=None)
    planned = dict.fromkeys(range(headers.first, headers.last + 1), unknown)
    for verdict in verdicts:
        for place, year in enumerate(verdict.years):
            planned[year] = Amounts(
                other_transfer=verdict.amounts["other_transfer"][place],
                advance_increase=verdict.amounts["advance_increase"][place],
            )
    return planned


def _declared(verdict: SheetVerdict) -> Declared:
    years = verdict.years
    return Declared(
        first_year=years[0],
        last_year=years[-1],
        year_totals=tuple(verdict.amounts["total"][:-1]),
        **{row: verdict.amounts[row][-1] for row in ROWS},
    )


def _readings(printed: PrintedPlan) -> Iterator[Reading]:
    for name in _REPEATED:
        for number, value in readings_of(printed, name):
            yield Reading(field=name, sheet=number, text=value.text, amount=value.value)


def _corrections(entries: Sequence[Entry]) -> Iterator[Correction]:
    for entry in entries:
        status = entry.status
        if status != "confirmed":
            yield Correction(
                sheet=entry.sheet,
                field=entry.field or "surplus",
                printed=entry.printed,
                taken="" if entry.taken is None else str(entry.taken),
                status=status,
                why=entry.why,
            )
