"""Why a paper of a batch is not printed; listed apart in the control list."""

from __future__ import annotations

from collections.abc import Mapping

from kokuho.base.messages import translator

_ = translator("printing")

PRINT = "print"

STATES: Mapping[str, str] = {
    "print": "printed",
    "no_address": "no address known (service by public notice is to be considered)",
    "returned": "mail came back and nothing has answered it since",
    "before": "printed before",
    "not_billed": "not billed as it was assessed",
    "no_change": "the amount is as before; only due dates or the way of paying changed",
    "exempted": "an exemption alone changed it; the notice of the exemption tells it",
    "other_amount": "another amount is owed by now; to be issued anew",
    "paid": "paid by now",
    "spared": "agreed on, deferred or suspended since it was recorded",
    "short": "the plan adds up to less than is owed, and nobody has confirmed that",
    "unfit": "does not fit the form",
}
"""A closed list: code to its name."""


def state_name(code: str) -> str:
    """The name of a state, in the language of the interface."""
    return _(STATES[code])
