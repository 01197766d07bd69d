"""Whose pages there are: an insurer with its file, and whether it came in time (保険者の一覧)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator
from kokuho.publish.site_file import Coverage, Insurer, Site, in_order
from kokuho.publish.views import Measure, is_time, measures_of
from kokuho.statistics import Cell, Figure, MeasureFile
from kokuho.statistics.combining import State

_ = translator("publish")


@dataclass(frozen=True)
class Subject:
    """An insurer; without file (and figures) where it sent none."""

    insurer: Insurer
    file: MeasureFile | None
    measures: Mapping[str, Measure]
    state: State
    folder: str


def subjects_of(
    files: Sequence[MeasureFile], site: Site, coverage: Coverage | None = None
) -> list[Subject]:
    """The insurers that are due and those that came, in the order of the site's file.

    Without ``coverage`` a file of an earlier day than the one that is due (or than the latest file)
    is late; with it everybody's state is what it says.

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
    insurers = in_order(site, list(by_code), coverage)
    alone = len(insurers) == 1
    made = []
    for insurer in insurers:
        own = by_code.get(insurer.code)
        state: State = "missing" if own is None else "late" if own.as_of < due else "taken"
        if coverage is not None and insurer.code in coverage.states:
            state = coverage.states[insurer.code][0]
        measures = {} if own is None else measures_of(own)
        folder = "" if alone else f"{insurer.code}/"
        made.append(Subject(insurer, own, measures, state, folder))
    return made


_SURVEYED = "-12"
"""The nation's rates of collection are of the end of December (説明会資料)."""


def headline(measure: Measure) -> tuple[Cell, Figure] | None:
    """The latest figure of a measure as a whole: told apart by time at most.

    A rate of the collection that stands beside the nation's is of the same month of a year: by
    October half of the terms are not due yet.
    """
    whole = [
        (cell, figure)
        for cell, figure in measure.figures.items()
        if all(is_time(name) for name, _code in cell)
    ]
    if measure.definition.reference is not None:
        surveyed = [one for one in whole if dict(one[0]).get("until", "").endswith(_SURVEYED)]
        whole = surveyed or whole
    # a month is 2025-12; the settlement closes its year, and its name sorts behind
    return max(whole, key=lambda pair: [code for _name, code in pair[0]], default=None)
