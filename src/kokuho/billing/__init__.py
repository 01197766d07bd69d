"""Bills (期別): instalments, due dates, collection from pensions, prepayment, monthly changes.

A pure room: tables and records in, tables and records out, no file and no database. What it
publishes is the :class:`Demand`; ``docs/billing.md`` has the rules with their sources.
"""

from kokuho.billing.changes import Changed, change, compare, differences
from kokuho.billing.counter import CounterPayment, pay_at_counter
from kokuho.billing.declaration import BothAmounts, both_amounts
from kokuho.billing.demand import COLUMNS, KEY, KEYS, REASONS, SCHEMA, Demand, to_demands, to_frame
from kokuho.billing.departure import Task, before_departure
from kokuho.billing.exemption import Exempted, exempted
from kokuho.billing.grounds import Decision, Ground
from kokuho.billing.instalments import prepaid, provisional, retroactive, yearly
from kokuho.billing.municipality import schedules
from kokuho.billing.pension import PensionFacts, PensionStanding, judge, undecided
from kokuho.billing.prepayment import Head, Ruling, Standing, Stretch, examine, head_of
from kokuho.billing.refunds import claimable_until
from kokuho.billing.spread import first_and_each
from kokuho.billing.terms import TermDate, due_by_rule, terms
from kokuho.billing.withholding import (
    expected_instalment,
    first_payment,
    month_of,
    payment_month,
    pension_yearly,
)
from kokuho.billing.worklist import TODOS, WorkItem, work_list

__all__ = [
    "COLUMNS",
    "KEY",
    "KEYS",
    "REASONS",
    "SCHEMA",
    "TODOS",
    "BothAmounts",
    "Changed",
    "CounterPayment",
    "Decision",
    "Demand",
    "Exempted",
    "Ground",
    "Head",
    "PensionFacts",
    "PensionStanding",
    "Ruling",
    "Standing",
    "Stretch",
    "Task",
    "TermDate",
    "WorkItem",
    "before_departure",
    "both_amounts",
    "change",
    "claimable_until",
    "compare",
    "differences",
    "due_by_rule",
    "examine",
    "exempted",
    "expected_instalment",
    "first_and_each",
    "first_payment",
    "head_of",
    "judge",
    "month_of",
    "pay_at_counter",
    "payment_month",
    "pension_yearly",
    "prepaid",
    "provisional",
    "retroactive",
    "schedules",
    "terms",
    "to_demands",
    "to_frame",
    "undecided",
    "work_list",
    "yearly",
]
