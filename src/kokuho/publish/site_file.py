"""The file that says whose site it is (公表の設定): names, licence, and whose figures are due.

A measure file knows its insurer by code alone; names, and the insurers that should be there, are
stated here, so that one that sent nothing is shown as missing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator
from kokuho.base.strict_yaml import read_yaml, text_of
from kokuho.statistics import Language
from kokuho.statistics.combining import STATES, State

_ = translator("publish")


class Part(BaseModel):
    """Base of everything in the file: it does not change, and knows every key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Both(Part):
    """A text in both languages of the site."""

    ja: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def __getitem__(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en


class Insurer(Part):
    """An insurer whose figures are due; ``combined`` marks the file that is made of the others."""

    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]+$")]
    name: Both
    combined: bool = False

    def foreign(self, language: Language) -> str:
        """The language of the name where it is another than the page's: it is read out in it."""
        japanese = any(character >= "\u3000" for character in self.name[language])
        return "ja" if language == "en" and japanese else ""


class Site(Part):
    """What the site says of itself.

    Attributes:
        licence: terms of use of the data; where none is stated the site says that none is.
        due: the day that the figures should be of; a file of an earlier day is late.
        fictional: whether the figures are invented; every page and file says so.
    """

    title: Both | None = None
    publisher: Both | None = None
    contact: Both | None = None
    licence: Both | None = None
    due: date | None = None
    fictional: bool = False
    insurers: tuple[Insurer, ...] = ()

    @model_validator(mode="after")
    def _once(self) -> Site:
        codes = [one.code for one in self.insurers]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"insurers: twice: {', '.join(twice)}")
        return self

    def insurer(self, code: str) -> Insurer:
        """An insurer by its code; one that is not stated is called by its code."""
        unnamed = Insurer(code=code, name=Both(ja=f"保険者 {code}", en=f"Insurer {code}"))
        return next((one for one in self.insurers if one.code == code), unnamed)


def load_site(path: Path) -> Site:
    """Read the file.

    Raises:
        StatisticsError: it cannot be read, or something in it is wrong; every point is named.
    """
    data = read_yaml(path, StatisticsError)
    try:
        return Site.model_validate(data)
    except ValidationError as error:
        points = [
            f"- {'.'.join(map(str, one['loc'])) or '-'}: {one['msg']}" for one in error.errors()
        ]
    head = _("{file} does not say whose site it is:").format(file=path)
    raise StatisticsError("\n".join([head, *points]))


@dataclass(frozen=True)
class Coverage:
    """What became of the insurers that were expected (集計の状況): state and name by their code."""

    whole: str
    states: Mapping[str, tuple[State, str]]


def load_coverage(path: Path) -> Coverage:
    """Read what ``kokuho statistics combine`` wrote beside the file of all.

    Raises:
        StatisticsError: it cannot be read, or is something else.
    """
    try:
        data = json.loads(text_of(path, StatisticsError))
        states = {one["insurer_code"]: (one["state"], one["name"]) for one in data["insurers"]}
        if unknown := {state for state, _name in states.values()} - STATES.keys():
            raise ValueError(", ".join(sorted(unknown)))
        return Coverage(data["insurer_code"], states)
    except (ValueError, KeyError, TypeError) as error:
        raise StatisticsError(
            _("{file} is no list of what became of the insurers: {reason}").format(
                file=path, reason=error
            )
        ) from None


def in_order(site: Site, codes: Sequence[str], coverage: Coverage | None = None) -> list[Insurer]:
    """The sum of all, the insurers that are due, then those that came without being due."""
    there = {one.code: one for one in site.insurers}
    if coverage is not None:
        sum_of = there.pop(coverage.whole, site.insurer(coverage.whole))
        there = {coverage.whole: sum_of.model_copy(update={"combined": True}), **there}
        for code, (_state, name) in coverage.states.items():
            if code and code not in there:
                there[code] = Insurer(code=code, name=Both(ja=name or code, en=name or code))
    return [*there.values(), *(site.insurer(code) for code in codes if code not in there)]
