"""What the official form prints of a plan: texts, amounts and rates, sheet by sheet.

The paper and the workbook are both made from it. Sums are our own; a rate is the plan's own where
the plan states one, else blank, or computed on demand and marked so. The form is that of 東京都
(国保財政健全化計画書); its words are in :mod:`kokuho.plan.wording`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from kokuho.base.calendar import era_year, fiscal_year_name, parse_date
from kokuho.plan import wording
from kokuho.plan.amounts import (
    ROWS,
    SHEET_YEARS,
    Base,
    BaseKind,
    Row,
    Sheet,
    base_of,
    cumulative_rates,
    rates_of_years,
    sheets,
)
from kokuho.plan.characters import CIRCLED
from kokuho.plan.checks import check_plan
from kokuho.plan.findings import Finding
from kokuho.plan.model import Declared, Measure, Plan, Rates
from kokuho.plan.years import year_name

_SAID = ("year-missing", "amount-unknown", "row-total", "year-total", "sheet-total")
"""Findings that tell why the form prints a blank, or a sum that is not the stated one."""


@dataclass(frozen=True)
class FormCell:
    """An amount in thousands of yen and its rate in percent; None is blank, never 0.

    ``computed`` tells that the rate is ours; ``base`` of which base it then is the share.
    """

    amount: int | None = None
    rate: Decimal | None = None
    computed: bool = False
    base: BaseKind | None = None


@dataclass(frozen=True)
class FormRow:
    """A row of reductions: one cell a year, then the total of the sheet."""

    row: Row
    label: str
    cells: tuple[FormCell, ...]
    total: FormCell


@dataclass(frozen=True)
class FormSheet:
    """A sheet of the form: the headers of its years (six or fewer) and three rows."""

    ordinals: tuple[str, ...]
    years: tuple[str, ...]
    rows: tuple[FormRow, ...]


@dataclass(frozen=True)
class FormMeasure:
    """A measure with its number, its yearly amount and the numbered lines under it."""

    heading: str
    amount: int | None
    items: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """Everything that the form prints; what is not known is empty."""

    title: str
    period: str
    prefecture: str
    number: str
    name: str
    occurrence_year: str
    other_transfer: int | None
    advance_increase: int | None
    deficit: int | None
    causes: str
    surplus: int | None
    after_surplus: int | None
    current: str
    current_amount: int | None
    target_year: str
    means: str
    measures: tuple[FormMeasure, ...]
    sheets: tuple[FormSheet, ...]
    marks: tuple[str, ...]
    submission: str
    day: str
    addressee: str
    signatory: str
    notices: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """The form as data for a template, with the words of the form itself."""
        data = asdict(self)
        del data["notices"]
        for sheet in data["sheets"]:
            for row in sheet["rows"]:
                for cell in (*row["cells"], row["total"]):
                    cell["rate"] = None if cell["rate"] is None else str(cell["rate"])
        words = {
            name.lower(): value
            for name, value in vars(wording).items()
            if name.isupper() and isinstance(value, str | tuple)
        }
        return {**data, "words": words, "columns": SHEET_YEARS}


def form_of(plan: Plan, with_rates: bool = False) -> Form:
    """What the form prints of a plan; with ``with_rates`` blank rates are filled where certain."""
    occurrence, current, document = plan.occurrence, plan.current_deficit, plan.document
    title = document.title or wording.TITLES[document.kind] + ("（案）" if document.draft else "")
    told = (*_SAID, "rate-base-uncertain") if with_rates else _SAID
    current_year = current.year if current is not None else None
    return Form(
        title=title,
        period=wording.PERIOD.format(
            first=fiscal_year_name(plan.period.first_year),
            last=fiscal_year_name(plan.period.last_year),
            length=len(plan.period),
        ),
        prefecture=plan.insurer.prefecture or "",
        number=plan.insurer.number or "",
        name=plan.insurer.name or "",
        occurrence_year=year_name(occurrence.year),
        other_transfer=occurrence.other_transfer,
        advance_increase=occurrence.advance_increase,
        deficit=occurrence.total,
        causes="、".join(plan.causes),
        surplus=occurrence.surplus,
        after_surplus=occurrence.after_surplus,
        current=wording.CURRENT.format(year=year_name(current_year) or wording.THIS_YEAR),
        current_amount=current.amount if current is not None else None,
        target_year=year_name(plan.policy.target_year),
        means=plan.policy.means or "",
        measures=tuple(_measures(plan.measures)),
        sheets=tuple(_sheets(plan, with_rates)),
        marks=tuple(_marks(plan)) if with_rates else (),
        submission=wording.SUBMISSION.format(title=_stem(title)),
        day=_day(document.submitted_on),
        addressee=wording.ADDRESSEE.format(addressee=document.addressee or wording.BLANK_ADDRESSEE),
        signatory=document.signatory or "",
        notices=tuple(found for found in check_plan(plan) if found.code in told),
    )


def _stem(title: str) -> str:
    """The heading without the mark of a draft: 国保財政健全化計画書."""
    return title.removesuffix("（案）").removesuffix("(案)")


def _day(submitted_on: str | None) -> str:
    """The day of submission; month and day that are left open stay blanks to write in."""
    if submitted_on is None:
        blank = wording.BLANK_MONTH
        return wording.DAY.format(year=wording.BLANK_YEAR, month=blank, day=blank)
    day = parse_date(submitted_on)
    return wording.DAY.format(
        year=era_year(day.year, day.month or 12, day.day or 1),
        month=day.month or wording.BLANK_MONTH,
        day=day.day or wording.BLANK_MONTH,
    )


def _measures(measures: Sequence[Measure]) -> Iterator[FormMeasure]:
    for number, measure in enumerate(measures, start=1):
        items = (
            f"{CIRCLED[at] if at < len(CIRCLED) else f'({at + 1})'} {item.text}"
            for at, item in enumerate(measure.items)
        )
        yield FormMeasure(f"{number} {measure.name or ''}", measure.amount, tuple(items))


def _sheets(plan: Plan, with_rates: bool) -> Iterator[FormSheet]:
    first = plan.period.first_year
    stated = {(sheet.first_year, sheet.last_year): sheet for sheet in plan.declared}
    for sheet in sheets(plan):
        numbers = (year - first + 1 for year in sheet.years)
        declared = stated.get((sheet.years[0], sheet.years[-1]))
        yield FormSheet(
            ordinals=tuple(wording.ORDINAL.format(number=number) for number in numbers),
            years=tuple(map(fiscal_year_name, sheet.years)),
            rows=tuple(_row(plan, sheet, row, declared, with_rates) for row in ROWS),
        )


def _row(
    plan: Plan, sheet: Sheet, row: Row, declared: Declared | None, with_rates: bool
) -> FormRow:
    def cell(years: Sequence[int], amount: int | None, stated: Rates | None) -> FormCell:
        rate = getattr(stated, row) if stated is not None else None
        computed = rates_of_years(plan, years) if with_rates and rate is None else None
        ours = getattr(computed, row) if computed is not None else None
        base = base_of(plan, years[0]) if ours is not None else None
        return FormCell(
            amount, ours if rate is None else rate, ours is not None, base.kind if base else None
        )

    entries = [plan.year(year) for year in sheet.years]
    return FormRow(
        row=row,
        label=wording.ROW_LABELS[row],
        cells=tuple(
            cell([year], amount, entry.rates if entry is not None else None)
            for year, amount, entry in zip(sheet.years, sheet.amounts[row], entries, strict=True)
        ),
        total=cell(sheet.years, sheet.totals[row], declared.rates if declared else None),
    )


def _marks(plan: Plan) -> Iterator[str]:
    """What is said about computed rates at the foot: their base, and why others are blank."""
    bases: dict[Base, list[int]] = {}
    without: list[int] = []
    for year in plan.period.years:
        base = base_of(plan, year)
        if base is None:
            without.append(year)
        else:
            bases.setdefault(base, []).append(year)
    cumulative = cumulative_rates(plan)
    for base, years in bases.items():
        rate = cumulative[years[-1]]
        yield wording.COMPUTED_RATES.format(
            base=wording.BASES[base.kind].format(year=year_name(base.year)),
            amount=base.amount,
            cumulative=wording.CUMULATIVE.format(years=_span(years), rate=rate) if rate else "",
        )
    if without:
        yield wording.UNCERTAIN_RATES.format(years=_span(without))


def _span(years: Sequence[int]) -> str:
    if len(years) == 1:
        return fiscal_year_name(years[0])
    return wording.SPAN.format(first=fiscal_year_name(years[0]), last=fiscal_year_name(years[-1]))
