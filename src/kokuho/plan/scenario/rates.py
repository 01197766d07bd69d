"""Rates by year: those of the ordinance held, or a path on which they change (税率の経過)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.base.money import PPM
from kokuho.base.strict_yaml import read_yaml
from kokuho.levy.vectors import vector_of
from kokuho.ordinance import PART_NAMES, OrdinanceYear
from kokuho.plan.model import Year
from kokuho.plan.scenario.assumptions import PartKey
from kokuho.plan.scenario.files import problems
from kokuho.plan.scenario.limits import RateSet

_ = translator("forecast")

Vector = Mapping[str, int]
"""Rates as the levy takes them: ``rate_<part>_<field>``, millionths and yen."""

Rates = Mapping[int, Mapping[str, RateSet]]
"""Rates that change from certain years on, by year and part."""

FIELDS = {
    "income_rate": "income",
    "asset_rate": "asset",
    "per_capita": "per_capita",
    "per_capita_adult": "per_capita_adult",
    "per_household": "per_household",
    "cap": "cap",
}
"""The keys of an ordinance's part and what the levy calls them."""

_RATES = ("income_rate", "asset_rate")


@dataclass(frozen=True)
class RatePath:
    """The rates of every year of a forecast."""

    vectors: dict[int, dict[str, int]]

    @classmethod
    def held(cls, ordinance: OrdinanceYear, years: Iterable[int]) -> RatePath:
        """The rates of one year kept in all others (税率の据置き)."""
        vector = vector_of(ordinance)
        return cls({year: dict(vector) for year in years})

    def changed(self, rates: Rates) -> RatePath:
        """The path with some rates changed from certain years on.

        Raises:
            PlanError: a part that the ordinance does not have.
        """
        vectors = {}
        current: dict[str, int] = {}
        for year, vector in sorted(self.vectors.items()):
            for part, wanted in rates.get(year, {}).items():
                if f"rate_{part}_income" not in vector:
                    raise PlanError(
                        _("rates of {year}: the ordinance has no part {part}").format(
                            year=fiscal_year_name(year), part=part
                        )
                    )
                current |= vector_of_set(part, wanted)
            vectors[year] = {**vector, **current}
        return RatePath(vectors)

    def as_dict(self) -> dict[str, dict[str, dict[str, Any]]]:
        """By year and part, as an ordinance file states them; rates as text."""
        return {str(year): parts_of(vector) for year, vector in sorted(self.vectors.items())}


def vector_of_set(part: str, rates: RateSet) -> dict[str, int]:
    """What a set of rates states, as the levy takes it."""
    stated = {key: getattr(rates, key) for key in FIELDS if getattr(rates, key) is not None}
    return {
        f"rate_{part}_{FIELDS[key]}": int(value * PPM) if key in _RATES else value
        for key, value in stated.items()
    }


def parts_of(vector: Vector) -> dict[str, dict[str, Any]]:
    """A vector by part, as an ordinance file states it; components that are not levied left out."""
    parts: dict[str, dict[str, Any]] = {}
    for part in PART_NAMES:
        if f"rate_{part}_income" not in vector:
            continue
        shown: dict[str, Any] = {}
        for key, field in FIELDS.items():
            value = vector[f"rate_{part}_{field}"]
            if value or key in ("income_rate", "per_capita"):
                shown[key] = rate_text(value) if key in _RATES else value
        parts[part] = shown
    return parts


def rate_text(ppm: int) -> str:
    """A rate as an ordinance file states it: 67,400 gives ``0.0674``."""
    return f"{(Decimal(ppm) / PPM).normalize():f}"


_FILE = TypeAdapter(dict[Year, Annotated[dict[PartKey, RateSet], Field(min_length=1)]])


def load_rates(path: Path) -> dict[int, dict[str, RateSet]]:
    """A rates file: by year and part, as `kokuho plan solve` writes them.

    Raises:
        PlanError: the file cannot be read or departs from the format.
    """
    data = read_yaml(path, PlanError)
    try:
        return _FILE.validate_python(data.get("rates", data) if isinstance(data, dict) else data)
    except ValidationError as error:
        raise PlanError(
            _("{file}: {problems}").format(file=path, problems=problems(error))
        ) from None
