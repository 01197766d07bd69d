"""The yearly assessment: every household once, from the register as it was known."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.base.errors import InputError, OrdinanceError
from kokuho.office.assessment.models import LevyDecision, Pending
from kokuho.office.assessment.yearly import Wish, assess_year
from kokuho.office.jobs.runs import Run
from kokuho.office.register.models import Assessment, Document
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import ordinance, run_year, telling, totals
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_insurer


@pytest.fixture(autouse=True)
def _insurer(store: Store) -> None:
    add_insurer()


def test_a_household_is_assessed_with_what_it_was_made_from() -> None:
    with telling() as t:
        t.family("h1", "p1", "p2")
        t.income("p1", 2026, business=2_430_000)
        t.income("p2", 2026)
    run = run_year()
    assert (run.state, run.counts["decided"], run.total) == (Run.State.DONE, 1, 1)
    # 所得割 2,000,000 × (7 + 2 + 2 + 0.3)%, 均等割 2人, 平等割
    medical, support, care = 140_000 + 80_000, 40_000 + 20_000, 40_000 + 24_000
    child = 6_000 + 2 * 1_900
    with seeing([INSURER]):
        made = Assessment.objects.known().get()
        assert (made.medical, made.support, made.care, made.child, made.total, made.reduction) == (
            medical, support, care, child, medical + support + care + child, 0,
        )  # fmt: skip
        assert (made.reason, made.decided_on) == ("initial", date(2026, 7, 15))
        assert (made.valid_from, made.valid_to) == (date(2026, 4, 1), date(2027, 4, 1))
        assert made.payer.address_number == "p1"
        decision = LevyDecision.objects.get()
        assert (decision.assessment, decision.former, decision.causes) == (made, None, [])
        kinds = sorted(Document.objects.values_list("kind", flat=True))
    assert kinds == ["inputs", "law", "ordinance"]


def test_a_year_does_not_begin_on_an_empty_register() -> None:
    with pytest.raises(InputError):
        run_year()
    with telling() as t:
        t.family("h1", "p1")
    assert run_year().counts["decided"] == 1


def test_a_year_that_is_assessed_is_not_assessed_again() -> None:
    with telling() as t:
        t.family("h1", "p1")
    run_year()
    before = totals()
    with telling() as t:
        t.family("h2", "p2")
    again = run_year()
    assert again.counts["decided"] == 1
    assert totals() == before


def test_what_became_known_after_the_day_is_not_looked_at() -> None:
    with telling() as t:
        t.family("h1", "p1")
    assert run_year(as_of=date(2020, 1, 1)).counts == {"households": 1}
    assert totals() == {}


def test_months_of_two_heads_are_two_assessments_that_share_the_year() -> None:
    with telling() as t:
        t.family("h1", "p1", "p2")
        for person in ("p1", "p2"):
            t.income(person, 2026)
        t.head("h1", "p2", date(2026, 7, 10))
    run_year()
    with seeing([INSURER]):
        first, second = Assessment.objects.known().order_by("valid_from")
        assert (first.payer.address_number, second.payer.address_number) == ("p1", "p2")
        assert first.valid_to == second.valid_from == date(2026, 7, 1)
        # 7割軽減: 均等割・平等割 x 3/10, 3 and 9 of 12 months
        assert first.medical == (2 * 9_000 + 6_000) * 3 // 12 // 100 * 100
        assert second.medical == (2 * 9_000 + 6_000) * 9 // 12 // 100 * 100


def test_a_head_who_is_not_insured_pays_and_is_not_counted() -> None:
    with telling() as t:
        t.family("h1", "p1")
        t.resident("boss")
        t.income("boss", 2026, business=9_000_000)
        t.head("h1", "boss")
        t.income("p1", 2026)
    run_year()
    # no reduction: the head's income is judged; one person's amounts
    assert totals() == {("h1", "boss"): 50_000 + 10_000 + 12_000 + 1_900}


def test_whoever_is_away_for_some_months_pays_for_the_others() -> None:
    with telling() as t:
        t.family("h1", "p1")
        t.income("p1", 2026)
        t.lost("p1", date(2026, 6, 5), until=date(2026, 10, 20))
    run_year()
    with seeing([INSURER]):
        made = Assessment.objects.known().get()
    # April, May, October to March: 8 months of 12
    assert made.medical == (9_000 + 6_000) * 8 // 12


def test_a_mover_inside_the_town_is_levied_for_each_month_once() -> None:
    with telling() as t:
        t.family("h1", "p1", "p2")
        t.family("h2", "p3")
        for person in ("p1", "p2", "p3"):
            t.income(person, 2026, business=2_430_000)
        t.member("p2", "h2", date(2026, 7, 31))
    run_year()
    with seeing([INSURER]):
        support = dict(
            Assessment.objects.known().values_list("household__household_number", "support")
        )
    one = 40_000 + 10_000
    assert support == {"h1": one + one * 3 // 12, "h2": one + one * 9 // 12}


def test_what_cannot_be_levied_waits_for_a_clerk_and_takes_nobody_with_it() -> None:
    with telling() as t:
        t.family("h1", "p1")
        t.family("h2", "p2", born="1980-05-00")
        t.resident("p3", "1986-00-00")
        t.insured("p3")
        t.member("p3", "h3")
        t.resident("p4")
        t.insured("p4")
        t.family("h5", "p5", born="1986-00-00")
    run = run_year()
    assert {house for house, _payer in totals()} == {"h1", "h2"}
    assert run.counts["put_aside"] == 2
    with seeing([INSURER]):
        waiting = Pending.objects.order_by("code").values_list(
            "household__household_number", "person", "code"
        )
        assert list(waiting) == [
            ("h5", "p5", "birth_date_open"),
            ("h3", "", "no_head_in_month"),
            (None, "p4", "no_household"),
        ]


def test_the_ordinance_must_be_the_insurers_and_know_the_year() -> None:
    with pytest.raises(InputError, match="992029"):
        ordinance_of(OTHER)
    with pytest.raises(OrdinanceError):
        ordinance().year(2030)


def ordinance_of(code: str) -> None:
    from kokuho.office.assessment.yearly import ordinance_year

    ordinance_year(ordinance(code=code), INSURER, 2026)


def test_a_year_cannot_begin_without_its_ordinance() -> None:
    with pytest.raises(InputError):
        assess_year(INSURER, 2026, Wish(None), actor="試験")


def test_an_unknown_insurer_is_refused() -> None:
    with pytest.raises(InputError, match=OTHER):
        assess_year(OTHER, 2026, Wish(None), actor="試験")
