"""How every page of the office reads: as a user, inside their insurers, and written down.

A view decorated by :func:`looking` runs in one read-only transaction that sees the rows of the
user's insurers and no others. It says whom it shows by :meth:`Visit.show`; that is written to the
log before the page leaves, and where it cannot be written nothing is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kokuho.base.errors import KokuhoError
from kokuho.office.accounts import looks, rights
from kokuho.office.accounts.users import User
from kokuho.office.collection.suspense import held_count
from kokuho.office.ledger.refund_list import waiting_count
from kokuho.office.register.models import Insurer
from kokuho.office.tenancy import seeing


@dataclass
class Visit:
    """A request of a user who is signed in.

    Attributes:
        request: the request.
        user: who asks.
        insurers: the insurers that they work for, by code.
        menu: the pages that the user reaches: address, title, and how much waits there today
            where that is cheap to count.
        act: what is to be done once the page has been read, in transactions of its own, in place
            of showing it.
        refused: why it could not be done; the page is read again to say so.
    """

    request: HttpRequest
    user: User
    insurers: dict[str, Insurer]
    menu: list[tuple[str, str, int]]
    seen: list[looks.Seen] = field(default_factory=list)
    act: Callable[[], HttpResponse] | None = None
    refused: str = ""

    @property
    def insurer(self) -> str:
        """The insurer that a list was asked for, else the first one; empty if there is none."""
        asked = self.request.GET.get("insurer", "")
        return asked if asked in self.insurers else min(self.insurers, default="")

    def show(self, *seen: looks.Seen) -> None:
        """Say whom the page shows."""
        self.seen += seen


def _uncounted(insurers: Sequence[str]) -> int:
    return 0


_Entry = tuple[str, str, Callable[[Sequence[str]], int]]
_MENU: tuple[_Entry, ...] = (
    ("search", "検索", _uncounted),
    ("prepayment", "前納", _uncounted),
    ("pensions", "特別徴収", _uncounted),
    ("refunds", "過誤納と還付", waiting_count),
    ("suspense", "仮受", held_count),
    ("departures", "転出", _uncounted),
    ("arrears", "滞納", _uncounted),
    ("printing", "印刷", _uncounted),
    ("linkage", "情報連携", _uncounted),
)
_OF_A_FEW: tuple[tuple[frozenset[str], _Entry], ...] = (
    (frozenset({rights.BUREAU_NOTICE}), ("bureau", "入管への通知", _uncounted)),
    (
        frozenset({rights.SHARING_MAKE, rights.SHARING_APPROVE}),
        ("sharing", "滞納の共有", _uncounted),
    ),
)
"""Entries for who holds one of the rights, for the insurers for which they hold it."""

Page = Callable[..., HttpResponse]


def looking(page: Page) -> Page:
    """Make a page of a function that takes a :class:`Visit` and the parts of the address.

    The page is rendered inside the transaction; a response that renders later is refused.
    """
    return _inside(page, writing=False)


def changing(page: Page) -> Page:
    """A page as :func:`looking` makes it, whose form (POST) may write for the user's insurers."""
    return _inside(page, writing=True)


def _inside(page: Page, *, writing: bool) -> Page:
    @wraps(page)
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        user = request.user
        assert isinstance(user, User), "LoginRequiredMiddleware lets nobody else through"

        def read(refused: str = "") -> tuple[Visit, HttpResponse]:
            with seeing(user.insurers(), writing=writing and request.method == "POST"):
                insurers = {insurer.code: insurer for insurer in Insurer.objects.all()}
                menu = [(name, title, count(sorted(insurers))) for name, title, count in _MENU]
                menu += _menu_of_a_few(user)
                visit = Visit(request, user, insurers, menu, refused=refused)
                request.visit = visit  # type: ignore[attr-defined]
                response = page(visit, **parts)
            assert getattr(response, "is_rendered", True), "rendered outside of its transaction"
            return visit, response

        visit, response = read()
        if visit.act is not None:
            try:
                return visit.act()
            except KokuhoError as error:
                visit, response = read(str(error))
        looks.note(user, page.__name__, visit.seen)
        return response

    view.looking = True  # type: ignore[attr-defined]
    return view


def _menu_of_a_few(user: User) -> list[tuple[str, str, int]]:
    held = rights.held(user)
    menu = []
    for wanted, (name, title, count) in _OF_A_FEW:
        codes = sorted({code for right in wanted for code in held.get(right, ())})
        if codes:
            menu.append((name, title, count(codes)))
    return menu


def around(request: HttpRequest) -> dict[str, Any]:
    """Context that every page has: who is signed in, for whom they work, and what day it is."""
    return {
        "user": getattr(request, "user", None),
        "visit": getattr(request, "visit", None),
        "today": timezone.localdate(),
    }
