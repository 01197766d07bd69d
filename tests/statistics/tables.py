"""Tables of foreign insured by age and sex as measure files, and what an outsider makes of them.

The outsider is written apart from ``kokuho.statistics.relations``: rows, columns, totals and the
class that stands beside the others, set up cell by cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import highspy

from kokuho.statistics import Figure, MeasureFile, count, figure_id, measure_file

DAY = date(2026, 5, 31)
SEXES = ("M", "F")
BESIDE = ("20-24", "25-29", "30-34", "35-39")
Cell = tuple[str, str]
"""Age and sex; empty for a total."""


def cells_of(table: Mapping[Cell, int]) -> dict[Cell, int]:
    """A table with its margins and the class 20–39."""
    ages = sorted({age for age, _sex in table})
    cells = dict(table)
    for sex in SEXES:
        cells["", sex] = sum(table[age, sex] for age in ages)
    for age in ages:
        cells[age, ""] = sum(table[age, sex] for sex in SEXES)
    cells["", ""] = sum(table.values())
    if set(BESIDE) <= set(ages):
        for sex in ("", *SEXES):
            cells["20-39", sex] = sum(cells[age, sex] for age in BESIDE)
    return cells


def name(cell: Cell, measure: str = "foreign_insured") -> str:
    codes = {"year": "2025", "age": cell[0], "sex": cell[1]}
    return figure_id(measure, {key: code for key, code in codes.items() if code})


def file_of(
    cells: Mapping[Cell, int], code: str = "990001", more: Sequence[Figure] = ()
) -> MeasureFile:
    figures = [count(name(cell), number) for cell, number in cells.items()]
    return measure_file(code, DAY, [*figures, *more])


class _Quiet(highspy.Highs):
    def enableCallbacks(self) -> None:  # HiGHS prints its banner when callbacks are set up
        self.silent()
        super().enableCallbacks()


def outsider(
    cells: Mapping[Cell, int], told: Mapping[Cell, bool]
) -> dict[Cell, tuple[float, float]]:
    """Lowest and highest that each cell that is not told can be."""
    highs = _Quiet()
    highs.setOptionValue("threads", 1)
    columns = {cell: number for number, cell in enumerate(cells)}
    for cell, number in cells.items():
        ends = (float(number), float(number)) if told[cell] else (0.0, float("inf"))
        highs.addVar(*ends)
    ages = sorted({age for age, _sex in cells if age and age != "20-39"})
    rows: list[tuple[Cell, list[Cell]]] = [
        ((age, ""), [(age, sex) for sex in SEXES]) for age in {age for age, _sex in cells}
    ]
    for sex in ("", *SEXES):
        rows.append((("", sex), [(age, sex) for age in ages]))
        if ("20-39", sex) in cells:
            rows.append((("20-39", sex), [(age, sex) for age in BESIDE]))
    for whole, parts in rows:
        at = [columns[whole], *(columns[part] for part in parts)]
        highs.addRow(0.0, 0.0, len(at), at, [-1.0] + [1.0] * len(parts))
    found = {}
    for cell in (cell for cell in cells if not told[cell]):
        ends = []
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            highs.changeColCost(columns[cell], 1.0)
            highs.changeObjectiveSense(sense)
            highs.run()
            status = highs.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                ends.append(highs.getSolution().col_value[columns[cell]])
            else:
                ends.append(float("inf"))
            highs.changeColCost(columns[cell], 0.0)
        found[cell] = (ends[0], ends[1])
    return found
