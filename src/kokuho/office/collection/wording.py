"""Words of collection for people, in the language of the interface."""

from __future__ import annotations

from collections.abc import Mapping

from kokuho.base.messages import translator
from kokuho.office.collection.offers import ANSWERS, OCCASIONS

_ = translator("office_collection")

CHANNELS: Mapping[str, str] = {
    "debit": "direct debit",
    "store": "convenience store",
    "payeasy": "Pay-easy",
    "qr": "QR payment",
    "": "other receipts",
}
"""How money came; a channel of the operator's own layouts is shown as it is."""

_WHY: Mapping[str, str] = {
    "partial": "less than is owed",
    "over": "more than is owed",
    "paid": "the demand was paid already",
    "no_demand": "no demand has this number",
    "payer_differs": "the payer is not that of the demand",
    "not_asked": "a debit that was never asked for",
    "account_differs": "not the account that was asked for",
    "amount_differs": "not the amount that was asked for",
    "after_final": "cancelled after it was reported as final",
    "after_cancelled": "reported as final after it was cancelled",
    "other": "a receipt that names no demand",
}


def why_name(why: str) -> str:
    """Why money is in suspense, in words."""
    return _(_WHY[why])


def answer_name(answer: str) -> str:
    """What a household answered to an offer of direct debit, in words."""
    return _(ANSWERS[answer])


def occasion_name(occasion: str) -> str:
    """When direct debit was offered, in words."""
    return _(OCCASIONS[occasion])


def channel_name(channel: str) -> str:
    """How money came, in words."""
    return _(CHANNELS[channel]) if channel in CHANNELS else channel
