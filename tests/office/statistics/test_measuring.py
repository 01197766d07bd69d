"""The measures of a town from its register, books and claims, counted by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kokuho.base.calendar import today
from kokuho.base.errors import InputError
from kokuho.office.collection.measures import counted
from kokuho.office.ledger.year import year_figures
from kokuho.office.statistics.importing import import_claims
from kokuho.office.statistics.measuring import Given, days_of, measure
from kokuho.office.tenancy import seeing
from kokuho.statistics import Figure, measure_json
from kokuho.statistics.verification import verify_file
from tests.office.conftest import INSURER, Store
from tests.office.statistics.town import claims_file, collect, open_town

TODAY = today()


def figures(as_of: date = TODAY, given: Given | None = None) -> dict[str, Figure]:
    years = as_of.year - 2023
    return dict(measure(INSURER, as_of, years, given)[0].by_id())


@pytest.mark.usefixtures("store")
def test_the_insured_are_counted_on_the_days_of_the_footnotes() -> None:
    open_town()
    values = {name: one.value for name, one in figures().items()}
    assert values["insured[year=2025]"] == 5
    assert values["foreign_insured[year=2025]"] == 3  # one more came on the day after
    assert values["japanese_insured[year=2025]"] == 3
    assert values["foreign_insured[year=2025,nationality=NPL]"] == 1
    assert values["foreign_insured[year=2025,status=留学]"] == 1
    assert values["foreign_insured[year=2025,status=unknown]"] == 1
    assert values["foreign_insured[year=2025,age=25-29,sex=M]"] == 1  # 25 on that very day
    assert values["insured[year=2025,age=15-19,sex=F]"] == 1  # 15 or 16, whatever the day
    assert values["foreign_share[year=2025]"] == Decimal("60.0")
    assert values["foreign_insured_yoy[year=2025]"] == Decimal("150.0")


@pytest.mark.usefixtures("sqlite")
def test_what_was_recorded_later_is_not_in_the_figures_of_an_earlier_day() -> None:
    open_town()
    with pytest.raises(InputError):
        measure("990000", TODAY)
    assert not figures(date(2025, 6, 30))


@pytest.mark.usefixtures("store")
def test_claims_count_with_the_nationality_of_their_month(tmp_path: Path) -> None:
    open_town()
    done = import_claims(claims_file(tmp_path), actor="試験", on=date(2026, 6, 1))
    assert (done.recorded, done.refusals) == (6, [])
    values = {name: one.value for name, one in figures().items()}
    scope = "medical_dpc_dispensing[year=2025"
    assert values[f"claims_{scope}]"] == 4  # March 2026 is the next year's, dental is in none
    assert values[f"foreign_claims_{scope}]"] == 3
    assert values[f"foreign_cost_{scope}]"] == 625_000
    assert values[f"high_cost_amount_{scope}]"] == 100_000
    assert values[f"foreign_patients_{scope}]"] == 2
    assert values["claims_medical_dpc_dispensing[year=2026]"] == 1


@pytest.mark.usefixtures("store")
def test_a_correction_counts_in_place_of_what_was_said_before(tmp_path: Path) -> None:
    open_town()
    path = claims_file(tmp_path)
    import_claims(path, actor="試験", on=date(2026, 6, 1))
    again = import_claims(path, actor="試験", on=date(2026, 6, 2))
    assert (again.recorded, again.known) == (0, 6)
    text = (
        "insurer_code,claim_id,person_id,month,kind,cost,high_cost,cancelled\n"
        "992011,c2,21,2025-04,medical,21000,0,\n992011,c3,21,2025-04,dispensing,5000,0,yes\n"
    )
    later = import_claims(
        claims_file(tmp_path, text, "later.csv"), actor="試験", on=date(2026, 7, 1)
    )
    assert (later.recorded, later.corrected) == (2, 2)
    scope = "medical_dpc_dispensing[year=2025]"
    values = {name: one.value for name, one in figures().items()}
    assert values[f"claims_{scope}"] == 3
    assert values[f"foreign_cost_{scope}"] == 621_000


@pytest.mark.usefixtures("sqlite")
def test_bad_rows_of_claims_are_named_and_take_no_good_ones_with_them(tmp_path: Path) -> None:
    open_town()
    text = (
        "insurer_code,claim_id,person_id,month,kind,cost,high_cost\n"
        "992011,c1,11,2025-04,medical,10000,0\n"
        "992011,c2,99,2025-04,medical,1,0\n"
        "992011,c3,11,April,medical,1,0\n"
        "992011,c4,11,2025-04,magic,1,0\n"
        "992011,c5,11,2025-04,medical,-1,0\n"
    )
    path = claims_file(tmp_path, text)
    stopped = import_claims(path, actor="試験", on=date(2026, 6, 1))
    assert not stopped.imported
    found = [(one.line, one.column, one.code) for one in stopped.refusals]
    assert found == [
        (3, "person_id", "unknown_person"), (4, "month", "not_a_date"),
        (5, "kind", "not_a_choice"), (6, "cost", "too_small"),
    ]  # fmt: skip
    taken = import_claims(path, actor="試験", on=date(2026, 6, 1), good_rows=True)
    assert taken.recorded == 1


@pytest.mark.usefixtures("sqlite")
def test_the_map_of_an_office_brings_its_own_file_into_our_columns(tmp_path: Path) -> None:
    open_town()
    path = claims_file(tmp_path, "番号,誰,年月,種,点数円,傷病名\nc1,11,202504,1,10000,x\n")
    names = tmp_path / "map.yaml"
    names.write_text(
        "columns: {番号: claim_id, 誰: person_id, 年月: month, 種: kind, 点数円: cost}\n"
        'codes: {kind: {"1": medical}}\nconstants: {insurer_code: "992011"}\nignore: [傷病名]\n',
        encoding="utf-8",
    )
    done = import_claims(path, actor="試験", on=date(2026, 6, 1), map_file=names)
    assert (done.recorded, done.refusals) == (1, [])


@pytest.mark.usefixtures("store")
def test_both_collection_rates_come_from_the_same_books(tmp_path: Path) -> None:
    open_town()
    collect(tmp_path)
    given = Given(whereabouts_unknown={2025: {"current": 6_000}})
    found = figures(given=given)
    official = "collection_rate_official[year=2025,until={},section=current]"
    foreign = "collection_rate_heads_foreign[year=2025,until={}]"

    def parts(name: str) -> tuple[int | None, int | None]:
        return found[name].numerator, found[name].denominator

    assert parts(official.format("2025-12")) == (21_000, 30_000)
    assert parts(official.format("settlement")) == (24_000, 30_000)
    assert parts(foreign.format("2025-12")) == (9_000, 24_000)
    assert parts(foreign.format("settlement")) == (12_000, 24_000)
    head = "collection_rate_heads_all[year=2025,until=settlement,"
    assert parts(head + "channel=direct_debit]") == (12_000, 12_000)
    assert parts(head + "channel=slip]") == (12_000, 24_000)
    assert parts(head + "term=2]") == (0, 9_000)
    assert parts(head + "prepaid=no]") == (24_000, 36_000)
    assert parts("channel_share[year=2025,until=settlement,channel=direct_debit]") == (1, 3)


@pytest.mark.usefixtures("sqlite")
def test_the_plans_figures_and_the_ledgers_are_the_same_rates(tmp_path: Path) -> None:
    open_town()
    collect(tmp_path)
    found = figures()
    on = date(2025, 12, 31)
    with seeing([INSURER]):
        plan = {one.id: one for one in counted(INSURER, 2025, on)}
        ledger = year_figures(INSURER, 2025, on)
    rate = found["collection_rate_official[year=2025,until=2025-12,section=current]"]
    own = plan["collection_rate"]
    assert (own.numerator, own.denominator, own.value) == (
        rate.numerator, rate.denominator, rate.value,
    )  # fmt: skip
    foreign = found["collection_rate_heads_foreign[year=2025,until=2025-12]"]
    assert (ledger.foreign.collected, ledger.foreign.levied) == (
        foreign.numerator, foreign.denominator,
    )  # fmt: skip
    share = found["channel_share[year=2025,until=2025-12,channel=slip]"]
    assert plan["slip_share"].value == share.value


def test_days_are_december_the_last_month_and_the_end_of_the_settlement_period() -> None:
    assert days_of(2025, date(2025, 10, 15)) == {"2025-09": date(2025, 9, 30)}
    assert days_of(2025, date(2026, 2, 28)) == {
        "2025-12": date(2025, 12, 31), "2026-02": date(2026, 2, 28),
    }  # fmt: skip
    settled = days_of(2025, date(2026, 6, 30))
    assert list(settled) == ["2025-12", "settlement"]
    assert settled["settlement"] == date(2026, 5, 31)
    assert days_of(2026, date(2026, 4, 2)) == {}
    every = days_of(2025, date(2026, 6, 30), every_month=True)
    assert list(every) == [f"2025-{month:02}" for month in range(4, 13)] + [
        "2026-01", "2026-02", "2026-03", "2026-04", "settlement",
    ]  # fmt: skip


def test_a_file_of_an_office_holds_together(sqlite: Store, tmp_path: Path) -> None:
    open_town()
    collect(tmp_path)
    import_claims(claims_file(tmp_path), actor="試験", on=date(2026, 6, 1))
    file, sources = measure(INSURER, TODAY, 3)
    assert {one.code for one in verify_file(file)} == {"small-cell"}
    assert sources["ledger_journal"]
    assert "claims.csv sha256:" in sources["claims"]


def test_nothing_in_a_file_names_a_person_or_household(sqlite: Store, tmp_path: Path) -> None:
    open_town()
    collect(tmp_path)
    import_claims(claims_file(tmp_path), actor="試験", on=date(2026, 6, 1))
    text = measure_json(measure(INSURER, TODAY, 3)[0])
    for name in ("架空", "h1", "h2", "h3", "世帯主の", "2001-04-01", "c1"):
        assert name not in text
