"""What the commands of the linkage share: the file of the link, and who may do what."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kokuho.base.errors import InputError
from kokuho.base.messages import translator

if TYPE_CHECKING:
    from kokuho.linkage.link import Link
    from kokuho.office.accounts.users import User
    from kokuho.office.linkage.stuck import Stuck

_ = translator("linkage")

LinkFile = Annotated[
    Path | None, typer.Option("--link", help="接続定義のファイル(なければ KOKUHO_LINKAGE)")
]
Who = Annotated[str, typer.Option("--user", help="操作する利用者。権限が必要です。")]


def link_of(file: Path | None) -> Link:
    """The link that is named, or that of ``KOKUHO_LINKAGE``; the shipped values if neither is."""
    from kokuho.linkage.link import configured, load_link

    return load_link(file) if file else configured()


def entitled(username: str, right: str, insurer: str) -> User:
    """The user, if they have a right.

    Raises:
        InputError: they have not.
    """
    from kokuho.office.accounts import rights

    user = rights.user_named(username)
    if insurer not in rights.allowed(user, right):
        raise InputError(
            _("{name} has no right {right}; grant it: kokuho user allow").format(
                name=username, right=right
            )
        )
    return user


def tell_stuck(found: Iterable[Stuck]) -> None:
    """Say what went out and is not registered, and what to do about it."""
    from kokuho.linkage.messages.refusals import words_of

    for one in found:
        stated = {
            "number": one.number, "records": one.records, "why": words_of(one.code),
            "since": f"{one.since:%Y-%m-%d %H:%M}",
        }  # fmt: skip
        if not one.number:
            text = _("{records} records cannot be written in the layout ({why}); what stands "
                     "on the other side is older")  # fmt: skip
        elif one.records:
            text = _("batch {number}: {records} records were not taken ({why}); the nightly look "
                     "makes them again once the cause is mended")  # fmt: skip
        elif one.code:
            text = _("batch {number} was refused at {since} ({why}); nothing of it is registered. "
                     "Mend the cause, then: kokuho linkage resend {number}")  # fmt: skip
        else:
            text = _("batch {number} went out at {since} and has no result; send it again: "
                     "kokuho linkage resend {number}")  # fmt: skip
        typer.echo(text.format(**stated), err=True)
