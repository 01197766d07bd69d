"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.ledger.appropriation_cause import AppropriationCause
from kokuho.office.ledger.claims import Claim, Relief
from kokuho.office.ledger.entry import Entry, Posting
from kokuho.office.ledger.receipt import Receipt, ReceiptFile
from kokuho.office.ledger.refund import RefundApproval, RefundRequest, RefundWithdrawal

__all__ = [
    "AppropriationCause",
    "Claim",
    "Entry",
    "Posting",
    "Receipt",
    "ReceiptFile",
    "RefundApproval",
    "RefundRequest",
    "RefundWithdrawal",
    "Relief",
]
