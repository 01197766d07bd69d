"""Each invariant sees the damage that it is there for, and nothing where there is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kokuho.base.errors import LedgerError
from kokuho.ledger.accounts import Account, Component, Kind
from kokuho.ledger.balance import balances
from kokuho.ledger.entries import ENTRIES
from kokuho.ledger.interest_on_refunds import Cause
from kokuho.ledger.invariants import balances_replay, money_received, require, violations
from tests.ledger.test_receipts import SUMMER, slip, town
from tests.ledger.town import Town


def books() -> Town:
    made = town(60_000, 40_000)
    made.receive([slip(65_000, SUMMER), slip(9, SUMMER, None, house=None)], SUMMER)
    made.receive([slip(5_000, SUMMER, "h-2")], SUMMER)
    number = made.entries["number"].max()
    assert isinstance(number, int)
    made.reverse(number, date(2024, 9, 1))
    made.appropriate(date(2024, 10, 1))
    made.refund(date(2024, 10, 2))
    made.close(2024)
    return made


SOUND = books().entries


def at(row: pl.Expr, column: str, value: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    def damage(entries: pl.DataFrame) -> pl.DataFrame:
        changed = pl.when(row).then(pl.lit(value)).otherwise(column)
        return entries.with_columns(changed.cast(entries.schema[column]).alias(column))

    return damage


FIRST = (pl.col("number") == 1) & (pl.col("line") == 1)
SECOND = (pl.col("number") == 1) & (pl.col("line") == 2)
DAMAGE: dict[str, tuple[str, Callable[[pl.DataFrame], pl.DataFrame]]] = {
    "a changed amount": ("journal_sum", at(FIRST, "amount", 60_001)),
    "a row in another year's books": ("journal_sum", at(FIRST, "book_year", 2030)),
    "a lost row": ("journal_sum", lambda entries: entries.filter(~FIRST)),
    "a doubled row": ("journal_rows", lambda entries: pl.concat([entries, entries.filter(FIRST)])),
    "a row of another kind": ("journal_rows", at(FIRST, "kind", "refund")),
    "a row of another day": ("journal_rows", at(FIRST, "posted_on", date(2024, 1, 1))),
    "a row of no yen": ("journal_rows", at(FIRST, "amount", 0)),
    "a lost assessment": ("below_zero", lambda entries: entries.filter(pl.col("number") != 1)),
    "an amount for another component": ("revenue", at(SECOND, "component", "interest")),
    "a carry-over that does not arrive": (
        "carried",
        at(pl.col("account") == "carried_in", "account", "assessed"),
    ),
    "money from nowhere": ("money", at(SECOND, "account", "receipts")),
    "a reversal of more than there was": (
        "reversal",
        at(pl.col("reverses").is_not_null(), "amount", 7),
    ),
    "a reversal of a journal to come": (
        "reversal",
        at(pl.col("reverses").is_not_null(), "reverses", 99),
    ),
    "a receipt that was reversed twice": (
        "reversal",
        lambda entries: pl.concat(
            [
                entries,
                entries.filter(pl.col("reverses").is_not_null()).with_columns(
                    number=pl.lit(98, pl.Int64)
                ),
            ]
        ),
    ),
}


def test_sound_books_show_nothing() -> None:
    assert violations(SOUND) == []
    require(SOUND)


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_seen(name: str) -> None:
    code, damage = DAMAGE[name]
    assert code in {one.code for one in violations(damage(SOUND))}


def test_a_violation_says_where_and_how_much() -> None:
    _code, damage = DAMAGE["a changed amount"]
    [one] = [one for one in violations(damage(SOUND)) if one.code == "journal_sum"]
    assert (one.place, one.amount) == ("number=1 book_year=2024", 1)
    with pytest.raises(LedgerError, match="帳簿が合わなくなる"):
        require(damage(SOUND))


def test_every_source_brings_in_the_yen_that_were_handed_in() -> None:
    made = town(60_000)
    made.receive([slip(50_000, SUMMER), slip(20_000, SUMMER)], SUMMER)
    assert money_received(made.entries, [("slip 1", 50_000), ("slip 1", 20_000)]) == []
    [short] = money_received(made.entries, [("slip 1", 70_001)])
    assert (short.code, short.place, short.amount) == ("control_total", "source=slip 1", -1)
    [lost] = money_received(made.entries, [("slip 1", 70_000), ("slip 2", 5)])
    assert lost.place == "source=slip 2"


def test_stored_balances_that_differ_from_the_entries_are_named() -> None:
    stored = balances(SOUND)
    assert balances_replay(stored, SOUND) == []
    assert {one.code for one in balances_replay(stored.head(-1), SOUND)} == {"balance"}
    changed = stored.with_columns(pl.col("amount") + 1)
    assert len(balances_replay(changed, SOUND)) == stored.height


def test_the_page_names_every_account_kind_component_column_and_code() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
    codes = {code for code, _damage in DAMAGE.values()} | {"control_total", "balance"}
    for word in [*Account, *Kind, *Component, *ENTRIES, *Cause, *codes]:
        assert f"`{word}`" in page, word
