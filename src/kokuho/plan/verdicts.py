"""From the explanations of a sheet to its amounts, each confirmed, repaired or flagged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from kokuho.plan.alignment import Alignment
from kokuho.plan.amounts import ROWS, Row
from kokuho.plan.explain import Explanation, Table, explanations, natural
from kokuho.plan.headers import Columns
from kokuho.plan.printed import Cell, Line, PrintedSheet
from kokuho.plan.report import Entry


@dataclass
class SheetVerdict:
    """The amounts of a sheet by row and place (years, then the total), and the report on them.

    ``cells`` has the printed cell of each place where one is known (for its rate). ``loose`` are
    rows whose cells may have moved, so that equal amounts may stand for each other.
    ``reduces_nothing`` if one explanation has reductions of a deficit that is printed as 0.
    """

    years: tuple[int, ...]
    amounts: dict[Row, list[int | None]]
    cells: dict[Row, list[Cell | None]]
    entries: list[Entry] = field(default_factory=list)
    loose: set[Row] = field(default_factory=set)
    reduces_nothing: bool = False


def judge(
    number: int, sheet: PrintedSheet, columns: Columns, without_deficit: frozenset[int]
) -> SheetVerdict:
    """Settle the table of one sheet. Nothing is taken unflagged that its totals do not prove."""
    places = len(columns.years) + 1
    table = Table(places, sheet.lines, without_deficit, columns.lost)
    found = explanations(table)
    as_printed = _as_printed(sheet.lines, places)
    verdict = SheetVerdict(
        columns.years,
        {row: [cell.amount if cell else None for cell in as_printed[row]] for row in ROWS},
        {row: list(as_printed[row]) for row in ROWS},
    )
    if not found or not found[0].proved:
        _flag_all(number, verdict, "too_damaged")
        return verdict
    best = found[0]
    verdict.reduces_nothing = any(explanation.reduces_nothing for explanation in found)
    for at, row in enumerate(ROWS):
        line = best.setup.lines[at]
        chosen = best.setup.rows[at]
        if line is None or chosen is None or not _in_place(chosen, sheet.lines[line]):
            verdict.loose.add(row)
        for place in range(places):
            _settle(number, verdict, at, row, place, found, sheet.lines)
    if best.reduces_nothing or _rows_may_be_exchanged(best, without_deficit):
        _flag(number, verdict, ROWS[:2], "no_deficit" if best.reduces_nothing else "several_ways")
    if not columns.whole:
        verdict.loose.update(ROWS)
    lost = [place for place in range(places) if _lost(best, place)]
    if lost:
        # a digit misread alike in two rows would then balance too
        _flag_all(number, verdict, "no_totals" if places - 1 in lost else "column_lost")
    for chosen, amounts in zip(best.setup.rows, best.amounts, strict=True):
        # only a lost row of nothing but 0 leaves two rows that confirm each other year by year
        if chosen is None and any(amounts):
            _flag_all(number, verdict, "row_open")
    if not columns.sure:
        _flag_all(number, verdict, "years_unsure")
    verdict.entries += _surplus(number, sheet.lines, best)
    return verdict


def _lost(best: Explanation, place: int) -> bool:
    """Whether no row has a cell at a place."""
    return all(row is None or row.open >> place & 1 for row in best.setup.rows)


def _in_place(row: Alignment, line: Line) -> bool:
    """Whether each cell of a line stands at its own place."""
    return row.source == tuple(range(len(line.cells)))


def field_of(number: int, years: Sequence[int], row: Row, place: int) -> str:
    """The field of the plan that a place of a sheet is."""
    return f"sheets.{number}.{row}" if place == len(years) else f"years.{years[place]}.{row}"


def _as_printed(lines: Sequence[Line], places: int) -> dict[Row, list[Cell | None]]:
    """The cells under their own labels; nothing where their number is not that of the places."""
    printed: dict[Row, list[Cell | None]] = {}
    for at, row in enumerate(ROWS):
        own = [line for line in lines if natural(line.slot, at) and line.filled]
        fits = len(own) == 1 and len(own[0].cells) == places
        printed[row] = list(own[0].cells) if fits else [None] * places
    return printed


def _settle(
    number: int,
    verdict: SheetVerdict,
    at: int,
    row: Row,
    place: int,
    found: Sequence[Explanation],
    lines: Sequence[Line],
) -> None:
    name = field_of(number, verdict.years, row, place)
    amounts = {explanation.amounts[at][place] for explanation in found}
    printed = verdict.cells[row][place]
    if len(amounts) > 1 or None in amounts:
        verdict.entries.append(
            Entry(
                number,
                name,
                printed.text if printed else "",
                verdict.amounts[row][place],
                "several_ways",
            )
        )
        return
    best = found[0]
    amount = best.amounts[at][place]
    source, why = _source(best, at, place, lines)
    verdict.amounts[row][place] = amount
    verdict.cells[row][place] = source
    text = source.text if source else (printed.text if printed and why != "row_lost" else "")
    verdict.entries.append(Entry(number, name, text, amount, why))


def _source(
    best: Explanation, at: int, place: int, lines: Sequence[Line]
) -> tuple[Cell | None, str]:
    """The printed cell that an amount comes from, and the reason to give."""
    line_at, row = best.setup.lines[at], best.setup.rows[at]
    if line_at is None or row is None:
        return None, "row_lost"
    line = lines[line_at]
    index = row.source[place]
    if index is None:
        return None, "column_lost" if _lost(best, place) else "cell_lost"
    cell = line.cells[index]
    if (at, place) in best.wrong:
        return cell, "misread"
    if cell.amount is None:
        return cell, "cell_lost" if cell.blank else "unreadable"
    if not natural(line.slot, at):
        return cell, "row_shifted"
    return cell, "totals_hold" if index == place else "moved"


def _surplus(number: int, lines: Sequence[Line], best: Explanation) -> Iterator[Entry]:
    for at, line in enumerate(lines):
        if at not in best.setup.lines:
            if line.filled:
                text = " | ".join(cell.text for cell in line.cells)
                yield Entry(number, "", f"{line.label}: {text}", None, "surplus_line")
            continue
        row = best.setup.rows[best.setup.lines.index(at)]
        for index, cell in enumerate(line.cells):
            if row is not None and index not in row.source and not cell.blank:
                yield Entry(number, "", f"{line.label}: {cell.text}", None, "surplus_cell")


def _rows_may_be_exchanged(best: Explanation, without_deficit: frozenset[int]) -> bool:
    """法定外繰入 all 0 and 繰上充用 not: as if the rows had slipped, and no total would show it."""
    first, second = (any(amount != 0 for amount in best.amounts[at]) for at in range(2))
    return second and not first and 0 not in without_deficit


def _flag(number: int, verdict: SheetVerdict, rows: Sequence[Row], why: str) -> None:
    """Flag all cells of some rows: once each, and no longer as confirmed."""
    told = {entry.field for entry in verdict.entries if entry.status == "flagged"}
    flags = {}
    for row in rows:
        for place, amount in enumerate(verdict.amounts[row]):
            cell = verdict.cells[row][place]
            name = field_of(number, verdict.years, row, place)
            flags[name] = Entry(number, name, cell.text if cell else "", amount, why)
    verdict.entries = [
        *(one for one in verdict.entries if one.status != "confirmed" or one.field not in flags),
        *(one for name, one in flags.items() if name not in told),
    ]


def _flag_all(number: int, verdict: SheetVerdict, why: str) -> None:
    _flag(number, verdict, ROWS, why)
