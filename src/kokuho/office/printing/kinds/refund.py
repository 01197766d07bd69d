"""The notice of a refund (過誤納還付通知書): refunds that were ordered and are not paid yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.db.models import Sum

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.billing import claimable_until
from kokuho.forms.papers import Overpaid, Paper, RefundNotice
from kokuho.ledger import DEMANDS, overpayments
from kokuho.office.billing.departures import Departure
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.claims import claims_of
from kokuho.office.ledger.models import Posting, RefundApproval, RefundRequest
from kokuho.office.ledger.refunding import KIND, waiting
from kokuho.office.printing.kinds import books, schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.kinds.paid import payments
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")


class _Refund:
    key = "refund"

    def needs(self) -> tuple[str, ...]:
        return ()

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        ordered = _interest(insurer)
        requests = [
            one for one in waiting(insurer)
            if one.pk in ordered and asked.household in ("", one.household_id)
        ]  # fmt: skip
        claims = claims_of(insurer, (one.demand_id for one in requests))
        houses, people = books.rows_of(insurer, claims.values())
        return [
            Item(f"refund/{one.pk}", houses[one.household_id],
                 people[claims[one.demand_id].debtor], one.amount + ordered[one.pk])
            for one in requests
        ]  # fmt: skip

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The refunds that were ordered, less those that the ledger has paid or are withdrawn."""
        paid = Posting.objects.filter(insurer_id=insurer, kind=KIND).values_list("key", flat=True)
        rows = RefundApproval.objects.filter(
            insurer_id=insurer, role="order", request__withdrawal=None
        ).exclude(request__in=[*map(int, paid)])
        if asked.household:
            rows = rows.filter(request__household_id=asked.household)
        sums = rows.aggregate(amount=Sum("request__amount"), interest=Sum("interest"))
        return int(sums["amount"] or 0) + int(sums["interest"] or 0)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        insurer = issue.insurer.code
        requests = RefundRequest.objects.in_bulk([int(one.partition("/")[2]) for one in references])
        ordered = _interest(insurer)
        claims = claims_of(insurer, (one.demand_id for one in requests.values()))
        people = books.payers(insurer, (one.debtor for one in claims.values()))
        opened = open_books(insurer, pl.Series([one.household_id for one in requests.values()]))
        over = overpayments(opened.claims.select(*DEMANDS), opened.entries)
        arose = {
            (row["demand_id"], str(row["component"])): row["arose"]
            for row in over.iter_rows(named=True)
        }
        paid = payments(opened.entries, claims)
        found: dict[str, tuple[Paper, Recipient]] = {}
        for number, request in requests.items():
            claim = claims[request.demand_id]
            payer = people[claim.debtor]
            since = arose.get((request.demand_id, request.component))
            if since is None:
                raise InputError(
                    _("Refund {number} is paid: nothing is overpaid any more.").format(
                        number=number
                    )
                )
            letter, recipient = issue.letter(payer, str(number))
            paper = RefundNotice(
                letter=letter,
                payer=schedules.payer_name(issue, payer),
                overpaid=tuple(
                    Overpaid(claim.year_meant, claim.term, paid_on, part)
                    for paid_on, part in paid.days(request.demand_id, request.amount)
                ),
                appropriated=(),
                interest=ordered[number],
                refund=request.amount + ordered[number],
                claim_by=claimable_until(since, issue.kind),
                known_account=_account_known(payer.pk),
            )
            found[f"refund/{number}"] = paper, recipient
        return found


def _interest(insurer: str) -> dict[int, int]:
    """The interest (還付加算金) of each refund that was ordered (支出命令), which fixes it."""
    rows = RefundApproval.objects.filter(insurer_id=insurer, role="order")
    return {one.request_id: one.interest or 0 for one in rows}


def _account_known(payer: int) -> bool:
    said = Departure.objects.known().filter(resident=payer).exclude(account="")
    return bool(said.exists())


REFUND = _Refund()
