"""Figures and measure files: exact values with their day, in JSON.

``{version, insurer_code, as_of, measures: [{id, value, numerator, denominator, unit, suppressed,
note}]}``. A value is a decimal text. The id says which measure and which cell:
``foreign_insured[year=2025,age=20-24,sex=F]``, dimensions in the order of the definition; a
dimension that is absent is summed over.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError, model_validator

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import text_of
from kokuho.statistics.catalogue import Part, Unit, catalogue

_ = translator("statistics")

VERSION: Literal[1] = 1

Cell = tuple[tuple[str, str], ...]
"""Dimensions and their codes, in the order of the definition."""

_ID = re.compile(r"(?P<measure>[a-z][a-z0-9_.]*)(?:\[(?P<cell>[^\[\]]+)\])?")
_CODE = re.compile(r"[^\[\],=\s]+")


class Figure(Part):
    """One figure; ``value`` is none where it is not known or (``suppressed``) not to be told."""

    id: str
    value: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    unit: Unit
    suppressed: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Figure:
        if self.value is not None and not self.value.is_finite():
            raise ValueError("value: not a finite number")
        if self.suppressed and (self.value, self.numerator, self.denominator) != (None,) * 3:
            raise ValueError("suppressed: a suppressed figure has no value, nor parts of one")
        return self


class MeasureFile(Part):
    """The figures of an insurer as of a day; ids stand once."""

    version: Literal[1]
    insurer_code: str
    as_of: date
    measures: tuple[Figure, ...]

    @model_validator(mode="after")
    def _once(self) -> MeasureFile:
        times = Counter(one.id for one in self.measures)
        if twice := sorted(name for name, number in times.items() if number > 1):
            raise ValueError(f"twice: {', '.join(twice)}")
        return self

    def by_id(self) -> Mapping[str, Figure]:
        """The figures by their ids."""
        return {one.id: one for one in self.measures}


def figure_id(measure: str, cell: Mapping[str, object] | Iterable[tuple[str, object]] = ()) -> str:
    """The id of a figure; dimensions are put into the order of the definition.

    >>> figure_id("foreign_insured", {"sex": "F", "year": 2025})
    'foreign_insured[year=2025,sex=F]'
    """
    given = dict(cell)
    order = catalogue()[measure].dimensions if measure in catalogue() else tuple(given)
    if unknown := sorted(given.keys() - set(order)):
        raise StatisticsError(
            _("{measure} has no dimension {names}").format(
                measure=measure, names=", ".join(unknown)
            )
        )
    parts = [f"{name}={_code(given[name])}" for name in order if name in given]
    return f"{measure}[{','.join(parts)}]" if parts else measure


def parse_id(name: str) -> tuple[str, Cell]:
    """The measure and the cell of an id.

    >>> parse_id("foreign_insured[year=2025,sex=F]")
    ('foreign_insured', (('year', '2025'), ('sex', 'F')))

    Raises:
        StatisticsError: it is no id of this form, or its dimensions are not those of the measure.
    """
    found = _ID.fullmatch(name)
    pairs = (
        [tuple(part.split("=")) for part in found["cell"].split(",")]
        if found and found["cell"]
        else []
    )
    if found is None or any(len(pair) != 2 or not all(pair) for pair in pairs):
        raise StatisticsError(
            _("{id}: no id of a figure; expected is measure[dimension=code,…]").format(id=name)
        )
    measure, cell = found["measure"], tuple((pair[0], pair[1]) for pair in pairs)
    if measure in catalogue() and figure_id(measure, cell) != name:
        raise StatisticsError(
            _("{id}: the dimensions of {measure} are {names}, in this order").format(
                id=name, measure=measure, names=", ".join(catalogue()[measure].dimensions)
            )
        )
    return measure, cell


def ratio(
    name: str, numerator: int, denominator: int, *, places: int = 2, unit: Unit = "percent",
    note: str = "",
) -> Figure:  # fmt: skip
    """A ratio, half up; percent times 100, yen as yen a head. Without value where nothing is below.

    >>> ratio("collection_rate", 63, 100).value
    Decimal('63.00')
    """
    whole = numerator * (100 if unit == "percent" else 1)
    value = half_up(whole, denominator, places) if denominator > 0 else None
    return Figure(id=name, value=value, numerator=numerator, denominator=denominator, unit=unit,
                  note=note)  # fmt: skip


def half_up(numerator: int, denominator: int, places: int) -> Decimal:
    """``numerator / denominator`` to so many places, half away from zero, exactly."""
    scaled = 2 * abs(numerator) * 10**places + denominator
    return Decimal((1 if numerator >= 0 else -1) * (scaled // (2 * denominator))).scaleb(-places)


def count(name: str, number: int, unit: Unit = "count", note: str = "") -> Figure:
    """A whole number: people, claims, yen."""
    return Figure(id=name, value=Decimal(number), unit=unit, note=note)


def measure_file(insurer_code: str, as_of: date, figures: Iterable[Figure]) -> MeasureFile:
    """A measure file of this version."""
    return MeasureFile(
        version=VERSION, insurer_code=insurer_code, as_of=as_of, measures=tuple(figures)
    )


def measure_json(file: MeasureFile) -> str:
    """A measure file as JSON text, the same for the same figures."""
    return json.dumps(file.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def read_measures(path: Path) -> MeasureFile:
    """Read a measure file.

    Raises:
        StatisticsError: it cannot be read, or something in it is wrong; every point is named.
    """
    try:
        data: Any = json.loads(text_of(path, StatisticsError), parse_float=Decimal)
        return MeasureFile.model_validate(data)
    except ValidationError as error:
        points = [
            f"- {'.'.join(map(str, one['loc'])) or '-'}: {one['msg']}" for one in error.errors()
        ]
    except ValueError as error:
        points = [f"- {error}"]
    head = _("{file} is no measure file:").format(file=path)
    raise StatisticsError("\n".join([head, *points]))


def write_measures(path: Path, file: MeasureFile) -> None:
    """Write a measure file; nothing stands under its name before all of it does."""
    from kokuho.tables import write_bytes

    write_bytes(path, measure_json(file).encode())


def _code(value: object) -> str:
    code = str(value)
    if not _CODE.fullmatch(code):
        raise StatisticsError(
            _(
                "{code!r} cannot stand in an id of a figure: no spaces, brackets, commas or ="
            ).format(code=code)
        )
    return code
