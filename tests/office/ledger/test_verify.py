"""What ``kokuho ledger verify`` finds: each damage is planted behind the guards, and found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.db import connections

from kokuho.office.ledger import acts, refunding
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.verifying import CODES, verify
from kokuho.office.register import insurers
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.ledger.offices import approver, bill, name, open_office, post
from tests.office.ledger.test_receipts import arrive, standing

H1, H2 = "household_id = 'h1'", "household_id = 'h2'"
JOURNAL = "(SELECT MIN(number) FROM books_entry WHERE kind = '{kind}')"

DAMAGES = {
    # one row of a journal was changed
    "journal_sum": f"UPDATE books_entry SET amount = amount + 1 WHERE line = 1 AND {H1} "
    "AND kind = 'assess'",
    # both lines of a journal have moved on by one, or one is gone
    "journal_rows": f"UPDATE books_entry SET line = line + 7 WHERE line = 2 AND {H1} "
    "AND kind = 'assess'",
    # a claim's journal stands the wrong way round
    "below_zero": f"UPDATE books_entry SET amount = -amount WHERE {H2} AND kind = 'assess'",
    # what was carried out came in as less
    "carried": "UPDATE books_entry SET amount = amount - 1 WHERE account = 'carried_in'",
    # the assessed amount says something else than the claim
    "revenue": f"UPDATE books_entry SET amount = amount - 500 WHERE {H1} AND account = 'assessed'",
    # a receipt became an assessment's change
    "money": "UPDATE books_entry SET kind = 'reassess' WHERE kind = 'receive'",
    # the reversal says that it undoes another journal
    "reversal": "UPDATE books_entry SET reverses = 1 WHERE reverses IS NOT NULL",
    # a receipt is recorded with more than was posted
    "control_total": "UPDATE books_receipt SET amount = amount + 1 WHERE reference = 'r1'",
    # the numbers of a posting leave a gap
    "posting": "UPDATE books_posting SET next_number = next_number + 1 WHERE kind = 'receipts'",
    # the facts of a demand are gone
    "unknown_demand": "DELETE FROM books_claim WHERE household_id = 'h2'",
}


@contextmanager
def behind_the_guards(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that may do anything: the triggers of the ledger are off until it is left."""
    link = sqlite3.connect(path)
    triggers = link.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'books_%'"
    ).fetchall()
    for trigger, _sql in triggers:
        link.execute(f"DROP TRIGGER {trigger}")
    yield link
    for _trigger, sql in triggers:
        link.execute(sql)
    link.commit()
    link.close()


def file_of(store: Store) -> Path:
    return Path(store.url.removeprefix("sqlite:///"))


def codes() -> set[str]:
    with seeing([INSURER]):
        return {one.code for one in verify(INSURER)}


@pytest.fixture
def books(sqlite: Store, tmp_path: Path) -> Path:
    """Books in which everything has happened once: they hold together."""
    open_office()
    post([bill("h1", 1, 12_000), bill("h2", 1, 9_000)])
    arrive(tmp_path, "r1,2026-07-30,5000,h1,2026,1,", "r2,2026-07-30,100,h2,2026,1,")
    with seeing([INSURER]):
        number = Entry.objects.get(source="r2", account="receipts").number
    on = date(2026, 12, 1)
    acts.reverse_journals(INSURER, "誤り 1", [number], posted_on=on, actor="試験")
    acts.close_year(INSURER, 2026, posted_on=date(2027, 6, 1), actor="試験")
    assert codes() == set()
    return file_of(sqlite)


@pytest.mark.parametrize("code", DAMAGES)
def test_each_damage_behind_the_guards_is_found(books: Path, code: str) -> None:
    with behind_the_guards(books) as link:
        assert link.execute(DAMAGES[code]).rowcount > 0
    found = codes()
    assert code in found
    assert "guard" not in found


def test_balances_that_the_database_adds_up_otherwise_than_the_entries_are_found(
    books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kokuho.office.ledger import verifying

    sums = verifying._sums

    def one_lost(*given: object) -> object:
        return sums(*given).head(-1)  # type: ignore[arg-type]

    monkeypatch.setattr(verifying, "_sums", one_lost)
    assert codes() == {"balance"}


def test_a_guard_that_is_off_is_named(books: Path) -> None:
    with sqlite3.connect(books) as link:
        trigger = link.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'books_entry'"
        ).fetchone()[0]
        link.execute(f"DROP TRIGGER {trigger}")
    link.close()
    with seeing([INSURER]):
        found = verify(INSURER)
    assert [(one.code, trigger in one.place) for one in found] == [("guard", True)]


def test_an_entry_of_a_demand_that_another_insurer_has_is_found(books: Path) -> None:
    insurers.add(OTHER, "架空町", "架空県", "")
    with behind_the_guards(books) as link:
        link.execute(f"UPDATE books_claim SET insurer_code = '{OTHER}' WHERE {H2}")
    assert "foreign" in codes()
    with seeing([INSURER]):
        assert "books_entry" in {one.place for one in verify(INSURER) if one.code == "foreign"}


def test_an_approval_of_another_insurers_refund_is_found(sqlite: Store, tmp_path: Path) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    arrive(tmp_path, "r1,2026-07-30,15000,h1,2026,1,")
    on = date(2026, 12, 1)
    number = refunding.ask(INSURER, name("h1", 1), 3_000, reason="二重払い", cause="mistake",
                           asked_by="係 一号", asked_on=on)  # fmt: skip
    refunding.approve(INSURER, number, approver("order"), on)
    standing("h1")
    insurers.add(OTHER, "架空町", "架空県", "")
    with behind_the_guards(file_of(sqlite)) as link:
        link.execute(f"UPDATE books_refundrequest SET insurer_code = '{OTHER}'")
    with seeing([INSURER]):
        assert [(one.code, one.place) for one in verify(INSURER)] == [
            ("foreign", "books_refundapproval")
        ]


def test_on_postgresql_a_guard_that_is_off_and_what_went_in_behind_it_are_found(
    fresh_postgres: Store,
) -> None:
    open_office()
    post([bill("h1", 1, 12_000), bill("h2", 1, 9_000)])
    assert codes() == set()
    with connections["owner"].cursor() as owner:
        owner.execute("ALTER TABLE books_entry DISABLE TRIGGER USER")
        owner.execute("ALTER TABLE books_entry NO FORCE ROW LEVEL SECURITY")
        owner.execute(DAMAGES["journal_sum"])
        assert owner.rowcount == 1
    assert {"guard", "journal_sum"} <= codes()


def test_every_code_of_a_finding_has_a_damage_that_it_finds() -> None:
    assert set(CODES) == {*DAMAGES, "guard", "balance", "foreign"}
