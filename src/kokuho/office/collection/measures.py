"""What is counted of collection for the plan (施策の実績): rates, channels, offers of debit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from kokuho.base.calendar import first_day_of_year, last_day_of_year
from kokuho.ledger import ENTRIES, year_totals
from kokuho.ledger.revenue import collected
from kokuho.office.collection import accounts, references
from kokuho.office.collection.debits import DebitAnswer
from kokuho.office.collection.deliveries import Delivered
from kokuho.office.collection.offers import Offer
from kokuho.office.collection.payments import Payment
from kokuho.office.collection.taking import MISSING
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.rows import read
from kokuho.office.register.models import Enrolment, Membership
from kokuho.plan.measure_file import MeasureFigure, percent
from kokuho.statistics.collection import CHANNELS, channel_share, official_rate

SECTIONS = {"collection_rate": "current", "collection_rate_carried": "carried"}


def counted(insurer: str, fiscal_year: int, on: date) -> list[MeasureFigure]:
    """The figures that Kokuho counts for a fiscal year as of a day, inside ``seeing``."""
    return [
        *_rates(insurer, fiscal_year, on),
        *_shares(insurer, fiscal_year, on),
        *_offers(insurer, fiscal_year, on),
        _returned(insurer, fiscal_year, on),
    ]


def _rates(insurer: str, fiscal_year: int, on: date) -> Iterator[MeasureFigure]:
    """Collected (収入済 − 還付未済) over assessed, of the principal, by section."""
    entries = read(Entry, ENTRIES, insurer, "book_year = %s", [fiscal_year])
    until = entries.filter((pl.col("value_on") <= on) & (pl.col("posted_on") <= on))
    totals = collected(year_totals(until)).filter(pl.col("component") == "principal")
    for name, section in SECTIONS.items():
        yield percent(name, *official_rate(totals, section))


def _shares(insurer: str, fiscal_year: int, on: date) -> Iterator[MeasureFigure]:
    """Households with demands of the year, by how they pay on the day."""
    ways = channels(insurer, fiscal_year, on)
    for name in CHANNELS:
        yield percent(f"{name}_share", *channel_share(ways, name))


def channels(insurer: str, fiscal_year: int, on: date) -> dict[str, str]:
    """How each household with demands of a year pays: one of ``CHANNELS``, by its number.

    Who has an account on the day, and a demand that it can pay, pays by direct debit; then who has
    a demand from a pension; then who prepays.
    """
    claims = references.claims_of(insurer, "year_meant = %s", [fiscal_year])
    own: dict[str, set[str]] = {}
    for household, channel in claims.select("household_id", "channel").iter_rows():
        own.setdefault(household, set()).add(channel)
    with_account = accounts.on_day(insurer, on).keys()
    return {
        household: _way(ways, debited=household in with_account) for household, ways in own.items()
    }


def _way(ways: set[str], *, debited: bool) -> str:
    if debited and ways - {"pension"}:
        return "direct_debit"
    return next((name for name in ("pension", "prepaid") if name in ways), "slip")


def _offers(insurer: str, fiscal_year: int, on: date) -> Iterator[MeasureFigure]:
    """New households of the year: to how many direct debit was offered, and how many took it."""
    first = first_day_of_year(fiscal_year)
    last = min(on, last_day_of_year(fiscal_year))
    new = new_households(insurer, first, last)
    offers = Offer.objects.known().filter(
        insurer_id=insurer, household__in=list(new), valid_from__range=(first, last)
    )
    offered = set(offers.values_list("household_id", flat=True))
    taken = set(offers.filter(answer="taken").values_list("household_id", flat=True))
    yield percent("direct_debit_offered", len(offered), len(new))
    yield percent("direct_debit_taken", len(taken), len(offered))


def new_households(insurer: str, first: date, last: date) -> set[int]:
    """Households in which the first one becomes insured between two days, by row number.

    A child that is born into an insured household makes no new one.
    """
    rows = Enrolment.objects.known().filter(insurer_id=insurer)
    begun: dict[int, date] = {}
    begins = rows.filter(valid_from__range=(first, last))
    homes = _homes(insurer, {resident for (resident,) in begins.values_list("resident_id")})
    for resident, start in begins.values_list("resident_id", "valid_from"):
        for household, since, until in homes.get(resident, ()):
            if since <= start and (until is None or start < until):
                begun[household] = min(start, begun.get(household, start))
    before: set[int] = set()
    members = Membership.objects.known().filter(insurer_id=insurer, household__in=list(begun))
    people = dict[int, set[int]]()
    for resident, household in members.values_list("resident_id", "household_id"):
        people.setdefault(resident, set()).add(household)
    earlier = rows.filter(resident__in=list(people), valid_from__lt=last)
    for resident, since, until in earlier.values_list("resident_id", "valid_from", "valid_to"):
        for household in people[resident]:
            start = begun[household]
            if since < start and (until is None or until >= start - timedelta(days=1)):
                before.add(household)
    return set(begun) - before


def _homes(insurer: str, residents: set[int]) -> dict[int, list[tuple[int, date, date | None]]]:
    found: dict[int, list[tuple[int, date, date | None]]] = {}
    rows = Membership.objects.known().filter(insurer_id=insurer)
    for resident, *home in rows.values_list(
        "resident_id", "household_id", "valid_from", "valid_to"
    ):
        if resident in residents:
            found.setdefault(resident, []).append((home[0], home[1], home[2]))
    return found


def _returned(insurer: str, fiscal_year: int, on: date) -> MeasureFigure:
    """Debits that came back, of all that banks answered for days of the year."""
    last = min(on, last_day_of_year(fiscal_year))
    files = Delivered.objects.filter(
        insurer_id=insurer, kind="results", day__range=(first_day_of_year(fiscal_year), last)
    )
    back = DebitAnswer.objects.filter(delivered__in=files).exclude(result=MISSING).count()
    paid = Payment.objects.filter(delivered__in=files, stage="final").count()
    return percent("direct_debit_returned", back, back + paid)
