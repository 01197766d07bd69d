"""Cells of a measure: every combination that its definition publishes, with all its margins.

One definition over frames, for a town and a nation: the frames have a row for each person, claim or
demand, or are summed already, and the codes of the dimensions as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import polars as pl

from kokuho.statistics.catalogue import Definition, catalogue, dimensions
from kokuho.statistics.figures import figure_id, parse_id

FIXED = ("year", "until")
"""Dimensions that are never summed over: another year or day is another figure."""

PART_OF: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "age": {"20-39": ("20-24", "25-29", "30-34", "35-39")}
}
"""Codes that stand beside those that they are made of (再掲)."""

_ON_DEMAND = {"age": ("75+", "unknown"), "sex": ("X",), "term": ("none",)}
"""Codes of closed dimensions that appear only where somebody is in them."""


def margins(definition: Definition) -> tuple[tuple[str, ...], ...]:
    """The combinations of dimensions of which there are figures: all tables, all their margins.

    >>> from kokuho.statistics.catalogue import catalogue
    >>> margins(catalogue()["insured"])
    (('year',), ('year', 'age'), ('year', 'sex'), ('year', 'age', 'sex'))
    """
    found: dict[tuple[str, ...], None] = {}
    for table in definition.tables:
        fixed = tuple(name for name in table if name in FIXED)
        free = [name for name in table if name not in FIXED]
        for size in range(len(free) + 1):
            for names in combinations(free, size):
                found[(*fixed, *names)] = None
    return tuple(sorted(found, key=len))


def by_cell(
    frame: pl.DataFrame, definition: Definition, values: Mapping[str, pl.Expr]
) -> pl.DataFrame:
    """Values of every cell: ``insurer_code``, ``id`` of the figure, a column for each value.

    Args:
        frame: ``insurer_code`` and the dimensions, as text.
        definition: of the measure.
        values: what is summed up, by name.
    """
    parts = []
    for names in margins(definition):
        rows = [frame]
        for name in set(names) & PART_OF.keys():
            for code, of in PART_OF[name].items():
                among = frame.filter(pl.col(name).is_in(of))
                rows.append(among.with_columns(pl.lit(code).alias(name)))
        parts += [
            some.group_by("insurer_code", *names)
            .agg(**values)
            .select("insurer_code", _id(definition, names), *values)
            for some in rows
        ]
    return pl.concat(parts).sort("insurer_code", "id")


def _id(definition: Definition, names: Sequence[str]) -> pl.Expr:
    ordered = [name for name in definition.dimensions if name in names]
    if not ordered:
        return pl.lit(definition.id).alias("id")
    marks = ",".join(f"{name}={{}}" for name in ordered)
    return pl.format(f"{definition.id}[{marks}]", *ordered).alias("id")


def wholes(cells: pl.DataFrame) -> dict[tuple[str, int], dict[str, int]]:
    """The wholes of counts by measure and year, sorted by year: insurer to its number.

    Args:
        cells: ``insurer_code, id, number``, as :func:`by_cell` gives them.
    """
    found: dict[tuple[str, int], dict[str, int]] = {}
    for name in cells["id"].unique():
        measure, cell = parse_id(name)
        if [dimension for dimension, _code in cell] == ["year"]:
            rows = cells.filter(id=name).select("insurer_code", "number").iter_rows()
            found[measure, int(cell[0][1])] = dict(rows)
    order = list(catalogue())
    return dict(sorted(found.items(), key=lambda one: (one[0][1], order.index(one[0][0]))))


def empty_cells(definition: Definition, fixed: Mapping[str, str]) -> Iterator[str]:
    """The ids of cells that a table has although nobody is in them: those of closed lists.

    Args:
        definition: of the measure.
        fixed: year and, where the measure has it, day.
    """
    for names in margins(definition):
        codes = [_codes(name) if name not in FIXED else (fixed[name],) for name in names]
        for some in product(*codes):
            yield figure_id(definition.id, zip(names, some, strict=True))


def _codes(name: str) -> tuple[str, ...]:
    """The codes that a table always shows; none of an open list."""
    known = dimensions()[name]
    if known.kind != "closed":
        return ()
    return tuple(code for code in known.labels if code not in _ON_DEMAND.get(name, ()))
