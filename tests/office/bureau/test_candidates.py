"""Which applications open an interview: by the circular, by nobody's country, and nothing more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kokuho.base.errors import LinkageError
from kokuho.cli import app
from kokuho.office.accounts.looks import Look
from kokuho.office.bureau.case import Case, StepRow
from kokuho.office.bureau.recording import open_by_hand, open_case
from kokuho.office.register.models import Enrolment, Identity, Resident
from kokuho.office.store.recording import record
from kokuho.office.tenancy import seeing
from tests.office.bureau import town
from tests.office.bureau.town import ACQUIRED, TODAY, benefits_file, officer, people, waiting
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_insurer, moment


@pytest.fixture(autouse=True)
def _city(store: Store) -> None:
    town.open_city()


def test_insured_foreign_nationals_in_their_first_year_are_listed_whatever_their_country() -> None:
    # 2003 is Japanese, of 2004 nothing is known, 2005 acquired NHI two years before
    assert people() == ["2001", "2002"]


@pytest.mark.parametrize("nationality", ["USA", "CHN", "XXA", "庁内99"])
def test_another_country_changes_nothing_of_what_is_listed(nationality: str) -> None:
    before = waiting()
    with seeing([INSURER], writing=True):
        when = moment()
        for row in list(Identity.objects.known().filter(nationality__in=("NPL", "VNM"))):
            again = row.again(row.valid_from, row.valid_to)
            again.nationality = nationality
            record(when, [again])
    assert waiting() == before


def test_the_day_of_the_care_counts_before_that_of_the_application() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        late = {"acquired": date(2025, 6, 1)}
        town.newcomer("2006", when, **late, care_from=date(2026, 5, 20))  # type: ignore[arg-type]
        town.newcomer("2007", when, **late)  # type: ignore[arg-type]
        town.newcomer("2008", when, **late, care_from=date(2026, 6, 2))  # type: ignore[arg-type]
    assert people() == ["2001", "2002", "2006"]


def test_enrolments_without_a_gap_are_one_acquisition_and_with_one_they_are_two() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        for number, end in (("2006", date(2026, 5, 1)), ("2007", date(2026, 3, 1))):
            resident = town.newcomer(number, when)
            record(when, [Enrolment(resident=resident, valid_from=date(2020, 4, 1), valid_to=end,
                                    acquisition_reason="from_abroad")])  # fmt: skip
    assert people() == ["2001", "2002", "2007"]


def test_applications_come_by_file_with_neutral_columns(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUHO_DATABASE", store.url)
    file = benefits_file(
        tmp_path,
        f"{INSURER},2001,出産育児一時金,R8.9.1,,A1",
        f"{INSURER},2002,限度額適用認定証,2026-09-02,2026-08-30,",
        f"{INSURER},2003,海外療養費,2026-09-02,,",
    )
    done = CliRunner().invoke(app, ["import", "benefits", str(file)])
    assert done.exit_code == 0, done.output
    listed = [(one.kind, one.reference, one.care_from) for one in waiting()]
    assert listed[2:] == [
        ("childbirth", "A1", None), ("limit_certificate", "", date(2026, 8, 30)),
    ]  # fmt: skip


def test_being_listed_writes_nothing_and_a_case_is_opened_once_by_a_person_with_the_right() -> None:
    user, stranger = officer("kakari"), officer("other", "printing")
    event = waiting()[0].event
    with seeing([INSURER]):
        assert not Case.objects.exists()
    with pytest.raises(LinkageError, match="bureau_notice"):
        open_case(INSURER, event, stranger)
    assert open_case(INSURER, event, user) == 1
    assert people() == ["2002"]
    with pytest.raises(LinkageError, match="すでに始まって"):
        open_case(INSURER, event, user)
    with seeing([INSURER]):
        case = Case.objects.get()
        assert (case.actor, case.trigger, case.acquired_on) == ("kakari", "high_cost", ACQUIRED)
        assert not StepRow.objects.exists()


def test_a_suspicion_is_a_person_s_with_a_reason_inside_the_first_year() -> None:
    user = officer("kakari")
    day = date(2026, 11, 20)
    assert open_by_hand(INSURER, "2001", "suspicion", day, "入国の翌日に入院した", user) == 1
    for person, trigger, when, reason, says in (
        ("2001", "suspicion", day, "x", "すでにあります"),
        ("2002", "suspicion", day, " ", "理由"),
        ("2002", "high_cost", day, "x", "申請の記録から"),
        ("2002", "suspicion", date(2099, 11, 1), "x", "先の日"),
        ("2003", "suspicion", day, "x", "外国人被保険者"),
        ("2005", "suspicion", day, "x", "12 か月以内"),
        ("9999", "suspicion", day, "x", "9999"),
    ):
        with pytest.raises(LinkageError, match=says):
            open_by_hand(INSURER, person, trigger, when, reason, user)


def test_applications_of_another_insurer_are_not_seen() -> None:
    add_insurer(OTHER, "架空町")
    officer("neighbour", insurer=OTHER)
    with seeing([OTHER]):
        from kokuho.office.bureau.candidates import candidates

        assert candidates(INSURER, TODAY) == []
        assert not Resident.objects.exists()
        assert not Look.objects.exists()
