"""Sections of pages and of the report: a measure with its charts, tables, downloads, definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from kokuho.publish.alternatives import in_words, largest
from kokuho.publish.bars import MOST
from kokuho.publish.downloads import definition_rows
from kokuho.publish.names import row_name
from kokuho.publish.pictures import drawn_pair, picture
from kokuho.publish.references import beside_rows, day_of
from kokuho.publish.tables import Row, Table, legend, shown, table_of
from kokuho.publish.views import Key, Measure, View, is_time
from kokuho.publish.words import TOTAL, Words
from kokuho.statistics import Series


@dataclass(frozen=True)
class Block:
    """A chart with its words and its table; ``name`` begins the ids of its parts."""

    name: str
    title: str
    svg: str | None
    words: str
    table: Table
    legend: list[str]
    notes: list[str]
    unit: str

    @property
    def broad(self) -> bool:
        """Whether the table is too wide to stand beside its chart."""
        # heads break, amounts do not; the name of a row takes some ten letters at least
        columns = list(
            zip(*([len(cell.text) for cell in row.cells] for row in self.table.rows), strict=True)
        )
        wide: float = sum(max(column) * 0.62 + 2 for column in columns)
        return 10 + wide > _BESIDE


_BESIDE = 44
"""Letters of full width that a table may take beside a chart."""


@dataclass(frozen=True)
class Section:
    """A measure on a page; ``data`` is the name of its downloads, none where it has none."""

    name: str
    title: str
    blocks: list[Block]
    definition: list[tuple[str, str]] = field(default_factory=list)
    data: str = ""


def section_of(measure: Measure, words: Words) -> Section:
    """A measure with all its published tables."""
    definition = measure.definition
    several = len(measure.views) > 1
    blocks = [
        _block(view, f"{definition.id}-{number}", several, words)
        for number, view in enumerate(measure.views, start=1)
    ]
    return Section(
        definition.id,
        words.title(definition.title),
        blocks,
        definition_rows(definition, words),
        data=definition.id,
    )


def _block(view: View, name: str, several: bool, words: Words) -> Block:
    table = table_of(view, words)
    return Block(
        name=name,
        title=_title(view, several, words),
        svg=picture(view, words, name),
        words=in_words(view, words),
        table=table,
        legend=legend(table.kinds, words),
        notes=_notes(view, words),
        unit=words.unit(view.definition),
    )


def _title(view: View, several: bool, words: Words) -> str:
    """The measure, what its table is by, and the time where it is one point."""
    title = words.title(view.definition.title)
    names = [name for name in view.table if not is_time(name)] or list(view.down)
    by = [words.dimension(name) for name in names]
    if several and by:
        title = words("{title}, by {dimensions}").format(title=title, dimensions=words.listed(by))
    at = " ".join(words.code(name, code) for name, code in view.fixed)
    return words("{title} ({at})").format(title=title, at=at) if at else title


def _notes(view: View, words: Words) -> list[str]:
    """Where the nation's figures come from; those that cannot stand in the table."""
    cut = len(view.parts) - MOST
    told = []
    if cut > 0 and not view.by_time:
        told.append(
            words("The chart shows the first {count}; the table has all.").format(count=MOST)
        )
    beside = beside_rows(view)
    if beside is not None:
        return [*told, source_of(beside.series, words)]
    loose = beside_rows(view, loose=True)
    if loose is None or not (view.by_time or view.definition.unit == "percent"):
        return told
    key, value = list(loose.points.items())[-1]
    text = words("For comparison: {title}, {at}, {value}.").format(
        title=loose.title[words.language],
        at=day_of(key, words),
        value=number_of(loose.series, value, words),
    )
    return [*told, text, source_of(loose.series, words)]


def number_of(series: Series, value: Decimal, words: Words) -> str:
    """A national figure as precise as it was printed, with its unit."""
    number = words.number(value, series.places if series.factor == 1 else 0)
    if series.unit == "percent":
        return f"{number}%"
    return words("{number} yen").format(number=number) if series.unit == "yen" else number


def source_of(series: Series, words: Words) -> str:
    """The source of a national series: its document, its dates, how precise it is printed."""
    document, language = series.document, words.language
    told = words("Printed in: {title}, {publisher}; {dates}").format(
        title=document.title[language],
        publisher=document.publisher[language],
        dates=series.date_rule[language],
    )
    if series.factor > 1:
        told += words("; printed in units of {factor}").format(factor=f"{series.factor:,}")
    if series.note is not None:
        told += words("; ") + series.note[language]
    return told


def pair_of(measures: Mapping[str, Measure], words: Words) -> Section | None:
    """Two populations by age, side by side: what a pyramid of each does not show."""
    views = [
        view
        for measure in measures.values()
        if measure.definition.chart == "pyramid"
        for view in measure.views
        if set(view.table) >= {"age", "sex"}
    ]
    if len(views) < 2 or views[0].fixed != views[1].fixed:
        return None
    left, right = views[:2]
    if left.down != right.down:
        return None
    rows = [row for row in (left if len(left.rows) >= len(right.rows) else right).rows]
    heads = tuple(words.title(view.definition.title) for view in (left, right))
    table = Table(
        words.listed([words.dimension(name) for name in left.down]),
        heads,
        tuple(_both(left, right, row, words) for row in rows),
    )
    name = f"{left.definition.id}-and-{right.definition.id}"
    at = " ".join(words.code(dimension, code) for dimension, code in left.fixed)
    title = words("{title} ({at})").format(title=words.listed(list(heads)), at=at)
    said = words.sentences(
        [
            *(_in_words_of(view, words) for view in (left, right)),
            words("The two sides have scales of their own."),
        ]
    )
    block = Block(
        name,
        title,
        drawn_pair(left, right, rows, words, name),
        said,
        table,
        legend(table.kinds, words),
        _dates((left, right), words),
        words.unit(left.definition),
    )
    return Section(name, title, [block])


def _both(left: View, right: View, row: Key, words: Words) -> Row:
    cells = tuple(
        shown(view.figure(row, TOTAL), view.definition.places, words) for view in (left, right)
    )
    part = row in left.parts or row in right.parts
    return Row(row_name(left, row, words), cells, not part)


def _in_words_of(view: View, words: Words) -> str:
    """The largest ages of one side."""
    return largest(view, TOTAL, view.definition.title[words.language], words, most=1)


def _dates(views: Sequence[View], words: Words) -> list[str]:
    return [
        words("{title}: {dates}").format(
            title=view.definition.title[words.language],
            dates=view.definition.date_rule[words.language],
        )
        for view in views
    ]
