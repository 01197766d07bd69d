"""Slow references in plain Python, written from the articles and not from the code.

Interest counts day by day; allocation walks receipt by receipt and claim by claim.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

DAY = timedelta(days=1)


def end_of_first_band(first: date, months: int) -> date:
    """民法143条2項: the day before the same day number, or the last day of a month without it."""
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    if first.day <= monthrange(year, month)[1]:
        return date(year, month, first.day) - DAY
    return date(year, month, monthrange(year, month)[1])


def interest(
    principal: int,
    due: date,
    paid: date,
    rates: dict[int, tuple[int, int, int]],
    months: int = 1,
    payments: Sequence[tuple[date, int]] = (),
    deferrals: Sequence[tuple[date, date, str]] = (),
    half: str = "special_rate",
) -> int:
    """Delinquency interest, counted day by day; rates in millionths: first, after, deferral."""
    band_end = end_of_first_band(due + DAY, months)
    days = []
    day = due + DAY
    while day <= paid:
        open_ = principal - sum(yen for on, yen in payments if on < day)
        relief = next((what for a, b, what in deferrals if a <= day <= b), "none")
        days.append((max(open_, 0), day.year, day <= band_end, relief))
        day += DAY
    total = 0
    for (amount, year, low, relief), group in groupby(days):
        count = len(list(group))
        if amount < 2000 or relief == "full":
            continue
        base = amount - amount % 1000
        first, after, deferral = rates[year]
        yen = base * (first if low else after) * count // 365_000_000
        if relief == "half" and half == "special_rate":
            yen = min(yen, base * deferral * count // 365_000_000)
        elif relief == "half" and not low:
            yen -= yen // 2
        total += yen
    return 0 if total < 1000 else total - total % 100


def payments_left(rows: Sequence[dict[str, Any]]) -> list[tuple[date, int]]:
    """What was paid by the entries of one demand and component and is not given back, row by row.

    The last payments are the first to go back (地方税法17条の4第3項).
    """
    came: dict[date, int] = {}
    gone = 0
    for row in rows:
        side = row["amount"] if row["reverses"] is None else -row["amount"]
        match row["account"]:
            case "receipts":
                came[row["value_on"]] = came.get(row["value_on"], 0) + row["amount"]
            case "appropriation" if side > 0:
                came[row["value_on"]] = came.get(row["value_on"], 0) + row["amount"]
            case "appropriation" | "refunds":
                gone -= row["amount"]
            case "refund_payable" if row["kind"] in ("refund", "appropriate", "lapse"):
                gone += row["amount"]
    left = []
    for day in sorted(came, reverse=True):
        stays = came[day] - min(gone, came[day])
        gone -= came[day] - stays
        if stays > 0:
            left.append((day, stays))
    return left[::-1]


def refund_interest(
    amount: int,
    payments: list[tuple[date, int]],
    until: date,
    rates: dict[int, int],
    *,
    mistake: bool,
) -> int:
    """Interest on an overpayment (還付加算金), counted day by day; rates in millionths.

    It takes the last ``payments`` away: what it consists of is gone from the list.
    """
    starts: list[tuple[date, int]] = []
    while amount:
        day, yen = payments.pop()
        part = min(amount, yen)
        amount -= part
        if part < yen:
            payments.append((day, yen - part))
        first = end_of_first_band(day + DAY, 1) + DAY if mistake else day + DAY
        starts.append((first, part))
    day, days = min(first for first, _yen in starts), []
    while day <= until:
        days.append((sum(yen for first, yen in starts if first <= day), day.year))
        day += DAY
    total = sum(
        base // 1000 * 1000 * rates[year] * len(list(group)) // 365_000_000
        for (base, year), group in groupby(days)
        if base >= 2000
    )
    return 0 if total < 1000 else total - total % 100


@dataclass
class Claim:
    """What is owed for one demand."""

    demand: str
    household: str
    due: date
    term: int
    owed: dict[str, int]
    debtor: str = ""


@dataclass
class Outcome:
    """What receipts paid, in order: (receipt, demand, component, yen), and what was left."""

    paid: list[tuple[int, str, str, int]] = field(default_factory=list)
    over: list[tuple[int, str, int]] = field(default_factory=list)
    unknown: list[tuple[int, int]] = field(default_factory=list)


def allocate(
    claims: Sequence[Claim],
    receipts: Sequence[tuple[Any, ...]],
    order: Sequence[str],
    across: str,
    excess: str,
) -> Outcome:
    """Receipts (number, household, named demand, yen, payer) one after the other."""
    outcome = Outcome()
    by_name = {claim.demand: claim for claim in claims}
    oldest_first = sorted(claims, key=lambda claim: (claim.due, claim.term, claim.demand))
    for number, household, name, amount, *by in receipts:
        named = by_name.get(name) if name is not None else None
        lost = name is not None and (
            named is None or (household is not None and household != named.household)
        )
        home = named.household if named is not None else household
        others = [claim for claim in oldest_first if claim.household == home]
        heads = {claim.debtor for claim in others}
        if named is not None:
            payer = named.debtor
        elif len(heads) == 1:
            (payer,) = heads
        else:
            payer = by[0] if by else None
        others = [claim for claim in others if claim.debtor == payer]
        if lost or (named is None and not others):
            outcome.unknown.append((number, amount))
            continue
        others = [claim for claim in others if claim is not named]
        queue = [] if named is None else [(named, part) for part in order]
        if named is None or excess == "next_due":
            if across == "by_demand":
                queue += [(claim, part) for claim in others for part in order]
            else:
                queue += [(claim, part) for part in order for claim in others]
        for claim, part in queue:
            take = min(amount, claim.owed[part])
            if take:
                claim.owed[part] -= take
                amount -= take
                outcome.paid.append((number, claim.demand, part, take))
        if amount and named is not None:
            outcome.over.append((number, named.demand, amount))
        elif amount:
            outcome.unknown.append((number, amount))
    return outcome
