"""What people do to the cells of a form: typed over, cleared, exchanged, one column off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from kokuho.plan import Plan, form_of
from kokuho.plan.form_sheets import form_pages
from kokuho.plan.grid import Grid, GridCell
from kokuho.plan.printed import PrintedPlan
from kokuho.plan.sheet_reading import read_sheet

Cells = list[GridCell]


def _amounts(cells: Cells) -> list[int]:
    """Where the amounts of the table are among the cells."""
    return [at for at, cell in enumerate(cells) if cell.style == "amount upper" and cell.is_number]


def typed_over(cells: Cells, random: Random) -> None:
    at = random.choice(_amounts(cells))
    wrong = cells[at].value + random.choice((-1000, 1000, 4000, 90_000))
    cells[at] = replace(cells[at], value=abs(wrong) + 1, formula="")


def ten_times(cells: Cells, random: Random) -> None:
    at = random.choice(_amounts(cells))
    cells[at] = replace(cells[at], value=cells[at].value * 10 + random.choice((0, 3)), formula="")


def cleared(cells: Cells, random: Random) -> None:
    at = random.choice(_amounts(cells))
    cells[at] = replace(cells[at], value=None, formula="")


def exchanged(cells: Cells, random: Random) -> None:
    one, other = random.choice(_amounts(cells)), random.choice(_amounts(cells))
    values = cells[other].value, cells[one].value
    cells[one], cells[other] = (
        replace(cells[at], value=value, formula="")
        for at, value in zip((one, other), values, strict=True)
    )


def one_column_off(cells: Cells, random: Random) -> None:
    row = cells[random.choice(_amounts(cells))].row
    places = [at for at in _amounts(cells) if cells[at].row == row]
    values = [None, *(cells[at].value for at in places[:-1])]
    for at, value in zip(places, values, strict=True):
        cells[at] = replace(cells[at], value=value, formula="")


def in_yen(cells: Cells, random: Random) -> None:
    at = random.choice(_amounts(cells))
    cells[at] = replace(cells[at], value=cells[at].value * 1000, number_format="#,##0", formula="")


def text_for_number(cells: Cells, random: Random) -> None:
    at = random.choice(_amounts(cells))
    cells[at] = replace(cells[at], value=f"{cells[at].value}千円程度", number_format="", formula="")


def row_off(cells: Cells, random: Random) -> None:
    """法定外繰入 typed one row too low, over the amounts of 繰上充用."""
    rows = sorted({cells[at].row for at in _amounts(cells)})
    upper = [at for at in _amounts(cells) if cells[at].row == rows[0]]
    lower = [at for at in _amounts(cells) if cells[at].row == rows[1]]
    for one, other in zip(upper, lower, strict=False):
        cells[other] = replace(cells[other], value=cells[one].value)
        cells[one] = replace(cells[one], value=None)


DAMAGES: tuple[Callable[[Cells, Random], None], ...] = (
    typed_over,
    ten_times,
    cleared,
    exchanged,
    one_column_off,
    in_yen,
    text_for_number,
    row_off,
)


def damaged(plan: Plan, random: Random) -> tuple[PrintedPlan, list[str]]:
    """What the form of a plan prints once hands were at it, and what they did."""
    pages, _places = form_pages(form_of(plan))
    events = []
    for _event in range(random.choice((1, 1, 1, 2))):
        page, damage = random.choice(pages), random.choice(DAMAGES)
        if _amounts(page.cells):
            damage(page.cells, random)
            events.append(damage.__name__)
    sheets = tuple(read_sheet(Grid(page.cells)) for page in pages)
    return PrintedPlan("damaged.xlsx", sheets, typed=True), events
