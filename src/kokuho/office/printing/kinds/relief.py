"""Decisions on relief (減免): granted ones from the register, refused ones from the arrears record.

The levy takes no relief of a household off by itself (each ordinance cuts something else): what the
paper says of it is the decision's own amount, or what the bill took off for a granted share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from kokuho.base.calendar import fiscal_year_of
from kokuho.base.messages import translator
from kokuho.forms.papers import Paper, ReliefNotice
from kokuho.office.arrears.models import ActRow
from kokuho.office.billing.models import Schedule
from kokuho.office.printing.kinds import schedules
from kokuho.office.printing.kinds.acts import standing_of
from kokuho.office.printing.kinds.issue import APPEAL_MONTHS, Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient
from kokuho.office.register.models import Headship, Household, HouseholdDecision

_ = translator("printing")

_MISSING = "(未設定:理由)"
_NUMBERS = {True: "減免-", False: "不承認-"}
"""Before the number of a decision: granted and refused ones are counted apart."""


@dataclass(frozen=True)
class _Decided:
    """One decision: of which household, from which day, how much, why."""

    reference: str
    household: int
    since: date
    amount: int | None
    granted: bool
    reason: str

    @property
    def year(self) -> int:
        """The fiscal year of its first day."""
        return fiscal_year_of(self.since)


class _Relief:
    key = "relief"

    def needs(self) -> tuple[str, ...]:
        return ()

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        found = []
        for one in _decided(insurer, asked, on):
            bill = _bill(insurer, one)
            state, reason = "print", ""
            amount = _amount(one, bill)
            if one.granted and amount is None:
                state, reason = "unfit", _("the decision does not say how many yen")
            elif bill is None:
                state, reason = "unfit", _("nothing is billed for {year}").format(year=one.year)
            elif one.granted and (amount or 0) > bill.total + bill.exempted:
                state, reason = "unfit", _("{amount} yen are more than is billed").format(
                    amount=f"{amount:,}"
                )  # fmt: skip
            payer = bill.payer_id if bill else _head(one.household, on)
            if payer is not None:
                found.append(Item(one.reference, one.household, payer, amount or 0, state,
                                  reason))  # fmt: skip
        return found

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The decisions of the register, summed up by the database, and shares as billed."""
        rows = _granted(insurer, asked, on)
        yen = int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)
        shares = rows.filter(amount=None).values_list("household", "valid_from")
        billed = Schedule.objects.known().filter(
            insurer_id=insurer, household__in=[household for household, _day in shares]
        )
        taken: dict[tuple[int, str], int] = {
            (household, kept["day"]): kept["amount"]
            for household, some in billed.values_list("household", "exemptions")
            for kept in some
        }
        return yen + sum(taken.get((one, day.isoformat()), 0) for one, day in shares)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        insurer, on = issue.insurer.code, issue.issued_on
        decided = {
            one.reference: one
            for one in _decided(insurer, Asked(self.key), on)
            if one.reference in set(references)
        }
        found: dict[str, tuple[Paper, Recipient]] = {}
        for reference in references:
            one = decided[reference]
            bill = _bill(insurer, one)
            assert bill is not None  # it was planned with one
            payer = bill.payer
            number = _NUMBERS[one.granted] + reference.rpartition("/")[2]
            letter, recipient = issue.letter(payer, number)
            relief, before = _amount(one, bill) or 0, bill.total + bill.exempted
            paper = ReliefNotice(
                letter=letter,
                fiscal_year=one.year,
                payer=schedules.payer_name(issue, payer),
                granted=one.granted,
                before=before,
                relief=relief,
                after=before - relief,
                reason=one.reason or _MISSING,
                instalments=(),
                basis=issue.text("relief"),
                redress=issue.text("redress"),
                appeal_months=APPEAL_MONTHS,
            )
            found[reference] = paper, recipient
        return found


def _granted(insurer: str, asked: Asked, on: date) -> Any:
    rows = HouseholdDecision.objects.known().filter(
        insurer_id=insurer, kind="exemption", valid_from__lte=on
    )
    if asked.since is not None:
        rows = rows.filter(valid_from__gte=asked.since)
    if asked.household:
        rows = rows.filter(household__household_number=asked.household)
    return rows


def _decided(insurer: str, asked: Asked, on: date) -> list[_Decided]:
    granted = [
        _Decided(f"relief/granted/{row.pk}", row.household_id, row.valid_from,
                 row.amount, True, row.reference)
        for row in _granted(insurer, asked, on).order_by("pk")
    ]  # fmt: skip
    rows = ActRow.objects.filter(insurer_id=insurer, kind="exemption", code="refused", day__lte=on)
    if asked.since is not None:
        rows = rows.filter(day__gte=asked.since)
    if asked.household:
        rows = rows.filter(household_id=asked.household)
    acts = standing_of(insurer, rows)
    houses = dict(
        Household.objects.filter(
            insurer_id=insurer, household_number__in=[act.household for act in acts]
        ).values_list("household_number", "pk")
    )
    refused = [
        _Decided(f"relief/refused/{act.number}", houses[act.household], act.day,
                 None, False, act.text)
        for act in acts
    ]  # fmt: skip
    return [*granted, *refused]


def _bill(insurer: str, one: _Decided) -> Schedule | None:
    """The bill of the household for the year that stands."""
    rows = Schedule.objects.known().filter(
        insurer_id=insurer, household=one.household, fiscal_year=one.year
    )
    found: Schedule | None = rows.select_related("payer").order_by("pk").last()
    return found


def _amount(one: _Decided, bill: Schedule | None) -> int | None:
    """The yen of the decision, or those that the bill took off for its share, if any is known."""
    if one.amount is not None or bill is None:
        return one.amount
    return next(
        (kept["amount"] for kept in bill.exemptions if kept["day"] == one.since.isoformat()), None
    )


def _head(household: int, on: date) -> int | None:
    rows = Headship.objects.known().filter(household=household, valid_from__lte=on)
    found: int | None = rows.order_by("valid_from").values_list("head_id", flat=True).last()
    return found


RELIEF = _Relief()
