"""Whose pages there are: an insurer with its file, and whether it came in time (保険者の一覧)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator
from kokuho.publish.site_file import Insurer, Site, in_order
from kokuho.publish.views import Measure, is_time, measures_of
from kokuho.statistics import Cell, Figure, MeasureFile

_ = translator("publish")

State = Literal["here", "late", "missing"]


@dataclass(frozen=True)
class Subject:
    """An insurer; without file (and figures) where it sent none."""

    insurer: Insurer
    file: MeasureFile | None
    measures: Mapping[str, Measure]
    state: State
    folder: str


def subjects_of(files: Sequence[MeasureFile], site: Site) -> list[Subject]:
    """The insurers that are due and those that came, in the order of the site's file.

    A file of an earlier day than the one that is due (without one: than the latest file) is late.

    Raises:
        StatisticsError: two files are of one insurer, or there is none at all.
    """
    if not files:
        raise StatisticsError(_("There is no measure file to publish."))
    by_code: dict[str, MeasureFile] = {}
    for file in files:
        if file.insurer_code in by_code:
            raise StatisticsError(
                _("Two measure files are of the insurer {code}; publish one of them.").format(
                    code=file.insurer_code
                )
            )
        by_code[file.insurer_code] = file
    due = site.due or max(file.as_of for file in files)
    insurers = in_order(site, list(by_code))
    alone = len(insurers) == 1
    return [_subject(one, by_code.get(one.code), due, alone) for one in insurers]


def _subject(insurer: Insurer, file: MeasureFile | None, due: date, alone: bool) -> Subject:
    state: State = "missing" if file is None else "late" if file.as_of < due else "here"
    measures = {} if file is None else measures_of(file)
    return Subject(insurer, file, measures, state, "" if alone else f"{insurer.code}/")


def headline(measure: Measure) -> tuple[Cell, Figure] | None:
    """The latest figure of a measure as a whole: told apart by time at most."""
    whole = [
        (cell, figure) for cell, figure in measure.figures.items()
        if all(is_time(name) for name, _code in cell)
    ]  # fmt: skip
    # a month is 2025-12; the settlement closes its year, and its name sorts behind
    return max(whole, key=lambda pair: [code for _name, code in pair[0]], default=None)
