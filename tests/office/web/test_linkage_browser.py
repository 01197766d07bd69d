"""The pages of the linkage in a real browser: by keyboard, wide, middle and narrow, axe-clean."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kokuho.linkage.approval import Limits
from kokuho.office.accounts import rights
from kokuho.office.linkage import limits
from kokuho.office.register.models import Household, Resident
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER
from tests.office.conftest import Store
from tests.office.linkage.city import both_approve, deliver
from tests.office.linkage.other_side import OtherSide
from tests.office.web.browsing import (
    MIDDLE,
    NARROW,
    WIDE,
    chromium,
    clean,
    serving,
    sign_in_by_keyboard,
    signed_in,
    tab_to,
)
from tests.office.web.test_linkage import linking

__all__ = ["chromium"]

pytestmark = pytest.mark.slow

PICTURES = os.environ.get("KOKUHO_PICTURES")
"""A folder into which pictures for the documents are written."""


@pytest.fixture
def server(sqlite: Store) -> Iterator[str]:
    linking()
    rights.allow("clerk", rights.LINKAGE_HISTORY, INSURER, actor="試験")
    limits.propose(INSURER, Limits(500, 5, 20), "clerk")
    with serving(sqlite) as address:
        yield address


@pytest.fixture
def rows(server: str) -> tuple[int, int]:
    """Before Chromium starts: a person and a household."""
    with seeing([INSURER]):
        return (
            int(Resident.objects.get(address_number="1078").pk),
            int(Household.objects.get(household_number="78").pk),
        )


@pytest.fixture
def registered(rows: tuple[int, int]) -> None:
    """The first load was approved and sent."""
    both_approve(1)
    deliver(OtherSide())


def picture(page: Any, name: str, width: int) -> None:
    if PICTURES and width == WIDE:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def approve(page: Any, width: int) -> None:
    """By keyboard, from the list: look at it, choose, confirm."""
    tab_to(page, "e.tagName === 'A' && e.textContent.startsWith('内容を見て承認する')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#choice-approve")
    clean(page, width)
    picture(page, "linkage-batch", width)
    tab_to(page, "e.type === 'radio'")
    page.keyboard.press("Space")
    tab_to(page, "e.type === 'submit' && e.className === 'main'")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[name=sure]")
    clean(page, width)
    picture(page, "linkage-confirm", width)
    tab_to(page, "e.name === 'sure'")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=承認　")
    clean(page, width)


@pytest.mark.parametrize("width", [WIDE, MIDDLE, NARROW])
def test_a_batch_is_approved_by_two_at_the_keyboard(
    server: str, rows: tuple[int, int], chromium: Any, width: int
) -> None:
    page = signed_in(chromium, server, width)
    tab_to(page, "e.tagName === 'A' && e.textContent.startsWith('情報連携')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/linkage/")
    clean(page, width)
    picture(page, "linkage", width)
    approve(page, width)
    tab_to(page, "e.textContent === 'サインアウト'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in*")
    sign_in_by_keyboard(page, "chief")
    page.goto(f"{server}/linkage/")
    approve(page, width)
    assert page.locator("text=送信待ち").count() > 0


@pytest.mark.parametrize("width", [WIDE, MIDDLE])
@pytest.mark.usefixtures("registered")
def test_limits_history_and_household(
    server: str, rows: tuple[int, int], chromium: Any, width: int
) -> None:
    page = signed_in(chromium, server, width)
    for name, address in (
        ("linkage-limits", f"/{INSURER}/linkage/limits/1"),
        ("linkage-person", f"/{INSURER}/linkage/persons/{rows[0]}"),
        ("linkage-household", f"/{INSURER}/households/{rows[1]}"),
    ):
        page.goto(server + address)
        clean(page, width)
        picture(page, name, width)
    assert page.locator("#linkage td.amount").count() == 8
    if PICTURES and width == WIDE:
        page.locator("#linkage").screenshot(path=Path(PICTURES) / "linkage-household.png")
