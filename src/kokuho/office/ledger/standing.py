"""What one household owes on a day, as known on a day: for its page and for the counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.ledger import DEMANDS, Deferral, LedgerRules, interest, overpayments, positions
from kokuho.office.ledger.books import Books, open_books
from kokuho.office.ledger.rules import rules_on

_PAID_BY = ("receipts", "appropriation", "refunds")


@dataclass(frozen=True, slots=True)
class DemandLine:
    """One demand (期別) on the day; yen.

    Attributes:
        assessed: principal, as it is assessed now; ``paid``: what was received for it.
        owed: principal still owed; ``overdue``: whether its due date has passed.
        interest_owed, fee_owed: fixed interest and reminder fees that are still owed.
        interest_so_far: interest that has run up on what is owed, if it were paid on the day; it
            is in no entry.
        overpaid: too much was received, and still to be appropriated or refunded.
        written_off: of the principal.
    """

    demand_id: str
    year_assessed: int
    year_meant: int
    channel: str
    term: int
    due: date
    debtor: str
    assessed: int
    paid: int
    owed: int
    overdue: bool
    interest_owed: int
    interest_so_far: int
    fee_owed: int
    overpaid: int
    written_off: int


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """Money that came or went for one demand and component (収納, 充当, 還付); a reversal below 0.

    ``payer`` is given where it was not the debtor.
    """

    journal: int
    kind: str
    value_on: date
    posted_on: date
    demand_id: str
    component: str
    amount: int
    payer: str | None
    source: str
    reverses: int | None


@dataclass(frozen=True, slots=True)
class OverpaidLine:
    """An overpayment (過誤納) that is still to be appropriated or refunded."""

    demand_id: str
    component: str
    amount: int
    arose: date


@dataclass(frozen=True)
class HouseholdBooks:
    """A household's books on ``on``, as they were known on ``known``; sums in yen.

    ``due`` is principal, fixed interest and fees of demands whose due date has passed, ``not_due``
    those of the others, ``interest_so_far`` what has run up beside it, ``overpaid`` what is owed to
    the household.
    """

    household: str
    on: date
    known: date
    demands: tuple[DemandLine, ...]
    payments: tuple[PaymentLine, ...]
    overpayments: tuple[OverpaidLine, ...]
    due: int
    not_due: int
    interest_so_far: int
    overpaid: int

    @property
    def by_id(self) -> dict[str, DemandLine]:
        """The demands by their ids."""
        return {line.demand_id: line for line in self.demands}

    @property
    def debtors(self) -> list[str]:
        """Who owes the demands; two where the head changed within a year."""
        return sorted({line.debtor for line in self.demands})


def household_books(
    insurer: str, household: str, on: date, known: date | None = None
) -> HouseholdBooks:
    """A household's books on a day, inside ``seeing``.

    Args:
        insurer: the code of the insurer.
        household: the number of the household (世帯番号).
        on: what counts from a later day is left out (value dates).
        known: as it was known on this day (posting dates); on ``on`` if left out.

    Raises:
        LedgerError: interest runs, and no ordinance is kept that says how.
        LawError: the law's rates of interest of a year are not known.
    """
    known = known or on
    books = open_books(insurer, pl.Series([household]), known=known)
    seen = books.entries.filter((pl.col("value_on") <= on) & (pl.col("posted_on") <= known))
    claims = books.claims.join(seen, on=["insurer_code", "demand_id"], how="semi",
                               maintain_order="left")  # fmt: skip
    stand = positions(claims.select(*DEMANDS), seen)
    late = stand.filter(
        (pl.col("component") == "principal") & (pl.col("owed") > 0) & (pl.col("due") < on)
    )
    rules = rules_on(insurer, on) if late.height else None
    lines = tuple(
        _line(claim, stand, seen, on, rules, books) for claim in claims.iter_rows(named=True)
    )
    over = overpayments(claims.select(*DEMANDS), seen)
    owed = {line.demand_id: line.owed + line.interest_owed + line.fee_owed for line in lines}
    passed = {line.demand_id for line in lines if line.overdue}
    return HouseholdBooks(
        household=household,
        on=on,
        known=known,
        demands=lines,
        payments=_payments(seen),
        overpayments=tuple(
            OverpaidLine(*row)
            for row in over.select("demand_id", "component", "refundable", "arose").iter_rows()
        ),
        due=sum(yen for name, yen in owed.items() if name in passed),
        not_due=sum(yen for name, yen in owed.items() if name not in passed),
        interest_so_far=sum(line.interest_so_far for line in lines),
        overpaid=int(over["refundable"].sum()),
    )


def _line(
    claim: dict[str, object],
    stand: pl.DataFrame,
    seen: pl.DataFrame,
    on: date,
    rules: LedgerRules | None,
    books: Books,
) -> DemandLine:
    rows = {
        row["component"]: row
        for row in stand.filter(pl.col("demand_id") == claim["demand_id"]).iter_rows(named=True)
    }
    principal, fixed, fee = (rows.get(name) or {} for name in ("principal", "interest", "fee"))
    due: date = claim["due"]  # type: ignore[assignment]
    owed = principal.get("owed", 0)
    running = 0
    if rules is not None and owed > 0 and due < on:
        amount = principal["assessed"] - principal["written_off"]
        running = _running(str(claim["demand_id"]), amount, due, seen, on, rules, books)
    return DemandLine(
        **{name: claim[name] for name in ("demand_id", "year_assessed", "year_meant", "channel",
                                          "term", "due", "debtor")},  # type: ignore[arg-type]
        assessed=principal.get("assessed", 0),
        paid=principal.get("received", 0) + principal.get("received_past", 0),
        owed=owed,
        overdue=due < on,
        interest_owed=fixed.get("owed", 0),
        interest_so_far=running,
        fee_owed=fee.get("owed", 0),
        overpaid=sum(row["overpaid"] + row["past"] + row["earned"] for row in rows.values()),
        written_off=principal.get("written_off", 0),
    )  # fmt: skip


def _running(
    demand_id: str,
    amount: int,
    due: date,
    seen: pl.DataFrame,
    on: date,
    rules: LedgerRules,
    books: Books,
) -> int:
    """The interest on a demand if what is owed of it were paid on the day."""
    paid = (
        seen.filter(
            (pl.col("demand_id") == demand_id)
            & (pl.col("component") == "principal")
            & pl.col("account").is_in(_PAID_BY)
        )
        .group_by("value_on")
        .agg(pl.col("amount").sum())
        .filter(pl.col("amount") > 0)
        .sort("value_on")
    )
    reliefs = []
    if books.reliefs is not None:
        own = books.reliefs.filter(pl.col("demand_id") == demand_id)
        reliefs = [Deferral(*row) for row in own.select("from", "until", "relief").iter_rows()]
    return interest(
        amount, due, on, rule=rules.interest, payments=list(paid.iter_rows()), deferrals=reliefs
    ).total


def _payments(seen: pl.DataFrame) -> tuple[PaymentLine, ...]:
    money = seen.filter(pl.col("account").is_in([*_PAID_BY, "expenditure"]))
    keys = ["number", "kind", "value_on", "posted_on", "demand_id", "component"]
    sums = money.group_by([*keys, "payer", "source", "reverses"], maintain_order=True).agg(
        pl.col("amount").sum()
    )
    rows = sums.sort("value_on", "number", maintain_order=True).select(
        *keys, "amount", "payer", "source", "reverses"
    )
    return tuple(PaymentLine(*row) for row in rows.iter_rows())
