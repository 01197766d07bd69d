"""Files into the register: once, again, corrected, refused, killed."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from kokuho.base.errors import InputError, TableError
from kokuho.cli import app
from kokuho.office.imports.columns import DESIGNATIONS, FILES, KEYS
from kokuho.office.imports.page import page
from kokuho.office.imports.run import Outcome, run
from kokuho.office.jobs.runs import Run
from kokuho.office.register import insurers
from kokuho.office.register.models import (
    BenefitEvent,
    Declaration,
    Elders,
    Enrolment,
    Handling,
    Headship,
    Identity,
    Income,
    Membership,
    Recording,
    Residence,
    ResidenceCard,
    Resident,
    Stay,
)
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, OTHER, Store

APRIL = "2025-04-01"
DAY = date(2025, 7, 1)


@pytest.fixture(autouse=True)
def _insurers(request: pytest.FixtureRequest) -> None:
    if "store" in request.fixturenames:
        request.getfixturevalue("store")
        for code in (INSURER, OTHER):
            insurers.add(code, f"架空{code}", "架空県", "")


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({"insurer_code": INSURER} | dict(row) for row in rows)
    return path


def resident(number: str, **more: Any) -> dict[str, Any]:
    return {
        "insurer_code": INSURER, "person_id": number, "since": APRIL, "until": "",
        "cancelled": "", "kanji": f"架空 {number}", "birth_date": "1990-01-00",
        "address": f"架空町{number}", "ended_by": "", **more,
    }  # fmt: skip


def member(household: str, number: str, *, head: bool = False, **more: Any) -> dict[str, Any]:
    return {
        "insurer_code": INSURER, "household_id": household, "person_id": number, "since": APRIL,
        "until": "", "cancelled": "", "head": "yes" if head else "no", **more,
    }  # fmt: skip


def enrolment(number: str, **more: Any) -> dict[str, Any]:
    return {
        "insurer_code": INSURER, "person_id": number, "acquired_on": APRIL,
        "acquisition_reason": "転入(国内)", "lost_on": "", "loss_reason": "", "cancelled": "",
        **more,
    }  # fmt: skip


@pytest.fixture
def residents(store: Store, tmp_path: Path) -> Path:
    """A file of three residents, imported."""
    path = write(tmp_path / "residents.csv", [resident(number) for number in "123"])
    assert run("residents", path).counts["residents"] == 3
    return path


def bring(kind: str, tmp_path: Path, *rows: Mapping[str, Any], **options: Any) -> Outcome:
    return run(kind, write(tmp_path / f"{kind}.csv", rows), **options)


def codes(outcome: Outcome) -> list[str]:
    return [refusal.code for refusal in outcome.refusals]


def held(model: Any, day: date = DAY) -> list[Any]:
    with seeing([INSURER]):
        return list(model.objects.as_of(day).order_by("pk"))


def test_the_page_is_made_from_the_columns() -> None:
    assert Path("docs/imports.md").read_text(encoding="utf-8") == page()


def test_every_kind_of_file_has_its_key_among_its_columns() -> None:
    for kind, columns in FILES.items():
        assert set(KEYS[kind]) <= {column.name for column in columns}


def test_the_designations_are_those_that_eligibility_asks_for() -> None:
    from kokuho.law import table

    facts = table("eligibility").facts
    assert set(DESIGNATIONS) == set(facts["designation"]) - {"none", "unknown"}


def test_a_file_is_imported_and_the_same_file_again_changes_nothing(residents: Path) -> None:
    with seeing([INSURER]):
        before = Recording.objects.count()
        assert [str(row.birth_date) for row in Identity.objects.all()] == ["1990-01-00"] * 3
    again = run("residents", residents)
    assert (again.imported, set(again.counts.values())) == (True, {0})
    with seeing([INSURER]):
        assert Recording.objects.count() == before
        assert Residence.objects.count() == 3
        state = Run.objects.get()
        assert (state.state, state.counts["rows"]) == (Run.State.DONE, 3)


def test_a_corrected_file_changes_only_its_corrected_rows(residents: Path, tmp_path: Path) -> None:
    rows = [resident("1"), resident("2", address="架空町9"), resident("3")]
    outcome = run("residents", write(tmp_path / "corrected.csv", rows))
    assert (outcome.counts["inserted"], outcome.counts["superseded"]) == (1, 1)
    assert sorted(row.address for row in held(Residence)) == ["架空町1", "架空町3", "架空町9"]
    with seeing([INSURER]):
        earlier = Recording.objects.order_by("recorded_at")[0].recorded_at
        old = Residence.objects.as_of(DAY, earlier).get(resident__address_number="2")
        assert old.address == "架空町2"
    back = run("residents", residents)
    assert (back.counts["inserted"], back.counts["superseded"]) == (1, 1)


def test_rows_of_one_person_follow_each_other(store: Store, tmp_path: Path) -> None:
    rows = [
        resident("1", address="A"),
        resident("1", since="2025-06-01", address="B"),
        resident("1", since="2025-08-01", until="2025-09-01", address="C", ended_by="moved_out"),
    ]
    bring("residents", tmp_path, *rows)
    days = [date(2025, month, 15) for month in range(4, 11)]
    assert [[row.address for row in held(Residence, day)] for day in days] == [
        ["A"], ["A"], ["B"], ["B"], ["C"], [], [],
    ]  # fmt: skip
    assert len(held(Identity, date(2026, 1, 1))) == 1  # who somebody is goes on
    assert set(bring("residents", tmp_path, *rows).counts.values()) == {0}


def test_a_row_that_now_ends_ends_what_it_said_before(residents: Path, tmp_path: Path) -> None:
    bring("residents", tmp_path, resident("1", until="2025-06-01", ended_by="death"))
    assert [row.resident.address_number for row in seen(Residence)] == ["2", "3"]
    bring("residents", tmp_path, resident("1"))
    assert len(held(Residence)) == 3


def seen(model: Any) -> list[Any]:
    with seeing([INSURER]):
        return list(model.objects.as_of(DAY).select_related("resident").order_by("pk"))


def test_a_cancelled_row_takes_back_what_it_said(residents: Path, tmp_path: Path) -> None:
    outcome = bring("residents", tmp_path, resident("1", cancelled="yes"))
    assert (outcome.counts["inserted"], outcome.counts["superseded"]) == (0, 2)
    assert len(held(Residence)) == len(held(Identity)) == 2


def test_status_card_language_and_protection_are_recorded(store: Store, tmp_path: Path) -> None:
    full = {
        "latin": "FICTIONAL PERSON", "nationality": "VNM", "stay_kind": "中長期在留者",
        "residence_status": "特定活動", "designation": "その他の指定活動",
        "period_from": APRIL, "period_to": "2026-04-01", "extension_applied_on": "",
        "card_number": "AB12345678CD", "card_kind": "在留カード", "card_expires_on": "2026-04-01",
        "preferred_language": "vi", "protected": "有",
    }  # fmt: skip
    empty = dict.fromkeys(full, "")
    bring("residents", tmp_path, resident("1", **full), resident("2", **empty))
    (stay,) = held(Stay)
    assert (stay.kind, stay.status, stay.designation) == ("mid_to_long_term", "特定活動", "other")
    assert [card.number for card in held(ResidenceCard)] == ["AB12345678CD"]
    (handling,) = held(Handling)
    assert (handling.preferred_language, handling.protected) == ("vi", True)


def test_a_file_without_a_column_of_a_table_leaves_it_as_it_is(
    store: Store, tmp_path: Path
) -> None:
    careful = {"preferred_language": "vi", "protected": "有"}
    bring("residents", tmp_path, resident("1", **careful))
    bring("residents", tmp_path, resident("1", address="架空町9"))
    assert held(Handling)[0].protected
    with pytest.raises(InputError, match="protected"):
        bring("residents", tmp_path, resident("1", preferred_language="vi"))
    assert held(Handling)[0].protected


NAMES = ["葛\U000e0100城 架空", "𠮷野", "\ufa19", "か\u3099", "㍻ ﾊﾝｶｸ"]


def test_names_go_through_a_file_character_by_character(store: Store, tmp_path: Path) -> None:
    rows = [resident(str(number), kanji=name) for number, name in enumerate(NAMES)]
    bring("residents", tmp_path, *rows)
    assert sorted(row.kanji for row in held(Identity)) == sorted(NAMES)
    assert set(bring("residents", tmp_path, *rows).counts.values()) == {0}


def test_households_have_members_and_one_head(residents: Path, tmp_path: Path) -> None:
    elders = {"same_household_elders": 1, "elders_income": 100, "specific_from": "2025-05-01"}
    none = dict.fromkeys(elders, "")
    rows = [member("H", "1", head=True, **elders), member("H", "2", **none)]
    assert bring("households", tmp_path, *rows).counts["households"] == 1
    assert set(bring("households", tmp_path, *rows).counts.values()) == {0}
    assert len(held(Membership)) == 2
    assert [row.head_id for row in held(Headship)] == [number("1")]
    assert [(row.count, row.income) for row in held(Elders)] == [(1, 100)]


def number(address: str) -> int:
    with seeing([INSURER]):
        return Resident.objects.get(address_number=address).pk


def test_a_new_head_follows_the_one_before(residents: Path, tmp_path: Path) -> None:
    rows = [
        member("H", "1", head=True, until="2025-06-10"),
        member("H", "2"),
        member("H", "2", since="2025-06-10", head=True),
    ]
    bring("households", tmp_path, *rows)
    assert [row.head_id for row in held(Headship, date(2025, 6, 9))] == [number("1")]
    assert [row.head_id for row in held(Headship, date(2025, 6, 10))] == [number("2")]


def test_a_head_that_was_none_is_taken_back(residents: Path, tmp_path: Path) -> None:
    bring("households", tmp_path, member("H", "1", head=True), member("H", "2"))
    bring("households", tmp_path, member("H", "1"), member("H", "2", head=True))
    assert [row.head_id for row in held(Headship)] == [number("2")]
    bring("households", tmp_path, member("H", "2", cancelled="yes"))
    assert held(Headship) == []
    assert len(held(Membership)) == 1


def test_enrolments_begin_and_end(residents: Path, tmp_path: Path) -> None:
    bring("enrolments", tmp_path, enrolment("1"), enrolment("2"))
    lost = {"lost_on": "2025-06-01", "loss_reason": "joined_employees"}
    bring("enrolments", tmp_path, enrolment("1", **lost), enrolment("2"))
    assert [row.resident_id for row in held(Enrolment)] == [number("2")]
    (ended,) = (row for row in held(Enrolment, date(2025, 5, 1)) if row.loss_reason)
    assert (ended.acquisition_reason, ended.loss_reason) == ("moved_in", "joined_employees")


def test_incomes_and_declarations_are_of_a_fiscal_year(residents: Path, tmp_path: Path) -> None:
    def row(year: int, revenue: Any, declared: str) -> dict[str, Any]:
        return {
            "insurer_code": INSURER, "person_id": "1", "fiscal_year": year,
            "salary_revenue": revenue, "declared": declared, "simple_declaration": "no",
        }  # fmt: skip

    bring("incomes", tmp_path, row(2025, "1,000,000", "申告済"), row(2026, "", "未申告"))
    assert [row.salary_revenue for row in held(Income)] == [1_000_000]
    assert [row.salary_revenue for row in held(Income, date(2026, 4, 1))] == [None]
    assert [row.state for row in held(Declaration, date(2027, 3, 31))] == ["undeclared"]
    assert held(Declaration, date(2027, 4, 1)) == []


def test_benefits_are_events(residents: Path, tmp_path: Path) -> None:
    row = {
        "insurer_code": INSURER, "person_id": "1", "kind": "海外療養費", "applied_on": "2025-07-01",
        "amount": 50_000, "country": "VNM", "decision": "支給",
    }  # fmt: skip
    other = row | {"reference": "2", "amount": 70_000}
    bring("benefits", tmp_path, row | {"reference": ""}, other)
    assert sorted((e.kind, e.amount) for e in held(BenefitEvent)) == [
        ("care_abroad", 50_000), ("care_abroad", 70_000),
    ]  # fmt: skip


REFUSED: list[tuple[str, list[dict[str, Any]], list[str]]] = [
    ("residents", [resident("1"), resident("1")], ["duplicate", "duplicate"]),
    ("residents", [resident("1", until="2025-04-01")], ["ends_before_begin"]),
    ("residents", [resident("1", ended_by="death")], ["reason_without_end"]),
    ("residents", [resident("1", birth_date="2025-04-02")], ["born_after_since"]),
    ("residents", [resident("1", card_number="123")], ["not_a_card_number"]),
    ("residents", [resident("1", birth_date="x")], ["not_a_date"]),
    (
        "residents",
        [resident("1", until="2025-07-01"), resident("1", since="2025-06-01")],
        ["periods_overlap", "subject_put_aside"],
    ),
    ("residents", [resident("1", insurer_code="992037")], ["unknown_insurer"]),
    ("households", [member("H", "9", head=True)], ["unknown_person"]),
    (
        "households",
        [member("H", "1", head=True), member("H", "2", head=True)],
        ["subject_put_aside", "heads_overlap"],
    ),
    (
        "households",
        [
            member("H", "1", head=True, until="2025-07-01"),
            member("H", "2", head=True, since="2025-06-01"),
        ],
        ["subject_put_aside", "heads_overlap"],
    ),
    ("enrolments", [enrolment("1", lost_on=APRIL)], ["ends_before_begin"]),
    ("enrolments", [enrolment("1", loss_reason="death")], ["reason_without_end"]),
    (
        "enrolments",
        [enrolment("1"), enrolment("1", acquired_on="2025-06-01")],
        ["periods_overlap", "subject_put_aside"],
    ),
]


@pytest.mark.parametrize(("kind", "rows", "expected"), REFUSED)
def test_what_does_not_hold_together_is_refused_and_nothing_is_imported(
    residents: Path, tmp_path: Path, kind: str, rows: list[dict[str, Any]], expected: list[str]
) -> None:
    outcome = bring(kind, tmp_path, *rows)
    assert codes(outcome) == expected
    assert not outcome.imported
    assert outcome.errors is not None
    assert expected[0] in outcome.errors.read_text(encoding="utf-8-sig")
    assert len(held(Residence)) == 3
    assert held(Membership) == held(Enrolment) == []


def test_good_rows_go_on_and_what_belongs_to_a_bad_one_does_not(
    store: Store, tmp_path: Path
) -> None:
    rows = [
        resident("1"),
        resident("2", address="A"),
        resident("2", since="2025-06-01", birth_date="19"),
    ]
    assert not bring("residents", tmp_path, *rows).imported
    assert held(Residence) == []
    outcome = bring("residents", tmp_path, *rows, good_rows=True)
    assert codes(outcome) == ["subject_put_aside", "not_a_date"]
    assert [row.resident.address_number for row in seen(Residence)] == ["1"]
    mended = [*rows[:2], rows[2] | {"birth_date": "1990-01-00"}]
    outcome = bring("residents", tmp_path, *mended)
    assert outcome.errors is None
    assert not (tmp_path / "residents.errors.csv").exists()
    assert len(held(Residence)) == 2


def test_a_file_may_be_of_several_insurers(store: Store, tmp_path: Path) -> None:
    bring("residents", tmp_path, resident("1"), resident("1", insurer_code=OTHER, kanji="町"))
    for code, name in ((INSURER, "架空 1"), (OTHER, "町")):
        with seeing([code]):
            assert Identity.objects.get().kanji == name
            assert Recording.objects.count() == 1


def test_my_numbers_are_not_taken(store: Store, tmp_path: Path) -> None:
    def fictional(number: int) -> str:
        eleven = f"{number:011d}"
        weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
        rest = sum(int(d) * w for d, w in zip(eleven, weights, strict=True)) % 11
        return eleven + str(0 if rest <= 1 else 11 - rest)

    rows = [resident(fictional(number)) for number in range(12)]
    with pytest.raises(InputError, match="個人番号"):
        bring("residents", tmp_path, *rows)
    rows[:7] = [resident(str(number)) for number in range(7)]
    assert bring("residents", tmp_path, *rows).imported


def test_the_office_may_call_columns_and_codes_as_it_likes(store: Store, tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(
        "columns: {住民番号: person_id, 漢字: kanji, 事由: ended_by, 届出年月日: since, "
        "抑止: protected, 言語: preferred_language, 生年: birth_date, 国コード: nationality}\n"
        "codes: {ended_by: {'31': death}, protected: {'9': yes, '0': no}, "
        "nationality: {'704': VNM}}\n"
        f"constants: {{insurer_code: '{INSURER}'}}\n"
        "ignore: [備考]\n",
        encoding="utf-8",
    )
    path = tmp_path / "export.csv"
    path.write_text(
        "住民番号,漢字,届出年月日,異動終了日,事由,生年,抑止,言語,国コード,備考\n"
        "1,架空,R7.4.1,R7.6.1,31,H2.1.2,9,vi,704,x\n"
        "2,架空,R7.4.1,,,H2.1.2,0,,999,\n",
        encoding="cp932",
    )
    outcome = run("residents", path, map_file=tmp_path / "map.yaml")
    assert outcome.refusals == []
    assert [row.ended_by for row in held(Residence, date(2025, 5, 1))] == ["death", ""]
    assert [row.nationality for row in held(Identity)] == ["VNM", "999"]
    assert [row.protected for row in held(Handling)] == [True]
    again = run("residents", path, map_file=tmp_path / "map.yaml")
    assert set(again.counts.values()) == {0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a", "has the keys"),
        ("colums: {}", "has the keys"),
        ("columns: {a: no_such}", "no column no_such"),
        ("codes: {sex: {'1': Q}}", "sex has no value Q"),
        ("codes: {protected: {'1': maybe}}", "protected has no value maybe"),
        ("constants: {since: 2025-04-01}", "since cannot be a constant"),
        ("ignore: x", "ignore must be a list"),
        ("columns: [a]", "columns must be a table"),
        ("a: [", "cannot be read as a map"),
    ],
)
def test_a_map_that_names_what_we_do_not_know_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    from kokuho.office.imports.mapping import read_map

    monkeypatch.setenv("KOKUHO_LANG", "en")
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_map(path, FILES["residents"])


def test_an_unknown_column_stops_the_file(store: Store, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="個人番号"):
        bring("residents", tmp_path, resident("1", 個人番号="x"))


def test_the_command_says_what_it_did_and_what_was_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUHO_DATABASE", store.url)
    monkeypatch.setenv("KOKUHO_LANG", "en")

    def kokuho(*words: str) -> Result:
        return CliRunner().invoke(app, ["import", "residents", *words])

    path = write(tmp_path / "residents.csv", [resident("1"), resident("2", birth_date="x")])
    refused = kokuho(str(path))
    assert refused.exit_code == 1
    assert "line 3, birth_date" in refused.stderr
    assert "Nothing was imported" in refused.stderr
    good = kokuho(str(path), "--good-rows", "--json")
    assert good.exit_code == 1
    assert json.loads(good.stdout) == {
        "imported": True, "cancelled": False, "rows": 2, "refused": 1,
        "errors": str(path.with_suffix(".errors.csv")),
        "residents": 1, "households": 0, "inserted": 2, "superseded": 0,
    }  # fmt: skip
    path = write(path, [resident("1"), resident("1", insurer_code=OTHER)])
    done = kokuho(str(path))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == (
        "2 rows: 1 new residents, 0 new households, 2 versions recorded, 0 superseded\n"
    )
    assert kokuho(str(path)).stdout == "2 rows: nothing new\n"
    with seeing([OTHER]):
        assert Resident.objects.count() == 1
