"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.collection.accounts import Account
from kokuho.office.collection.cancellations import Cancellation
from kokuho.office.collection.debits import DebitAnswer, DebitOrder
from kokuho.office.collection.deliveries import Delivered
from kokuho.office.collection.offers import Offer
from kokuho.office.collection.payments import Payment
from kokuho.office.collection.references import Reference
from kokuho.office.collection.releases import Release
from kokuho.office.collection.slips import SlipIssued

__all__ = [
    "Account",
    "Cancellation",
    "DebitAnswer",
    "DebitOrder",
    "Delivered",
    "Offer",
    "Payment",
    "Reference",
    "Release",
    "SlipIssued",
]
