"""What a paper is made of: sections of text, tables and charts, each with its sources.

A block that shows a figure names the files and columns that it was taken from; the trace beside the
paper lists them. Amounts are already words here, but for the values of charts, which stay whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kokuho.base.messages import translator

_ = translator("paper")


@dataclass(frozen=True)
class Source:
    """Where figures come from: a run of the paper, a file of it, its columns or keys, its rows.

    ``rows`` says which rows are meant: column and value; nothing: all of them.
    """

    run: str
    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As the trace gives it."""
        return {
            "run": self.run,
            "file": self.file,
            "columns": list(self.columns),
            "rows": dict(self.rows),
        }


@dataclass(frozen=True)
class Text:
    """A paragraph; ``strong`` must not be overlooked, ``main`` stands on the cover too."""

    text: str
    sources: tuple[Source, ...] = ()
    strong: bool = False
    main: bool = False


@dataclass(frozen=True)
class Table:
    """A table: the heads of its columns, rows of words, notes below it.

    The first ``names`` columns are words, the others figures, unless ``words`` says all are.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()
    names: int = 1
    words: bool = False
    widths: tuple[int, ...] = ()
    small: bool = False


@dataclass(frozen=True)
class Line:
    """A series of a chart: values in the order of its places, and a band about them."""

    name: str
    values: tuple[int | None, ...]
    low: tuple[int | None, ...] = ()
    high: tuple[int | None, ...] = ()
    style: str = "solid"


@dataclass(frozen=True)
class Panel:
    """One picture of a chart; panels stand side by side on the same scale."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Chart:
    """A chart with all that it says in words: how to read it, and its values.

    ``kind``: ``lines`` over years, ``bars`` side by side in classes. Values are whole, in units
    of which ``divide`` make one of ``unit``. ``table`` is the same as a table.
    """

    title: str
    kind: str
    places: tuple[str, ...]
    panels: tuple[Panel, ...]
    unit: str
    divide: int
    alternative: str
    table: Table
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()


Block = Text | Table | Chart


@dataclass
class Section:
    """A numbered section of the paper."""

    key: str
    title: str
    blocks: list[Block] = field(default_factory=list)

    def add(self, *blocks: Block | None) -> None:
        """Append blocks; None is left out."""
        self.blocks += [block for block in blocks if block is not None]


def numbered(sections: Sequence[Section]) -> list[tuple[str, Block]]:
    """Every table and chart with its number on the paper, such as ``表1`` and ``図1``."""
    counts = {"table": 0, "chart": 0}
    found: list[tuple[str, Block]] = []
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Table):
                counts["table"] += 1
                found.append((_("Table {number}").format(number=counts["table"]), block))
            elif isinstance(block, Chart):
                counts["chart"] += 1
                found.append((_("Figure {number}").format(number=counts["chart"]), block))
    return found


def source_notes(sources: Sequence[Source]) -> list[str]:
    """Sources as the paper prints them: each file once with its columns; the trace has the rows."""
    files: dict[str, dict[str, None]] = {}
    for source in sources:
        files.setdefault(f"{source.run}/{source.file}", {}).update(dict.fromkeys(source.columns))
    return [f"{file} [{', '.join(columns)}]" for file, columns in files.items()]
