"""Bills published anew: what the ledger posts when schedules change, move, vanish and come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.base.errors import LedgerError
from kokuho.billing import KEY, change, yearly
from kokuho.billing import Demand as Bill
from kokuho.billing import to_frame as frame_of_bills
from kokuho.ledger import (
    Receipt,
    Voucher,
    appropriate,
    frame_of_demands,
    frame_of_receipts,
    from_bills,
    no_entries,
    overpayments,
    positions,
    post_reissue,
    receive,
    reissue,
    violations,
    write_off,
)
from tests.billing.conftest import amounts_of, an_ordinance
from tests.ledger import plain
from tests.ledger.town import PLAIN_RATES, RULES

NOTICE, LATER = date(2026, 6, 15), date(2026, 9, 15)
NONE = frame_of_bills([])


def bill(term: int, amount: int, due: date | None = None) -> Bill:
    due = due or date(2026, 6 + term, 28)
    return Bill("99", "h", 2026, 2026, "tax", "ordinary", term, amount, due, "levy")


def named(*bills: pl.DataFrame) -> pl.DataFrame:
    """Ids that follow from the key, as a store would keep them; the debtor is always the head."""
    return (
        pl.concat([frame.select(KEY) for frame in bills])
        .unique()
        .with_columns(
            demand_id=pl.concat_str(*KEY, separator="-"), debtor="head of " + pl.col("household_id")
        )
    )


class Office:
    """Publishes and posts; ``published`` is what stands now."""

    def __init__(self) -> None:
        self.published, self.entries = NONE, no_entries()
        self.demands = frame_of_demands([])

    def publish(self, bills: pl.DataFrame, day: date) -> int:
        """Post what is new of these bills; how many rows that made."""
        issued = reissue(self.demands, self.entries, from_bills(bills, named(bills)))
        voucher = Voucher(1, day, "notice").after(self.entries)
        new = post_reissue(issued, self.entries, voucher, RULES)
        self.published, self.entries = bills, pl.concat([self.entries, new])
        self.demands = issued.demands
        return new.height

    def pay(self, term: int, amount: int, day: date) -> None:
        name = named(self.published.filter(term=term))["demand_id"][0]
        code = self.published["insurer_code"][0]
        slip = frame_of_receipts([Receipt(code, None, name, amount, day, None, "slip")])
        voucher = Voucher(1, day, "slip").after(self.entries)
        run = receive(self.demands, self.entries, slip, voucher, RULES)
        self.entries = pl.concat([self.entries, run.entries])

    def assessed(self, component: str = "principal") -> dict[tuple[str, int], int]:
        """What the books say of every household and term; nothing for those at nothing."""
        stand = positions(self.demands, self.entries).filter(
            (pl.col("component") == component) & (pl.col("assessed") != 0)
        )
        return {(row[0], row[1]): row[2] for row in stand.select(*PLACE, "assessed").iter_rows()}


PLACE = ("household_id", "term")


def amounts(bills: pl.DataFrame) -> dict[tuple[str, int], int]:
    return {(row[0], row[1]): row[2] for row in bills.select(*PLACE, "amount").iter_rows()}


def test_the_first_publication_assesses_everything_and_the_same_again_posts_nothing() -> None:
    office = Office()
    bills = frame_of_bills([bill(1, 9_000), bill(2, 8_000)])
    office.publish(bills, NOTICE)
    assert set(office.entries["kind"]) == {"assess"}
    assert office.assessed() == amounts(bills)
    assert office.publish(bills, LATER) == 0


def test_a_change_of_the_levy_is_posted_demand_by_demand() -> None:
    year, office = an_ordinance("tax"), Office()
    before = yearly(amounts_of(240_600, 60_000), year)
    office.publish(before, NOTICE)
    after = change(before, amounts_of(275_600, 50_000), year, LATER).demands
    office.publish(after, LATER)
    assert office.assessed() == amounts(after)
    later = office.entries.filter(posted_on=LATER)
    assert set(later["kind"]) == {"reassess"}
    # three instalments of each household were due before the notice, and stay without a posting
    assert later["demand_id"].n_unique() == 14
    assert violations(office.entries) == []


def test_a_term_that_is_new_is_assessed_while_the_others_are_changed() -> None:
    office = Office()
    office.publish(frame_of_bills([bill(1, 9_000)]), NOTICE)
    office.publish(frame_of_bills([bill(1, 7_000), bill(2, 4_000)]), LATER)
    kinds = office.entries.filter(posted_on=LATER).select("kind", "number").unique()
    assert dict(kinds.rows()) == {"assess": 2, "reassess": 3}
    assert office.assessed() == {("h", 1): 7_000, ("h", 2): 4_000}


def test_the_change_counts_from_the_day_of_the_notice_and_is_posted_when_it_is_posted() -> None:
    bills = frame_of_bills([bill(1, 9_000)])
    issued = reissue(frame_of_demands([]), no_entries(), from_bills(bills, named(bills)))
    voucher = Voucher(1, LATER, "notice")
    entries = post_reissue(issued, no_entries(), voucher, RULES, notice=NOTICE)
    assert set(entries["value_on"]) == {NOTICE}
    assert set(entries["posted_on"]) == {LATER}


def test_a_demand_that_vanishes_and_comes_back_is_the_same_demand() -> None:
    office = Office()
    first = frame_of_bills([bill(1, 9_000), bill(2, 8_000)])
    office.publish(first, NOTICE)
    office.publish(frame_of_bills([bill(1, 9_000)]), LATER)
    assert office.assessed() == {("h", 1): 9_000}
    office.publish(first, date(2026, 10, 1))
    assert office.assessed() == amounts(first)
    assert office.entries.filter(kind="assess", line=1).height == 2


def test_what_was_paid_for_a_vanished_demand_is_overpaid_and_pays_what_came_in_its_place() -> None:
    office = Office()
    office.publish(frame_of_bills([bill(1, 9_000)]), NOTICE)
    office.pay(1, 9_000, date(2026, 7, 28))
    office.publish(frame_of_bills([bill(3, 5_000)]), LATER)
    over = overpayments(office.demands, office.entries)
    assert over.select("term", "refundable").rows() == [(1, 9_000)]
    due = Voucher(1, date(2026, 9, 28), "appropriation").after(office.entries)
    made = appropriate(office.demands, office.entries, due, RULES.allocation)
    entries = pl.concat([office.entries, made])
    left = positions(office.demands, entries)
    assert dict(left.select("term", "owed").rows()) == {1: 0, 3: 0}
    assert overpayments(office.demands, entries)["refundable"].to_list() == [4_000]


def test_a_due_date_that_moves_is_named_and_interest_counts_from_the_new_one() -> None:
    office = Office()
    due, paid = date(2026, 7, 28), date(2026, 10, 28)
    office.publish(frame_of_bills([bill(1, 300_000)]), NOTICE)
    office.pay(1, 300_000, paid)
    assert office.assessed("interest")["h", 1] == plain.interest(300_000, due, paid, PLAIN_RATES)
    moved = frame_of_bills([bill(1, 300_000, due=date(2026, 8, 28))])
    issued = reissue(office.demands, office.entries, from_bills(moved, named(moved)))
    assert issued.changes.is_empty()
    assert issued.moved.select("due_before", "due").rows() == [(due, date(2026, 8, 28))]
    office.publish(moved, date(2026, 11, 1))
    wanted = plain.interest(300_000, date(2026, 8, 28), paid, PLAIN_RATES)
    assert office.assessed("interest")["h", 1] == wanted
    assert wanted > 0


def test_a_reduction_below_what_was_written_off_is_refused() -> None:
    office = Office()
    first = frame_of_bills([bill(1, 9_000)])
    office.publish(first, NOTICE)
    decision = office.demands.select("insurer_code", "demand_id", amount=1).with_columns(
        component=pl.lit("principal", no_entries().schema["component"])
    )
    voucher = Voucher(2, LATER, "decision")
    made = write_off(office.demands, office.entries, decision, voucher)
    entries = pl.concat([office.entries, made])
    issued = reissue(office.demands, entries, from_bills(NONE, named(first)))
    with pytest.raises(LedgerError, match="-1: 9,000"):
        post_reissue(issued, entries, Voucher(3, LATER, "notice"), RULES)


TERMS = st.dictionaries(st.integers(1, 4), st.integers(1, 90_000), max_size=4)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(TERMS, st.integers(1, 4)), min_size=1, max_size=6))
def test_the_books_always_say_what_is_published_whatever_was_published_and_paid_before(
    steps: Sequence[tuple[dict[int, int], int]],
) -> None:
    office = Office()
    received = 0
    for number, (terms, pays) in enumerate(steps):
        day = date(2026, 6 + number, 15)
        bills = frame_of_bills([bill(term, yen) for term, yen in terms.items()])
        office.publish(bills, day)
        assert office.assessed() == amounts(bills)
        if pays in terms:
            office.pay(pays, terms[pays], day)
            received += terms[pays]
        assert violations(office.entries) == []
        stand = positions(office.demands, office.entries)
        assert stand["owed"].sum() - stand["overpaid"].sum() == (
            sum(terms.values()) + sum(office.assessed("interest").values()) - received
        )
