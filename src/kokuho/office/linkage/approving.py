"""Approval (承認) of batches by two persons, neither of whom made what they approve."""

from __future__ import annotations

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.approval import PERSONS
from kokuho.office.accounts.users import User
from kokuho.office.ledger.books import lock
from kokuho.office.linkage import copies
from kokuho.office.linkage.making import batch_of, note
from kokuho.office.tenancy import seeing

_ = translator("linkage")


def approve(insurer: str, number: int, user: User, text: str = "") -> bool:
    """Approve a batch; whether it may be sent now.

    A correction by hand is not approved by who stated it.

    Raises:
        LinkageError: it does not wait for approval, or the person may not approve it.
    """
    with seeing([insurer], writing=True):
        _check_waiting(insurer, number)
        batch = batch_of(insurer, number)
        if batch.occasion == "correction" and batch.actor == user.username:
            raise LinkageError(
                _("{actor} made batch {number}; other persons have to approve it").format(
                    actor=user.username, number=number
                )
            )
        if batch.events.filter(kind="approved", actor=user.username).exists():
            raise LinkageError(
                _("{actor} has approved it before; another person has to").format(
                    actor=user.username
                )
            )
        note(insurer, number, "approved", user.username, text)
        return bool(batch.events.filter(kind="approved").count() >= PERSONS)


def reject(insurer: str, number: int, user: User, text: str) -> None:
    """Reject a batch; the next look at the books makes another.

    One that waits for approval, or that the other side refused whole: nothing of it stands there.

    Raises:
        LinkageError: it is neither, or no reason is given.
    """
    if not text.strip():
        raise LinkageError(_("say why the batch is rejected"))
    with seeing([insurer], writing=True):
        lock(insurer)
        events = set(batch_of(insurer, number).events.values_list("kind", flat=True))
        if "refused" not in events or events & {"answered", "rejected"}:
            _check_waiting(insurer, number)
        note(insurer, number, "rejected", user.username, text)


def _check_waiting(insurer: str, number: int) -> None:
    lock(insurer)
    state = copies.states(insurer).get(number)
    if state != "waiting":
        raise LinkageError(
            _("batch {number} does not wait for approval ({state})").format(
                number=number, state=_(state) if state else "-"
            )
        )
