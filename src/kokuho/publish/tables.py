"""A view as a table of texts: what a page and the report print (表)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kokuho.publish.names import column_name, row_name
from kokuho.publish.references import beside_rows
from kokuho.publish.views import View
from kokuho.publish.words import TOTAL, Words
from kokuho.statistics import Figure


@dataclass(frozen=True)
class Shown:
    """A cell as it is shown; ``kind`` is value, suppressed, none or nation."""

    text: str
    kind: str


@dataclass(frozen=True)
class Row:
    """A row: what it is of, its cells; ``margin`` where it is a total or stands in others too."""

    name: str
    cells: tuple[Shown, ...]
    margin: bool


@dataclass(frozen=True)
class Table:
    """A table: heads over the names and the cells."""

    corner: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def kinds(self) -> set[str]:
        """The kinds of cells that stand in it, for the legend."""
        return {cell.kind for row in self.rows for cell in row.cells}


def table_of(view: View, words: Words) -> Table:
    """The table of a view; beside a ratio its parts, and the nation in the last column."""
    definition = view.definition
    beside = beside_rows(view)
    heads = [column_name(view, one, words) for one in view.columns] or [words("value")]
    if view.ratio:
        heads += [words("numerator"), words("denominator")]
    if beside is not None:
        heads.append(words(beside.name))
    keys = list(view.rows)
    if beside is not None and len(view.down) == 1:
        keys = sorted({*keys, *beside.points})
    rows = []
    for row in keys:
        cells = [
            shown(view.figure(row, one), definition.places, words)
            for one in view.columns or (TOTAL,)
        ]
        if view.ratio:
            figure = view.figure(row)
            cells += [
                _whole(figure, figure.numerator if figure else None, words),
                _whole(figure, figure.denominator if figure else None, words),
            ]
        if beside is not None:
            value = beside.points.get(row)
            places = beside.series.places if beside.series.factor == 1 else 0
            text = words.cell(None, 0) if value is None else words.number(value, places)
            cells.append(Shown(text, "none" if value is None else "nation"))
        rows.append(
            Row(
                row_name(view, row, words), tuple(cells), row not in view.parts and row in view.rows
            )
        )
    corner = words.listed([words.dimension(name) for name in view.down])
    return Table(corner or definition.title[words.language], tuple(heads), tuple(rows))


def shown(figure: Figure | None, places: int, words: Words) -> Shown:
    """A figure as a cell."""
    text = words.cell(figure, places)
    if figure is not None and figure.suppressed:
        return Shown(text, "suppressed")
    return Shown(text, "none" if figure is None or figure.value is None else "value")


def _whole(figure: Figure | None, number: int | None, words: Words) -> Shown:
    if figure is not None and figure.suppressed:
        return Shown(words("suppressed"), "suppressed")
    if number is None:
        return Shown(words.cell(None, 0), "none")
    return Shown(f"{number:,}", "value")


def legend(kinds: Sequence[str] | set[str], words: Words) -> list[str]:
    """What the signs in a table mean."""
    told = []
    if "suppressed" in kinds:
        told.append(
            words(
                "suppressed: a small number, or one from which a small number could be "
                "computed; not 0"
            )
        )
    if "none" in kinds:
        told.append(
            words("{sign}: no figure (nothing to divide by, or not counted); not 0").format(
                sign=words.cell(None, 0)
            )
        )
    return told
