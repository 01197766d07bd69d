"""The catalogue of measures: each defined once, in words that anybody can check (指標の定義).

The definitions are data (``definitions/*.yaml``, a file for each group). A figure's id names its
measure and the cells that it is of: see :mod:`kokuho.statistics.figures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.countries import country_name
from kokuho.base.errors import StatisticsError
from kokuho.base.strict_yaml import read_yaml

HERE = Path(__file__).parent / "definitions"

Language = Literal["ja", "en"]
Unit = Literal["percent", "yen", "count"]
Place = Literal["value", "numerator", "denominator"]
Group = Literal["insured", "claims", "collection", "levy", "account", "plan", "coverage"]
GROUPS: tuple[Group, ...] = get_args(Group)


class Part(BaseModel):
    """Base of everything in the catalogue: it does not change, and knows every key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Part):
    """Words in both languages of the published pages."""

    ja: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en


class Definition(Part):
    """What a measure is.

    Attributes:
        id: stable name; an id of a figure begins with it.
        meaning: the formula in words.
        numerator, denominator: of a ratio; none of a count or an amount.
        scope: who and what is counted, and what is not.
        date_rule: as of which day, or over which period.
        rounding: how the value is rounded; counts and yen are whole.
        places: decimals of the value.
        dimensions: all that a figure may be told apart by, in the order of the id.
        tables: the combinations that are published, each with every margin of it; in an id the
            dimensions that are absent are summed over.
        chart: what shows it best.
        reference: the national series that it may be drawn beside; only a series with the same
            formula has its id here.
        parts: the measures whose values are numerator and denominator, where they are in the
            file; ``shift`` says by how many years the denominator lies back.
        base: the measures that count the persons or households behind a figure (confidentiality);
            the first that the file has.
        adds: which numbers of its cells add up to their margins; of a count its value.
        overlap: who is counted may be in several cells of a margin, and is once in the margin.
    """

    id: str
    group: Group
    title: Text
    meaning: Text
    unit: Unit
    numerator: Text | None = None
    denominator: Text | None = None
    source: Text
    scope: Text
    date_rule: Text
    rounding: Text
    places: int = 0
    dimensions: tuple[str, ...]
    tables: tuple[tuple[str, ...], ...]
    chart: Literal["line", "pyramid", "bars", "stacked", "none"] = "none"
    reference: str | None = None
    parts: tuple[str, str] | None = None
    shift: int = 0
    base: tuple[str, ...] = ()
    adds: tuple[Place, ...] | None = None
    overlap: bool = False

    @model_validator(mode="after")
    def _holds_together(self) -> Definition:
        for table in self.tables:
            if tuple(name for name in self.dimensions if name in table) != table:
                raise ValueError(
                    f"{self.id}: table {table} is not in the order of {self.dimensions}"
                )
        if unknown := set(self.dimensions) - set(dimensions()):
            raise ValueError(f"{self.id}: unknown dimensions {sorted(unknown)}")
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError(f"{self.id}: numerator and denominator go together")
        return self

    @property
    def is_ratio(self) -> bool:
        """Whether its figures have a numerator and a denominator."""
        return self.numerator is not None

    @property
    def adding(self) -> tuple[Place, ...]:
        """The numbers whose cells add up to their margins."""
        return self.adds if self.adds is not None else () if self.is_ratio else ("value",)


class Dimension(Part):
    """What figures are told apart by.

    ``kind``: ``closed`` has a label for each code; ``open`` shows a code without label as it is;
    ``year`` is a fiscal year, ``month`` the end of a month or a code with label, ``number`` the
    number of a term, ``country`` ISO 3166-1 alpha-3 or an office's own code.
    """

    title: Text
    kind: Literal["closed", "open", "year", "month", "number", "country"]
    labels: Mapping[str, Text] = {}


@cache
def catalogue() -> Mapping[str, Definition]:
    """Every measure by its id, in the order in which they are shown."""
    found: dict[str, Definition] = {}
    for group in GROUPS:
        path = HERE / f"{group}.yaml"
        data = read_yaml(path, StatisticsError) or {}
        for name, one in data.items():
            if name.startswith("_"):  # texts that several definitions share, by YAML anchors
                continue
            try:
                found[name] = Definition.model_validate({"id": name, "group": group, **one})
            except ValidationError as error:
                raise StatisticsError(f"{path.name}: {name}: {error}") from None
    return found


@cache
def dimensions() -> Mapping[str, Dimension]:
    """Every dimension by its name."""
    data = read_yaml(HERE / "dimensions.yaml", StatisticsError)
    return {name: Dimension.model_validate(one) for name, one in data.items()}


def label(dimension: str, code: str, language: Language = "ja") -> str:
    """A code of a dimension for people; a code of an open list without label as it is.

    >>> label("year", "2025"), label("year", "2025", "en")
    ('令和7年度', 'FY2025')
    """
    known = dimensions()[dimension]
    if code in known.labels:
        return known.labels[code][language]
    ja = language == "ja"
    if known.kind == "year":
        return fiscal_year_name(int(code)) if ja else f"FY{code}"
    if known.kind == "month":
        year, month = code.split("-")
        return f"{year}年{int(month)}月末" if ja else f"end of {code}"
    if known.kind == "number":
        return f"第{code}期" if ja else f"term {code}"
    if known.kind == "country":
        return country_name(code, language) or code
    return code
