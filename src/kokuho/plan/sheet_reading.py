"""One worksheet of the official form, read by its labels, whatever the addresses of its cells.

The table of amounts is found by its header 計画年次, each amount by the column of its year. An
amount may stand in one cell (``50,000 千円(6.25%)``) or in several (number, unit, rate), on one or
two lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kokuho.plan.characters import amount_cells, compact, fiscal_year, looks_like_a_year, number
from kokuho.plan.grid import Grid, GridCell
from kokuho.plan.printed import Cell, Line, PrintedSheet, Value
from kokuho.plan.text import ORDINAL, slot_of
from kokuho.plan.text_fields import label_of, measures, value_of, values

_MEASURES = "具体的な取組内容"
_LABELS_WITH_A_VALUE_BESIDE = re.compile(
    r"[①-③]?(?:(?:赤字の)?要因|黒字分(?:を差し引いた後の赤字額(?:\(合計\))?)?|"
    r"予算推計ベースの\S*赤字額|解消の目標年次|赤字削減・解消手段の主要事項):?"
)
_NOTHING = re.compile(r"(?:千円)?(?:\(%\))?")


@dataclass(frozen=True)
class _Table:
    """Where the table of amounts stands: its header row, the columns of years and of the total."""

    header: int
    years: tuple[GridCell, ...]
    total: GridCell | None

    @property
    def columns(self) -> tuple[GridCell, ...]:
        return self.years if self.total is None else (*self.years, self.total)


def has_form(grid: Grid) -> bool:
    """Whether a worksheet has a table of 計画年次."""
    return _table(grid) is not None


def read_sheet(grid: Grid, own: bool = False) -> PrintedSheet:
    """What a worksheet of the form prints; ``own`` says that computed rates in it are only ours.

    Raises:
        ValueError: the worksheet has no table of 計画年次.
    """
    table = _table(grid)
    if table is None:
        raise ValueError("no table of 計画年次")
    end = _end(grid, table.header)
    years = _years(grid, table)
    above = list(_above(grid, table.header))
    below = [_line(cell.text) for cell in grid.cells if cell.row >= end]
    found = values(above, below)
    found.update(_labelled(grid, table.header))
    return PrintedSheet(
        ordinals=tuple(
            Value(match[0], number(match[1]))
            for cell in table.years
            if (match := ORDINAL.search(cell.text))
        ),
        years=tuple(Value(cell.text, fiscal_year(cell.text)) for cell in years),
        lines=tuple(_lines(grid, table, end, years, own)),
        values=found,
        measures=measures(["基本方針", *_measure_lines(grid, table.header)]),
    )


def _table(grid: Grid) -> _Table | None:
    for row, cells in grid.rows.items():
        years = tuple(cell for cell in cells if ORDINAL.search(cell.text))
        named = any("計画年次" in compact(cell.text) for cell in cells)
        if len(years) >= 2 or (years and named):
            after = (cell for cell in cells if cell.column > years[-1].column)
            total = next((cell for cell in after if compact(cell.text) == "合計"), None)
            return _Table(row, years, total)
    return None


def _end(grid: Grid, header: int) -> int:
    """The first row below the table: a footnote, or the sentence that submits the form."""
    for cell in grid.cells:
        text = compact(cell.text)
        if cell.row > header and (text.startswith("※") or "提出します" in text):
            return cell.row
    return max(grid.rows) + 1


def _line(text: str) -> str:
    return " ".join(text.split())


def _measure_area(grid: Grid, header: int) -> GridCell | None:
    heads = (cell for cell in grid.cells if cell.row < header)
    return next((cell for cell in heads if _MEASURES in compact(cell.text)), None)


def _in_area(cell: GridCell, head: GridCell | None) -> bool:
    return head is not None and cell.row >= head.row and cell.column >= head.column


def _above(grid: Grid, header: int) -> Iterator[str]:
    """The rows above the table, without the measures; a label and the value beside it as one."""
    head = _measure_area(grid, header)
    used: set[GridCell] = set()
    for row in grid.between(0, header):
        texts = []
        for cell in row:
            if cell in used or _in_area(cell, head):
                continue
            text = _line(cell.text)
            if _LABELS_WITH_A_VALUE_BESIDE.fullmatch(compact(text)):
                value = _value_of_label(grid, cell, header)
                if value is None:
                    continue
                used.add(value)
                text = f"{text.removesuffix(':')}:{_line(value.text)}"
            texts.append(text)
        yield "\t".join(texts)


def _value_of_label(grid: Grid, label: GridCell, header: int) -> GridCell | None:
    """What stands right of a label, or else below it; another label is no value."""
    for cell in (grid.right_of(label), grid.below(label)):
        if cell is not None and cell.row < header:
            text = compact(cell.text)
            if label_of(text) is None and not re.match(r"[①-⑳]", text):
                return cell
    return None


def _labelled(grid: Grid, header: int) -> Iterator[tuple[str, Value]]:
    """The values of 赤字の発生状況, each beside or below its label."""
    head = _measure_area(grid, header)
    for cell in grid.cells:
        if cell.row >= header or _in_area(cell, head):
            continue
        field = label_of(cell.text)
        if field is not None:
            beside = (grid.right_of(cell), grid.below(cell))
            value = next((one for one in beside if one and _fits(field, one)), None)
            yield field, Value("", None) if value is None else value_of(field, _line(value.text))


def _fits(field: str, cell: GridCell) -> bool:
    if label_of(cell.text) is not None:
        return False
    if field == "occurrence.year":
        return looks_like_a_year(cell.text)
    return field.startswith("insurer.") or cell.is_number or "千円" in cell.text


def _measure_lines(grid: Grid, header: int) -> Iterator[str]:
    head = _measure_area(grid, header)
    if head is None:
        return
    for row in grid.between(head.row + head.rows, header):
        cells = [cell for cell in row if _in_area(cell, head)]
        # text of several lines stands in one cell, or a line in cells side by side
        if len(cells) == 1:
            yield from map(_line, cells[0].text.split("\n"))
        elif cells:
            yield "".join(_yield(cell) if cell.is_number else _line(cell.text) for cell in cells)


def _yield(cell: GridCell) -> str:
    text = compact(cell.text)
    if text.startswith("【"):
        return text
    return f"【{text}】" if text.endswith("円") else f"【{text}千円】"


def _years(grid: Grid, table: _Table) -> list[GridCell]:
    """The row of fiscal years below the header, a cell for each column that has one."""
    columns = {cell.column for cell in table.years}
    for row in grid.between(table.header + 1, table.header + 4):
        found = [c for c in row if c.column in columns and looks_like_a_year(c.text)]
        if found:
            return found
    return []


def _lines(
    grid: Grid, table: _Table, end: int, years: Sequence[GridCell], own: bool
) -> Iterator[Line]:
    """The lines of the table: a label, and for each year what stands in its column."""
    first = table.years[0].column
    top = max((cell.row + cell.rows for cell in years), default=table.header + 1)
    groups: list[tuple[str, list[GridCell]]] = []
    for row in grid.between(top, end):
        labels = [cell for cell in row if cell.column < first]
        amounts = [cell for cell in row if cell.column >= first]
        rates_alone = groups and amounts and all(_is_rate(cell) for cell in amounts)
        if labels and not rates_alone:
            groups.append((_line(labels[-1].text), []))
        elif not groups:
            groups.append(("", []))
        groups[-1][1].extend(amounts)
    for label, cells in groups:
        line = Line(label, slot_of(label), tuple(_cell(cells, one, own) for one in table.columns))
        if line.slot is not None or line.filled:
            yield line


def _is_rate(cell: GridCell) -> bool:
    return cell.is_rate or re.fullmatch(r"\([\d.]*%\)", compact(cell.text)) is not None


def _cell(cells: Sequence[GridCell], column: GridCell, own: bool) -> Cell:
    """The amount and the rate in one column, out of however many cells they were put into."""
    text = ""
    for cell in cells:
        if not column.column <= cell.column < column.column + column.columns:
            continue
        part = compact(cell.text).rstrip("*")  # our mark of a computed rate, typed over
        if cell.is_rate or (cell.is_number and text):
            if own and cell.formula:
                part = ""
            elif "%" not in part:
                part += "%"
            part = part if part.startswith("(") else f"({part or '%'})"
        text += part
    if _NOTHING.fullmatch(text):
        return Cell()
    found = amount_cells(text)
    return found[0] if found is not None and len(found) == 1 else Cell(text=text)
