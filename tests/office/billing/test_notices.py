"""Notices with their instalments: terms, changes, prepayment's one due date, of tax and premium."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from kokuho.forms.notice import notice_pdf
from kokuho.office.assessment import notices
from kokuho.office.assessment.models import LevyDecision
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import run_changes
from tests.office.billing.town import (
    NOTICE,
    arrive,
    assess,
    bill,
    bill_again,
    billed,
    declare,
    ordinance,
    telling,
)
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

OCTOBER = date(2026, 10, 20)


@pytest.fixture(autouse=True)
def _insurer(sqlite: Store) -> None:
    add_insurer()


def composed(day: date = NOTICE, last: int = 1) -> dict[str, Any]:
    with seeing([INSURER]):
        decision = LevyDecision.objects.order_by("-pk")[last - 1]
        return notices.notice(notices.find(INSURER, decision.pk), day)


def printed(notice: dict[str, Any], day: date = NOTICE) -> str:
    pages = PdfReader(io.BytesIO(notice_pdf(notice, made_on=day))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def family(kind: str) -> None:
    with telling() as t:
        t.family("h1", "p1", "p2")
        for person in ("p1", "p2"):
            t.income(person, 2026, business=2_430_000)
    assess(own=ordinance(kind))


@pytest.mark.parametrize("kind", ["tax", "premium"])
def test_the_first_notice_has_every_term_with_its_due_date(kind: str) -> None:
    family(kind)
    assert composed()["instalments"] == []
    bill()
    notice = composed()
    rows = notice["instalments"]
    assert [row["name"] for row in rows] == [f"第{number}期" for number in range(1, 9)]
    assert [row["amount"] for row in rows] == [row[2] for row in billed("h1")]
    assert all(row["before"] is None for row in rows)
    text = printed(notice)
    assert "令和8年12月25日" in text
    assert "普通徴収" in text
    assert f"{rows[0]['amount']:,}" in text


@pytest.mark.parametrize("kind", ["tax", "premium"])
def test_a_change_has_each_term_before_and_after(kind: str) -> None:
    family(kind)
    bill()
    before = [row[2] for row in billed("h1")]
    with telling() as t:
        t.lost("p2", date(2026, 9, 10))
    run_changes(OCTOBER)
    bill_again(OCTOBER)
    notice = composed(OCTOBER)
    rows = notice["instalments"]
    assert [row["before"] for row in rows] == before
    assert [row["amount"] for row in rows if row["amount"]] == [row[2] for row in billed("h1")]
    assert "変更後(円)" in printed(notice, OCTOBER)
    # the first notice still tells what it told
    first = composed(last=2)
    assert [row["amount"] for row in first["instalments"]] == before


@pytest.mark.parametrize("kind", ["tax", "premium"])
def test_a_prepayment_has_one_due_date_and_says_what_differs(kind: str) -> None:
    with telling() as t:
        arrive(t, "h1", "p1", date(2026, 5, 1))
        declare(t, "p1", 2026)
    assess(own=ordinance(kind))
    bill()
    notice = composed()
    assert [(row["name"], row["due"]) for row in notice["instalments"]] == [
        ("前納", "令和8年8月31日")
    ]
    text = printed(notice)
    for words in ("第○条", "通常の納期(8回の納期)に代えて", "任意です"):
        assert words in text


def test_a_notice_of_nothing_owed_shows_what_falls_away() -> None:
    family("premium")
    bill()
    with telling() as t:
        for person in ("p1", "p2"):
            t.lost(person, date(2026, 4, 1))
    run_changes(OCTOBER)
    bill_again(OCTOBER)
    notice = composed(OCTOBER)
    assert {row["amount"] for row in notice["instalments"]} == {0}
    assert notice["payment"] == []
    assert "変更前(円)" in printed(notice, OCTOBER)


@pytest.mark.parametrize("kind", ["tax", "premium"])
def test_what_was_changed_before_its_first_bill_says_with_which_notice_it_is_paid(
    kind: str,
) -> None:
    family(kind)
    with telling() as t:
        t.lost("p2", date(2026, 6, 10))
    run_changes(NOTICE)
    assert composed(last=2)["payment"] == []  # nothing is billed yet
    bill()
    changed = composed()
    assert [row["amount"] for row in changed["instalments"]] == [row[2] for row in billed("h1")]
    first = composed(last=2)
    assert first["instalments"] == []
    assert f"第{changed['number']}号" in first["payment"][0]
    text = printed(first)
    assert "この通知書により新たに納めていただくものはありません" in text
    assert "別紙(納付書)によります" not in text
