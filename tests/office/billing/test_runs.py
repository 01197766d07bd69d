"""Billing runs: every household's instalments, as the pure room makes them; changes; two payers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from kokuho.base.errors import BillingError, InputError
from kokuho.billing import KEY, SCHEMA, change, yearly
from kokuho.cli import app
from kokuho.office.billing.pension_file import take
from kokuho.office.billing.pensions import choose_direct_debit
from kokuho.office.billing.provisional import bill_provisionally
from kokuho.office.billing.runs import Wish, bill_year
from kokuho.office.billing.schedules import Schedule, demands
from kokuho.office.billing.undecided import count_billed, undecided_pensions
from kokuho.office.jobs.runs import Run
from kokuho.office.ledger.assessing import post_demands
from kokuho.office.ledger.standing import household_books
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import run_changes, totals
from tests.office.billing.town import (
    NOTICE,
    assess,
    bill,
    bill_again,
    billed,
    channel,
    declare,
    household,
    ordinance,
    telling,
)
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_insurer

ROOT = Path(__file__).resolve().parents[3]
HOUSEHOLDS = 7
OCTOBER = date(2026, 10, 20)


@pytest.fixture(autouse=True)
def _insurer(store: Store) -> None:
    add_insurer()


def families() -> None:
    with telling() as t:
        for number in range(HOUSEHOLDS):
            t.family(f"h{number}", f"p{number}", f"q{number}")
            t.income(f"p{number}", 2026, business=430_000 + 370_003 * number)
            declare(t, f"q{number}", 2026)


def totals_frame() -> pl.DataFrame:
    rows = [(INSURER, house, total) for (house, _payer), total in totals().items()]
    schema = {"insurer_code": pl.String, "household_id": pl.String, "total": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def stored(year: int = 2026, known: date | None = None) -> pl.DataFrame:
    with seeing([INSURER]):
        frame = demands(INSURER, year, known=known)
    return frame.select(list(SCHEMA)).sort("household_id", "channel", "term")


def same(left: pl.DataFrame, right: pl.DataFrame) -> bool:
    order = ["household_id", "channel", "term"]
    return left.sort(order).equals(right.select(left.columns).sort(order))


def test_the_bills_of_the_register_are_those_of_the_pure_room() -> None:
    families()
    year = ordinance().year(2026)
    assess()
    run = bill()
    assert (run.state, run.counts["billed"]) == (Run.State.DONE, HOUSEHOLDS)
    first = yearly(totals_frame(), year, notice=NOTICE)
    assert same(stored(), first)
    with telling() as t:
        for number in range(0, HOUSEHOLDS, 2):
            t.lost(f"q{number}", date(2026, 9, 10))
        t.income("p1", 2026, business=9_000_000)
    run_changes(OCTOBER)
    run = bill_again(OCTOBER)
    assert run.counts["billed"] == (HOUSEHOLDS + 1) // 2 + 1
    assert same(stored(), change(first, totals_frame(), year, OCTOBER).demands)


def test_a_run_that_is_done_bills_nothing_twice() -> None:
    families()
    assess()
    bill()
    before = stored()
    bill()
    assert bill_again(OCTOBER).counts.get("billed", 0) == 0
    assert stored().equals(before)
    with seeing([INSURER]):
        assert Schedule.objects.count() == HOUSEHOLDS


def test_a_schedule_is_replaced_as_a_whole_and_the_one_before_is_still_known() -> None:
    families()
    assess()
    bill()
    before = stored()
    with seeing([INSURER]):
        moment = Schedule.objects.latest("recorded_at").recorded_at
    with telling() as t:
        t.lost("q0", date(2026, 9, 10))
    run_changes(OCTOBER)
    bill_again(OCTOBER)
    assert not stored().equals(before)
    with seeing([INSURER]):
        earlier = demands(INSURER, 2026, known=moment).select(list(SCHEMA))
    assert same(earlier, before)
    with seeing([INSURER]):
        old, new = Schedule.objects.filter(household=household("h0")).order_by("pk")
    assert old.superseded_at == new.recorded_at
    assert old.assessments != new.assessments


def test_two_heads_of_one_year_are_billed_each_for_their_months() -> None:
    with telling() as t:
        t.family("h1", "p1", "p2")
        for person in ("p1", "p2"):
            t.income(person, 2026, business=2_000_000)
        t.head("h1", "p2", date(2026, 7, 10))
    assess()
    bill()
    with seeing([INSURER]):
        frame = demands(INSURER, 2026)
    sums = dict(frame.group_by("debtor").agg(pl.col("amount").sum()).iter_rows())
    assert sums == {payer: total for (_house, payer), total in totals().items()}
    assert frame.select(*KEY, "debtor").is_unique().all()


def test_the_ledger_posts_the_demands_and_then_the_differences() -> None:
    families()
    assess()
    bill()
    for day in (NOTICE, OCTOBER):
        with seeing([INSURER]):
            frame = demands(INSURER, 2026)
        post_demands(INSURER, 2026, frame, posted_on=day, actor="試験")
        with seeing([INSURER]):
            books = household_books(INSURER, "h1", day)
        assert {line.debtor for line in books.demands} == {"p1"}
        assert books.due + books.not_due == totals()["h1", "p1"]
        with telling() as t:
            t.lost("q1", date(2026, 9, 10))
        run_changes(OCTOBER)
        bill_again(OCTOBER)


def test_what_is_assessed_after_the_terms_falls_due_out_of_term() -> None:
    with telling() as t:
        t.family("h1", "p1")
        declare(t, "p1", 2026)
    assess(on=date(2027, 3, 5))
    bill(notice=date(2027, 3, 5))
    [(way, term, _amount, due)] = billed("h1")
    # 2027-04-30 is a Friday
    assert (way, term, due) == ("ordinary", 9, "2027-04-30")


def test_a_payer_whose_assessment_is_taken_back_owes_nothing_any_more() -> None:
    families()
    assess()
    bill()
    with telling() as t:
        for person in ("p0", "q0"):
            t.lost(person, date(2026, 4, 1))
    run_changes(OCTOBER)
    bill_again(OCTOBER)
    assert billed("h0") == []


def test_provisional_bills_are_settled_by_the_levy() -> None:
    own = ordinance(billing={"provisional": {"terms": 2, "basis": "previous_share"}})
    with telling() as t:
        t.family("h1", "p1")
        t.income("p1", 2025, business=2_000_000)
        t.income("p1", 2026, business=2_400_000)
    assess(2025, own, date(2025, 7, 15))
    run = bill_provisionally(INSURER, own.year(2026), date(2026, 6, 20), actor="試験")
    last_year = sum(totals(2025).values())
    each = last_year // 8 // 100 * 100
    assert run.counts["billed"] == 1
    assert [row[:3] for row in billed("h1")] == [("ordinary", 1, each), ("ordinary", 2, each)]
    again = bill_provisionally(INSURER, own.year(2026), actor="試験")
    assert again.pk == run.pk
    assess(2026, own, date(2026, 8, 20))
    bill(2026, date(2026, 8, 20))
    rows = billed("h1")
    assert [row[2] for row in rows[:2]] == [each, each]
    assert [row[1] for row in rows] == list(range(1, 9))
    assert sum(row[2] for row in rows) == sum(totals(2026).values())


PENSIONER = "1957-05-05"
HEADER = (
    "insurer_code,person_id,fiscal_year,pension,payment,care_from_pension,care,april,june,august"
)


def pension(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "pensions.csv"
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def test_who_paid_from_a_pension_in_spring_goes_on_in_october(tmp_path: Path) -> None:
    with telling() as t:
        t.family("h1", "p1", born=PENSIONER)
        t.family("h2", "p2", born=PENSIONER)
        for person in ("p1", "p2"):
            declare(t, person, 2026)
    row = f"{INSURER},p1,2026,2000000,300000,yes,10000,2000,2000,2000"
    assert take(pension(tmp_path, row), actor="試験").recorded == 1
    assert take(pension(tmp_path, row), actor="試験").recorded == 0
    assess()
    bill()
    rest = sum(total for (house, _payer), total in totals().items() if house == "h1") - 6_000
    assert [row[:3] for row in billed("h1")][:3] == [("pension", n, 2_000) for n in (1, 2, 3)]
    assert sum(row[2] for row in billed("h1")[3:]) == rest
    assert [row[1] for row in billed("h1")] == [1, 2, 3, 4, 5, 6]
    assert channel("h2") == "ordinary"
    with seeing([INSURER], writing=True):
        choose_direct_debit(
            household("h1"), reason="口座振替の申出", person="担当者", decided_on=OCTOBER
        )
    with pytest.raises(BillingError, match="stop-pension-from"):
        bill_again(OCTOBER)
    bill_again(OCTOBER, date(2026, 12, 1))
    rows = billed("h1")
    assert {row[0] for row in rows if row[3] > "2026-12-01"} == {"ordinary"}
    assert sum(row[2] for row in rows) == rest + 6_000


def test_what_a_pension_paid_in_spring_is_not_demanded_again_in_the_terms(tmp_path: Path) -> None:
    with telling() as t:
        for house, person in (("h1", "p1"), ("h2", "p2")):
            t.family(house, person, born=PENSIONER)
            declare(t, person, 2026)
    told = [f"{INSURER},{p},2026,2000000,300000,yes,10000,2000,2000,2000" for p in ("p1", "p2")]
    assert take(pension(tmp_path, *told), actor="試験").recorded == 2
    with seeing([INSURER], writing=True):
        choose_direct_debit(
            household("h1"), reason="口座振替の申出", person="担当者", decided_on=date(2026, 6, 1)
        )
    assess()
    bill_year(INSURER, 2026, Wish(NOTICE, date(2026, 8, 1)), actor="試験")
    rows = billed("h1")
    assert [row[:3] for row in rows if row[0] == "pension"] == [
        ("pension", 1, 2_000),
        ("pension", 2, 2_000),
    ]
    assert {row[0] for row in rows[2:]} == {"ordinary"}
    assert sum(row[2] for row in rows) == totals()["h1", "p1"]
    assert channel("h1") == "ordinary"
    assert {row[0] for row in billed("h2")} == {"pension"}


def test_the_clerks_guide_has_a_file_of_pensions_that_is_taken(tmp_path: Path) -> None:
    guide = (ROOT / "docs/ja/billing.md").read_text(encoding="utf-8").splitlines()
    first = next(
        n for n, line in enumerate(guide) if line.startswith("| 保険者コード | 宛名番号 |")
    )
    rows = [
        ",".join(cell.strip() for cell in guide[n].split("|")[1:-1]) for n in (first, first + 2)
    ]
    insurer, person = rows[1].split(",")[:2]
    with telling() as t:
        t.family("h1", "p1", born=PENSIONER)
    path = tmp_path / "pensions.csv"
    path.write_text(
        "\n".join(rows).replace(insurer, INSURER).replace(person, "p1") + "\n", encoding="utf-8"
    )
    done = take(path, actor="試験")
    assert (done.recorded, list(done.refused)) == (1, [])


def test_rows_about_strangers_are_refused_and_nothing_is_taken(tmp_path: Path) -> None:
    with telling() as t:
        t.family("h1", "p1")
    path = pension(tmp_path, f"{INSURER},p1,2026,,,,,,,", f"{INSURER},p9,2026,,,,,,,")
    done = take(path, actor="試験")
    assert (done.rows, len(done.refused)) == (0, 1)
    assert "p9" in done.refused[0].message()
    assert done.errors == tmp_path / "pensions.errors.csv"
    assert "p9" in done.errors.read_text("utf-8-sig")
    again = take(path, actor="試験", good_rows=True)
    assert (again.recorded, again.unknown) == (1, 1)
    strange = pension(tmp_path, f"{OTHER},p1,2026,,,,,,,", *[f"{INSURER},p1,2026,1,,,,,,"] * 2)
    assert [one.code for one in take(strange, actor="試験").refused] == [
        "unknown_insurer", "duplicate", "duplicate",
    ]  # fmt: skip
    assert take(pension(tmp_path, f"{INSURER},p1,2026,1,,,,,,"), actor="試験").refused == []
    assert not done.errors.exists()


def test_whose_pension_is_undecided_is_listed_before_and_after_the_bills(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda: None)  # the store is in use already
    with telling() as t:
        for number in range(1, 5):
            t.family(f"h{number}", f"p{number}", born=PENSIONER if number < 4 else "1990-01-01")
            declare(t, f"p{number}", 2026)
    whole, nothing = "2000000,300000,yes,10000,,,", ",,,,,,"
    rows = [f"{INSURER},p1,2026,{whole}", *(f"{INSURER},p{n},2026,{nothing}" for n in (2, 4))]
    take(pension(tmp_path, *rows), actor="試験")
    assess()
    for billed_by_then in (False, True):
        with seeing([INSURER]):
            [found] = undecided_pensions(INSURER, 2026, NOTICE)
            assert count_billed(INSURER, 2026) == int(billed_by_then)
        assert (found.household, found.payer, found.billed) == ("h2", "p2", billed_by_then)
        assert [one.code for one in found.unknown] == [
            "minimum_pension", "care_from_pension", "half_of_pension",
        ]  # fmt: skip
        bill()
    assert (channel("h1"), channel("h2")) == ("pension", "ordinary")
    said = CliRunner().invoke(
        app, ["bill", "pensions-undecided", "--insurer", INSURER, "--fiscal-year", "2026"]
    )
    assert said.exit_code == 1
    assert "h2" in said.stdout
    assert "h1" not in said.stdout


def test_a_year_is_assessed_before_it_is_billed() -> None:
    with pytest.raises(InputError, match="assess run"):
        bill()
    with pytest.raises(InputError, match="bill run"):
        bill_again(OCTOBER)


def test_a_missing_setting_is_named_and_nothing_is_written() -> None:
    families()
    assess(own=ordinance(billing={"instalment_unit": None}))
    with pytest.raises(BillingError, match="instalment_unit"):
        bill()
    assert stored().is_empty()
