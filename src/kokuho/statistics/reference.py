"""National series, as printed, with their source: what a city sees itself beside (参考系列)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, ValidationError

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import read_yaml
from kokuho.statistics.catalogue import Part, Text, Unit
from kokuho.statistics.figures import Cell

_ = translator("statistics")

HERE = Path(__file__).parent / "reference"


def _exact(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("a printed number is text in quotes")
    return Decimal(value) if isinstance(value, int | str) else value


Printed = Annotated[Decimal, BeforeValidator(_exact)]


class Derived(Part):
    """How a printed column follows from others: ``numerator`` ÷ ``denominator``, in percent.

    ``shift`` says by how many years the denominator lies back (前年度比: 1).
    """

    numerator: str
    denominator: str
    shift: int = 0


class Point(Part):
    """One printed number; ``note`` says what is particular about it."""

    cell: Mapping[str, str]
    printed: Printed
    note: str = ""


class _Series(Part):
    title: Text
    unit: Unit
    factor: int = 1
    places: int
    date_rule: Text
    source: Mapping[str, str]
    derived: Derived | None = None
    note: Text | None = None
    points: tuple[Point, ...]


class Document(Part):
    """Where printed numbers come from."""

    title: Text
    publisher: Text
    retrieved: date
    where: str


class _File(Part):
    document: Document
    series: Mapping[str, _Series]


@dataclass(frozen=True)
class Series:
    """A national series.

    Attributes:
        points: the printed numbers times ``factor`` (万人: 10,000), so in persons, yen, percent.
        factor: the unit in which they are printed.
        places: decimals that are printed of that unit.
        sources: what the document says about the origin, by the first year of which it holds.
        derived: set where the column was computed from two others.
    """

    id: str
    title: Text
    unit: Unit
    factor: int
    places: int
    date_rule: Text
    document: Document
    sources: Mapping[str, str]
    derived: Derived | None
    note: Text | None
    points: Mapping[Cell, Decimal]
    notes: Mapping[Cell, str]

    @property
    def source(self) -> Text:
        """Title of the document, for a line under a chart."""
        return self.document.title


@cache
def reference() -> Mapping[str, Series]:
    """Every series by its id."""
    found: dict[str, Series] = {}
    for path in sorted(HERE.glob("*.yaml")):
        try:
            file = _File.model_validate(read_yaml(path, StatisticsError))
        except ValidationError as error:
            raise StatisticsError(f"{path.name}: {error}") from None
        for name, one in file.series.items():
            cells = [(tuple(point.cell.items()), point) for point in one.points]
            found[name] = Series(
                id=name, title=one.title, unit=one.unit, factor=one.factor, places=one.places,
                date_rule=one.date_rule, document=file.document, sources=one.source,
                derived=one.derived, note=one.note,
                points={cell: point.printed * one.factor for cell, point in cells},
                notes={cell: point.note for cell, point in cells if point.note},
            )  # fmt: skip
    return found


def series(name: str) -> Series:
    """A series by its id.

    Raises:
        StatisticsError: there is none of this name.
    """
    if name not in reference():
        raise StatisticsError(
            _("no reference series {name}; there are {known}").format(
                name=name, known=", ".join(reference())
            )
        )
    return reference()[name]
