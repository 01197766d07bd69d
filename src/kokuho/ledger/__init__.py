"""The ledger (収納台帳): double entry, only added to, in whole yen; pure functions over frames.

Every function takes the demands and entries that it concerns and gives new entries; storing them is
somebody else's work. Nothing here reads a file or a database. See ``docs/ledger.md``.
"""

from kokuho.ledger.accounts import (
    Account,
    Component,
    Kind,
    account_title,
    component_title,
    kind_title,
)
from kokuho.ledger.allocation import OWED, RECEIPTS, Allocation, allocate
from kokuho.ledger.appropriated_interest import CAUSES, Earned, earned_interest
from kokuho.ledger.appropriation import appropriate
from kokuho.ledger.assessments import assess, charge_fee, reassess, write_off
from kokuho.ledger.balance import balances, owed_on
from kokuho.ledger.calculation import Deferral, Interest, Step, interest
from kokuho.ledger.closing import carry_over
from kokuho.ledger.demands import DEMANDS, Demand, frame_of_demands, from_bill, from_bills
from kokuho.ledger.entries import ENTRIES, Entry, frame_of, no_entries, reverse, rows_of
from kokuho.ledger.interest_on_refunds import Cause, Overpaid, refund_interest, unclaimed_days
from kokuho.ledger.invariants import (
    Violation,
    balances_replay,
    money_received,
    require,
    violations,
)
from kokuho.ledger.overpaid import lapse, overpayments, with_limitation
from kokuho.ledger.payments import given_back, payments_left
from kokuho.ledger.rates import YearRates, law_rates, refund_rates
from kokuho.ledger.receipts import RECEIVED, Receipt, ReceiptRun, frame_of_receipts, receive
from kokuho.ledger.refunds import ROLES, Approval, RefundOrder, refund
from kokuho.ledger.reissue import Reissue, post_reissue, reissue
from kokuho.ledger.revenue import collection_rates, rate_by_flag, year_refunds, year_totals
from kokuho.ledger.rules import (
    AllocationRule,
    InterestRule,
    LedgerRules,
    interest_rule,
    ledger_rules,
    reminder_fee,
    settlement_end,
)
from kokuho.ledger.settling import complete
from kokuho.ledger.standing import positions
from kokuho.ledger.suspense import held, pay_back, release
from kokuho.ledger.vouchers import Voucher

__all__ = [
    "CAUSES",
    "DEMANDS",
    "ENTRIES",
    "OWED",
    "RECEIPTS",
    "RECEIVED",
    "ROLES",
    "Account",
    "Allocation",
    "AllocationRule",
    "Approval",
    "Cause",
    "Component",
    "Deferral",
    "Demand",
    "Earned",
    "Entry",
    "Interest",
    "InterestRule",
    "Kind",
    "LedgerRules",
    "Overpaid",
    "Receipt",
    "ReceiptRun",
    "RefundOrder",
    "Reissue",
    "Step",
    "Violation",
    "Voucher",
    "YearRates",
    "account_title",
    "allocate",
    "appropriate",
    "assess",
    "balances",
    "balances_replay",
    "carry_over",
    "charge_fee",
    "collection_rates",
    "complete",
    "component_title",
    "earned_interest",
    "frame_of",
    "frame_of_demands",
    "frame_of_receipts",
    "from_bill",
    "from_bills",
    "given_back",
    "held",
    "interest",
    "interest_rule",
    "kind_title",
    "lapse",
    "law_rates",
    "ledger_rules",
    "money_received",
    "no_entries",
    "overpayments",
    "owed_on",
    "pay_back",
    "payments_left",
    "positions",
    "post_reissue",
    "rate_by_flag",
    "reassess",
    "receive",
    "refund",
    "refund_interest",
    "refund_rates",
    "reissue",
    "release",
    "reminder_fee",
    "require",
    "reverse",
    "rows_of",
    "settlement_end",
    "unclaimed_days",
    "violations",
    "with_limitation",
    "write_off",
    "year_refunds",
    "year_totals",
]
