"""The official form as worksheets: what stands where, with formulas that stay alive.

Every amount is a number. Sums and computed rates are formulas, and what all sheets repeat is
written on the first one alone; the others point to it. A sum of unknown amounts stays empty. The
values beside the formulas are ours, so that a reader without a calculation engine sees them too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kokuho.plan import wording
from kokuho.plan.amounts import SHEET_YEARS, BaseKind, add
from kokuho.plan.form import Form, FormCell, FormRow, FormSheet
from kokuho.plan.pages import LINE, Page, known, lines_of, place, pointing, summed

AMOUNT = '#,##0"千円"'
_YIELD = '"【"#,##0"千円】"'
_RATE = '"（"0.00"%）"'
_COMPUTED_RATE = f'"（"0.00"%）{wording.COMPUTED}"'
_BLANK_RATE = "（　　　%）"

_WIDTHS = (4, 10, 25, *(15,) * SHEET_YEARS, 16)
_LAST = len(_WIDTHS) - 1
_YEAR = 3
_MEASURES = 4


@dataclass(frozen=True)
class Places:
    """Where other worksheets find the totals of the years, in order, and the bases of rates."""

    totals: tuple[str, ...]
    bases: dict[BaseKind, str]


def form_pages(form: Form) -> tuple[list[Page], Places]:
    """A worksheet for each sheet of the form, and where its amounts stand."""
    pages: list[Page] = []
    totals: list[str] = []
    bases: dict[BaseKind, str] = {}
    for sheet in form.sheets:
        writer = _Writer(form, sheet, pages[0].name if pages else None)
        name = writer.page.name
        totals += [f"'{name}'!{cell}" for cell in writer.totals]
        bases = bases or {kind: f"'{name}'!{cell}" for kind, cell in writer.bases.items()}
        pages.append(writer.page)
    return pages, Places(tuple(totals), bases)


class _Writer:
    """Writes one sheet, from top to bottom; ``first`` is the name of the first one."""

    def __init__(self, form: Form, sheet: FormSheet, first: str | None) -> None:
        self.form = form
        self.sheet = sheet
        self.first = first
        self.page = Page(_name(sheet), _WIDTHS)
        self.bases: dict[BaseKind, str] = {}
        self.totals: list[str] = []
        self._head()
        self._situation(5)
        self._reduction(10)

    def _repeat(self, row: int, column: int, value: Any, style: str, **more: Any) -> None:
        """A cell that all sheets have."""
        if self.first is not None:
            more["formula"] = pointing(f"'{self.first}'!{place(row, column, absolute=True)}")
        self.page.put(row, column, value, style, **more)

    def _amount(self, row: int, column: int, value: int | None, **more: Any) -> None:
        self._repeat(row, column, value, "amount", number_format=AMOUNT, **more)

    def _height(self, row: int, lines: int, least: float = 0) -> None:
        self.page.heights[row] = max(least, LINE * lines + 4)

    def _head(self) -> None:
        self._repeat(0, 0, self.form.title, "title", to=_LAST)
        self.page.heights |= {0: 24, 4: 6}
        for row, text in enumerate(wording.NOTIFICATION, start=1):
            self.page.put(row, 0, text, "centred small", to=_LAST)
        self._repeat(3, 0, self.form.period, "centred", to=_LAST)

    def _situation(self, top: int) -> None:
        form, put = self.form, self.page.put
        put(top, 0, wording.SITUATION, "upright", rows=5)
        put(top, 1, wording.OCCURRENCE_YEAR, "label", rows=2, to=2)
        self._repeat(top, 3, form.occurrence_year, "boxed centred", rows=2)
        for column, label, value in (
            (4, wording.PREFECTURE, form.prefecture),
            (6, wording.INSURER_NUMBER, form.number),
            (8, wording.INSURER_NAME, form.name),
        ):
            put(top, column, label, "label centred", to=column + 1)
            self._repeat(top + 1, column, value, "boxed centred", to=column + 1)
        first, second, third = range(top + 2, top + 5)
        put(first, 1, wording.OTHER_TRANSFER, "label", to=2)
        self._amount(first, 3, form.other_transfer)
        put(second, 1, wording.ADVANCE_INCREASE, "label", to=2)
        self._amount(second, 3, form.advance_increase)
        put(third, 1, wording.DEFICIT, "label", to=2)
        both = add([form.other_transfer, form.advance_increase])
        # a total that does not follow from its parts is written as the plan states it
        plus = known("{}+{}", place(first, 3), place(second, 3)) if both == form.deficit else ""
        self._amount(third, 3, form.deficit, formula=plus)
        put(first, 4, wording.CAUSES, "label centred", rows=3)
        put(first, 5, wording.CAUSE, "label")
        self._repeat(first, 6, form.causes, "boxed text", to=_LAST)
        put(second, 5, wording.SURPLUS, "label")
        self._amount(second, 6, form.surplus, to=_LAST)
        put(third, 5, wording.AFTER_SURPLUS, "label", to=7)
        left = add([form.deficit, None if form.surplus is None else -form.surplus])
        minus = known("{}-{}", place(third, 3), place(second, 6))
        minus = minus if left == form.after_surplus else ""
        self._amount(third, 8, form.after_surplus, to=_LAST, formula=minus)
        self.bases["settlement"] = place(third, 3 if form.after_surplus is None else 8, True)
        self.page.heights |= dict.fromkeys(range(top, top + 5), 24)
        self._height(first, lines_of(form.causes, self.page.width(6, _LAST)), least=24)

    def _reduction(self, top: int) -> None:
        table = self._policy(top)
        end = table + 8
        self._by_year(table)
        self.page.put(top, 0, wording.REDUCTION, "upright", rows=end - top)
        self._foot(end)

    def _policy(self, top: int) -> int:
        """基本方針 and the measures beside it; gives the row below them."""
        form, page = self.form, self.page
        page.put(top, 1, wording.POLICY, "label centred", to=3)
        page.put(top, _MEASURES, wording.MEASURES, "label centred", to=_LAST)
        row = top + 1
        lines = list(self._measure_lines(row))
        filled = row + len(lines)
        self._repeat(row, 1, form.current, "boxed text", to=2)
        self._amount(row, 3, form.current_amount)
        self.bases["budget_estimate"] = place(row, 3, absolute=True)
        page.put(row + 1, 1, wording.TARGET, "boxed text", to=2)
        self._repeat(row + 1, 3, form.target_year, "boxed right")
        page.put(row + 2, 1, wording.MEANS, "boxed text", to=3)
        lines += [1] * (4 - len(lines))
        lines[0] = max(lines[0], lines_of(form.current, page.width(1, 2)))
        # 主要事項 takes the rows beside the measures, and more where it is longer
        lines += [1] * (lines_of(form.means, page.width(1, 3)) - sum(lines[3:]))
        for at, count in enumerate(lines):
            self._height(row + at, count)
        end = row + len(lines)
        self._repeat(row + 3, 1, form.means, "boxed top", rows=end - row - 3, to=3)
        if filled < end:
            page.put(filled, _MEASURES, None, "measures end", rows=end - filled, to=_LAST)
        return end

    def _measure_lines(self, row: int) -> Iterator[int]:
        """Writes the measures, one line a row; gives how many lines of text each row takes."""
        for measure in self.form.measures:
            self._repeat(row, _MEASURES, measure.heading, "measure", to=_LAST - 1)
            self._repeat(row, _LAST, measure.amount, "yield", number_format=_YIELD)
            yield lines_of(measure.heading, self.page.width(_MEASURES, _LAST - 1))
            row += 1
            for item in measure.items:
                self._repeat(row, _MEASURES, item, "item", to=_LAST)
                yield lines_of(item, self.page.width(_MEASURES, _LAST) - 2)
                row += 1

    def _by_year(self, top: int) -> None:
        put, sheet = self.page.put, self.sheet
        put(top, 1, wording.BY_YEAR, "label centred", rows=8)
        put(top, 2, wording.ORDINALS, "label centred")
        put(top + 1, 2, wording.YEARS, "label centred")
        unused = (None,) * (SHEET_YEARS - len(sheet.years))
        for column, ordinal in enumerate((*sheet.ordinals, *unused), start=_YEAR):
            put(top, column, ordinal, "label centred")
        for column, year in enumerate((*sheet.years, *unused), start=_YEAR):
            put(top + 1, column, year, "label centred")
        put(top, _LAST, wording.TOTAL, "label centred", rows=2)
        other, advance, total = (_Row(row, top + 2 + 2 * at) for at, row in enumerate(sheet.rows))
        for row in (other, advance):
            self._cells(row, [""] * len(sheet.years))
            self.page.counts.append((row.at, _YEAR, row.at, row.last))
        columns = range(_YEAR, total.last + 1)
        self._cells(
            total,
            [known("{}+{}", place(other.at, one), place(advance.at, one)) for one in columns],
        )
        self.totals = [place(total.at, column, absolute=True) for column in columns]
        self.page.heights |= dict.fromkeys(range(top, top + 8), 20)

    def _cells(self, row: _Row, formulas: list[str]) -> None:
        self.page.put(row.at, 2, row.form.label, "label", rows=2)
        years = zip(row.form.cells, formulas, strict=True)
        for column, (cell, formula) in enumerate(years, start=_YEAR):
            self._reduced(row.at, column, cell, formula)
        for column in range(row.last + 1, _LAST):
            self.page.put(row.at, column, None, "amount upper")
            self.page.put(row.at + 1, column, None, "rate")
        ends = place(row.at, _YEAR), place(row.at, row.last)
        self._reduced(row.at, _LAST, row.form.total, summed(*ends, len(formulas)))

    def _reduced(self, at: int, column: int, cell: FormCell, formula: str) -> None:
        """An amount of the table and the rate below it."""
        put = self.page.put
        put(at, column, cell.amount, "amount upper", number_format=AMOUNT, formula=formula)
        if cell.rate is None:
            put(at + 1, column, _BLANK_RATE, "rate")
        elif cell.base is None:
            put(at + 1, column, cell.rate, "rate", number_format=_RATE)
        else:
            rate = _rate(place(at, column), self.bases[cell.base])
            style, look = "rate computed", _COMPUTED_RATE
            put(at + 1, column, cell.rate, style, number_format=look, formula=rate)

    def _foot(self, top: int) -> None:
        form, page = self.form, self.page
        page.heights[top] = 6
        row = top + 1
        for note in (*wording.FOOTNOTES, *form.marks):
            page.put(row, 0, note, "note", to=_LAST)
            page.heights[row] = 11 * lines_of(note, page.width(0, _LAST) * 1.15) + 2
            row += 1
        page.heights[row] = 6
        row += 1
        self._repeat(row, 0, form.submission, "plain", to=5)
        self._repeat(row + 1, 1, form.day, "plain", to=5)
        self._repeat(row + 2, 1, form.addressee, "plain", to=5)
        self._repeat(row + 1, 6, form.name, "plain", to=_LAST)
        self._repeat(row + 2, 6, form.signatory, "plain", to=7)
        # a blank for the name, which is written by whoever files the form
        page.put(row + 2, 8, None, "name", to=_LAST)


@dataclass(frozen=True)
class _Row:
    """A row of reductions and the row of the worksheet in which its amounts stand."""

    form: FormRow
    at: int

    @property
    def last(self) -> int:
        """The column of the last year."""
        return _YEAR + len(self.form.cells) - 1


def _name(sheet: FormSheet) -> str:
    """The name of a worksheet: 第1～6年次."""
    first, last = (one.strip("第年次") for one in (sheet.ordinals[0], sheet.ordinals[-1]))
    return f"第{first}年次" if first == last else f"第{first}～{last}年次"


def _rate(amount: str, base: str) -> str:
    """The rate of an amount, half up in whole numbers; 100 only where all the base is cleared."""
    share = f"INT((2*{amount}*10000+{base})/(2*{base}))/100"
    rate = f'IF({base}=0,"",IF({amount}<{base},MIN(99.99,{share}),{share}))'
    return f'=IF(COUNT({amount},{base})=2,{rate},"")'
