"""Measure files: figures of other rooms for the plan, exact and with their day.

``{version, insurer_code, as_of, measures: [{id, value, numerator, denominator, unit, suppressed,
note}]}``. A value is a decimal text, so that it is exact; a target is a measure of its own, with
``.target`` behind the id.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError, model_validator

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import text_of
from kokuho.plan.model import Part

_ = translator("plan")

VERSION: Literal[1] = 1
TARGET = ".target"
"""What stands behind the id of a target."""

_PLACES = Decimal("0.01")


class MeasureFigure(Part):
    """One figure; ``value`` is empty where it is not known or (``suppressed``) not to be told."""

    id: str
    value: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    unit: Literal["percent", "yen", "count"]
    suppressed: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> MeasureFigure:
        if self.value is not None and not self.value.is_finite():
            raise ValueError("value")
        if self.suppressed and (self.value, self.numerator, self.denominator) != (None,) * 3:
            raise ValueError("suppressed")
        return self


class MeasureFile(Part):
    """The figures of an insurer as of a day; ids stand once."""

    version: Literal[1]
    insurer_code: str
    as_of: date
    measures: tuple[MeasureFigure, ...]

    @model_validator(mode="after")
    def _once(self) -> MeasureFile:
        ids = [one.id for one in self.measures]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"twice: {', '.join(twice)}")
        return self

    def figure(self, name: str) -> MeasureFigure | None:
        """A figure by its id."""
        return next((one for one in self.measures if one.id == name), None)


def percent(name: str, numerator: int, denominator: int, note: str = "") -> MeasureFigure:
    """A share in percent with two decimals, half up; without a value where there is no whole."""
    value = None
    if denominator > 0:
        value = (Decimal(100 * numerator) / denominator).quantize(_PLACES, ROUND_HALF_UP)
    return MeasureFigure(id=name, value=value, numerator=numerator, denominator=denominator,
                         unit="percent", note=note)  # fmt: skip


def measure_file(insurer_code: str, as_of: date, figures: Iterable[MeasureFigure]) -> MeasureFile:
    """A measure file of this version."""
    return MeasureFile(
        version=VERSION, insurer_code=insurer_code, as_of=as_of, measures=tuple(figures)
    )


def measure_json(file: MeasureFile) -> str:
    """A measure file as JSON text, the same for the same figures."""
    return json.dumps(file.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def load_measure_file(path: Path) -> MeasureFile:
    """Read a measure file.

    Raises:
        PlanError: it cannot be read, or something in it is wrong; every point is named.
    """
    try:
        data: Any = json.loads(text_of(path, PlanError), parse_float=Decimal)
        return MeasureFile.model_validate(data)
    except ValidationError as error:
        points = [
            f"- {'.'.join(map(str, one['loc'])) or '-'}: {one['msg']}" for one in error.errors()
        ]
    except ValueError as error:
        points = [f"- {error}"]
    head = _("{file} is no measure file:").format(file=path)
    raise PlanError("\n".join([head, *points]))
