"""What happened to settings and lists, oldest first; no person is named."""

from __future__ import annotations

from typing import Any

from kokuho.office.accounts import rights
from kokuho.office.accounts.rights import entitled
from kokuho.office.accounts.users import User
from kokuho.office.sharing.lists import ArrearsList, ListEvent
from kokuho.office.sharing.stated import SettingsEvent, Stated
from kokuho.office.tenancy import seeing


def history(insurer: str, user: User) -> list[dict[str, Any]]:
    """All events of an insurer.

    Raises:
        LinkageError: the user has neither right.
    """
    if insurer not in rights.allowed(user, rights.SHARING_MAKE):
        entitled(user, insurer, rights.SHARING_APPROVE)
    with seeing([insurer]):
        found = [_line("settings", one.number, "proposed", one)
                 for one in Stated.objects.filter(insurer_id=insurer)]  # fmt: skip
        found += [
            _line("settings", one.stated.number, one.kind, one)
            for one in SettingsEvent.objects.filter(insurer_id=insurer).select_related("stated")
        ]
        found += [_line("list", one.number, "made", one)
                  for one in ArrearsList.objects.filter(insurer_id=insurer)]  # fmt: skip
        found += [
            _line("list", one.listing.number, one.kind, one)
            for one in ListEvent.objects.filter(insurer_id=insurer).select_related("listing")
        ]
    return sorted(found, key=lambda line: line["at"])


def _line(what: str, number: int, kind: str, row: Any) -> dict[str, Any]:
    return {
        "at": row.at,
        "what": what,
        "number": number,
        "kind": kind,
        "actor": row.actor,
        "text": "" if what == "settings" and kind == "proposed" else getattr(row, "text", ""),
        "recipient": getattr(row, "recipient", ""),
        "digest": getattr(row, "digest", ""),
    }
