"""The measures of an insurer as of a day, and from which data they were made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Max

from kokuho.base.calendar import fiscal_year_of, last_day
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.ledger import settlement_end
from kokuho.office.collection.measures import channels
from kokuho.office.ledger.models import Entry
from kokuho.office.register.models import Insurer, Recording
from kokuho.office.statistics.assessed import assessments
from kokuho.office.statistics.claim_lines import ClaimFile, claims_known
from kokuho.office.statistics.collected import Books
from kokuho.office.statistics.persons import Register
from kokuho.office.store.versions import end_of
from kokuho.office.tenancy import seeing
from kokuho.statistics import Figure, MeasureFile, measure_file, parse_id
from kokuho.statistics.account import account_figures
from kokuho.statistics.claims import claims_figures, patients_cells, patients_figures, seen, summed
from kokuho.statistics.collection import channel_figures, collection_figures
from kokuho.statistics.insured import Days, insured_figures
from kokuho.statistics.levy import levy_figures

_ = translator("office_statistics")

YEARS = 3
"""Fiscal years that a file has, the current one included, unless said otherwise."""

_SURVEY_MONTH = 12
"""The ministry's survey is of the end of December."""


@dataclass(frozen=True)
class Given:
    """What the office types in, as Kokuho does not keep it.

    Attributes:
        account: rows of :func:`kokuho.statistics.account.read_account`.
        whereabouts_unknown: 居所不明者分の調定額 in yen, by fiscal year and section.
    """

    account: tuple[Mapping[str, Any], ...] = ()
    whereabouts_unknown: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


def measure(
    insurer: str,
    as_of: date,
    years: int = YEARS,
    given: Given | None = None,
    *,
    every_month: bool = False,
) -> tuple[MeasureFile, dict[str, str]]:
    """The measure file of an insurer, and the data that it was made from, for the log.

    Args:
        insurer: its code.
        as_of: what was known at the end of this day counts, of days until it.
        years: how many fiscal years.
        given: what the office types in.
        every_month: rates of the end of every month, not only of :func:`days_of`.

    Raises:
        InputError: there is no such insurer.
    """
    given = given or Given()
    last = fiscal_year_of(as_of)
    span = range(last - years + 1, last + 1)
    with seeing([insurer]):
        if not Insurer.objects.filter(code=insurer).exists():
            raise InputError(_("there is no insurer {code}").format(code=insurer))
        register = Register(insurer, as_of)
        figures = [
            *_insured(register, span),
            *_claims(register, span),
            *_collection(insurer, span, as_of, given, every_month),
            *_levy(register, span),
        ]
        sources = _sources(insurer, as_of)
    rows = [row for row in given.account if row["fiscal_year"] in span]
    figures += account_figures(rows)
    return measure_file(insurer, as_of, figures), sources


def _insured(register: Register, span: range) -> Iterator[Figure]:
    """Counted of the year before the span too, so that its first year can be compared with it."""
    persons = {}
    for year in range(span.start - 1, span.stop):
        for name, day in Days(year).by_measure().items():
            if day <= register.known and (found := register.insured(day)).height:
                persons[name, year] = found
    for figure in insured_figures(persons):
        if int(dict(parse_id(figure.id)[1])["year"]) in span:
            yield figure


def _claims(register: Register, span: range) -> Iterator[Figure]:
    known = claims_known(register.insurer, register.known)
    code = pl.lit(register.insurer).alias("insurer_code")
    claims = register.with_foreign(known).with_columns(code)
    yield from claims_figures(summed(claims.lazy()).collect(), register.insurer, span)
    people = patients_cells(seen(claims.lazy()).collect())
    yield from patients_figures(people, register.insurer, span)


def days_of(year: int, as_of: date, *, every_month: bool = False) -> dict[str, date]:
    """The days of a fiscal year's books on which rates are told, by their code in ids.

    The end of December (that of the ministry's survey), the last month that has ended, and the end
    of the settlement period; those that are past on ``as_of``. Or the end of every month.
    """
    settled = settlement_end(year)
    months = [divmod(month, 12) for month in range(3, 16)]  # April to the next April, from 0
    past = [day for ahead, at in months if (day := last_day(year + ahead, at + 1)) <= as_of]
    wanted = [day for day in past if every_month or day.month == _SURVEY_MONTH]
    if settled > as_of:
        wanted += past[-1:]
    days = {f"{day:%Y-%m}": day for day in wanted}
    return days | {"settlement": settled} if settled <= as_of else days


def _collection(
    insurer: str, span: range, as_of: date, given: Given, every_month: bool
) -> Iterator[Figure]:
    for year in span:
        books = Books(insurer, year, as_of)
        unknown = given.whereabouts_unknown.get(year)
        for until, day in days_of(year, as_of, every_month=every_month).items():
            lines = books.lines(until, day)
            if lines.height:
                yield from collection_figures(lines, year, until, unknown)
                yield from channel_figures(channels(insurer, year, day), year, until)


def _levy(register: Register, span: range) -> Iterator[Figure]:
    for year in span:
        found = assessments(register.insurer, year, register.known)
        people = register.insured(min(Days(year).end, register.known)).height
        yield from levy_figures(found, year, people or None)


def _sources(insurer: str, as_of: date) -> dict[str, str]:
    """What the figures stand on: the last of everything that was recorded."""
    recorded = Recording.objects.filter(insurer_id=insurer, recorded_at__lte=end_of(as_of))
    journals = Entry.objects.filter(insurer_id=insurer, posted_on__lte=as_of)
    files = ClaimFile.objects.filter(insurer_id=insurer, recorded_on__lte=as_of)
    last = {
        "register": recorded.aggregate(last=Max("recorded_at"))["last"],
        "ledger": journals.aggregate(last=Max("number"))["last"],
    }
    claims = [f"{one.name} sha256:{one.digest}" for one in files.order_by("number")]
    return {
        "register_recorded_at": last["register"].isoformat() if last["register"] else "",
        "ledger_journal": str(last["ledger"] or ""),
        "claims": "; ".join(claims),
    }
