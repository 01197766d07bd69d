"""How each payer pays (徴収方法): in terms, from a pension, ahead; or a clerk must look first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from kokuho.billing import KEYS, Ground, month_of, pension_yearly
from kokuho.billing.withholding import WITHHELD
from kokuho.office.billing import pensions
from kokuho.office.billing.cases import Case, inputs, payers, waiting
from kokuho.office.billing.standings import Found, asked, standings
from kokuho.ordinance import OrdinanceYear

_OCTOBER = 4  # the first of the final payments, counted from April

Channel = Literal["ordinary", "pension", "prepaid"]
Waits = Literal["look_into", "ask_declaration"]


@dataclass(frozen=True)
class Way:
    """How a payer pays, and why; ``waits`` says what a clerk must do before the first bill.

    ``withheld`` is what a pension pays from April to August, yen by month; also of who pays in the
    terms from then on.
    """

    channel: Channel
    grounds: tuple[Ground, ...] = ()
    waits: Waits | None = None
    withheld: Mapping[str, int] | None = None


def ways(year: OrdinanceYear, cases: Sequence[Case], on: date) -> dict[str, Way]:
    """How the payers of cases pay, by the key of the case.

    Raises:
        BillingError: a setting that is needed is not stated.
    """
    found: dict[str, Way] = {}
    standing = standings(year, payers(cases)) if asked(year) else {}
    missing = _missing([case for case in cases if _prepays(standing, case)])
    for case in cases:
        way = _ahead(case, standing.get(case.household.pk), missing.get(case.key, ()))
        if way is not None:
            found[case.key] = way
    rest = [case for case in cases if case.key not in found]
    return found | _by_pension(year, rest, on)


def _prepays(standing: Mapping[int, Found], case: Case) -> bool:
    known = standing.get(case.household.pk)
    return known is not None and known.standing.prepays


def _missing(cases: Sequence[Case]) -> dict[str, tuple[str, ...]]:
    """Whose declaration is missing, by case."""
    read = inputs([one for case in cases for one in case.assessments])
    return {case.key: waiting([read[one.pk] for one in case.assessments]) for case in cases}


def _ahead(case: Case, found: Found | None, missing: Sequence[str]) -> Way | None:
    """Prepayment as far as it concerns the case; none where it does not."""
    if found is None:
        return None
    grounds = found.standing.grounds
    if found.standing.status == "undecided":
        if case.former is not None and case.levied:
            # what was billed goes on as it was, until a person decides
            return Way("prepaid", grounds) if case.former.channel == "prepaid" else None
        return Way("ordinary", grounds, "look_into") if case.total else Way("ordinary", grounds)
    if not found.standing.prepays:
        return None
    billed = case.former is not None and case.former.channel == "prepaid"
    if missing and not billed and case.total and found.decided.undeclared is None:
        return Way("prepaid", grounds, "ask_declaration")
    return Way("prepaid", grounds)


def _by_pension(year: OrdinanceYear, cases: Sequence[Case], on: date) -> dict[str, Way]:
    """Pension or terms for those who do not prepay; only who has a notice can pay from a pension.

    Who was billed one way goes on so to the end of the year; a request for direct debit ends
    collection from a pension.
    """
    known = pensions.known(
        year.fiscal_year,
        [case.payer.pk for case in cases],
        [case.household.pk for case in cases],
    )
    found = {case.key: Way("ordinary") for case in cases}
    for case in cases:
        if _goes_on(case) and case.household.pk not in known.instead:
            found[case.key] = Way("pension")
    before_october = on < month_of(_OCTOBER, year)
    open_cases = [
        case
        for case in cases
        if before_october and case.payer.pk in known.notices and case.total and not case.levied
    ]
    if not open_cases:
        return found
    read = inputs([case.assessments[-1] for case in open_cases])
    largest = _largest(year, open_cases, known)
    for case in open_cases:
        notice = known.notices[case.payer.pk]
        standing = pensions.standing(
            notice,
            read[case.assessments[-1].pk],
            largest[case.key],
            known.instead.get(case.household.pk),
            year,
            on,
        )
        withheld = {month: getattr(notice, month) for month in WITHHELD}
        channel: Channel = "pension" if standing.status == "pension" else "ordinary"
        found[case.key] = Way(channel, standing.grounds, withheld=withheld)
    return found


def _goes_on(case: Case) -> bool:
    return case.levied and case.former is not None and case.former.channel == "pension"


def _largest(year: OrdinanceYear, cases: Sequence[Case], known: pensions.Known) -> dict[str, int]:
    """The largest instalment that a pension would pay, for the test against half of a payment."""
    code = year.insurer.code
    totals = pl.DataFrame(
        [(code, case.key, case.total) for case in cases],
        schema={**dict.fromkeys(KEYS, pl.String()), "total": pl.Int64()},
        orient="row",
    )
    withheld = pl.DataFrame(
        [
            (code, case.key, *(getattr(known.notices[case.payer.pk], m) for m in WITHHELD))
            for case in cases
        ],
        schema={**dict.fromkeys(KEYS, pl.String()), **dict.fromkeys(WITHHELD, pl.Int64())},
        orient="row",
    )
    made = pension_yearly(totals, withheld, year).filter(pl.col("channel") == "pension")
    most = made.group_by("household_id").agg(pl.col("amount").max())
    return dict.fromkeys((case.key for case in cases), 0) | dict(most.iter_rows())
