"""What copiers, readers of pages and typists do to the text of a plan, by a seed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

Lines = list[str]

_LOOKS_LIKE = {
    "0": "86O",
    "1": "7l4",
    "2": "7Z3",
    "3": "85",
    "4": "91",
    "5": "6S3",
    "6": "85b",
    "7": "12",
    "8": "36B",
    "9": "4g8",
}


@dataclass(frozen=True)
class Table:
    """Where the table of a sheet stands: the header line, the year line, the lines of amounts."""

    header: int
    years: int
    rows: tuple[int, ...]


def tables(lines: Lines) -> list[Table]:
    """The tables of the text, found anew for each event."""
    found = []
    for at, line in enumerate(lines):
        if not re.search(r"第\S{1,3}年次", line) or "\t" not in line:
            continue
        end = next(
            (row for row in range(at, len(lines)) if lines[row].startswith(("※", "上記"))),
            len(lines),
        )
        below = [row for row in range(at + 1, end) if lines[row].strip()]
        if below:
            found.append(Table(at, below[0], tuple(below[1:])))
    return found


def _table(lines: Lines, random: Random) -> Table:
    """One of the tables; an empty one where the headers are gone."""
    return random.choice(tables(lines) or [Table(0, 0, ())])


def _split(line: str) -> tuple[list[str], list[str]]:
    """Label cells and amount cells of a line."""
    cells = line.split("\t")
    first = next((at for at, cell in enumerate(cells) if "千円" in cell), len(cells))
    return cells[:first], cells[first:]


def _with(line: str, cells: list[str]) -> str:
    label, _old = _split(line)
    while label and not label[-1]:
        label.pop()
    return "\t".join([*(label or [""]), *cells])


def _filled(table: Table, lines: Lines) -> list[int]:
    return [row for row in table.rows if "千円" in lines[row]]


def misread_amount(lines: Lines, random: Random) -> bool:
    """A digit in the table of amounts."""
    table = _table(lines, random)
    return _misread(lines, _filled(table, lines), random)


def misread_anywhere(lines: Lines, random: Random) -> bool:
    """A digit in anything that the plan prints: years, deficits, measures, dates, numbers."""
    start = next((at for at, line in enumerate(lines) if "ヵ年" in line), 0)
    end = max((table.header for table in tables(lines)), default=start) + 30
    rows = [
        at
        for at in range(start, min(end, len(lines)))
        if re.search(r"\d", lines[at])
        and not lines[at].startswith(("※", "「"))
        and "保険者数" not in lines[at]
        and "[" not in lines[at]
    ]
    return _misread(lines, rows, random)


def _misread(lines: Lines, rows: list[int], random: Random) -> bool:
    places = [
        (row, at) for row in rows for at, sign in enumerate(lines[row]) if sign in _LOOKS_LIKE
    ]
    if not places:
        return False
    row, at = random.choice(places)
    line = lines[row]
    lines[row] = line[:at] + random.choice(_LOOKS_LIKE[line[at]]) + line[at + 1 :]
    return True


def _one_row(change: Callable[[list[str], Random], None]) -> Callable[[Lines, Random], bool]:
    def event(lines: Lines, random: Random) -> bool:
        rows = _filled(_table(lines, random), lines)
        if not rows:
            return False
        row = random.choice(rows)
        _label, cells = _split(lines[row])
        while cells and not cells[-1]:
            cells.pop()
        change(cells, random)
        lines[row] = _with(lines[row], cells)
        return True

    return event


def _double(cells: list[str], random: Random) -> None:
    at = random.randrange(len(cells))
    cells.insert(at, cells[at])


def _lose(cells: list[str], random: Random) -> None:
    del cells[random.randrange(len(cells))]


def _blank(cells: list[str], random: Random) -> None:
    cells[random.randrange(len(cells))] = ""


def _exchange(cells: list[str], random: Random) -> None:
    one, other = random.randrange(len(cells)), random.randrange(len(cells))
    cells[one], cells[other] = cells[other], cells[one]


def _run_together(cells: list[str], random: Random) -> None:
    if len(cells) > 1:
        at = random.randrange(len(cells) - 1)
        cells[at : at + 2] = [cells[at] + cells[at + 1]]


def _misread_sign(cells: list[str], random: Random) -> None:
    """A separator or a unit, or one character gone."""
    at = random.randrange(len(cells))
    old, new = random.choice(((",", "."), (",", " "), ("千円", "円"), ("千円", "干円"), ("0", "")))
    cells[at] = cells[at].replace(old, new, 1)


double_cell = _one_row(_double)
lose_cell = _one_row(_lose)
blank_cell = _one_row(_blank)
exchanged_cells = _one_row(_exchange)
run_together = _one_row(_run_together)
misread_sign = _one_row(_misread_sign)


def _column(lines: Lines, random: Random, *, double: bool, header: bool) -> bool:
    table = _table(lines, random)
    rows = _filled(table, lines)
    if not rows:
        return False
    width = max(len(_split(lines[row])[1]) for row in rows)
    at = random.randrange(width)
    for row in rows:
        _label, cells = _split(lines[row])
        if at < len(cells):
            cells[at : at + 1] = [cells[at]] * (2 if double else 0)
            lines[row] = _with(lines[row], cells)
    if header:
        for row, pattern in ((table.header, r"第\S{1,3}年次|合計"), (table.years, r"\S{3,6}年度")):
            cells = lines[row].split("\t")
            places = [index for index, cell in enumerate(cells) if re.fullmatch(pattern, cell)]
            if at < len(places):
                cells[places[at] : places[at] + 1] = [cells[places[at]]] * (2 if double else 0)
                lines[row] = "\t".join(cells)
    return True


def double_column(lines: Lines, random: Random) -> bool:
    """A column of amounts twice, with or without its header."""
    return _column(lines, random, double=True, header=random.random() < 0.5)


def lose_column(lines: Lines, random: Random) -> bool:
    """A column of amounts gone, with or without its header."""
    return _column(lines, random, double=False, header=random.random() < 0.7)


def shift_rows(lines: Lines, random: Random) -> bool:
    """The amounts slip one line up or down under their labels; what falls off is gone."""
    table = _table(lines, random)
    if not table.rows:
        return False
    parts = [_split(lines[row]) for row in table.rows]
    amounts = [cells for _label, cells in parts]
    moved = [[], *amounts[:-1]] if random.random() < 0.7 else [*amounts[1:], []]
    for row, cells in zip(table.rows, moved, strict=True):
        lines[row] = _with(lines[row], cells)
    return True


def lose_row(lines: Lines, random: Random) -> bool:
    """A line of amounts gone, its label with it or left empty."""
    rows = _filled(_table(lines, random), lines)
    if not rows:
        return False
    row = random.choice(rows)
    if random.random() < 0.5:
        del lines[row]
    else:
        lines[row] = _with(lines[row], [])
    return True


def header_cell(lines: Lines, random: Random) -> bool:
    """A cell of the header lines doubled or lost."""
    table = _table(lines, random)
    row = random.choice((table.header, table.years))
    cells = lines[row].split("\t")
    places = [at for at, cell in enumerate(cells) if re.search(r"\d年|元年", cell)]
    if not places:
        return False
    at = random.choice(places)
    cells[at : at + 1] = random.choice(([], [cells[at]] * 2))
    lines[row] = "\t".join(cells)
    return True


def deficit_cell(lines: Lines, random: Random) -> bool:
    """An amount of 赤字の発生状況 doubled or lost."""
    rows = [at for at, line in enumerate(lines) if re.search(r"\t\S{1,12}千円(\t|$)", line)]
    if not rows:
        return False
    row = random.choice(rows)
    cells = lines[row].split("\t")
    places = [at for at, cell in enumerate(cells) if re.fullmatch(r"\S{1,12}千円", cell)]
    at = random.choice(places)
    cells[at : at + 1] = random.choice(([], [cells[at]] * 2))
    lines[row] = "\t".join(cells)
    return True


def _plan_lines(lines: Lines) -> list[int]:
    """The lines from the first heading to the last signature, notes and empty ones left out."""
    start = next((at for at, line in enumerate(lines) if "ヵ年" in line), 0)
    end = max((at for at, line in enumerate(lines) if line.endswith("殿")), default=start)
    return [at for at in range(start, end) if lines[at] and not lines[at].startswith("※")]


def _any_line(change: Callable[[Lines, int, Random], None]) -> Callable[[Lines, Random], bool]:
    def event(lines: Lines, random: Random) -> bool:
        places = _plan_lines(lines)
        if places:
            change(lines, random.choice(places), random)
        return bool(places)

    return event


def _lose_line(lines: Lines, at: int, random: Random) -> None:
    del lines[at]


def _double_line(lines: Lines, at: int, random: Random) -> None:
    lines.insert(at, lines[at])


def _lose_character(lines: Lines, at: int, random: Random) -> None:
    place = random.randrange(len(lines[at]))
    lines[at] = lines[at][:place] + lines[at][place + 1 :]


lose_line = _any_line(_lose_line)
double_line = _any_line(_double_line)
lose_character = _any_line(_lose_character)


def _page(lines: Lines, random: Random) -> tuple[int, int] | None:
    """From a heading to the next one."""
    titles = [at for at, line in enumerate(lines) if re.fullmatch(r"国保\S*計画書\S*", line)]
    if len(titles) < 2:
        return None
    at = random.randrange(len(titles) - 1)
    return titles[at], titles[at + 1]


def lose_page(lines: Lines, random: Random) -> bool:
    """A page gone."""
    page = _page(lines, random)
    if page is not None:
        del lines[slice(*page)]
    return page is not None


def double_page(lines: Lines, random: Random) -> bool:
    """A page twice."""
    page = _page(lines, random)
    if page is not None:
        lines[page[0] : page[0]] = lines[slice(*page)]
    return page is not None


EVENTS: dict[str, tuple[Callable[[Lines, Random], bool], int]] = {
    "misread amount": (misread_amount, 6),
    "misread anywhere": (misread_anywhere, 4),
    "doubled cell": (double_cell, 3),
    "lost cell": (lose_cell, 3),
    "blank cell": (blank_cell, 2),
    "doubled column": (double_column, 2),
    "lost column": (lose_column, 3),
    "shifted rows": (shift_rows, 3),
    "lost row": (lose_row, 2),
    "header cell": (header_cell, 2),
    "deficit cell": (deficit_cell, 2),
    "exchanged cells": (exchanged_cells, 1),
    "cells run together": (run_together, 1),
    "misread sign": (misread_sign, 2),
    "lost line": (lose_line, 2),
    "doubled line": (double_line, 1),
    "lost character": (lose_character, 2),
    "lost page": (lose_page, 1),
    "doubled page": (double_page, 1),
}
"""Every event, with how often it is drawn."""


def corrupt(text: str, random: Random) -> tuple[str, list[str]]:
    """The text after one to four events, and what they were."""
    lines = text.split("\n")
    done: list[str] = []
    names = list(EVENTS)
    weights = [weight for _event, weight in EVENTS.values()]
    for _turn in range(random.choice((1, 1, 2, 2, 3, 4))):
        name = random.choices(names, weights)[0]
        if EVENTS[name][0](lines, random):
            done.append(name)
    return "\n".join(lines), done
