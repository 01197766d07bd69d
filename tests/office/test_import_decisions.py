"""Decisions from files: of persons and of households, again, corrected, refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kokuho.office.imports.run import run
from kokuho.office.register import codes as lists
from kokuho.office.register.models import HouseholdDecision, PersonDecision
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer
from tests.office.test_imports import bring, codes, held, member, resident, write

DAY = date(2025, 7, 1)


@pytest.fixture(autouse=True)
def _people(store: Store, tmp_path: Path) -> None:
    add_insurer()
    bring("residents", tmp_path, resident("1"), resident("2"))
    bring("households", tmp_path, member("H", "1", head=True), member("H", "2"))


def decision(kind: str, **more: Any) -> dict[str, Any]:
    who = {"person_id": "1"} if kind in lists.PERSON_DECISIONS else {"household_id": "H"}
    needs = {
        "maternity": {"months": 4},
        "per_capita_exemption": {"share": "0.5"},
        "head_registered": {"answer": "有"},
    }
    empty = dict.fromkeys(("person_id", "household_id", "until", "months", "share", "answer"), "")
    return {
        "insurer_code": INSURER, "kind": kind, "since": "2025-04-01", "cancelled": "",
        "amount": "", "decided_on": "R7.4.10", "reference": "架決1", **empty, **who,
        **needs.get(kind, {}), **more,
    }  # fmt: skip


KINDS = [*lists.PERSON_DECISIONS, *lists.HOUSEHOLD_DECISIONS]


def test_every_kind_of_decision_comes_in_and_again_changes_nothing(tmp_path: Path) -> None:
    rows = [decision(kind) for kind in KINDS]
    assert bring("decisions", tmp_path, *rows).counts["inserted"] == len(KINDS)
    assert {one.kind for one in held(PersonDecision)} == set(lists.PERSON_DECISIONS)
    assert {one.kind for one in held(HouseholdDecision)} == set(lists.HOUSEHOLD_DECISIONS)
    assert {one.decided_on for one in held(PersonDecision)} == {date(2025, 4, 10)}
    assert set(bring("decisions", tmp_path, *rows).counts.values()) == {0}


def test_each_decision_keeps_what_its_kind_says(tmp_path: Path) -> None:
    exemption = decision("exemption", share="0.25", amount="30000")
    rows = [decision(k) for k in ("maternity", "per_capita_exemption", "head_registered")]
    bring("decisions", tmp_path, *rows, exemption)
    people = {one.kind: one for one in held(PersonDecision)}
    houses = {one.kind: one for one in held(HouseholdDecision)}
    assert people["maternity"].months == 4
    assert people["maternity"].valid_to == date(2025, 8, 1)
    assert people["per_capita_exemption"].share_ppm == 500_000
    assert houses["head_registered"].answer == "yes"
    assert (houses["exemption"].share_ppm, houses["exemption"].amount) == (250_000, 30_000)


def test_a_corrected_row_changes_its_decision_alone_and_a_cancelled_one_takes_it_back(
    tmp_path: Path,
) -> None:
    rows = [decision("maternity"), decision("former_dependant"), decision("exemption")]
    bring("decisions", tmp_path, *rows)
    changed = bring("decisions", tmp_path, rows[0] | {"months": 6}, *rows[1:])
    assert (changed.counts["inserted"], changed.counts["superseded"]) == (1, 1)
    gone = bring("decisions", tmp_path, rows[0] | {"months": "", "cancelled": "はい"}, *rows[1:])
    assert (gone.counts["inserted"], gone.counts["superseded"]) == (0, 1)
    assert [one.kind for one in held(PersonDecision)] == ["former_dependant"]
    with seeing([INSURER]):
        assert PersonDecision.objects.count() == 3  # also what was known before


def test_a_later_decision_of_a_kind_ends_the_one_before(tmp_path: Path) -> None:
    first = decision("exemption", share="0.5")
    second = decision("exemption", share="1", since="2026-04-01")
    bring("decisions", tmp_path, first, second)
    assert [one.valid_to for one in held(HouseholdDecision)] == [date(2026, 4, 1)]
    assert [one.share_ppm for one in held(HouseholdDecision, date(2027, 1, 1))] == [1_000_000]


REFUSED: list[tuple[list[dict[str, Any]], list[str]]] = [
    ([decision("maternity", months="")], ["needed_by_kind"]),
    ([decision("per_capita_exemption", share="")], ["needed_by_kind"]),
    ([decision("head_registered", answer="")], ["needed_by_kind"]),
    ([decision("former_dependant", months="4")], ["not_of_kind"]),
    ([decision("fraud", amount="4")], ["not_of_kind"]),
    ([decision("exemption", answer="有")], ["not_of_kind"]),
    ([decision("maternity", person_id="", household_id="H")], ["needed_by_kind"]),
    ([decision("exemption", person_id="1", household_id="")], ["needed_by_kind"]),
    ([decision("maternity", person_id="9")], ["unknown_person"]),
    ([decision("exemption", household_id="Z")], ["unknown_household"]),
    ([decision("maternity", months="7")], ["too_large"]),
    ([decision("exemption", share="1.5")], ["not_a_fraction"]),
    ([decision("fraud"), decision("fraud")], ["duplicate", "duplicate"]),
    ([decision("exemption", until="2025-04-01")], ["ends_before_begin"]),
    (
        [decision("exemption", until="2025-09-01"), decision("exemption", since="2025-08-01")],
        ["periods_overlap", "subject_put_aside"],
    ),
    (
        [decision("maternity"), decision("maternity", since="2025-06-01")],
        ["periods_overlap", "subject_put_aside"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), REFUSED)
def test_a_decision_that_does_not_hold_together_is_refused(
    tmp_path: Path, rows: list[dict[str, Any]], expected: list[str]
) -> None:
    outcome = bring("decisions", tmp_path, *rows)
    assert codes(outcome) == expected
    assert held(PersonDecision) == held(HouseholdDecision) == []


def test_good_decisions_go_on_beside_a_bad_one_of_somebody_else(tmp_path: Path) -> None:
    rows = [decision("maternity", months=""), decision("maternity", person_id="2"),
            decision("exemption")]  # fmt: skip
    assert bring("decisions", tmp_path, *rows, good_rows=True).counts["inserted"] == 2


def test_the_office_may_call_kinds_as_it_likes(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(
        "columns: {区分: kind, 住民番号: person_id, 開始: since, 月数: months}\n"
        "codes: {kind: {'03': maternity}}\n"
        f"constants: {{insurer_code: '{INSURER}'}}\n",
        encoding="utf-8",
    )
    path = write(tmp_path / "x.csv", [])
    path.write_text("区分,住民番号,開始,月数\n03,1,R7.6.1,4\n", encoding="cp932")
    assert run("decisions", path, map_file=tmp_path / "map.yaml").refusals == []
    assert [(one.kind, one.months) for one in held(PersonDecision)] == [("maternity", 4)]
