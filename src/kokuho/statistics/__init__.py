"""Statistics (統計): measures defined once, their files, their comparison and their protection.

Nothing here reads a database: the office hands frames in. See ``docs/statistics.md``.
"""

from kokuho.statistics.catalogue import (
    GROUPS,
    Definition,
    Dimension,
    Language,
    Text,
    catalogue,
    dimensions,
    label,
)
from kokuho.statistics.figures import (
    VERSION,
    Cell,
    Figure,
    MeasureFile,
    count,
    figure_id,
    half_up,
    measure_file,
    measure_json,
    parse_id,
    ratio,
    read_measures,
    write_measures,
)
from kokuho.statistics.reference import Derived, Document, Series, reference, series

__all__ = [
    "GROUPS",
    "VERSION",
    "Cell",
    "Definition",
    "Derived",
    "Dimension",
    "Document",
    "Figure",
    "Language",
    "MeasureFile",
    "Series",
    "Text",
    "catalogue",
    "count",
    "dimensions",
    "figure_id",
    "half_up",
    "label",
    "measure_file",
    "measure_json",
    "parse_id",
    "ratio",
    "read_measures",
    "reference",
    "series",
    "write_measures",
]
