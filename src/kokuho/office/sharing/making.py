"""From settings to a file: proposed, approved by two others, made, approved, checked, written.

Who proposed or made something does not approve it. Stopping never waits.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.approval import PERSONS
from kokuho.linkage.sharing import (
    REQUIRED,
    Settings,
    columns_of,
    left_out,
    meets,
    refuse_missing,
    rows,
    settings_of,
    stale,
)
from kokuho.office.accounts import looks, rights
from kokuho.office.accounts.looks import Seen
from kokuho.office.accounts.rights import entitled
from kokuho.office.accounts.users import User
from kokuho.office.ledger.books import lock
from kokuho.office.sharing.households import households
from kokuho.office.sharing.lists import ArrearsList, ListEvent, ListRow
from kokuho.office.sharing.stated import SettingsEvent, Stated
from kokuho.office.tenancy import seeing

_ = translator("sharing")


@dataclass(frozen=True, slots=True)
class Preview:
    """A list as its approvers see it.

    Attributes:
        state: ``waiting``, ``approved``, ``rejected`` or ``written``.
        rows: the columns that are set, and no other.
        residents: heads by row number, in the order of the rows.
    """

    number: int
    settings: Settings
    on: date
    actor: str
    state: str
    approved_by: tuple[str, ...]
    left_out: dict[str, int]
    rows: tuple[dict[str, Any], ...]
    residents: tuple[tuple[int, int], ...]
    outputs: tuple[ListEvent, ...]


def propose(insurer: str, text: str, user: User) -> int:
    """Propose settings; their number.

    Raises:
        LinkageError: a setting is missing, unknown or impossible, or the user has no right.
    """
    entitled(user, insurer, rights.SHARING_MAKE)
    settings_of(text)
    with seeing([insurer], writing=True):
        lock(insurer)
        number = _next(Stated, insurer)
        Stated.objects.create(
            insurer_id=insurer, number=number, text=text, digest=_digest(text.encode()),
            actor=user.username, at=timezone.now(),
        )  # fmt: skip
    return number


def approve_settings(insurer: str, number: int, user: User) -> bool:
    """Approve settings; whether they hold now.

    Raises:
        LinkageError: there are none of the number, or this person may not approve them.
    """
    entitled(user, insurer, rights.SHARING_APPROVE)
    with seeing([insurer], writing=True):
        lock(insurer)
        stated = Stated.objects.filter(insurer_id=insurer, number=number).first()
        if stated is None:
            raise LinkageError(_("there are no settings {number}").format(number=number))
        events = stated.events
        if events.filter(kind="stopped").exists():
            raise LinkageError(_("settings {number} were stopped").format(number=number))
        _other_hands(stated.actor, events, user)
        _event(SettingsEvent, insurer, user, stated=stated, kind="approved")
        return bool(events.filter(kind="approved").count() >= PERSONS)


def stop(insurer: str, reason: str, user: User) -> int:
    """Stop all settings at once: no list is made or written after it; how many were stopped.

    Raises:
        LinkageError: no reason is given, or the user has neither right.
    """
    if not reason.strip():
        raise LinkageError(_("say why the sharing is stopped"))
    held = rights.allowed(user, rights.SHARING_MAKE) | rights.allowed(user, rights.SHARING_APPROVE)
    if insurer not in held:
        entitled(user, insurer, rights.SHARING_APPROVE)
    with seeing([insurer], writing=True):
        lock(insurer)
        gone = SettingsEvent.objects.filter(insurer_id=insurer, kind="stopped")
        open_ = Stated.objects.filter(insurer_id=insurer).exclude(
            pk__in=gone.values_list("stated_id", flat=True)
        )
        for stated in open_:
            _event(SettingsEvent, insurer, user, stated=stated, kind="stopped", text=reason.strip())
        return len(open_)


def in_force(insurer: str) -> tuple[Stated, Settings]:
    """The last settings that two persons approved and nobody stopped, inside ``seeing``.

    Raises:
        LinkageError: there are none; it names each setting that a list needs.
    """
    for stated in Stated.objects.filter(insurer_id=insurer).order_by("-number"):
        kinds = Counter(stated.events.values_list("kind", flat=True))
        if not kinds["stopped"] and kinds["approved"] >= PERSONS:
            return stated, settings_of(stated.text)
    raise refuse_missing(REQUIRED)


def make(insurer: str, user: User) -> int:
    """Make a list of today by the settings in force; its number. Whom it names is written down.

    Raises:
        LinkageError: no settings are in force, nobody is named, or the user has no right.
    """
    entitled(user, insurer, rights.SHARING_MAKE)
    today = timezone.localdate()
    with seeing([insurer], writing=True):
        lock(insurer)
        stated, settings = in_force(insurer)
        every = households(insurer, today)
        chosen = rows(settings, every)
        skipped = Counter(
            left_out(one) for one in every if meets(settings.criteria, one) and left_out(one)
        )
        if not chosen:
            raise LinkageError(_("the settings name nobody today; no list was made"))
        number = _next(ArrearsList, insurer)
        listing = ArrearsList.objects.create(
            insurer_id=insurer, number=number, stated=stated, on=today, left_out=dict(skipped),
            actor=user.username, at=timezone.now(),
        )  # fmt: skip
        ListRow.objects.bulk_create(
            ListRow(
                insurer_id=insurer, listing=listing, place=place, resident_id=one.resident,
                household_id=one.house, overdue=one.overdue, state=one.state,
                shown=_plain(columns_of(settings, one)),
            )
            for place, one in enumerate(chosen, 1)
        )  # fmt: skip
    _note(insurer, user, "sharing_made", settings, [(one.resident, one.house) for one in chosen])
    return number


def preview(insurer: str, number: int) -> Preview:
    """A list as it was made, inside ``seeing``.

    Raises:
        LinkageError: there is none of the number.
    """
    listing = _list_of(insurer, number)
    events = listing.events.order_by("at")
    approvals = tuple(events.filter(kind="approved").values_list("actor", flat=True))
    listed = list(listing.rows.order_by("place"))
    return Preview(
        number=number,
        settings=settings_of(listing.stated.text),
        on=listing.on,
        actor=listing.actor,
        state=_state(listing),
        approved_by=approvals,
        left_out=listing.left_out,
        rows=tuple(row.shown for row in listed),
        residents=tuple((row.resident_id, row.household_id) for row in listed),
        outputs=tuple(events.filter(kind="written")),
    )


def look(insurer: str, number: int, user: User, page: str) -> Preview:
    """A list for one of its two sides; whom it names is written down before it is shown.

    Raises:
        LinkageError: there is none of the number, or the user has neither right.
    """
    if insurer not in rights.allowed(user, rights.SHARING_MAKE):
        entitled(user, insurer, rights.SHARING_APPROVE)
    with seeing([insurer]):
        found = preview(insurer, number)
    _note(insurer, user, page, found.settings, found.residents)
    return found


def approve(insurer: str, number: int, user: User) -> bool:
    """Approve a list; whether it may be written out now.

    Raises:
        LinkageError: it does not wait for approval, or this person may not approve it.
    """
    entitled(user, insurer, rights.SHARING_APPROVE)
    with seeing([insurer], writing=True):
        lock(insurer)
        listing = _waiting(insurer, number)
        _other_hands(listing.actor, listing.events, user)
        _event(ListEvent, insurer, user, listing=listing, kind="approved")
        return bool(listing.events.filter(kind="approved").count() >= PERSONS)


def reject(insurer: str, number: int, reason: str, user: User) -> None:
    """Reject a list for good.

    Raises:
        LinkageError: it was rejected or written already, no reason is given, or no right is held.
    """
    entitled(user, insurer, rights.SHARING_APPROVE)
    if not reason.strip():
        raise LinkageError(_("say why the list is rejected"))
    with seeing([insurer], writing=True):
        lock(insurer)
        listing = _list_of(insurer, number)
        if _state(listing) not in ("waiting", "approved"):
            raise LinkageError(_("list {number} is closed already").format(number=number))
        _event(ListEvent, insurer, user, listing=listing, kind="rejected", text=reason.strip())


def write(
    insurer: str, number: int, recipient: str, purpose: str, user: User,
    render: Callable[[Preview], bytes],
) -> bytes:  # fmt: skip
    """The file of an approved list, after the books were asked once more; written down first.

    Args:
        insurer: the code of the insurer.
        number: of the list.
        recipient: one of those that are set.
        purpose: what the file is for, in words.
        user: who writes it out.
        render: makes the file of what the list shows.

    Raises:
        LinkageError: two persons have not approved it, its settings were stopped, the recipient is
            none of those that are set, no purpose is given, the user has no right, or somebody on
            the list has paid or come to terms since it was made.
    """
    entitled(user, insurer, rights.SHARING_MAKE)
    if not purpose.strip():
        raise LinkageError(_("say what the file is for"))
    with seeing([insurer], writing=True):
        lock(insurer)
        listing = _list_of(insurer, number)
        state = _state(listing)
        if state not in ("approved", "written"):
            raise LinkageError(
                _("list {number} may not be written out: {state}").format(
                    number=number, state=_(state)
                )
            )
        if listing.stated.events.filter(kind="stopped").exists():
            raise LinkageError(
                _("settings {number} were stopped").format(number=listing.stated.number)
            )
        settings = settings_of(listing.stated.text)
        if recipient not in settings.recipients:
            raise LinkageError(
                _("{recipient} is none of the recipients that are set: {recipients}").format(
                    recipient=recipient, recipients="、".join(settings.recipients)
                )
            )
        listed = list(listing.rows.values_list("resident_id", "overdue", "state"))
        gone = stale(settings, listed, households(insurer, timezone.localdate()))
        if gone:
            raise LinkageError(
                _("{count} households on list {number} have paid, come to terms or changed since; "
                  "reject it and make another").format(count=len(gone), number=number)
            )  # fmt: skip
        found = preview(insurer, number)
        content = render(found)
        _event(
            ListEvent, insurer, user, listing=listing, kind="written", recipient=recipient,
            text=purpose.strip(), digest=_digest(content),
        )  # fmt: skip
    _note(insurer, user, "sharing_written", settings, found.residents)
    return content


def _other_hands(maker: str, events: Any, user: User) -> None:
    if maker == user.username:
        raise LinkageError(_("who made it does not approve it; two others have to"))
    if events.filter(kind="approved", actor=user.username).exists():
        raise LinkageError(
            _("{actor} has approved it before; another person has to").format(actor=user.username)
        )


def _list_of(insurer: str, number: int) -> ArrearsList:
    found: ArrearsList | None = ArrearsList.objects.filter(
        insurer_id=insurer, number=number
    ).first()
    if found is None:
        raise LinkageError(_("there is no list {number}").format(number=number))
    return found


def _waiting(insurer: str, number: int) -> ArrearsList:
    listing = _list_of(insurer, number)
    if (state := _state(listing)) != "waiting":
        raise LinkageError(
            _("list {number} does not wait for approval: {state}").format(
                number=number, state=_(state)
            )
        )
    return listing


def _state(listing: ArrearsList) -> str:
    kinds = Counter(listing.events.values_list("kind", flat=True))
    if kinds["rejected"]:
        return "rejected"
    if kinds["written"]:
        return "written"
    return "approved" if kinds["approved"] >= PERSONS else "waiting"


def _event(model: Any, insurer: str, user: User, **facts: Any) -> None:
    model.objects.create(insurer_id=insurer, actor=user.username, at=timezone.now(), **facts)


def _next(model: Any, insurer: str) -> int:
    rows = model.objects.filter(insurer_id=insurer)
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _plain(shown: dict[str, Any]) -> dict[str, Any]:
    """What JSON can hold: days as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in shown.items()
    }


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _note(insurer: str, user: User, page: str, settings: Settings, people: Any) -> None:
    """Write down whom a user sees, with the purpose that is set."""
    purpose = settings.purpose
    looks.note(
        user, page,
        [Seen(insurer, resident, house, purpose=purpose) for resident, house in people],
    )  # fmt: skip
